"""How many votes move a share's lower end, or the mean over groups, across a threshold: what `robustness` counts with.

All in closed form but one, which halves a price. Wilson's lower end lies above t exactly where
hits - t n > z sqrt(t (1 - t) n), a quadratic in the root of n. The product over groups is levelled as water finds its
level. Sources: Wilson 1927, as in `intervals`; Boyd and Vandenberghe 2004, "Convex optimization", section 5.5.3.
In all functions hits and votes are counts, hits <= votes; the result is a number of further votes, whole where it is
finite, inf where no number is enough.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from analysis.intervals import normal_quantile, wilson
from analysis.votes import FloatArray, IntArray

BoolArray = npt.NDArray[np.bool_]

# Numbers are counted up from values that rounding may have left a hair above a whole one.
_HAIR = 1e-6
_HALVINGS = 36
_DEAREST = 60.0  # log of the highest price that is looked at, 1e26: more votes than there are people


class Groups(NamedTuple):
    """The groups that a mean is over, by their places: those whose votes may grow, and those whose votes stand."""

    open: IntArray
    closed: IntArray


def votes_against(hits: IntArray, votes: IntArray, share: float, confidence: float) -> FloatArray:
    """Further votes that do not go in a direction until Wilson's lower end is no longer above this share, any shape."""
    if share <= 0:
        return np.where(hits > 0, math.inf, 0.0)
    reach = normal_quantile(confidence) * math.sqrt(share * (1 - share))
    root = (np.sqrt(reach**2 + 4 * share * hits) - reach) / (2 * share)

    def is_enough(further: FloatArray) -> BoolArray:
        enough: BoolArray = wilson(hits, votes + further, confidence).low <= share
        return enough

    return _first(np.ceil(root**2 - votes - _HAIR), is_enough)


def votes_for(hits: IntArray, votes: IntArray, share: float, *, fewest: int, confidence: float) -> FloatArray:
    """Further votes in a direction until Wilson's lower end lies above this share, from so many votes on, any shape."""
    if share >= 1:
        return np.full(hits.shape, math.inf)
    reach = normal_quantile(confidence) * math.sqrt(share * (1 - share))
    root = (reach + np.sqrt(reach**2 + 4 * (1 - share) * (votes - hits))) / (2 * (1 - share))

    def is_enough(further: FloatArray) -> BoolArray:
        enough: BoolArray = wilson(hits + further, votes + further, confidence).low > share
        return enough

    return np.maximum(_first(np.floor(root**2 - votes) + 1, is_enough), np.maximum(fewest - votes, 0))


def _first(near: FloatArray, is_enough: Callable[[FloatArray], BoolArray]) -> FloatArray:
    """The first whole number that is enough, at most one away from these; the rule itself decides, rounding and all."""
    found = np.maximum(near + 1, 0.0)
    for each in (near, near - 1):
        found = np.where((each >= 0) & is_enough(np.maximum(each, 0.0)), np.maximum(each, 0.0), found)
    return np.where(is_enough(np.zeros(near.shape)), 0.0, found)


def _shortfall(hits: IntArray, votes: IntArray, groups: Groups, share: float) -> FloatArray:
    """What the log of the product of the open groups' (votes + 2) must reach, until the mean is down to this share."""
    everyone = np.append(groups.open, groups.closed)
    goal = len(everyone) * (math.log(share) if share > 0 else -math.inf)
    wanted: FloatArray = np.log(hits[everyone] + 1).sum(axis=0) - np.log(votes[groups.closed] + 2).sum(axis=0) - goal
    return wanted


def votes_in_last(hits: IntArray, votes: IntArray, groups: Groups, share: float) -> FloatArray:
    """Votes against, all in the last open group, until the mean across groups is no longer above this share."""
    logs = np.log(votes[groups.open] + 2.0)
    with np.errstate(over="ignore"):
        level = np.exp(_shortfall(hits, votes, groups, share) - logs[:-1].sum(axis=0))
    least: FloatArray = np.maximum(np.ceil(level - (votes[groups.open[-1]] + 2) - _HAIR), 0.0)
    return least


