"""The opinion space: where participants lie, and that nothing but the votes decides it."""

import numpy as np
import pytest
from sklearn.decomposition import PCA

from analysis.simulation import planted_groups
from analysis.space import OpinionSpace


@pytest.fixture
def table():
    simulated = planted_groups(
        np.random.default_rng(3), participants=90, statements=25, shares=(0.6, 0.4), presence=0.5
    )
    return simulated.votes.matrix()


def test_with_every_vote_present_it_is_a_principal_component_analysis(table):
    full = np.nan_to_num(table)

    positions = OpinionSpace().fit_transform(full)

    expected = PCA(2).fit_transform(full)
    assert np.abs(positions) == pytest.approx(np.abs(expected))


def test_a_position_is_the_scaled_sum_of_what_one_voted_on(table):
    space = OpinionSpace().fit(table)
    row = np.full((1, table.shape[1]), np.nan)
    row[0, 4] = 1

    position = space.transform(row)

    expected = np.sqrt(25 / 1) * (1 - space.mean_[4]) * space.components_[:, 4]
    assert position[0] == pytest.approx(expected)


def test_who_voted_on_nothing_stands_in_the_middle(table):
    space = OpinionSpace().fit(table)

    assert space.transform(np.full((1, 25), np.nan)).tolist() == [[0, 0]]


def test_new_participants_do_not_move_the_others(table):
    space = OpinionSpace().fit(table)

    assert space.transform(table[:5]) == pytest.approx(space.transform(table)[:5])


def test_groups_that_were_planted_lie_apart():
    simulated = planted_groups(
        np.random.default_rng(5), participants=200, statements=40, shares=(0.5, 0.5), presence=0.6
    )

    along = OpinionSpace().fit_transform(simulated.votes.matrix())[:, 0]

    first, second = along[simulated.groups == 0], along[simulated.groups == 1]
    assert abs(first.mean() - second.mean()) > 4 * max(first.std(), second.std()) / 2


def test_the_order_of_rows_changes_neither_components_nor_signs(table):
    order = np.random.default_rng(0).permutation(len(table))

    shuffled = OpinionSpace().fit(table[order])

    assert shuffled.components_ == pytest.approx(OpinionSpace().fit(table).components_, abs=1e-9)


def test_components_that_the_votes_do_not_support_are_zero():
    one_question = np.array([[1.0], [-1.0], [1.0], [0.0]])

    positions = OpinionSpace().fit_transform(one_question)

    assert positions.shape == (4, 2)
    assert positions[:, 1].tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("table", [np.zeros((6, 4)), np.ones((1, 3)), np.full((3, 3), np.nan), np.ones((5, 1))])
def test_where_nobody_differs_everybody_stands_in_one_place(table):
    positions = OpinionSpace().fit_transform(table)

    assert positions.tolist() == np.zeros((len(table), 2)).tolist()


@pytest.mark.parametrize("sign", [1, -1])
def test_the_larger_loadings_are_positive(table, sign):
    components = OpinionSpace().fit(sign * table).components_

    assert ((components**3).sum(axis=1) > 0).all()
