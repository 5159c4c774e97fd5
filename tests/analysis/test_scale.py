"""Gradual scales: positions come back, along one axis and in a plane."""

import numpy as np
import pytest

from analysis.mixture import fit_mixtures, log_sum, shares_of
from analysis.sample import apart, tabled
from analysis.scale import fit_scale, log_likelihood
from analysis.simulation import draw_votes


def drawn(seed, participants, statements, axes, presence=0.5):
    rng = np.random.default_rng(seed)
    positions, slopes = rng.normal(size=(participants, axes)), rng.normal(scale=1.5, size=(statements, axes))
    agree = 1 / (1 + np.exp(-(positions @ slopes.T + rng.normal(size=statements))))
    simulated = draw_votes(rng, np.arange(participants), agree=agree, disagree=1 - agree, presence=presence)
    return tabled(simulated.votes, apart(statements), np.arange(simulated.votes.shape[0])), positions[simulated.groups]


def placed(scale, sample):
    return shares_of(scale.scores(sample))[0] @ scale.nodes


def test_positions_along_one_axis_come_back():
    sample, positions = drawn(1, 400, 80, axes=1)

    found = placed(fit_scale(sample, 1), sample)

    assert abs(np.corrcoef(found[:, 0], positions[:, 0])[0, 1]) > 0.9


def test_positions_in_a_plane_come_back_up_to_a_turn():
    sample, positions = drawn(2, 400, 120, axes=2)

    found = placed(fit_scale(sample, 2), sample)

    turned = found @ np.linalg.lstsq(found, positions, rcond=None)[0]
    for axis in (0, 1):
        assert np.corrcoef(turned[:, axis], positions[:, axis])[0, 1] > 0.9


def test_an_axis_is_likelier_than_classes_where_there_is_one():
    sample, _ = drawn(3, 300, 60, axes=1)
    first, second = (sample.of_people(np.arange(at, len(sample.people), 2)) for at in (0, 1))

    scale, mixtures = fit_scale(first, 1), fit_mixtures(first, 4)

    assert log_likelihood(scale, second).sum() > max(log_sum(each.scores(second)).sum() for each in mixtures)


def test_a_fit_that_begins_near_the_end_ends_there():
    sample, _ = drawn(4, 300, 40, axes=1)
    scale = fit_scale(sample, 1)

    again = fit_scale(sample, 1, start=scale)

    assert log_likelihood(again, sample).sum() == pytest.approx(log_likelihood(scale, sample).sum(), rel=1e-3)


def test_probabilities_of_the_two_answers_add_up_to_one():
    sample, _ = drawn(5, 100, 20, axes=1)

    agree, disagree = np.split(fit_scale(sample, 1).table, 2)

    assert np.exp(agree) + np.exp(disagree) == pytest.approx(np.ones(agree.shape), abs=1e-5)
