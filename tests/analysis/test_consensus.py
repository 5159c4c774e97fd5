"""The class of a statement, by the votes of everybody and of the groups that hold a veto."""

import numpy as np
import pytest

from analysis.consensus import (
    Leaning,
    StatementClass,
    Verified,
    across,
    classes_by,
    deciding,
    dissents,
    judge,
    polis_consensus,
    veto_holders,
)
from analysis.intervals import wilson
from analysis.moments import Counts
from analysis.parameters import Parameters

DEFAULTS = Parameters()


def counts(*rows):
    """One statement; each row's votes as (agree, disagree, pass)."""
    return Counts(*np.array(rows, dtype=int).reshape(-1, 3, 1).transpose(1, 0, 2))


def judged(*groups, veto=None, ungrouped=(0, 0, 0), eligible=True, parameters=DEFAULTS):
    by_group, everybody = counts(*groups), counts(*groups, ungrouped).total
    holders = np.ones(len(groups), dtype=bool) if veto is None else np.array(veto, dtype=bool)
    return judge(everybody, by_group, holders, eligible=np.array([eligible]), parameters=parameters)[0]


def test_what_every_group_agrees_with_is_consensus():
    assert judged((80, 10, 10), (45, 10, 5)).kind is StatementClass.CONSENSUS_AGREE


def test_what_every_group_rejects_is_consensus_against():
    assert judged((10, 80, 10), (10, 45, 5)).kind is StatementClass.CONSENSUS_DISAGREE


def test_passes_count_against_agreement_and_against_disagreement():
    assert judged((60, 5, 35), (30, 2, 28)).kind is StatementClass.UNCERTAIN
    assert judged((5, 60, 35), (2, 30, 28)).kind is StatementClass.UNCERTAIN


def test_without_60_of_100_behind_it_by_the_lower_end_overall_there_is_no_consensus():
    # 65 of 100 lie above 60 %, but the lower end of their interval does not.
    result = judged((65, 20, 15), (64, 20, 16))

    assert wilson(129, 200).low < 0.6
    assert result.consensus_agree.value > 0.6
    assert result.kind is StatementClass.UNCERTAIN


def test_one_group_with_a_veto_and_its_lower_end_at_one_half_prevents_consensus():
    # The second group agrees by 60 %, but its lower end lies below one half.
    result = judged((300, 10, 10), (24, 10, 6))

    assert wilson(24, 40).low < 0.5
    assert result.kind is StatementClass.UNCERTAIN


def test_the_geometric_mean_across_groups_must_lie_above_60_of_100():
    result = judged((560, 400, 40), (560, 400, 40), ungrouped=(4000, 0, 0))

    assert result.consensus_agree.value == pytest.approx(561 / 1002)
    assert result.kind is StatementClass.UNCERTAIN


def test_a_group_without_a_veto_cannot_prevent_consensus():
    assert judged((80, 10, 10), (0, 9, 0), veto=[True, False]).kind is StatementClass.CONSENSUS_AGREE


def test_where_no_group_holds_a_veto_the_lower_end_overall_decides_alone():
    for_it, unclear = judged((9, 0, 0), veto=[False], ungrouped=(70, 5, 5)), judged(ungrouped=(64, 20, 16))

    assert for_it.kind is StatementClass.CONSENSUS_AGREE
    assert unclear.kind is StatementClass.UNCERTAIN
    assert for_it.consensus_agree.value is None


def test_what_one_group_supports_and_another_rejects_is_contested():
    assert judged((40, 5, 5), (5, 40, 5), (20, 20, 10)).kind is StatementClass.CONTESTED


def test_what_only_a_group_without_a_veto_rejects_is_not_contested():
    assert judged((40, 30, 5), (2, 40, 1), veto=[True, False]).kind is StatementClass.UNCERTAIN


def test_a_leaning_that_could_be_chance_is_not_contested():
    assert judged((12, 8, 0), (8, 12, 0)).kind is StatementClass.UNCERTAIN


@pytest.mark.parametrize(("votes", "kind"), [(19, StatementClass.TOO_FEW), (20, StatementClass.CONSENSUS_AGREE)])
def test_below_twenty_votes_there_are_too_few(votes, kind):
    assert judged(ungrouped=(votes, 0, 0)).kind is kind


@pytest.mark.parametrize(("votes", "kind"), [(6, StatementClass.TOO_FEW), (7, StatementClass.CONSENSUS_AGREE)])
def test_below_seven_votes_in_a_group_with_a_veto_there_are_too_few(votes, kind):
    assert judged((60, 0, 0), (votes, 0, 0)).kind is kind


def test_few_votes_in_a_group_without_a_veto_are_enough():
    assert judged((60, 0, 0), (1, 0, 0), veto=[True, False]).kind is StatementClass.CONSENSUS_AGREE


def test_a_statement_about_the_participants_is_no_consensus():
    assert judged((80, 10, 10), eligible=False).kind is StatementClass.UNCERTAIN


def test_thresholds_are_those_of_the_parameters():
    stricter = Parameters(consensus_in_each=0.75)

    assert judged((80, 10, 10), parameters=stricter).kind is StatementClass.UNCERTAIN


