"""Fakes vote as they are meant to, since what they fail to do would look like robustness."""

import numpy as np
import pytest

from analysis import attacks
from analysis.attacks import Wish
from analysis.simulation import planted_groups


@pytest.fixture
def drawn():
    return planted_groups(np.random.default_rng(1), participants=200, statements=50, shares=(0.6, 0.4), presence=0.5)


@pytest.fixture
def table(drawn):
    return drawn.votes.matrix()


def rng():
    return np.random.default_rng(7)


def test_bots_vote_at_random_as_much_as_people_do_and_as_wished(table):
    fakes = attacks.bots(rng(), table, 300, Wish(4, -1))

    others = np.delete(fakes, 4, axis=1)
    assert (fakes[:, 4] == -1).all()
    assert abs(np.nanmean(others)) < 0.05
    assert (~np.isnan(others)).mean() == pytest.approx((~np.isnan(table)).mean(), abs=0.05)


def test_turncoats_copy_people_but_for_what_is_wished(table):
    sources = attacks.opponents(table, Wish(4, 1))
    fakes = attacks.turncoats(rng(), table, sources, Wish(4, 1))

    others = np.delete(np.arange(50), 4)
    kept = ~np.isnan(fakes[:, others])
    real = table[sources][:, others]
    assert (table[sources, 4] == -1).all()
    assert (fakes[:, 4] == 1).all()
    assert kept.sum() / (~np.isnan(real)).sum() == pytest.approx(0.7, abs=0.05)
    assert (fakes[:, others][kept] == real[kept]).mean() == pytest.approx(0.96, abs=0.02)


def test_honest_copies_turn_nothing(table):
    fakes = attacks.copies(rng(), table, np.arange(100))

    kept = ~np.isnan(fakes)
    assert (fakes[kept] == table[:100][kept]).all()


def test_a_faction_is_of_one_opinion_and_against_what_is_agreed(table):
    fakes = attacks.faction(rng(), table, 100, [Wish(2, -1), Wish(3, 1)])

    means = np.nanmean(fakes, axis=0)
    assert (np.abs(means) > 0.6).all()
    assert means[2] < 0 < means[3]
    assert (~np.isnan(fakes)).mean() == pytest.approx((~np.isnan(table)).mean(), abs=0.05)


def test_tireless_fakes_vote_on_everything(table):
    assert not np.isnan(attacks.faction(rng(), table, 20, [], tireless=True)).any()


def test_two_factions_are_opposed_in_all_but_what_is_agreed(table):
    fakes = attacks.factions(rng(), table, 101, [Wish(2, -1)])

    first, second = np.nanmean(fakes[:51], axis=0), np.nanmean(fakes[51:], axis=0)
    assert len(fakes) == 101
    assert first[2] < 0 > second[2]
    assert (np.delete(first * second, 2) < 0).all()


def test_infiltrators_are_like_the_group_they_copy_and_turn_against_what_is_agreed(drawn, table):
    sources = attacks.members(table, drawn.groups, 1)
    fakes = attacks.infiltrators(rng(), table, sources, [Wish(0, -1)])

    others = fakes[:, 1:]
    kept = ~np.isnan(others)
    assert (drawn.groups[sources] == 1).all()
    assert (others[kept] == table[sources][:, 1:][kept]).all()
    assert (fakes[~np.isnan(fakes[:, 0]), 0] == -1).all()


def test_near_copies_are_voted_on_like_the_original(table):
    columns = attacks.near_copies(rng(), table, 3, 50)

    kept = ~np.isnan(columns)
    assert not kept[np.isnan(table[:, 3])].any()
    assert kept[~np.isnan(table[:, 3])].mean() == pytest.approx(0.6, abs=0.03)
    voted = table[:, [3]].repeat(50, axis=1)
    decided = kept & (voted != 0)
    assert (columns[decided] == voted[decided]).mean() == pytest.approx(0.95, abs=0.02)
