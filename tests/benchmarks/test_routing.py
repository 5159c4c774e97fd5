"""The benchmark's way of drawing is that of the service, and a small deliberation is known sooner when it is routed."""

from collections import Counter
from itertools import accumulate
from random import Random

import numpy as np
import pytest

from benchmarks import routing as benchmark
from deliberation.voting.routing import Deck, draw


def test_two_votes_in_a_row_are_drawn_as_the_service_draws_them() -> None:
    weights = np.array([8.0, 4.0, 2.0, 1.0])
    seen, wanted = np.zeros((30_000, 4), dtype=bool), np.full(30_000, 2)

    chosen = benchmark.choose(seen, wanted, weights, 0.2, np.random.default_rng(1))

    pairs, chance, deck = Counter(tuple(each.tolist()) for each in chosen), Random(1), _deck(weights.tolist())
    service = Counter(_two(deck, chance) for _ in range(30_000))
    assert pairs.keys() == service.keys()
    for pair, times in service.items():
        assert pairs[pair] / 30_000 == pytest.approx(times / 30_000, abs=0.012)


def test_nobody_votes_twice_on_a_statement_or_more_than_they_have() -> None:
    table, numbers = _table(), np.array([3, 1, 6] * 40)

    played = {way: benchmark.play(table, numbers, 1, way, "turns") for way in benchmark.WAYS}

    assert all(0 < each.votes <= table.said.size for each in played.values())


def test_the_same_run_gives_the_same_votes() -> None:
    table, numbers = _table(), np.full(120, 4)

    first, second = (benchmark.play(table, numbers, 3, "routed", "sittings") for _ in range(2))

    assert first.votes == second.votes


def test_routed_needs_fewer_votes_than_at_random() -> None:
    table, numbers = _table(), np.full(120, 4)

    routed, random = (
        np.median([benchmark.play(table, numbers, run, way, "turns").votes for run in range(5)])
        for way in ("routed", "at random")
    )

    assert routed < 0.9 * random


def _table() -> benchmark.Table:
    """120 people in two groups on 40 statements: a few near the thresholds, the others clear."""
    agree = np.array([0.05, 0.95, 0.9, 0.1, 0.5, 0.72, 0.68, 0.93] * 5)
    rates = np.stack([np.stack([agree, 0.9 - 0.9 * agree, 0.1 - 0.1 * agree], axis=-1)] * 2)
    groups = np.repeat([0, 1], 60)
    conversation = benchmark.Conversation(np.full((120, 40), np.nan), rates, groups)
    return benchmark.complete(conversation, 1)


def _deck(weights: list[float]) -> Deck:
    return Deck(
        deliberation_id=1,
        version=1,
        wording=1,
        slug="",
        title="",
        language="en",
        faces={},
        weights=dict(enumerate(weights)),
        reasons={},
        random_share=0.2,
        ids=tuple(range(len(weights))),
        cumulative=tuple(accumulate(weights)),
    )


def _two(deck: Deck, chance: Random) -> tuple[int, int]:
    first = draw(deck, (), chance)
    second = draw(deck, (first.statement_id,), chance) if first else None
    assert first
    assert second
    return first.statement_id, second.statement_id
