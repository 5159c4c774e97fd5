"""A gradual axis: who stands where, and what its ends say."""

import numpy as np
import pytest

from analysis.axis import tell_axis
from analysis.parameters import Parameters
from analysis.sample import apart, tabled
from analysis.scale import fit_scale
from analysis.simulation import draw_votes

PARAMETERS = Parameters()


@pytest.fixture(scope="module")
def told():
    rng = np.random.default_rng(1)
    positions, slopes = rng.normal(size=400), np.where(np.arange(40) < 10, 3.0, 0.0)
    slopes[5:10] *= -1
    agree = 1 / (1 + np.exp(-(positions[:, None] * slopes)))
    names = [f"s{each:02}" for each in range(40)]
    simulated = draw_votes(rng, np.arange(400), agree=agree, disagree=1 - agree, presence=0.6, statements=names)
    votes = simulated.votes
    sample = tabled(votes, apart(40), np.arange(400))
    placed = np.arange(400) != 7
    axis = tell_axis(votes, apart(40), placed, fit_scale(sample, 1), PARAMETERS)
    return axis, positions[simulated.groups], placed


def test_positions_follow_the_axis(told):
    axis, positions, placed = told

    assert abs(np.corrcoef(axis.positions[placed], positions[placed])[0, 1]) > 0.85
    assert np.isnan(axis.positions[~placed]).all()


def test_the_ends_are_made_by_the_statements_with_slopes(told):
    axis, _, _ = told

    for end in (axis.low, axis.high):
        assert {each.statement for each in end.statements} <= {f"s{each:02}" for each in range(10)}
        assert len(end.statements) == PARAMETERS.axis_statements
        assert all(each.share.value > 0.5 and each.difference.low > 0 for each in end.statements)


def test_what_one_end_agrees_with_the_other_rejects(told):
    axis, positions, placed = told
    turned = np.corrcoef(axis.positions[placed], positions[placed])[0, 1] < 0

    for end, rising in ((axis.low, False), (axis.high, True)):
        for each in end.statements:
            assert (each.direction == "agree") == ((each.statement < "s05") == (rising != turned))


def test_each_end_is_a_quarter_of_those_placed(told):
    assert (told[0].low.people, told[0].high.people) == (100, 100)
