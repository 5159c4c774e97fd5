"""Counting votes, overall and by group."""

import numpy as np

from analysis.moments import count, count_by_group, tallies
from analysis.simulation import no_groups
from analysis.votes import Votes

VOTES = Votes.from_arrays(["p", "p", "q", "q", "r"], ["s", "t", "s", "t", "s"], [1, 0, -1, 1, 1])


def test_votes_are_counted_by_choice():
    counts = count(VOTES)

    assert counts.agree.tolist() == [2, 1]
    assert counts.disagree.tolist() == [1, 0]
    assert counts.passed.tolist() == [0, 1]
    assert counts.votes.tolist() == [3, 2]


def test_votes_of_participants_in_no_group_are_left_out():
    counts = count_by_group(VOTES, np.array([0, 1, -1]), 2)

    assert counts.agree.tolist() == [[1, 0], [0, 1]]
    assert counts.votes.tolist() == [[1, 1], [1, 1]]


def test_outside_a_group_are_all_other_groups():
    counts = count_by_group(VOTES, np.array([0, 1, 2]), 3)

    assert counts.outside.agree.tolist() == [[1, 1], [2, 0], [1, 1]]


def test_groups_add_up_to_everybody():
    simulated = no_groups(np.random.default_rng(1), participants=60, statements=20, presence=0.4)
    members = np.arange(len(simulated.votes.participants)) % 4

    by_group = count_by_group(simulated.votes, members, 4)

    everybody = count(simulated.votes)
    assert by_group.total.agree.tolist() == everybody.agree.tolist()
    assert by_group.total.passed.tolist() == everybody.passed.tolist()


def test_a_statement_without_votes_has_counts_of_none():
    counts = count(VOTES).at(np.array([1, -1]))

    told = tallies(counts, 0.95)

    assert told[0].agree_share.value == 0.5
    assert (told[1].votes, told[1].agree_share.value) == (0, None)
    assert (told[1].agree_share.low, told[1].agree_share.high) == (0, 1)
