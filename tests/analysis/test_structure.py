"""The test of structure: silent where there is none, loud where there is, whatever people's activity."""

import numpy as np
import pytest

from analysis import Votes
from analysis.parameters import Parameters
from analysis.sample import apart, draw_people, tabled, who_is_placed
from analysis.simulation import no_groups, one_axis, planted_groups
from analysis.structure import test_structure as tested

PARAMETERS = Parameters()


def sample_of(votes, clusters=None):
    clusters = apart(votes.shape[1]) if clusters is None else clusters
    return tabled(votes, clusters, draw_people(who_is_placed(votes, clusters, PARAMETERS), 2000))


def unstructured(seed, **size):
    return no_groups(np.random.default_rng(seed), unevenness=0.8, **size).votes


def test_without_structure_p_values_are_spread_evenly():
    sizes = ({"participants": 60, "presence": 0.3}, {"participants": 200, "presence": 0.1})
    values = [
        tested(sample_of(unstructured(seed, statements=40, **size)), PARAMETERS).p_value
        for seed in range(30)
        for size in sizes
    ]

    assert 0.35 < np.mean(values) < 0.65
    assert np.mean(np.array(values) <= 0.05) <= 0.12
    assert min(values) > 1e-4


@pytest.mark.parametrize("seed", range(3))
def test_groups_and_axes_are_seen(seed):
    size = {"participants": 150, "statements": 60, "presence": 0.5}
    groups = planted_groups(np.random.default_rng(seed), shares=(0.6, 0.4), **size).votes
    axis = one_axis(np.random.default_rng(seed), **size).votes

    for votes in (groups, axis):
        test = tested(sample_of(votes), PARAMETERS)
        assert test.p_value < PARAMETERS.structure_level
        assert test.ratio > 1.2


def test_the_parts_of_the_result_fit_together():
    test = tested(sample_of(unstructured(1, participants=100, statements=30, presence=0.5)), PARAMETERS)

    assert test.ratio == pytest.approx(test.statistic / test.permuted)
    assert (test.permutations, test.statements) == (PARAMETERS.structure_permutations, 30)


def test_copies_of_one_statement_are_no_structure():
    size = {"participants": 150, "statements": 20, "presence": 0.6}
    table = no_groups(np.random.default_rng(3), **size).votes.matrix()
    copied = np.hstack([table, np.repeat(table[:, :1], 15, axis=1)])
    rows, columns = np.nonzero(~np.isnan(copied))
    votes = Votes.from_arrays(rows, [f"{each:02}" for each in columns], copied[rows, columns].astype(int))
    clusters = np.array([0 if each >= 20 else each for each in range(35)])

    assert tested(sample_of(votes), PARAMETERS).p_value < 0.001
    assert tested(sample_of(votes, clusters), PARAMETERS).p_value > 0.01


@pytest.mark.parametrize("value", [-1, 0, 1])
def test_where_everybody_says_the_same_there_is_no_structure(value):
    rows, columns = np.indices((40, 10))
    test = tested(sample_of(Votes.from_arrays(rows.ravel(), columns.ravel(), [value] * 400)), PARAMETERS)

    assert (test.p_value, test.ratio) == (1.0, None)


def test_a_handful_of_people_is_too_few_to_be_tested():
    rows, columns = np.indices((5, 10))
    votes = Votes.from_arrays(rows.ravel(), columns.ravel(), np.where(rows < 3, 1, -1).ravel())

    assert tested(sample_of(votes), PARAMETERS).p_value == 1.0
