"""The order of the responses that agrees best with people's own orders, how firmly it stands, and who beats whom.

The rule is Kemeny's: of all orders the one with the fewest disagreements, pair by pair, with what people said. A
response that a majority prefers to every other one comes first, and the order is measured by the same yardstick as
agreement with it (`agreement.py`). Written here in a few lines, all orders of up to eight responses tried: pref-voting
1.18, the best kept library, brings numba, networkx, matplotlib and 750 MB with it, and has no intervals.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import permutations
from typing import NamedTuple

import numpy as np

from analysis.intervals import Bounds, Estimate, estimates, wilson
from analysis.linearised import mean_bounds
from analysis.parameters import Parameters
from analysis.rankings import Question, Rankings
from analysis.votes import FloatArray, IntArray

_SEED = 20_260_410
# People of a random order in each resample; with one or none, intervals of fewer than five people are too sure.
_IMAGINED = 2
_SAMPLES_AT_ONCE = 50  # of up to 40,320 orders each, which bounds the memory


@dataclass(frozen=True)
class Ranked:
    """A response: its place in the consensus, 1 the best, ties at their mean place; and the share of comparisons won.

    won: the mean over the other responses of the share that prefers this one, ties counting half (Borda's score, 0 to
    1).
    """

    response: str
    place: Estimate
    won: Estimate


@dataclass(frozen=True)
class Pair:
    """Two responses, and what those who placed both say: shares that prefer either (intervals: Wilson), and ties."""

    first: str
    second: str
    people: int
    ties: int
    prefer_first: Estimate
    prefer_second: Estimate


@dataclass(frozen=True)
class ConsensusRanking:
    """What people want together for one prompt under one question; the responses best first, every pair once."""

    prompt: str
    question: Question
    answered: int
    skipped: int
    responses: tuple[Ranked, ...]
    pairs: tuple[Pair, ...]


class Patterns(NamedTuple):
    """The different rankings that occur. above: 1 where a response stands above another, shape (patterns, m, m); both:
    1 where both are placed, the same shape; people: how many said so; of_each: which one each participant gave."""

    above: FloatArray
    both: FloatArray
    people: IntArray
    of_each: IntArray


def consensus_ranking(rankings: Rankings, parameters: Parameters) -> ConsensusRanking:
    """The consensus of everybody in `rankings`.

    Intervals: `won` as `linearised.mean_bounds`; `place` from resampled participants (percentiles), each resample with
    two imagined further participants of random orders: without them a few people who agree would leave no doubt at all.
    With nobody there is no place and no share. Sources: Kemeny 1959, "Mathematics without numbers", Daedalus 88; Borda
    1781; Efron 1979, "Bootstrap methods", Annals of Statistics 7.
    """
    patterns = patterns_of(rankings)
    places, won = _places(patterns, parameters), _won(patterns, parameters.confidence)
    ranked = [Ranked(*row) for row in zip(rankings.responses, places, won, strict=True)]
    return ConsensusRanking(
        rankings.prompt,
        rankings.question,
        answered=len(rankings.participants),
        skipped=len(rankings.skipped),
        responses=tuple(
            sorted(ranked, key=lambda each: (each.place.value or 0, -(each.won.value or 0), each.response))
        ),
        pairs=tuple(_pairs(patterns, rankings.responses, parameters.confidence)),
    )


def consensus_by_group(
    rankings: Rankings, assignments: Mapping[str, str | None], parameters: Parameters
) -> dict[str, ConsensusRanking]:
    """The consensus of each group, by its letter. assignments: each participant's letter, or None."""
    letters = sorted({letter for letter in assignments.values() if letter})
    members = {letter: {each for each, own in assignments.items() if own == letter} for letter in letters}
    return {letter: consensus_ranking(rankings.among(members[letter]), parameters) for letter in letters}


def patterns_of(rankings: Rankings) -> Patterns:
    """The different rankings, in an order of their own, so that the order of participants decides nothing."""
    # 0 stands for a response that was not placed.
    said, of_each, people = np.unique(np.nan_to_num(rankings.places), axis=0, return_inverse=True, return_counts=True)
    placed = said > 0
    both = placed[:, :, None] & placed[:, None, :] & ~np.eye(said.shape[1], dtype=bool)
    above = both & (said[:, :, None] < said[:, None, :])
    return Patterns(above.astype(float), both.astype(float), people.astype(np.int64), of_each.reshape(-1))


