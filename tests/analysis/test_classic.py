"""Polis's own rules, with the values that its formulas give."""

import numpy as np
import pytest

from analysis.classic import (
    base_clusters,
    ever_in,
    extremity,
    group_aware_consensus,
    lift,
    lift_test,
    numbers_to_try,
    opinion_table,
    priority,
    share_test,
    smoothed_share,
    who_is_in,
)
from analysis.moments import Counts
from analysis.parameters import Parameters
from analysis.votes import Votes

DEFAULTS = Parameters()


def voters(*numbers_of_votes):
    """Participants p00, p01, ... with so many votes each."""
    pairs = [(f"p{who:02}", what) for who, number in enumerate(numbers_of_votes) for what in range(number)]
    return Votes.from_arrays([who for who, _ in pairs], [what for _, what in pairs], [1] * len(pairs))


@pytest.mark.parametrize(
    ("agreed", "votes", "deviate"),
    [
        (0, 0, 1.0),
        (0, 1, 0.0),
        (1, 1, 1.4142),
        (2, 3, 1.0),
        (6, 10, 0.9045),
        (7, 10, 1.5076),
        (30, 50, 1.5403),
        (60, 100, 2.0896),
    ],
)
def test_the_test_of_a_share_has_its_known_values(agreed, votes, deviate):
    assert share_test(np.array(agreed), np.array(votes)) == pytest.approx(deviate, abs=5e-5)


@pytest.mark.parametrize(
    ("agreed", "votes", "share"), [(1, 1, 0.6667), (7, 10, 0.6667), (30, 50, 0.5962), (60, 100, 0.5980)]
)
def test_smoothed_shares_have_their_known_values(agreed, votes, share):
    assert smoothed_share(np.array(agreed), np.array(votes)) == pytest.approx(share, abs=5e-5)


@pytest.mark.parametrize(
    ("agreed", "agreed_outside", "votes", "votes_outside", "deviate"),
    [(2, 0, 2, 2, 1.7321), (8, 3, 10, 10, 2.1681), (40, 30, 50, 60, 3.2527), (5, 5, 5, 5, 0)],
)
def test_the_test_of_a_difference_has_its_known_values(agreed, agreed_outside, votes, votes_outside, deviate):
    found = lift_test(*map(np.array, (agreed, votes, agreed_outside, votes_outside)))

    assert found == pytest.approx(deviate, abs=5e-5)


def test_lift_compares_smoothed_shares():
    assert lift(*map(np.array, (7, 10, 2, 14))) == pytest.approx((8 / 12) / (3 / 16))


@pytest.mark.parametrize(
    ("agreed", "passed", "votes", "reach", "weight"),
    [(0, 0, 0, 0, 5.0625), (5, 0, 5, 0, 13.4944), (18, 0, 20, 0, 1.5291), (50, 5, 100, 1, 0.8858)],
)
def test_priorities_have_their_known_values(agreed, passed, votes, reach, weight):
    assert priority(*map(np.array, (agreed, passed, votes, float(reach)))) == pytest.approx(weight, abs=5e-5)


@pytest.mark.parametrize(
    ("clusters", "numbers"), [(5, [2]), (12, [2, 3]), (24, [2, 3, 4]), (36, [2, 3, 4, 5]), (100, [2, 3, 4, 5])]
)
def test_more_base_clusters_allow_more_groups(clusters, numbers):
    assert list(numbers_to_try(clusters, DEFAULTS)) == numbers


def test_group_aware_consensus_is_the_product_over_groups():
    by_group = Counts(agree=np.array([[3], [0]]), disagree=np.array([[1], [0]]), passed=np.array([[0], [0]]))

    assert group_aware_consensus(by_group) == pytest.approx([4 / 6 * 1 / 2])


def test_a_statement_everybody_agrees_with_reaches_nowhere():
    reach = extremity(np.array([1.0, 0.0]), np.array([[0.6, 0.8], [0.8, -0.6]]))

    assert reach == pytest.approx([0, np.sqrt(2)])


def test_seven_votes_bring_a_participant_in():
    votes = voters(*[7] * 15, 6)

    assert who_is_in(votes, DEFAULTS).tolist() == [True] * 15 + [False]


def test_where_there_are_fewer_statements_all_of_them_do():
    votes = voters(*[3] * 15, 2)

    assert who_is_in(votes, DEFAULTS).tolist() == [True] * 15 + [False]


def test_where_fewer_are_in_the_most_active_are_added_up_to_fifteen():
    votes = voters(8, 1, *[2] * 14, 1)

    assert who_is_in(votes, DEFAULTS).tolist() == [True, False, *[True] * 14, False]


def test_who_was_ever_in_stays_in_when_votes_are_replayed():
    participants = [*(f"p{each}" for each in range(16)), *["p15"] * 6]
    statements = [*["s0"] * 16, *(f"s{each}" for each in range(1, 7))]
    times = range(len(participants))

    taken = ever_in(participants, statements, times, DEFAULTS)

    # While there was one statement one vote sufficed; the last participant then reached seven.
    assert taken == {f"p{each}" for each in range(16)}


def test_votes_are_replayed_by_time_and_not_by_their_place():
    latecomer = (["late", *(f"p{each}" for each in range(15))], ["s0", *["s0"] * 15])
    others = ([f"p{each}" for each in range(15)] * 6, [f"s{each}" for each in range(1, 7) for _ in range(15)])
    participants, statements = (first + more for first, more in zip(latecomer, others, strict=True))

    taken = ever_in(participants, statements, [999, *range(105)], DEFAULTS)

    assert taken == {f"p{each}" for each in range(15)}


def test_excluded_statements_are_zero_for_everybody():
    votes = Votes.from_arrays(["p", "q"], ["s", "t"], [1, 1])

    table = opinion_table(votes, np.array([True, False]))

    assert np.array_equal(table, [[0, np.nan], [0, 1]], equal_nan=True)


def test_people_of_one_position_are_one_base_cluster():
    bases = base_clusters(np.array([[1.0, 2], [0, 0], [1, 2]]), DEFAULTS)

    assert bases.centres.tolist() == [[0, 0], [1, 2]]
    assert bases.weights.tolist() == [1, 2]
    assert bases.members.tolist() == [1, 0, 1]


def test_there_are_a_hundred_base_clusters_at_most_in_whatever_order_people_come():
    positions = np.random.default_rng(4).normal(size=(400, 2)).round(3)
    order = np.random.default_rng(5).permutation(400)

    bases, shuffled = base_clusters(positions, DEFAULTS), base_clusters(positions[order], DEFAULTS)

    assert len(bases.centres) == 100
    assert bases.weights.sum() == 400
    assert shuffled.members.tolist() == bases.members[order].tolist()
