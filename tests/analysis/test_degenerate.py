"""Votes that say little: an answer all the same, as small as they are."""

import itertools
import json

import numpy as np
import pytest

from analysis import Votes, analyse


def voted(table):
    """Everybody votes on everything; a row a participant."""
    rows, columns = np.indices(table.shape)
    return Votes.from_arrays(rows.ravel(), columns.ravel(), table.ravel())


def two_camps(first, second, statements):
    """The first camp agrees with all, the second with nothing."""
    return np.repeat([[1], [-1]], [first, second], axis=0) * np.ones((1, statements), dtype=int)


def test_no_votes_give_an_empty_result():
    result = analyse(Votes.from_arrays([], [], []))

    assert (result.participants.total, result.groups, result.statements) == (0, (), ())
    assert json.loads(result.to_json())["assignments"] == {}


def test_statements_without_any_votes_are_listed():
    result = analyse(Votes.from_arrays([], [], []), texts={"1": "Nobody voted yet"})

    assert [(each.id, each.kind) for each in result.statements] == [("1", "too_few")]


def test_one_participant_is_a_group_of_one():
    result = analyse(voted(np.ones((1, 8), dtype=int)))

    assert [(group.id, group.size) for group in result.groups] == [("A", 1)]


@pytest.mark.parametrize("value", [-1, 0, 1])
def test_where_everybody_says_the_same_there_is_one_group(value):
    result = analyse(voted(np.full((40, 10), value)))

    assert [(group.id, group.size, group.representative) for group in result.groups] == [("A", 40, ())]
    assert {tuple(place) for place in result.positions.values()} == {(0, 0)}
    expected = {1: "consensus_agree", 0: "uncertain", -1: "consensus_disagree"}[value]
    assert {each.kind.value for each in result.statements} == {expected}


def test_one_statement_divides_those_for_it_from_those_against_it():
    result = analyse(voted(two_camps(25, 15, 1)))

    assert [group.size for group in result.groups] == [25, 15]
    assert [each.kind.value for each in result.statements] == ["contested"]


def test_statements_on_which_nobody_differs_do_not_disturb_the_others():
    result = analyse(voted(np.hstack([two_camps(25, 15, 6), np.ones((40, 6), dtype=int)])))

    assert [group.size for group in result.groups] == [25, 15]


def test_where_nobody_has_seven_votes_the_most_active_are_grouped():
    rng = np.random.default_rng(0)
    pairs = [(who, what) for who in range(60) for what in rng.choice(30, size=3, replace=False)]
    votes = Votes.from_arrays([who for who, _ in pairs], [what for _, what in pairs], rng.integers(-1, 2, len(pairs)))

    assert analyse(votes).participants.grouped == 15


def test_given_groups_that_hold_nobody_leave_everybody_without():
    result = analyse(voted(np.ones((5, 8), dtype=int)), groups={"nobody": "0"})

    assert result.groups == ()
    assert set(result.assignments.values()) == {None}
    assert result.statements[0].by_group == {}


def test_excluding_every_statement_leaves_one_place():
    result = analyse(voted(two_camps(10, 10, 8)), moderated_out=range(8))

    assert result.statements == ()
    assert {tuple(place) for place in result.positions.values()} == {(0, 0)}


def test_ids_may_be_any_text():
    odd = ["ü", "一", "a b", '"', "\n"]
    pairs = list(itertools.product(odd, odd))
    votes = Votes.from_arrays([who for who, _ in pairs], [what for _, what in pairs], [1] * len(pairs))

    assert set(json.loads(analyse(votes).to_json())["assignments"]) == set(odd)