def best_orders(preferred: FloatArray) -> FloatArray:
    """In which share of Kemeny's best orders each response stands above each other one, shape (..., m, m).

    preferred: how many prefer the row's response to the column's, shape (..., m, m). Where one order is the best this
    is 0 or 1; where several are equally good it may lie between.
    """
    responses = preferred.shape[-1]
    orders = _orders(responses)
    flat = preferred.reshape(-1, responses**2)
    shares = []
    for start in range(0, len(flat), _SAMPLES_AT_ONCE):
        # Counts are whole numbers, so equally good orders are equal to the last digit.
        agreements = flat[start : start + _SAMPLES_AT_ONCE] @ orders.T
        best = (agreements == agreements.max(axis=1, keepdims=True)).astype(float)
        shares.append(best @ orders / best.sum(axis=1, keepdims=True))
    above = np.concatenate(shares) if shares else np.zeros((0, responses**2))
    return above.reshape(preferred.shape)


@cache
def _orders(responses: int) -> FloatArray:
    """Every order of so many responses: 1 where the row's stands above the column's, shape (orders, m * m)."""
    place = np.array(list(permutations(range(responses))), dtype=np.int64).reshape(-1, responses)
    above = (place[:, :, None] < place[:, None, :]).astype(float)
    return above.reshape(len(place), -1)


def _mean_places(preferred: FloatArray) -> FloatArray:
    """The mean place of each response over the best orders, shape (..., m)."""
    places: FloatArray = 1 + best_orders(preferred).sum(axis=-2)
    return places


def _places(patterns: Patterns, parameters: Parameters) -> list[Estimate]:
    responses = patterns.above.shape[-1]
    if not len(patterns.people):
        return [Estimate(None, 1.0, float(responses))] * responses
    flat = patterns.above.reshape(len(patterns.people), -1)
    found = _mean_places((patterns.people @ flat).reshape(responses, responses))
    resampled = _mean_places(_resampled(patterns, flat, parameters.ranking_resamples))
    tail = (1 - parameters.confidence) / 2
    low, high = np.quantile(resampled, (tail, 1 - tail), axis=0, method="inverted_cdf")
    # The consensus itself is always among what is possible.
    return estimates(found, Bounds(np.minimum(low, found), np.maximum(high, found)))


def _resampled(patterns: Patterns, flat: FloatArray, resamples: int) -> FloatArray:
    """How many prefer each response to each other one, in each resample of the people and the imagined ones."""
    random = np.random.default_rng(_SEED)
    people = int(patterns.people.sum())
    drawn = random.multinomial(people, patterns.people / people, size=resamples)
    orders = _orders(patterns.above.shape[-1])
    imagined = orders[random.integers(len(orders), size=(resamples, _IMAGINED))].sum(axis=1)
    preferred: FloatArray = drawn @ flat + imagined
    return preferred.reshape(resamples, *patterns.above.shape[1:])


def _won(patterns: Patterns, confidence: float) -> list[Estimate]:
    """The share of comparisons that each response wins."""
    # Of each pattern what it says of a pair: 1, a half for a tie, 0; of nobody's pairs nothing.
    says = patterns.above + (patterns.both - patterns.above - patterns.above.transpose(0, 2, 1)) / 2
    compared = np.einsum("p,pab->ab", patterns.people, patterns.both)
    is_compared = compared > 0
    share = np.divide(
        np.einsum("p,pab->ab", patterns.people, says), compared, out=np.zeros(compared.shape), where=is_compared
    )
    rivals = np.maximum(is_compared.sum(axis=1), 1)
    won = share.sum(axis=1) / rivals
    per_person = np.divide(1.0, compared, out=np.zeros(compared.shape), where=is_compared) / rivals[:, None]
    added = ((says - share * patterns.both) * per_person).sum(axis=2)
    spread = patterns.people @ added**2
    people = patterns.people @ (patterns.both.sum(axis=2) > 0)
    bounds = mean_bounds(won, spread, people.astype(float), confidence)
    return estimates(np.where(people > 0, won, np.nan), bounds)


def _pairs(patterns: Patterns, responses: Sequence[str], confidence: float) -> list[Pair]:
    preferred, both = (
        np.einsum("p,pab->ab", patterns.people, each).astype(np.int64) for each in (patterns.above, patterns.both)
    )
    first, second = np.triu_indices(len(responses), 1)
    people = both[first, second]
    counts = preferred[first, second], preferred[second, first]
    shares = [
        estimates(
            np.divide(each, people, out=np.full(len(people), np.nan), where=people > 0),
            wilson(each, people, confidence),
        )
        for each in counts
    ]
    names = ([responses[at] for at in each.tolist()] for each in (first, second))
    columns = (*names, people.tolist(), (people - counts[0] - counts[1]).tolist(), *shares)
    return [Pair(*row) for row in zip(*columns, strict=True)]
