"""Shares in which votes do not count alike, beside the plain ones and never in their place."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.classic import BoolArray
from analysis.intervals import Estimate, FloatArray, estimates
from analysis.linearised import effective_number, weighted_bounds
from analysis.votes import AGREE, IntArray, Votes

_CHOICES = 3  # agree, pass, disagree, in the order of the values 1, 0, -1


@dataclass(frozen=True, eq=False)
class VoteWeights:
    """What each vote weighs, shape (votes,), 0 where it does not count; is_trimmed: which weights were capped."""

    weights: FloatArray
    is_trimmed: BoolArray


@dataclass(frozen=True, eq=False)
class WeightedCounts:
    """Sums of weights and of their squares: agree, pass and disagree, shape (3, statements) or (3, groups, statements).

    votes: how many votes carry weight, trimmed: how many of them a capped one, both of that shape without the first
    axis.
    """

    votes: IntArray
    trimmed: IntArray
    weights: FloatArray
    squares: FloatArray

    def at(self, columns: IntArray) -> "WeightedCounts":
        """Of these statements only, shape (..., columns); -1 stands for a statement without votes."""
        votes, trimmed = _at(self.votes, columns), _at(self.trimmed, columns)
        return WeightedCounts(votes, trimmed, _at(self.weights, columns), _at(self.squares, columns))

    def of_group(self, group: int) -> "WeightedCounts":
        """Of one group, shape (3, statements)."""
        return WeightedCounts(self.votes[group], self.trimmed[group], self.weights[:, group], self.squares[:, group])


@dataclass(frozen=True)
class WeightedTally:
    """The weighted votes on one statement: the share of each choice in all of them, passes included.

    votes: those that carry weight, trimmed: those whose weight was capped. effective_votes: how many votes of equal
    weight tell as much (Kish); design_effect: votes / effective_votes, None without votes.
    """

    votes: int
    trimmed: int
    effective_votes: float
    design_effect: float | None
    agree_share: Estimate
    disagree_share: Estimate
    pass_share: Estimate


def weigh(votes: Votes, vote_weights: VoteWeights) -> WeightedCounts:
    """The weighted votes of everybody, shape (statements,)."""
    return weigh_by_group(votes, vote_weights, np.zeros(votes.shape[0], dtype=np.int64), 1).of_group(0)


def weigh_by_group(votes: Votes, vote_weights: VoteWeights, groups: IntArray, number: int) -> WeightedCounts:
    """The weighted votes of each group, shape (number, statements).

    groups: shape (participants,), 0 to number - 1, or -1 for participants in no group, whose votes are not counted.
    """
    weights = vote_weights.weights
    counted = (groups[votes.rows] >= 0) & (weights > 0)
    group, column = groups[votes.rows[counted]], votes.columns[counted]
    shape = (_CHOICES, number, votes.shape[1])
    cells = np.ravel_multi_index((AGREE - votes.values[counted].astype(np.int64), group, column), shape)

    def summed(figures: npt.NDArray[Any]) -> FloatArray:
        return np.bincount(cells, figures, minlength=int(np.prod(shape))).reshape(shape).astype(float)

    own, trimmed = weights[counted], vote_weights.is_trimmed[counted]
    numbers = [summed(each).sum(axis=0).astype(np.int64) for each in (np.ones(len(cells)), trimmed)]
    return WeightedCounts(numbers[0], numbers[1], summed(own), summed(own**2))


def weighted_tallies(counts: WeightedCounts, confidence: float) -> list[WeightedTally]:
    """One for each statement of counts of the shape (3, statements).

    The shares are Hajek's, a sum of weights over a sum of weights; intervals as `linearised.weighted_bounds` has them,
    the weights taken as given. Source: Hajek 1971, comment in "Foundations of Statistical Inference".
    """
    weight, squares = counts.weights.sum(axis=0), counts.squares.sum(axis=0)
    shares = [
        estimates(
            np.divide(hits, weight, out=np.full(len(weight), np.nan), where=weight > 0),
            weighted_bounds(hits, squared_hits, weight, squares, confidence),
        )
        for hits, squared_hits in zip(counts.weights, counts.squares, strict=True)
    ]
    effective = effective_number(weight, squares)
    effects = [
        votes / number if number else None
        for votes, number in zip(counts.votes.tolist(), effective.tolist(), strict=True)
    ]
    agree, passed, disagree = shares
    columns = (counts.votes.tolist(), counts.trimmed.tolist(), effective.tolist(), effects, agree, disagree, passed)
    return [WeightedTally(*row) for row in zip(*columns, strict=True)]


def _at(sums: npt.NDArray[Any], columns: IntArray) -> npt.NDArray[Any]:
    none = np.zeros((*sums.shape[:-1], 1), dtype=sums.dtype)
    return np.concatenate([sums, none], axis=-1)[..., columns]
