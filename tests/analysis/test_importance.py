"""Importance marks: shares of voters, overall and by group, and nothing else is touched."""

import numpy as np
import pytest

from analysis.importance import count_marks, count_marks_by_group, importances
from analysis.intervals import wilson
from analysis.votes import Votes


def test_the_share_is_of_all_voters_with_wilsons_interval():
    votes = Votes.from_arrays(range(10), ["s"] * 10, [1, 0, -1, 1, 1, 1, 0, 0, 1, 1])
    marked = np.array([True] * 3 + [False] * 7)

    (told,) = importances(count_marks(votes, marked), 0.95)

    low, high = wilson(3, 10)
    assert (told.votes, told.marked, told.share.value) == (10, 3, 0.3)
    assert (told.share.low, told.share.high) == (float(low), float(high))


def test_groups_have_shares_of_their_own_and_who_is_in_none_is_in_no_share():
    votes = Votes.from_arrays([1, 2, 3, 4], ["s"] * 4, [1, 1, 1, 1])
    marked = np.array([True, True, False, True])

    marks = count_marks_by_group(votes, marked, np.array([0, 0, 1, -1]), 2)

    assert (marks.votes.tolist(), marks.marked.tolist()) == ([[2], [1]], [[2], [0]])


def test_a_statement_without_votes_has_no_share():
    votes = Votes.from_arrays([1], ["s"], [1])

    told = importances(count_marks(votes, np.array([True])).at(np.array([-1, 0])), 0.95)

    assert (told[0].share.value, told[0].share.low, told[0].share.high) == (None, 0, 1)
    assert told[1].share.value == 1


def test_no_votes_have_no_marks():
    assert importances(count_marks(Votes.from_arrays([], [], []), np.zeros(0, dtype=bool)), 0.95) == []


def test_each_vote_needs_a_mark():
    with pytest.raises(ValueError, match="1 marks for 2 votes"):
        count_marks(Votes.from_arrays([1, 2], ["s", "s"], [1, 1]), np.array([True]))
