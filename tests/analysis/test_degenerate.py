"""Votes that say little: an answer all the same, as small as they are."""

import itertools
import json

import numpy as np
import pytest

from analysis import Votes, analyse
from analysis.pipeline import METHODS


def voted(table):
    """Everybody votes on everything; a row a participant."""
    rows, columns = np.indices(table.shape)
    return Votes.from_arrays(rows.ravel(), columns.ravel(), table.ravel())


def two_camps(first, second, statements):
    """The first camp agrees with all, the second with nothing."""
    return np.repeat([[1], [-1]], [first, second], axis=0) * np.ones((1, statements), dtype=int)


def few_each(rng, *, people=60, statements=30, votes=3):
    """Nobody has votes enough to be placed anywhere."""
    pairs = [(who, what) for who in range(people) for what in rng.choice(statements, size=votes, replace=False)]
    return Votes.from_arrays([who for who, _ in pairs], [what for _, what in pairs], rng.integers(-1, 2, len(pairs)))


def is_without_groups(result):
    """What has to hold wherever the verdict is none."""
    written = json.loads(result.to_json())
    return (
        written["structure"]["verdict"] == "none"
        and written["structure"]["classes_by"] == "everybody"
        and written["participants"]["grouped"] == 0
        and written["groups"] == []
        and set(written["assignments"].values()) <= {None}
        and written["stability"] == {}
        and all(each["by_group"] == {} and each["dissent"] == [] for each in written["statements"])
        and all(each["consensus_agree"] is None for each in written["statements"])
    )


@pytest.mark.parametrize("method", METHODS)
def test_no_votes_give_an_empty_result(method):
    result = analyse(Votes.from_arrays([], [], []), method=method)

    assert (result.participants.total, result.groups, result.statements) == (0, (), ())
    assert json.loads(result.to_json())["assignments"] == {}
    assert method == "classic" or is_without_groups(result)


@pytest.mark.parametrize("method", METHODS)
def test_statements_without_any_votes_are_listed(method):
    result = analyse(Votes.from_arrays([], [], []), method=method, texts={"1": "Nobody voted yet"})

    assert [(each.id, each.kind) for each in result.statements] == [("1", "too_few")]


def test_one_participant_is_a_group_of_one_with_the_classic_method():
    result = analyse(voted(np.ones((1, 8), dtype=int)), method="classic")

    assert [(group.id, group.size) for group in result.groups] == [("A", 1)]


@pytest.mark.parametrize("answers", [np.ones(8, dtype=int), np.array([1, -1, 0, 1, -1, 0, 1, -1]), np.array([1])])
def test_one_participant_is_no_group(answers):
    result = analyse(voted(answers.reshape(1, -1)))

    assert is_without_groups(result)
    assert result.positions == {"0": (0, 0)}
    assert {each.kind.value for each in result.statements} == {"too_few"}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("value", [-1, 0, 1])
def test_where_everybody_says_the_same_nothing_divides_them(value, method):
    result = analyse(voted(np.full((40, 10), value)), method=method)

    if method == "classic":
        assert [(group.id, group.size, group.representative) for group in result.groups] == [("A", 40, ())]
    else:
        assert is_without_groups(result)
    assert {tuple(place) for place in result.positions.values()} == {(0, 0)}
    expected = {1: "consensus_agree", 0: "uncertain", -1: "consensus_disagree"}[value]
    assert {each.kind.value for each in result.statements} == {expected}


def test_one_statement_divides_those_for_it_from_those_against_it_with_the_classic_method():
    result = analyse(voted(two_camps(25, 15, 1)), method="classic")

    assert [group.size for group in result.groups] == [25, 15]
    assert [each.kind.value for each in result.statements] == ["contested"]


def test_one_statement_alone_says_nothing_of_groups():
    result = analyse(voted(two_camps(25, 15, 1)))

    # Who are for it are no group by that: a group's members agree on more than what made it.
    assert is_without_groups(result)
    assert [each.kind.value for each in result.statements] == ["uncertain"]


def test_one_statement_can_be_consensus():
    result = analyse(voted(two_camps(36, 4, 1)))

    assert is_without_groups(result)
    assert [each.kind.value for each in result.statements] == ["consensus_agree"]


@pytest.mark.parametrize("method", METHODS)
def test_statements_on_which_nobody_differs_do_not_disturb_the_others(method):
    result = analyse(voted(np.hstack([two_camps(25, 15, 6), np.ones((40, 6), dtype=int)])), method=method)

    assert [group.size for group in result.groups] == [25, 15]
    assert [each.kind.value for each in result.statements if int(each.id) >= 6] == ["consensus_agree"] * 6


@pytest.mark.parametrize(("people", "camps"), [(6, [[1] * 5, [-1] * 5]), (40, [[0] * 7, [1] * 7])])
def test_structure_of_which_no_two_groups_can_be_made_is_no_group(people, camps):
    """Of six people none can be left out and groups be made; that half of the people pass makes no group of opinion."""
    result = analyse(voted(np.resize(camps, (people, len(camps[0])))))

    assert result.structure.test.p_value < result.parameters["structure_level"]
    assert is_without_groups(result)


def test_where_nobody_has_seven_votes_the_classic_method_groups_the_most_active():
    assert analyse(few_each(np.random.default_rng(0)), method="classic").participants.grouped == 15


def test_where_nobody_has_seven_votes_nobody_is_grouped():
    result = analyse(few_each(np.random.default_rng(0)))

    assert (result.participants.total, result.participants.grouped) == (60, 0)
    assert is_without_groups(result)
    assert len(result.positions) == 60


@pytest.mark.parametrize("method", METHODS)
def test_given_groups_that_hold_nobody_leave_everybody_without(method):
    result = analyse(voted(np.ones((5, 8), dtype=int)), method=method, groups={"nobody": "0"})

    assert result.groups == ()
    assert set(result.assignments.values()) == {None}
    assert result.statements[0].by_group == {}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("how", ["moderated_out", "meta"])
def test_excluding_every_statement_leaves_one_place(how, method):
    result = analyse(voted(two_camps(10, 10, 8)), method=method, **{how: range(8)})

    assert len(result.statements) == (8 if how == "meta" else 0)
    assert {tuple(place) for place in result.positions.values()} == {(0, 0)}
    assert method == "classic" or is_without_groups(result)


@pytest.mark.parametrize("method", METHODS)
def test_ids_may_be_any_text(method):
    odd = ["ü", "一", "a b", '"', "\n", "-0", "1e3", "💬"]
    pairs = list(itertools.product(odd, odd))
    votes = Votes.from_arrays([who for who, _ in pairs], [what for _, what in pairs], [1] * len(pairs))

    assert set(json.loads(analyse(votes, method=method).to_json())["assignments"]) == set(odd)
