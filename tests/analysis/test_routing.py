"""Votes go where they settle something: to statements with few, and to those whose class is open."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.moments import Counts
from analysis.parameters import Parameters
from analysis.routing import HIGHEST, Crowd, RoutingWeight, Why, routing_weights

TWO_GROUPS = Crowd(np.array([300, 200]), np.array([True, True]), 500)


def weigh(*statements: list[list[int]], crowd: Crowd = TWO_GROUPS, eligible: bool = True) -> list[RoutingWeight]:
    """Weights of statements given as agree, disagree and pass in each group, everybody being in a group."""
    votes = np.array(statements, dtype=np.int64).reshape(len(statements), len(crowd.sizes), 3)
    by_group = Counts(*(votes[..., choice].T for choice in range(3)))
    all_eligible = np.full(len(statements), eligible)
    return routing_weights(by_group.total, by_group, crowd, eligible=all_eligible, parameters=Parameters())


NOBODY = [[0, 0, 0], [0, 0, 0]]
FEW_IN_B = [[30, 10, 0], [4, 1, 0]]
CLEAR = [[95, 3, 2], [72, 4, 4]]
OPEN = [[66, 24, 10], [40, 18, 6]]  # agreement a little above the thresholds, its lower ends below
SPLIT = [[50, 45, 5], [40, 38, 2]]
CONTESTED = [[90, 8, 2], [6, 70, 4]]


def test_a_statement_with_too_few_votes_comes_first() -> None:
    nobody, few_in_b, clear, open_ = weigh(NOBODY, FEW_IN_B, CLEAR, OPEN)

    assert nobody == few_in_b == RoutingWeight(HIGHEST, Why.FEW_VOTES)
    assert clear.weight < open_.weight <= HIGHEST


def test_what_may_still_become_consensus_is_asked_far_more_often_than_what_is_settled() -> None:
    open_, clear, split, contested = weigh(OPEN, CLEAR, SPLIT, CONTESTED)

    assert open_ == RoutingWeight(HIGHEST, Why.MAY_BRIDGE)
    for settled in (clear, split, contested):
        assert settled.why is Why.SETTLED
        assert settled.weight < open_.weight / 20


def test_a_class_that_is_open_between_contested_and_not_is_uncertain() -> None:
    (weight,) = weigh([[85, 10, 5], [20, 32, 4]])

    assert weight.why is Why.UNCERTAIN


def test_when_the_whole_crowd_has_voted_nothing_is_open() -> None:
    everybody_voted = [[190, 80, 30], [125, 60, 15]]

    (may_grow,) = weigh(everybody_voted)
    (has_grown,) = weigh(everybody_voted, crowd=Crowd(np.array([150, 100]), np.array([True, True]), 250))

    assert may_grow.why is Why.MAY_BRIDGE
    assert has_grown.why is Why.SETTLED


def test_rejection_counts_as_agreement_does() -> None:
    turned = [[disagree, agree, passed] for agree, disagree, passed in OPEN]

    for_it, against_it, _ = weigh(OPEN, turned, CLEAR)

    assert against_it.why is for_it.why is Why.MAY_BRIDGE
    assert against_it.weight == pytest.approx(for_it.weight, rel=0.6)


def test_a_statement_about_the_participants_needs_no_more_than_the_floor() -> None:
    nobody, open_ = weigh(NOBODY, OPEN, eligible=False)

    assert nobody.why is Why.FEW_VOTES
    assert open_.why is Why.SETTLED
    assert 0 < open_.weight < 0.01


def test_a_weight_does_not_depend_on_the_order_of_statements() -> None:
    statements = [NOBODY, FEW_IN_B, CLEAR, OPEN, SPLIT, CONTESTED]

    assert weigh(*statements) == weigh(*reversed(statements))[::-1]


def test_without_groups_everybody_together_decides() -> None:
    votes = [Counts(*(np.array(each) for each in zip((0, 0, 0), (95, 3, 2), (68, 25, 7), strict=True)))]
    none = Counts(*(np.zeros((0, 3), dtype=np.int64) for _ in range(3)))
    crowd = Crowd(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=bool), 1000)

    nobody, clear, open_ = routing_weights(votes[0], none, crowd, eligible=np.full(3, True), parameters=Parameters())

    assert (nobody.why, clear.why, open_.why) == (Why.FEW_VOTES, Why.SETTLED, Why.MAY_BRIDGE)


def test_without_statements_there_are_no_weights() -> None:
    assert weigh() == []


@settings(max_examples=50, deadline=None)
@given(
    votes=st.lists(
        st.lists(st.tuples(*[st.integers(0, 60)] * 3), min_size=3, max_size=3),  # A, B, and in no group
        min_size=1,
        max_size=12,
    ),
    sizes=st.tuples(st.integers(0, 100), st.integers(0, 100)),
    others=st.integers(0, 50),
    veto=st.tuples(st.booleans(), st.booleans()),
)
def test_every_weight_is_above_zero_whatever_the_votes(
    votes: list[list[tuple[int, int, int]]], sizes: tuple[int, int], others: int, veto: tuple[bool, bool]
) -> None:
    table = np.array(votes, dtype=np.int64)
    by_group = Counts(*(table[:, :2, choice].T for choice in range(3)))
    everybody = Counts(*(table[:, :, choice].sum(axis=1) for choice in range(3)))
    crowd = Crowd(np.array(sizes), np.array(veto), sum(sizes) + others)

    weights = routing_weights(
        everybody, by_group, crowd, eligible=np.full(len(votes), True), parameters=Parameters(routing_draws=8)
    )

    assert len(weights) == len(votes)
    assert all(0 < each.weight <= HIGHEST for each in weights)
    few = everybody.votes < Parameters().fewest_votes
    assert all(each.why is Why.FEW_VOTES for each, is_few in zip(weights, few, strict=True) if is_few)


def test_many_statements_are_weighed_as_each_by_itself() -> None:
    many = [OPEN, CLEAR, SPLIT] * 200

    assert weigh(*many)[:3] == weigh(OPEN, CLEAR, SPLIT)
