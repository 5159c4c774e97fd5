"""Which statements need votes most: the weight with which each is drawn next, and the reason for it.

The weight asks what one more vote is worth. A statement's class is settled where it would be the same if everybody had
voted on it, those who take part and as many who are still to come. How likely that is, and how many votes it would take
to get there, is found by drawing the missing votes from those cast. A weight depends on the statement alone and never
on who is asked, so that those who vote on a statement stay a fair sample of those who take part.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from analysis.classic import BoolArray
from analysis.consensus import KINDS, StatementClass, class_codes
from analysis.moments import Counts
from analysis.parameters import Parameters
from analysis.votes import FloatArray, IntArray

HIGHEST = 1.0  # of statements with too few votes, and so of those that nobody has voted on yet

_LOWEST = 0.0001  # a settled statement must still be possible: to some participants nothing else is left
_DIGITS = 6
_STEPS = (0.25, 1.0)  # parts of the missing votes after which the class is looked at
_SHARED_VOTES = 3.0  # a group is thought to vote like everybody until it has cast about so many votes
_AT_ONCE = 500  # statements, so that memory stays bounded whatever their number
_TOO_FEW = KINDS.index(StatementClass.TOO_FEW)
_AGREED = (KINDS.index(StatementClass.CONSENSUS_AGREE), KINDS.index(StatementClass.CONSENSUS_DISAGREE))


class Why(StrEnum):
    """Why a statement has its weight, as participants may be told."""

    FEW_VOTES = "few_votes"
    MAY_BRIDGE = "may_bridge"
    UNCERTAIN = "uncertain"
    SETTLED = "settled"


@dataclass(frozen=True)
class RoutingWeight:
    """A statement's weight in the draw, above 0 and at most HIGHEST, and its reason."""

    weight: float
    why: Why


@dataclass(frozen=True, eq=False)
class Crowd:
    """Who takes part: how many are in each group and which groups hold a veto, shape (groups,); and everybody."""

    sizes: IntArray
    veto: BoolArray
    participants: int

    @property
    def strata(self) -> FloatArray:
        """People in each group and, last, in none, shape (groups + 1,)."""
        return np.append(self.sizes, max(self.participants - self.sizes.sum(), 0)).astype(float)


def routing_weights(
    everybody: Counts, by_group: Counts, crowd: Crowd, *, eligible: BoolArray, parameters: Parameters
) -> list[RoutingWeight]:
    """The weight of each statement.

    everybody: shape (statements,); by_group: shape (groups, statements), where there may be no group; eligible: shape
    (statements,), those that can be consensus; the others are settled once they have votes enough. A statement that
    too few have voted on has the highest weight. Any other has what votes on it are worth, as a part of the most
    that they are worth anywhere: how much likelier its class gets to be the final one, a vote, where a class that is
    likely to be consensus counts up to twice. Sources: expected gain as in knowledge-gradient policies (Frazier, Powell
    and Dayanik 2008, SIAM Journal on Control and Optimization 47); the classes are those of `consensus.classify`.
    """
    strata = _by_stratum(everybody, by_group)
    number = strata.shape[1]
    if not number:
        return []
    worth, change, agreed = (np.concatenate(part) for part in zip(*_prospects(strata, crowd, parameters), strict=True))
    now = class_codes(everybody, _of(by_group, crowd.veto), parameters)
    few = now == _TOO_FEW
    settled = ~few & (~eligible | (change < parameters.settled_below))
    bridging = np.isin(now, _AGREED) | (agreed >= change / 2)
    most = worth[~few & eligible].max(initial=0.0)
    weights = np.where(eligible, worth / most if most else 0.0, 0.0)
    weights = np.round(np.where(few, HIGHEST, np.clip(weights, _LOWEST, HIGHEST)), _DIGITS)
    why = np.select([few, settled, bridging], [Why.FEW_VOTES, Why.SETTLED, Why.MAY_BRIDGE], Why.UNCERTAIN)
    return [RoutingWeight(weight, Why(reason)) for weight, reason in zip(weights.tolist(), why.tolist(), strict=True)]


def _by_stratum(everybody: Counts, by_group: Counts) -> FloatArray:
    """Votes of each group and, last, of those in none, shape (groups + 1, statements, 3: agree, disagree, pass)."""
    grouped, all_votes = _stacked(by_group), _stacked(everybody)
    ungrouped = np.maximum(all_votes - grouped.sum(axis=0), 0)
    return np.concatenate([grouped, ungrouped[None]])


