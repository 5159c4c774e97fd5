"""A gap is seen where people heap up in two places, and nowhere else."""

import numpy as np
import pytest

from analysis.gap import find_gap
from analysis.parameters import Parameters
from analysis.sample import apart, tabled
from analysis.scale import fit_scale
from analysis.simulation import draw_votes, planted_groups


def gap_of(votes):
    sample = tabled(votes, apart(votes.shape[1]), np.arange(votes.shape[0]))
    return find_gap(fit_scale(sample, 1), sample, Parameters())


def spread_out(rng, positions, statements=80, presence=0.4):
    positions = (positions - positions.mean()) / positions.std()
    slopes = rng.normal(scale=1.5, size=statements)
    agree = 1 / (1 + np.exp(-(positions[:, None] * slopes - rng.normal(size=statements))))
    return draw_votes(rng, np.arange(len(positions)), agree=agree, disagree=1 - agree, presence=presence).votes


@pytest.mark.parametrize("shares", [(0.5, 0.5), (0.8, 0.2), (0.1, 0.9)])
def test_two_groups_leave_a_gap_between_them(shares):
    size = {"participants": 300, "statements": 100, "presence": 0.3}
    gap = gap_of(planted_groups(np.random.default_rng(5), shares=shares, **size).votes)

    assert gap.is_there
    assert min(gap.share, 1 - gap.share) == pytest.approx(min(shares), abs=0.03)


@pytest.mark.parametrize("law", ["normal", "uniform", "standard_exponential", "logistic"])
def test_other_spreads_of_positions_have_none(law):
    rng = np.random.default_rng(6)

    assert not gap_of(spread_out(rng, getattr(rng, law)(size=400))).is_there
