"""The short form of benchmarks/manipulation.py: on invented votes, what a small faction can do under either rule."""

import sys
from pathlib import Path

import numpy as np
import pytest

from analysis import attacks
from analysis.attacks import Wish
from analysis.simulation import planted_groups

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from attacking.groups import share_moved, veto_attack  # the folder of benchmarks is no package
from attacking.rules import (
    DEFAULTS,
    Conversation,
    Rule,
    classic_groups,
    loosened,
    our_figures,
    polis_figures,
)
from attacking.statements import Target, fewest, necessary_factor, printed


@pytest.fixture(scope="module")
def conversation():
    drawn = planted_groups(
        np.random.default_rng(2), participants=240, statements=40, shares=(0.6, 0.4), presence=0.5, divisive=0.4
    )
    table = drawn.votes.matrix()
    judged = np.ones(table.shape[1], dtype=bool)
    return Conversation("invented", table, ("",) * table.shape[1], judged, number=8)


@pytest.fixture(scope="module")
def rules(conversation):
    ours = Rule("ours", classic_groups, our_figures, DEFAULTS).clean(conversation)
    return [ours, Rule("Polis", classic_groups, polis_figures).clean(conversation, int(ours.accepted.sum()))]


def test_both_rules_accept_equally_many(rules):
    ours, polis = (int(each.accepted.sum()) for each in rules)

    assert ours == polis >= 8


def test_conditions_are_loosened_together_until_enough_pass_all():
    figures = np.array([[5.0, 4, 3, 2, 1], [1, 4, 3, 5, 2]])

    thresholds = loosened(figures, 2)

    assert thresholds == (2.5, 2.5)


def test_a_faction_needs_three_times_the_fakes_that_it_needs_under_the_rule_of_polis(rules):
    ours, polis = (veto_attack(each, "own group", 1, lambda *_: None) for each in rules)

    assert ours >= 3 * polis
    assert ours >= 7.5


def test_a_statement_is_not_promoted_with_fewer_than_printed(rules):
    ours = rules[0]
    _, counts = printed(ours)
    support = ours.everybody.agree / ours.everybody.votes
    statement = int(np.argmax(np.where(ours.accepted, 0, support)))

    assert necessary_factor(Target(ours, Wish(statement, 1), True, 1), float(counts[statement])) == 1.0


@pytest.mark.parametrize("start", range(10))
@pytest.mark.parametrize(("at", "place"), [(5, 0), (10, 0), (13, 3), (19, 9), (30, 10)])
def test_the_first_level_that_succeeds_is_found_from_anywhere(start, at, place):
    tried = []

    def succeeds(number):
        tried.append(number)
        return number >= at

    assert fewest(succeeds, list(range(10, 20)), 10, start) == place
    assert len(tried) == len(set(tried)) <= 7


def test_groups_that_only_changed_their_numbers_have_moved_nobody():
    before = np.array([0, 0, 1, 1, 1, -1])

    assert share_moved(before, np.array([1, 1, 0, 0, 0, 0])) == 0
    assert share_moved(before, np.array([1, 1, 0, 0, 1, 1])) == pytest.approx(0.2)


def test_the_same_seed_draws_the_same_fakes(conversation):
    one, other = (attacks.bots(np.random.default_rng(1), conversation.table, 9, Wish(0, 1)) for _ in range(2))

    assert np.array_equal(one, other, equal_nan=True)