def _prospects(
    strata: FloatArray, crowd: Crowd, parameters: Parameters
) -> Iterator[tuple[FloatArray, FloatArray, FloatArray]]:
    """For some statements at a time what votes on them are worth, and how likely their class changes or is consensus.

    The luck of the draws is the same for every statement, so that none depends on which others there are.
    """
    luck = np.random.default_rng(0).standard_normal((1 + len(_STEPS), 2, parameters.routing_draws, len(strata), 1))
    for start in range(0, strata.shape[1], _AT_ONCE):
        yield _prospect(strata[:, start : start + _AT_ONCE], crowd, luck, parameters)


def _prospect(
    strata: FloatArray, crowd: Crowd, luck: FloatArray, parameters: Parameters
) -> tuple[FloatArray, FloatArray, FloatArray]:
    imagined = np.round(parameters.routing_crowd * crowd.strata[:, None])
    missing = np.maximum(imagined - strata.sum(axis=2), 0.0)
    rates = _draw_rates(strata, luck[0])
    classes, votes = [_classes(strata[None], crowd, parameters)], np.broadcast_to(strata, (*rates.shape[:3], 3))
    for step, earlier, own_luck in zip(_STEPS, (0.0, *_STEPS), luck[1:], strict=False):
        votes = votes + _draw_votes(rates, (step - earlier) * missing, own_luck)
        classes.append(_classes(votes, crowd, parameters))
    final = classes[-1]
    right = np.stack([(each == final).mean(axis=0) for each in classes])
    agreed = np.isin(final, _AGREED).mean(axis=0)
    needed = np.maximum(np.outer(_STEPS, missing.sum(axis=0)), 1.0)
    worth = (np.maximum(right[1:] - right[0], 0.0) / needed).max(axis=0) * (1 + agreed)
    return worth, 1 - right[0], agreed


def _draw_rates(strata: FloatArray, luck: FloatArray) -> FloatArray:
    """What share of each stratum agrees, and of the rest disagrees, (draws, strata, statements, 2).

    Normal, with the mean and spread of a Dirichlet posterior whose prior is everybody's shares. luck: (2, draws,
    strata, 1).
    """
    everybody = strata.sum(axis=0)
    prior = _SHARED_VOTES * (everybody + 1 / 3) / (everybody.sum(axis=1, keepdims=True) + 1)
    agree, disagree, passed = np.moveaxis(strata + prior, 2, 0)
    return np.stack([_beta(agree, disagree + passed, luck[0]), _beta(disagree, passed, luck[1])], axis=-1)


def _beta(hits: FloatArray, misses: FloatArray, luck: FloatArray) -> FloatArray:
    total = hits + misses
    mean = hits / total
    drawn: FloatArray = np.clip(mean + np.sqrt(mean * (1 - mean) / (total + 1)) * luck, 0.0, 1.0)
    return drawn


def _draw_votes(rates: FloatArray, number: FloatArray, luck: FloatArray) -> FloatArray:
    """So many votes at these rates, number: (strata, statements); normal instead of binomial, in whole votes."""
    agree = _binomial(number, rates[..., 0], luck[0])
    disagree = _binomial(number - agree, rates[..., 1], luck[1])
    return np.stack([agree, disagree, number - agree - disagree], axis=-1)


def _binomial(number: FloatArray, rate: FloatArray, luck: FloatArray) -> FloatArray:
    drawn: FloatArray = np.clip(np.round(number * rate + np.sqrt(number * rate * (1 - rate)) * luck), 0.0, number)
    return drawn


def _classes(votes: FloatArray, crowd: Crowd, parameters: Parameters) -> IntArray:
    """Codes of the classes, shape (draws, statements), of votes of the shape (draws, strata, statements, 3)."""
    draws, strata, statements, _ = votes.shape
    flat = np.moveaxis(votes, 1, 0).reshape(strata, draws * statements, 3)
    holders = flat[:-1][crowd.veto]
    return class_codes(_counts(flat.sum(axis=0)), _counts(holders), parameters).reshape(draws, statements)


def _of(counts: Counts, groups: BoolArray) -> Counts:
    return Counts(counts.agree[groups], counts.disagree[groups], counts.passed[groups])


def _stacked(counts: Counts) -> FloatArray:
    return np.stack([counts.agree, counts.disagree, counts.passed], axis=-1).astype(float)


def _counts(votes: FloatArray) -> Counts:
    agree, disagree, passed = np.moveaxis(votes, -1, 0)
    return Counts(agree, disagree, passed)
