"""What votes weigh, who is placed, and the tables that the statistics look at."""

import numpy as np
import pytest

from analysis import Votes
from analysis.parameters import Parameters
from analysis.sample import apart, batches, draw_people, summed, tabled, vote_weights, who_is_placed
from analysis.simulation import no_groups


@pytest.fixture
def votes():
    size = {"participants": 40, "statements": 12, "presence": 0.5}
    return no_groups(np.random.default_rng(0), **size).votes


def test_without_near_duplicates_every_vote_weighs_one(votes):
    assert set(vote_weights(votes, apart(12)).tolist()) == {1.0}


def test_a_statement_that_does_not_count_weighs_nothing(votes):
    clusters = np.where(np.arange(12) == 3, -1, apart(12))

    weights = vote_weights(votes, clusters)

    assert set(weights[votes.columns == 3].tolist()) == {0.0}
    assert set(weights[votes.columns != 3].tolist()) == {1.0}


def test_votes_on_near_duplicates_weigh_together_as_one():
    votes = Votes.from_arrays(["a", "a", "a", "b", "c", "c"], ["1", "2", "3", "1", "1", "3"], [1, 1, -1, 1, 0, 1])

    weights = vote_weights(votes, np.array([0, 0, 1]))

    assert weights.tolist() == [0.5, 0.5, 1, 1, 1, 1]


def test_who_voted_on_copies_of_one_statement_has_voted_once():
    who = ["copies"] * 8 + ["reader"] * 8
    what = [*range(8), 0, *range(8, 15)]
    votes = Votes.from_arrays(who, what, [1] * 16)
    clusters = np.array([0 if int(each) < 8 else 1 + int(each) for each in votes.statements])

    assert who_is_placed(votes, clusters, Parameters()).tolist() == [False, True]


def test_where_there_are_few_statements_a_vote_on_each_is_enough():
    votes = Votes.from_arrays(["a", "a", "b"], ["1", "2", "1"], [1, 1, 1])

    assert who_is_placed(votes, apart(2), Parameters()).tolist() == [True, False]


def test_a_sample_is_drawn_from_those_placed_and_the_same_every_time():
    placed = np.arange(500) % 2 == 0

    people = draw_people(placed, 50)

    assert len(people) == 50
    assert placed[people].all()
    assert people.tolist() == sorted(people.tolist()) == draw_people(placed, 50).tolist()


def test_the_tables_hold_the_votes_of_the_people_asked_for(votes):
    clusters = np.where(np.arange(12) == 3, -1, apart(12))

    sample = tabled(votes, clusters, np.array([1, 7, 30]))

    expected = votes.matrix()[[1, 7, 30]][:, sample.columns]
    assert 3 not in sample.columns
    for table, choice in ((sample.agree, 1), (sample.disagree, -1), (sample.passed, 0)):
        assert table.tolist() == (expected == choice).tolist()


def test_sums_over_votes_are_those_of_the_tables(votes):
    sample = tabled(votes, apart(12), np.arange(votes.shape[0]))
    table = np.random.default_rng(1).normal(size=(24, 3)).astype(np.float32)

    sums = summed(votes, apart(12), table)

    assert sums == pytest.approx(np.hstack([sample.agree, sample.disagree]) @ table, abs=1e-4)


@pytest.mark.parametrize("most", [1, 7, 50, 10_000])
def test_batches_hold_every_vote_once_and_participants_whole(votes, most):
    parts = list(batches(votes, most))

    assert np.concatenate([part.values for _, part in parts]).tolist() == votes.values.tolist()
    assert [first for first, _ in parts] == np.cumsum([0, *(part.shape[0] for _, part in parts[:-1])]).tolist()
