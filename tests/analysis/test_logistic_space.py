"""The opinion space of the default method: missing votes are missing, and nothing but the votes decides it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.logistic_space import LogisticSpace, fit_space
from analysis.parameters import Parameters
from analysis.simulation import planted_groups
from analysis.votes import Votes


def _plane(rng, participants=400, statements=60, presence=0.5, passes=0.1):
    """Votes by a known plane: positions, shape (participants, 2), and the votes as a table."""
    positions = rng.normal(size=(participants, 2))
    slopes = rng.normal(size=(statements, 2)) * [1.5, 0.8]
    chance = 1 / (1 + np.exp(-positions @ slopes.T - rng.normal(size=statements)))
    table = np.where(rng.random(chance.shape) < chance, 1.0, -1.0)
    table[rng.random(chance.shape) < passes] = 0
    table[rng.random(chance.shape) >= presence] = np.nan
    return positions, table


def _votes(table):
    rows, columns = np.nonzero(~np.isnan(table))
    return Votes.from_arrays(rows + 1000, columns + 1000, table[rows, columns].astype(int))


@pytest.fixture(scope="module")
def table():
    return _plane(np.random.default_rng(1))[1]


def test_a_plane_that_was_planted_is_found():
    positions, table = _plane(np.random.default_rng(2))

    found = LogisticSpace().fit_transform(table)

    fitted = found @ np.linalg.lstsq(found, positions, rcond=None)[0]
    explained = 1 - ((positions - fitted) ** 2).sum(axis=0) / (positions**2).sum(axis=0)
    assert explained[0] > 0.8
    assert explained[1] > 0.6


def test_the_axes_come_in_the_order_in_which_opinion_differs():
    space = LogisticSpace().fit(_plane(np.random.default_rng(3))[1])

    assert space.scales_[0] > 1.2 * space.scales_[1] > 0


def test_a_position_is_the_most_probable_one(table):
    space = LogisticSpace().fit(table)
    row = table[7]

    position = space.transform(row[None])[0]

    def badness(at):
        cast = ~np.isnan(row)
        log_odds = space.intercepts_[cast] + space.loadings_[cast] @ at
        agree = 0.5 + row[cast] / 2
        prior = 0.5 * ((at / space.scales_) ** 2).sum()
        return (np.logaddexp(0, log_odds) - agree * log_odds).sum() + prior

    around = [position + 1e-3 * np.array(step) for step in ((1, 0), (-1, 0), (0, 1), (0, -1))]
    assert badness(position) < min(map(badness, around))


def test_a_missing_vote_is_no_pass(table):
    space = LogisticSpace().fit(table)
    decided = np.where(table == 0, np.nan, table)
    passing = np.where(np.isnan(decided), 0, decided)

    missing, passed = space.transform(decided), space.transform(passing)

    assert np.linalg.norm(missing - passed, axis=1).max() > 0.5


def test_who_voted_on_nothing_stands_in_the_middle_and_knows_least(table):
    votes = _votes(table)
    space = fit_space(votes, np.ones(votes.shape[1]), Parameters())

    nobody = space.transform(np.full((1, votes.shape[1]), np.nan))

    assert nobody.tolist() == [[0, 0]]
    assert (space.spreads < space.estimator.scales_).all()


def test_who_votes_on_little_stands_nearer_to_the_middle(table):
    space = LogisticSpace().fit(table)
    few = np.where(np.cumsum(~np.isnan(table), axis=1) <= 3, table, np.nan)

    assert (space.transform(few) ** 2).mean() < 0.6 * (space.transform(table) ** 2).mean()


def test_positions_lie_within_their_spread_as_often_as_they_should():
    positions, table = _plane(np.random.default_rng(4), presence=0.3)
    votes = _votes(table)

    space = fit_space(votes, np.ones(votes.shape[1]), Parameters())

    turn = np.linalg.lstsq(space.positions, positions, rcond=None)[0]
    errors = (positions - space.positions @ turn) @ np.linalg.inv(turn) / space.spreads
    assert 0.9 < (np.abs(errors) < 1.96).mean() < 0.99


def test_near_duplicates_that_weigh_as_one_move_the_others_as_one_does(table):
    copies = np.hstack([table, np.repeat(table[:, :1], 9, axis=1)])
    weights = np.ones(copies.shape[1])
    weights[[0, *range(table.shape[1], copies.shape[1])]] = 0.1

    once = LogisticSpace().fit_transform(table)
    as_one = LogisticSpace(statement_weights=weights).fit_transform(copies)
    as_ten = LogisticSpace().fit_transform(copies)

    assert np.abs(as_one - once).max() < 0.1
    assert np.abs(as_ten - once).max() > 0.5


def test_a_statement_of_weight_zero_moves_nobody(table):
    weights = np.ones(table.shape[1])
    weights[:5] = 0

    with_it = LogisticSpace(statement_weights=weights).fit_transform(table)
    without = LogisticSpace().fit_transform(table[:, 5:])

    assert with_it == pytest.approx(without, abs=1e-6)


def test_the_order_of_rows_and_columns_changes_no_position(table):
    rng = np.random.default_rng(5)
    rows, columns = rng.permutation(table.shape[0]), rng.permutation(table.shape[1])

    shuffled = LogisticSpace(steps=120).fit_transform(table[rows][:, columns])

    assert shuffled == pytest.approx(LogisticSpace(steps=120).fit_transform(table)[rows], abs=1e-5)


def test_batches_and_threads_change_nothing(table, monkeypatch):
    space = LogisticSpace().fit(table)
    whole = space.transform(table)

    monkeypatch.setattr("analysis.logistic_space._ANSWERS_A_BATCH", 100)

    assert space.transform(table).tolist() == whole.tolist()


def test_beyond_so_many_participants_a_part_of_them_determines_the_axes():
    _, table = _plane(np.random.default_rng(6), participants=1200)
    votes = _votes(table)

    whole = fit_space(votes, np.ones(60), Parameters())
    part = fit_space(votes, np.ones(60), Parameters(space_participants=400))

    assert part.positions.shape == whole.positions.shape
    for axis, least in ((0, 0.98), (1, 0.9)):
        assert abs(np.corrcoef(part.positions[:, axis], whole.positions[:, axis])[0, 1]) > least


def test_the_larger_loadings_are_positive(table):
    for sign in (1, -1):
        loadings = LogisticSpace().fit(sign * table).loadings_

        assert ((loadings**3).sum(axis=0) > 0).all()


def test_groups_that_were_planted_lie_apart():
    simulated = planted_groups(
        np.random.default_rng(7), participants=200, statements=40, shares=(0.5, 0.5), presence=0.6
    )

    along = LogisticSpace().fit_transform(simulated.votes.matrix())[:, 0]

    first, second = along[simulated.groups == 0], along[simulated.groups == 1]
    assert abs(first.mean() - second.mean()) > 2 * max(first.std(), second.std())


@pytest.mark.parametrize("weights", [np.ones(3), -np.ones(60), np.full(60, np.nan)])
def test_weights_that_make_no_sense_are_refused(table, weights):
    with pytest.raises(ValueError, match="weights: 60 numbers of at least 0"):
        LogisticSpace(statement_weights=weights).fit(table)


@pytest.mark.parametrize(
    "table", [np.zeros((6, 4)), np.ones((1, 3)), np.full((3, 3), np.nan), np.ones((5, 1)), -np.ones((4, 2))]
)
def test_where_nobody_differs_everybody_stands_in_one_place(table):
    positions = LogisticSpace().fit_transform(table)

    assert np.ptp(positions, axis=0) == pytest.approx([0, 0], abs=1e-6)


def test_no_votes_have_no_positions():
    space = fit_space(Votes.from_arrays([], [], []), np.ones(0), Parameters())

    assert space.positions.shape == (0, 2)
    assert space.spreads.shape == (0, 2)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 5), st.sampled_from([-1, 0, 1])), max_size=40))
def test_whatever_the_votes_positions_are_finite_and_none_lies_far_out(cast):
    votes = Votes.from_arrays(*zip(*cast, strict=True)) if cast else Votes.from_arrays([], [], [])

    space = fit_space(votes, np.ones(votes.shape[1]), Parameters())

    assert np.isfinite(space.positions).all()
    assert np.isfinite(space.spreads).all()
    assert (np.abs(space.positions) < 20).all()
