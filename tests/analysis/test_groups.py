"""Opinion groups: found where they are, in whatever order the points come."""

import numpy as np
import pytest
from sklearn.datasets import make_blobs
from sklearn.metrics import adjusted_rand_score

from analysis.groups import OpinionGroups


@pytest.fixture
def blobs():
    return make_blobs([12, 30, 20, 18], centers=[[0, 0], [9, 0], [0, 9], [9, 9]], cluster_std=0.8, random_state=2)


def test_as_many_groups_are_found_as_there_are(blobs):
    points, truth = blobs

    groups = OpinionGroups().fit(points)

    assert groups.n_groups_ == 4
    assert adjusted_rand_score(truth, groups.labels_) == 1


def test_only_the_numbers_asked_for_are_tried(blobs):
    groups = OpinionGroups(numbers=[2, 3]).fit(blobs[0])

    assert set(groups.silhouettes_) == {2, 3}
    assert groups.n_groups_ == max(groups.silhouettes_, key=groups.silhouettes_.get)


def test_the_order_of_points_changes_nothing(blobs):
    points, _ = blobs
    order = np.random.default_rng(1).permutation(len(points))

    groups, shuffled = OpinionGroups().fit(points), OpinionGroups().fit(points[order])

    assert shuffled.labels_.tolist() == groups.labels_[order].tolist()


def test_weights_draw_the_centres():
    points = np.array([[0.0, 0], [1, 0], [10, 0], [11, 0]])

    groups = OpinionGroups(numbers=[2]).fit(points, sample_weight=[3, 1, 1, 3])

    assert sorted(groups.cluster_centers_[:, 0].tolist()) == [0.25, 10.75]


def test_a_new_point_belongs_to_the_nearest_centre(blobs):
    points, _ = blobs
    groups = OpinionGroups().fit(points)

    assert groups.predict(points).tolist() == groups.labels_.tolist()


def test_given_centres_are_started_from(blobs):
    points, _ = blobs

    groups = OpinionGroups(init=np.array([[9.0, 9], [0, 0]])).fit(points)

    assert groups.n_groups_ == 2
    assert groups.predict([[9, 9], [0, 0]]).tolist() == [0, 1]


@pytest.mark.parametrize(("places", "number"), [([[1, 1]] * 5, 1), ([[1, 1], [2, 2], [2, 2]], 2), ([[3, 4]], 1)])
def test_there_are_no_more_groups_than_places(places, number):
    groups = OpinionGroups().fit(np.array(places, dtype=float))

    assert groups.n_groups_ == number
