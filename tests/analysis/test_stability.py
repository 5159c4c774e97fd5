"""What stands when participants are left out."""

import numpy as np
import pytest

from analysis.mixture import fit_mixtures
from analysis.parameters import Parameters
from analysis.sample import apart, tabled
from analysis.scale import fit_scale
from analysis.simulation import one_axis, planted_groups
from analysis.stability import compare, found_again, leave_out, matched, overlap

PARAMETERS = Parameters(largest_number=4)
SIZE = {"participants": 240, "statements": 100, "presence": 0.4}


def left_out_of(votes):
    sample = tabled(votes, apart(votes.shape[1]), np.arange(votes.shape[0]))
    return sample, leave_out(sample, [fit_scale(sample, axes) for axes in (1, 2)], PARAMETERS)


@pytest.fixture(scope="module")
def planted():
    return left_out_of(planted_groups(np.random.default_rng(1), shares=(0.5, 0.3, 0.2), **SIZE).votes)


def test_groups_predict_better_where_there_are_groups(planted):
    prediction = compare(planted[1], 3)

    assert prediction.deviate > 2
    assert prediction.advantage.value == pytest.approx(prediction.groups.value - prediction.scale.value)
    assert prediction.advantage.low < prediction.advantage.value < prediction.advantage.high
    assert prediction.groups.low > 0


def test_a_scale_predicts_better_where_there_is_an_axis():
    _, left_out = left_out_of(one_axis(np.random.default_rng(2), **SIZE).votes)

    for number in (2, 3, 4):
        assert compare(left_out, number).deviate < -2
    assert compare(left_out, 2).axes == 1


def test_true_groups_are_found_again_and_others_are_not(planted):
    sample, left_out = planted
    mixtures = fit_mixtures(sample, 4)

    again = [
        found_again(
            mixtures[number - 1].nearest(sample), number, [each[number - 1] for each in left_out.mixtures], sample
        )
        for number in (3, 4)
    ]

    assert again[0].mean(axis=0).min() > 0.9
    assert again[1].mean(axis=0).min() < 0.75


def test_overlap_is_the_jaccard_index():
    one, other = np.array([0, 0, 0, 1, 1, -1]), np.array([1, 1, 0, 0, 0, 0])

    assert overlap(one, other, 2).tolist() == [[1 / 6, 2 / 3], [2 / 4, 0]]


def test_groups_are_matched_whatever_their_numbers():
    one = np.array([0] * 5 + [1] * 4 + [2] * 3)
    other = np.array([2] * 5 + [0] * 4 + [1] * 3)

    assert matched(one, other, 3)[other].tolist() == one.tolist()


def test_everybody_is_left_out_once(planted):
    _, left_out = planted

    assert len(left_out.mixtures) == PARAMETERS.parts_left_out
    assert np.isfinite(left_out.by_mixture).all()
    assert (left_out.by_scale < 0).all()
