"""Latent classes: the groups that were planted are found, a small one as well."""

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from analysis import Votes
from analysis.mixture import fit_mixtures, log_sum
from analysis.parameters import Parameters
from analysis.sample import apart, draw_people, tabled, who_is_placed
from analysis.simulation import planted_groups


def sampled(votes):
    return tabled(
        votes, apart(votes.shape[1]), draw_people(who_is_placed(votes, apart(votes.shape[1]), Parameters()), 2000)
    )


@pytest.mark.parametrize("shares", [(0.5, 0.3, 0.2), (0.6, 0.34, 0.06)])
def test_planted_groups_are_found(shares):
    size = {"participants": 400, "statements": 100, "presence": 0.4}
    simulated = planted_groups(np.random.default_rng(4), shares=shares, **size)
    sample = sampled(simulated.votes)

    nearest = fit_mixtures(sample, 3)[2].nearest(sample)

    assert adjusted_rand_score(simulated.groups[sample.people], nearest) > 0.95


def test_rates_are_those_of_the_groups_drawn_to_everybodys():
    simulated = planted_groups(
        np.random.default_rng(1), participants=600, statements=30, shares=(0.5, 0.5), presence=1.0
    )
    sample = sampled(simulated.votes)
    mixture = fit_mixtures(sample, 2)[1]

    nearest = mixture.nearest(sample)
    for group in (0, 1):
        own = sample.of_people(np.flatnonzero(nearest == group))
        share = own.agree.sum(axis=0) / (own.agree + own.disagree).sum(axis=0)
        assert np.exp(mixture.log_agree[group]) == pytest.approx(share, abs=0.03)
    assert np.exp(mixture.log_agree) + np.exp(mixture.log_disagree) == pytest.approx(np.ones((2, 30)), abs=1e-5)
    assert np.exp(mixture.log_share).sum() == pytest.approx(1, abs=1e-5)


def test_likelihood_grows_with_the_number_of_classes():
    simulated = planted_groups(
        np.random.default_rng(2), participants=200, statements=40, shares=(0.5, 0.3, 0.2), presence=0.5
    )
    sample = sampled(simulated.votes)

    likelihoods = [log_sum(each.scores(sample)).sum() for each in fit_mixtures(sample, 4)]

    assert likelihoods[0] < likelihoods[1] < likelihoods[2]


def test_passes_and_missing_votes_place_nobody():
    table = np.zeros((12, 8), dtype=int)
    table[:6, :4], table[6:, :4] = 1, -1
    rows, columns = np.indices(table.shape)
    sample = sampled(Votes.from_arrays(rows.ravel(), columns.ravel(), table.ravel()))

    mixture = fit_mixtures(sample, 2)[1]

    assert len(set(zip(sample.agree[:, 0].tolist(), mixture.nearest(sample).tolist(), strict=True))) == 2
    assert mixture.log_agree[0, 4:] == pytest.approx(mixture.log_agree[1, 4:])


def test_people_too_few_to_divide_stay_one_class():
    rows, columns = np.indices((5, 8))
    sample = sampled(Votes.from_arrays(rows.ravel(), columns.ravel(), np.where(rows < 2, 1, -1).ravel()))

    assert len(fit_mixtures(sample, 8)) == 1
