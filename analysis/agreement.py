"""How far an order of responses agrees with people's own, and how far any order could: the ceiling among people.

Two people drawn at random rarely want the same order. So a figure of agreement says little without the one that people
themselves reach: half of them at random make a consensus, and it is judged by the orders of the other half.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from analysis.consensus_ranking import Patterns, best_orders, patterns_of
from analysis.intervals import Bounds, Estimate, estimates, normal_quantile
from analysis.linearised import mean_bounds
from analysis.parameters import Parameters
from analysis.rankings import Rankings, RankingsError
from analysis.votes import FloatArray

_SEED = 20_260_411


@dataclass(frozen=True)
class Agreement:
    """How often an order puts two responses as a person does, over all pairs of which the person prefers one.

    share: of the order in question, half a hit where it has a tie (0.5 is what chance reaches). ceiling: of the
    consensus of half the people with the other half, on the same pairs. short: by how much the share falls short of the
    ceiling, person by person; below 0 where it is better. best: what no order could surpass, the consensus of all on
    their own orders, which is too good by having seen them.
    """

    prompts: int
    people: int
    pairs: int
    share: Estimate
    ceiling: Estimate
    short: Estimate
    best: float | None


class _Judged(NamedTuple):
    """For each person and prompt: hits of the order, of the other half's consensus, and of everybody's; and pairs."""

    people: list[str]
    hits: FloatArray  # (people, 3)
    pairs: FloatArray  # (people,)


def agreement(
    implied: Mapping[str, Mapping[str, int]], rankings: Sequence[Rankings], parameters: Parameters
) -> Agreement:
    """How far the orders in `implied` agree with people, over all these prompts.

    implied: for each prompt the rank of each response, 1 the best, equal ranks for a tie; pairs with a response that
    has no rank are not judged. rankings: of one question, which is never pooled with the other; one a prompt.
    Intervals: `share` and `ceiling` as `linearised.mean_bounds` for a ratio of sums, `short` normal, all by person over
    the prompts, since one person's pairs are no independent answers; the orders are taken as given. A prompt that fewer
    than two people ranked is left out. Raises RankingsError where the questions differ, a prompt is there twice or has
    no implied order, or a rank is given for an unknown response.
    """
    compared = _checked(rankings)
    if lacking := [each.prompt for each in compared if each.prompt not in implied]:
        raise RankingsError(f"no order is implied for prompt {lacking[0]}")
    judged = [_judge(each, _above(implied[each.prompt], each), parameters) for each in compared]
    return _told(judged, parameters.confidence)


def ceiling(rankings: Sequence[Rankings], parameters: Parameters) -> Estimate:
    """How far people agree with each other, on all pairs; without a value where nobody is left to agree with.

    Half of the people against the other half, averaged over `ranking_splits` random halvings from a fixed seed. It is a
    little low, since half the people make a less certain consensus than all. Raises RankingsError as `agreement` does.
    """
    judged = [_judge(each, np.full((len(each.responses),) * 2, 0.5), parameters) for each in _checked(rankings)]
    return _told(judged, parameters.confidence).ceiling


def _checked(rankings: Sequence[Rankings]) -> list[Rankings]:
    """Those that at least two people answered: one person has nobody to agree with."""
    if len({each.question for each in rankings}) > 1:
        raise RankingsError("rankings for oneself and for the world answer two questions; compare them one by one")
    prompts = [each.prompt for each in rankings]
    if twice := [prompt for prompt in prompts if prompts.count(prompt) > 1]:
        raise RankingsError(f"prompt {twice[0]} is there twice")
    return [each for each in rankings if len(each.participants) > 1]


def _above(ranks: Mapping[str, int], rankings: Rankings) -> FloatArray:
    """1 where a response stands above another, a half for a tie, NaN where either has no rank, shape (m, m)."""
    if strangers := {str(each) for each in ranks} - set(rankings.responses):
        raise RankingsError(f"prompt {rankings.prompt} has no response {min(strangers)!r}")
    own = {str(each): float(rank) for each, rank in ranks.items()}
    place = np.array([own.get(each, np.nan) for each in rankings.responses])
    above: FloatArray = 0.5 - np.sign(place[:, None] - place[None, :]) / 2
    return above


def _judge(rankings: Rankings, above: FloatArray, parameters: Parameters) -> _Judged:
    patterns = patterns_of(rankings)
    is_judged = ~np.isnan(above)
    prefers = np.where(is_judged, patterns.above, 0)
    own = _hits(prefers, np.where(is_judged, above, 0))
    best = _hits(prefers, best_orders(_preferred(patterns, patterns.people[None].astype(float)))[0])
    halves = _split_half(patterns, prefers, parameters.ranking_splits)
    hits = np.stack([own, halves, best], axis=1)
    return _Judged(list(rankings.participants), hits[patterns.of_each], prefers.sum(axis=(1, 2))[patterns.of_each])


def _split_half(patterns: Patterns, prefers: FloatArray, splits: int) -> FloatArray:
    """The hits of the other half's consensus on each pattern, the mean over splits and people, shape (patterns,)."""
    people = patterns.people
    random = np.random.default_rng(_SEED)
    one = random.multivariate_hypergeometric(people, int(people.sum()) // 2, size=splits, method="marginals")
    other = people - one
    hits = np.zeros(len(people))
    for making, judging in ((one, other), (other, one)):
        orders = best_orders(_preferred(patterns, making.astype(float)))
        hits += np.einsum("sp,sp->p", judging, np.einsum("pab,sab->sp", prefers, orders))
    return hits / (people * splits)


def _preferred(patterns: Patterns, people: FloatArray) -> FloatArray:
    """How many prefer each response to each other one, for each row of people a pattern, shape (rows, m, m)."""
    flat = patterns.above.reshape(len(patterns.people), -1)
    return (people @ flat).reshape(len(people), *patterns.above.shape[1:])


def _hits(prefers: FloatArray, above: FloatArray) -> FloatArray:
    hits: FloatArray = (prefers * above).sum(axis=(1, 2))
    return hits


def _told(judged: Sequence[_Judged], confidence: float) -> Agreement:
    hits, pairs = _by_person(judged)
    total, people = pairs.sum(), int((pairs > 0).sum())
    if not total:
        nothing = Estimate(None, 0.0, 1.0)
        return Agreement(len(judged), 0, 0, nothing, nothing, Estimate(None, -1.0, 1.0), None)
    shares = hits.sum(axis=0) / total
    spread = (((hits - shares * pairs[:, None]) / total) ** 2).sum(axis=0)
    own, other, best = estimates(shares, mean_bounds(shares, spread, np.full(3, float(people)), confidence))
    return Agreement(len(judged), people, int(total), own, other, _short(hits, pairs, people, confidence), best.value)


def _by_person(judged: Sequence[_Judged]) -> tuple[FloatArray, FloatArray]:
    """Each person's hits, shape (people, 3), and pairs, shape (people,), added up over the prompts."""
    people, place = np.unique([each for part in judged for each in part.people], return_inverse=True)
    hits, pairs = np.zeros((len(people), 3)), np.zeros(len(people))
    if len(people):
        np.add.at(hits, place, np.concatenate([part.hits for part in judged]))
        np.add.at(pairs, place, np.concatenate([part.pairs for part in judged]))
    return hits, pairs


def _short(hits: FloatArray, pairs: FloatArray, people: int, confidence: float) -> Estimate:
    """By how much the order falls short of the ceiling, person by person, so that what both miss cancels."""
    gaps = hits[:, 1] - hits[:, 0]
    value = float(gaps.sum() / pairs.sum())
    spread = (((gaps - value * pairs) / pairs.sum()) ** 2).sum() + (1 - value**2) / people**2
    reach = normal_quantile(confidence) * float(np.sqrt(spread))
    bounds = Bounds(np.array([max(value - reach, -1.0)]), np.array([min(value + reach, 1.0)]))
    return estimates(np.array([value]), bounds)[0]
