"""Gradual opinion as a predictor of votes: it knows nothing of what it predicts, and finds what was planted."""

import numpy as np
import pytest

from analysis.continuum import opinion_held_out, passing_held_out


def _one_axis(rng, participants=300, statements=60, presence=0.4, passes=0.1):
    positions, slopes = rng.normal(size=participants), rng.normal(scale=1.5, size=statements)
    chance = 1 / (1 + np.exp(-np.outer(positions, slopes) - rng.normal(size=statements)))
    table = np.where(rng.random(chance.shape) < chance, 1.0, -1.0)
    table[rng.random(chance.shape) < passes] = 0
    table[rng.random(chance.shape) >= presence] = np.nan
    return table


def _held(rng, table, share=0.1):
    return ~np.isnan(table) & (rng.random(table.shape) < share)


def test_one_axis_predicts_votes_along_one_axis_better_than_rates_do():
    rng = np.random.default_rng(1)
    table = _one_axis(rng)
    held = _held(rng, table)

    by_rates, by_axis, by_plane = (opinion_held_out(table, held, each).sum() for each in (0, 1, 2))

    assert by_axis > by_rates + 0.05 * held.sum()
    assert by_plane < by_axis + 0.01 * held.sum()


def test_where_opinions_have_no_structure_an_axis_predicts_no_better_than_rates():
    rng = np.random.default_rng(2)
    table = np.where(rng.random((300, 60)) < 0.4, rng.choice([1.0, -1.0], size=(300, 60)), np.nan)
    held = _held(rng, table)

    assert opinion_held_out(table, held, 1).sum() < opinion_held_out(table, held, 0).sum()


def test_without_dimensions_the_prediction_is_each_statements_rate():
    rng = np.random.default_rng(3)
    table = np.where(rng.random((2000, 3)) < [0.2, 0.5, 0.8], 1.0, -1.0)
    held = _held(rng, table)

    likely = opinion_held_out(table, held, 0)

    rates = (table == 1).sum(axis=0, where=~held) / (~held).sum(axis=0)
    rows, columns = np.nonzero(held)
    expected = np.log(np.where(table[rows, columns] == 1, rates[columns], 1 - rates[columns]))
    assert likely == pytest.approx(expected, abs=0.01)


def test_what_is_held_out_is_not_seen():
    rng = np.random.default_rng(4)
    table = _one_axis(rng, passes=0)
    held = _held(rng, table)

    seen, turned = (opinion_held_out(votes, held, 2) for votes in (table, np.where(held, -table, table)))

    assert np.exp(seen) + np.exp(turned) == pytest.approx(1)


def test_a_pass_is_no_opinion_and_opinions_are_no_pass():
    rng = np.random.default_rng(5)
    table = _one_axis(rng, passes=0.3)
    held = _held(rng, table)

    passed = table[held] == 0

    assert (opinion_held_out(table, held, 1) == 0).tolist() == passed.tolist()
    assert (passing_held_out(table, held) < 0).all()


def test_the_habit_of_passing_is_recognised():
    rng = np.random.default_rng(6)
    habit = rng.choice([0.02, 0.6], size=(400, 1))
    table = np.where(rng.random((400, 40)) < habit, 0.0, 1.0)
    held = _held(rng, table)

    known = passing_held_out(table, held).mean()

    assert known > np.log(0.31) * 0.31 + np.log(0.69) * 0.69 + 0.1
