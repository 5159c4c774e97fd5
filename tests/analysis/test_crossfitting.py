"""Votes to test with are counted by groups that never saw them."""

import numpy as np

from analysis.crossfitting import cross_fit
from analysis.mixture import fit_mixtures
from analysis.parameters import Parameters
from analysis.representativeness import more_often
from analysis.sample import Sample, apart, tabled
from analysis.simulation import no_groups, planted_groups

PARAMETERS = Parameters()
SIZE = {"participants": 300, "statements": 60, "presence": 0.5}


def divided(votes, number, clusters=None):
    sample = tabled(votes, apart(votes.shape[1]) if clusters is None else clusters, np.arange(votes.shape[0]))
    return sample, fit_mixtures(sample, number)[number - 1].nearest(sample)


def p_values(fitted):
    inside, outside = fitted.counts, fitted.counts.outside
    return np.concatenate(
        [
            more_often(inside.going(each), inside.votes, outside.going(each), outside.votes)[fitted.testable]
            for each in ("agree", "disagree")
        ]
    )


def test_true_groups_differ_on_votes_that_did_not_make_them():
    simulated = planted_groups(np.random.default_rng(1), shares=(0.5, 0.5), **SIZE)
    sample, members = divided(simulated.votes, 2)

    fitted = cross_fit(sample, members, number=2, statements=60, parameters=PARAMETERS)

    assert fitted.testable.all()
    assert (p_values(fitted) < 1e-6).sum() >= 20


def test_groups_made_of_noise_do_not_differ_on_other_votes():
    values = []
    for seed in range(10):
        votes = no_groups(np.random.default_rng(seed), unevenness=0.8, **SIZE).votes
        sample, members = divided(votes, 3)
        fitted = cross_fit(sample, members, number=3, statements=60, parameters=Parameters(label_overlap=0.0))
        values.append(p_values(fitted))

    assert 0.03 < np.mean(np.concatenate(values) <= 0.05) < 0.07


def test_a_group_that_other_statements_do_not_show_is_not_tested():
    votes = no_groups(np.random.default_rng(3), **SIZE).votes
    sample, _ = divided(votes, 4)
    invented = np.random.default_rng(0).integers(4, size=len(sample.people))

    fitted = cross_fit(sample, invented, number=4, statements=60, parameters=PARAMETERS)

    assert not fitted.testable.any()


def test_a_near_duplicate_does_not_make_the_group_that_tests_its_like():
    votes = planted_groups(np.random.default_rng(2), shares=(0.5, 0.5), **SIZE).votes
    clusters = apart(60)
    clusters[30:] = clusters[:30]
    sample, members = divided(votes, 2, clusters)
    changed = np.array([clusters[each] == 5 for each in sample.columns])
    swapped = Sample(
        sample.people,
        sample.columns,
        sample.clusters,
        np.where(changed, sample.disagree, sample.agree),
        np.where(changed, sample.agree, sample.disagree),
        sample.passed,
    )

    one, other = (
        cross_fit(each, members, number=2, statements=60, parameters=PARAMETERS) for each in (sample, swapped)
    )

    for column in (5, 35):
        assert one.counts.agree[:, column].tolist() == other.counts.disagree[:, column].tolist()


def test_statements_that_do_not_count_are_not_testable():
    votes = planted_groups(np.random.default_rng(2), shares=(0.5, 0.5), **SIZE).votes
    clusters = np.where(np.arange(60) < 10, -1, apart(60))
    sample, members = divided(votes, 2, clusters)

    fitted = cross_fit(sample, members, number=2, statements=60, parameters=PARAMETERS)

    assert not fitted.testable[:, :10].any()
    assert fitted.testable[:, 10:].all()
    assert fitted.at(np.array([20, -1, 3])).testable.tolist() == [[True, False, False]] * 2