def votes_levelled(hits: IntArray, votes: IntArray, groups: Groups, share: float) -> FloatArray:
    """Votes against, spread over the open groups, until the mean across groups is no longer above this share.

    The groups with the fewest votes take the most: the first j are filled to one level, for the j at which it fits.
    """
    wanted = _shortfall(hits, votes, groups, share)
    filled = np.sort(votes[groups.open] + 2.0, axis=0)
    if not len(filled):
        return np.full(hits.shape[1], math.inf)
    logs = np.log(filled)
    number = np.arange(1, len(filled) + 1)[:, None]
    with np.errstate(over="ignore", invalid="ignore"):
        # For the first j groups, the level that leaves the others as they are. The lowest total that fits counts.
        level = np.exp((wanted - (logs.sum(axis=0) - np.cumsum(logs, axis=0))) / number)
        totals = number * level - np.cumsum(filled, axis=0)
    fits = level >= filled * (1 - 1e-12)
    least: FloatArray = np.where(fits, totals, math.inf).min(axis=0)
    return np.where(wanted <= logs.sum(axis=0), 0.0, np.maximum(np.ceil(least - _HAIR), 0.0))


def votes_together(hits: IntArray, votes: IntArray, groups: Groups, floors: FloatArray, share: float) -> FloatArray:
    """Votes in the direction, at least `floors` (open, statements) in each group, until the mean lies above this share.

    Each group takes as many as make the next one worth the same everywhere; what it is worth is found by halving.
    """
    everyone = len(groups.open) + len(groups.closed)
    least: FloatArray = floors.sum(axis=0)
    if not everyone:
        return least
    if share >= 1:
        return np.full(hits.shape[1], math.inf)
    fixed = (np.log(hits[groups.closed] + 1) - np.log(votes[groups.closed] + 2)).sum(axis=0)
    goal = everyone * (math.log(share) if share > 0 else -math.inf) - fixed
    for_it: FloatArray = (hits[groups.open] + 1).astype(np.float64)
    against: FloatArray = votes[groups.open] + 2 - for_it
    finite = np.isfinite(least)
    lacking = np.flatnonzero(finite & (_product(for_it, against, np.where(finite, floors, 0.0)) <= goal))
    if len(lacking):
        spread = _spread(for_it[:, lacking], against[:, lacking], floors[:, lacking], goal[lacking])
        least[lacking] = np.maximum(np.ceil(spread - _HAIR), least[lacking] + 1)
    return least


def _product(for_it: FloatArray, against: FloatArray, further: FloatArray) -> FloatArray:
    log: FloatArray = -np.log1p(against / (for_it + further)).sum(axis=0)
    return log


def _spread(for_it: FloatArray, against: FloatArray, floors: FloatArray, goal: FloatArray) -> FloatArray:
    """Least sum over groups of real numbers above the floors, with which the log of the product reaches its goal.

    for_it, against, floors: shape (groups, statements); goal: shape (statements,). One more vote in a group is worth
    against / ((for + m)(for + against + m)); 1 / worth is halved on the log scale.
    """

    def placed(log_price: FloatArray) -> FloatArray:
        further = (np.sqrt(against**2 + 4 * against * np.exp(log_price)) - 2 * for_it - against) / 2
        return np.maximum(further, floors)

    if not len(for_it):
        return np.full(len(goal), math.inf)
    low, high = np.zeros(len(goal)), np.full(len(goal), _DEAREST)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        is_short = _product(for_it, against, placed(middle)) <= goal
        low, high = np.where(is_short, middle, low), np.where(is_short, high, middle)
    return np.where(high >= _DEAREST, math.inf, placed(high).sum(axis=0))