def test_figures_across_groups_compare_between_numbers_of_groups():
    once, twice = counts((30, 10, 10)), counts((30, 10, 10), (30, 10, 10))

    assert across(once.agree, once.votes) == pytest.approx(across(twice.agree, twice.votes))


def test_polis_own_product_takes_every_group():
    result = judged((80, 10, 10), (0, 9, 0), veto=[True, False])

    assert result.group_aware_consensus.value == pytest.approx(81 / 102 * 1 / 11)


@pytest.mark.parametrize("group", [(80, 10, 10), (3, 4, 5), (0, 30, 0)])
def test_every_figure_lies_within_its_interval(group):
    result = judged(group, (20, 10, 10))

    for figure in (result.consensus_agree, result.consensus_disagree, result.group_aware_consensus):
        assert 0 <= figure.low <= figure.value <= figure.high <= 1


@pytest.mark.parametrize(
    ("sizes", "holders"),
    [
        ([850, 150], [True, True]),
        ([851, 149], [True, False]),
        ([50, 10], [True, True]),
        ([40, 9], [True, False]),
        ([9, 9], [False, False]),
        ([], []),
    ],
)
def test_a_group_holds_a_veto_from_15_of_100_and_10_people(sizes, holders):
    assert veto_holders(np.array(sizes, dtype=int), DEFAULTS).tolist() == holders


def test_polis_consensus_lists_the_clearest_five_of_each_direction():
    agree = np.array([50, 60, 70, 80, 90, 100, 20])
    everybody = Counts(agree, 110 - agree, np.zeros(7, dtype=int))

    listed = polis_consensus(everybody, list("abcdefg"), np.array([True] * 5 + [False, True]), DEFAULTS)

    assert [each.statement for each in listed.agree] == ["e", "d", "c"]
    assert [each.statement for each in listed.disagree] == ["g"]
    assert (listed.agree[0].count, listed.agree[0].votes) == (90, 110)


def members(*rows):
    """The votes of each group's verified members on one statement, and how many members these are."""
    return Verified(np.array([sum(row) for row in rows], dtype=int), counts(*rows))


@pytest.mark.parametrize(("size", "verified", "holds"), [(60, 10, True), (60, 9, False), (9, 9, False), (10, 10, True)])
def test_ten_verified_members_hold_a_veto_for_a_small_group(size, verified, holds):
    sizes = np.array([1000, size])

    assert veto_holders(sizes, DEFAULTS, members((190, 0, 0), (verified, 0, 0))).tolist() == [True, holds]


def test_below_5_of_100_verified_participants_they_hold_none():
    assert veto_holders(np.array([1000, 60]), DEFAULTS, members((191, 0, 0), (10, 0, 0))).tolist() == [True, False]


def test_who_is_not_verified_cannot_speak_with_a_veto_held_by_verified_members():
    # Twelve verified members agree; fifty fakes have joined their group and disagree.
    everyone, sizes = counts((400, 40, 10), (12, 50, 0)), np.array([450, 62])
    verified = members((100, 10, 2), (12, 0, 0))
    veto = veto_holders(sizes, DEFAULTS, verified)

    spoken = deciding(everyone, sizes, verified, DEFAULTS)
    result = judge(everyone.total, everyone, veto, eligible=np.array([True]), parameters=DEFAULTS, decided=spoken)[0]

    assert veto.tolist() == [True, True]
    assert spoken.agree[:, 0].tolist() == [400, 12]
    assert spoken.disagree[:, 0].tolist() == [40, 0]
    assert result.kind is StatementClass.CONSENSUS_AGREE


def test_a_small_group_is_named_with_its_leaning():
    groups = counts((80, 10, 10), (2, 9, 1), (6, 6, 2), (1, 1, 0))

    told = dissents(groups, "ABCD", np.array([100, 12, 14, 11]), np.array([True, False, False, False]), DEFAULTS)[0]

    assert [(each.group, each.leaning) for each in told] == [
        ("B", Leaning.DISAGREE),
        ("C", Leaning.DIVIDED),
        ("D", Leaning.TOO_FEW),
    ]
    assert (told[0].votes, told[0].agree, told[0].disagree, told[0].passed) == (12, 2, 9, 1)


def test_of_a_group_under_ten_people_no_counts_are_told():
    told = dissents(counts((80, 10, 10), (0, 9, 0)), "AB", np.array([100, 9]), np.array([True, False]), DEFAULTS)[0]

    assert told[0].leaning is Leaning.DISAGREE
    assert (told[0].votes, told[0].agree, told[0].disagree, told[0].passed) == (None, None, None, None)


def test_where_every_group_holds_a_veto_there_is_no_dissent_to_name():
    assert dissents(counts((80, 10, 10)), "A", np.array([100]), np.array([True]), DEFAULTS) == [()]


@pytest.mark.parametrize(
    ("verdict", "veto", "used"),
    [
        ("groups", [True, False], "groups"),
        ("untested", [True, True], "groups"),
        ("gradual", [True, True], "cuts"),
        ("gradual", [False, False], "everybody"),
        ("none", [], "everybody"),
    ],
)
def test_the_result_says_what_the_classes_rest_on(verdict, veto, used):
    assert classes_by(verdict, np.array(veto, dtype=bool)) == used
