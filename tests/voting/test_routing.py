"""The draw: every statement once, by exactly the weights that are recorded."""

from collections import Counter
from itertools import accumulate
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberation.voting.routing import Deck, draw


def test_with_equal_weights_each_open_statement_is_drawn_as_often() -> None:
    deck, chance = _deck(dict.fromkeys(range(10), 1.0)), Random(1)

    drawn = Counter(_drawn(deck, {0, 1}, chance) for _ in range(8000))

    assert set(drawn) == set(range(2, 10))
    assert all(800 < times < 1200 for times in drawn.values())


@pytest.mark.parametrize("answered", [set(), {4}, {0, 1, 2}, {1, 2, 3, 4}])
def test_statements_are_drawn_by_the_probability_that_is_recorded(answered: set[int]) -> None:
    deck, chance = _deck({0: 1.0, 1: 2.0, 2: 4.0, 3: 8.0, 4: 16.0}), Random(2)

    draws = [draw(deck, answered, chance) for _ in range(20_000)]

    times = Counter(one.statement_id for one in draws if one)
    for one in {one for one in draws if one}:
        assert times[one.statement_id] / len(draws) == pytest.approx(one.probability, abs=0.015)


def test_where_nearly_all_is_answered_the_last_statement_is_still_found() -> None:
    deck = _deck(dict.fromkeys(range(1000), 1.0))

    drawn = draw(deck, set(range(999)), Random(3))

    assert drawn is not None
    assert (drawn.statement_id, drawn.probability) == (999, 1.0)


def test_where_all_is_answered_nothing_is_drawn() -> None:
    assert draw(_deck({1: 1.0, 2: 1.0}), {1, 2, 99}, Random(4)) is None
    assert draw(_deck({}), set(), Random(4)) is None


@given(
    weights=st.dictionaries(st.integers(1, 500), st.floats(0.001, 1000), min_size=1, max_size=30),
    answered=st.sets(st.integers(1, 500)),
    seed=st.integers(),
)
def test_nothing_answered_is_ever_drawn_and_probabilities_are_probabilities(
    weights: dict[int, float], answered: set[int], seed: int
) -> None:
    drawn = draw(_deck(weights), answered, Random(seed))

    if drawn is None:
        assert weights.keys() <= answered
    else:
        assert drawn.statement_id in weights.keys() - answered
        assert 0 < drawn.probability <= 1 + 1e-6


def _deck(weights: dict[int, float]) -> Deck:
    return Deck(
        deliberation_id=1,
        version=1,
        slug="a",
        title="A",
        language="en",
        faces={},
        weights=weights,
        ids=tuple(weights),
        cumulative=tuple(accumulate(weights.values())),
    )


def _drawn(deck: Deck, answered: set[int], chance: Random) -> int | None:
    drawn = draw(deck, answered, chance)
    return drawn.statement_id if drawn else None
