"""What tells a group apart: statements on which it votes unlike the other groups."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.classic import BoolArray, lift, lift_test, share_test, smoothed_share
from analysis.intervals import Estimate, ratio_bounds, wilson
from analysis.moments import Counts, Direction
from analysis.parameters import Parameters
from analysis.votes import FloatArray, IntArray


@dataclass(frozen=True)
class Representative:
    """A statement that tells a group apart, and how: `count` of the group's `votes` on it went in this direction.

    p_success is the smoothed share of them, repness how many times it is that of the other groups; p_test and
    repness_test are Polis's normal deviates. best_agree: Polis put it first as what the group agrees on most.
    """

    statement: str
    direction: Direction
    votes: int
    count: int
    share: Estimate
    p_success: Estimate
    p_test: float
    repness: Estimate
    repness_test: float
    best_agree: bool


@dataclass(frozen=True, eq=False)
class Contrast:
    """A group's votes in one direction against those of all other groups; arrays of the shape (statements,)."""

    direction: Direction
    hits: IntArray
    votes: IntArray
    hits_outside: IntArray
    votes_outside: IntArray
    share: FloatArray
    share_test: FloatArray
    lift: FloatArray
    lift_test: FloatArray

    @property
    def weight(self) -> FloatArray:
        """What statements are ranked by."""
        return self.lift * self.lift_test * self.share * self.share_test

    def passes(self, z: float) -> BoolArray:
        """Which statements exceed both tests."""
        return (self.lift_test > z) & (self.share_test > z)


def contrast(inside: Counts, outside: Counts, direction: Direction) -> Contrast:
    """Compare a group with the rest of the grouped participants; counts of the shape (statements,)."""
    hits, hits_outside = inside.going(direction), outside.going(direction)
    against = (hits, inside.votes, hits_outside, outside.votes)
    own = (smoothed_share(hits, inside.votes), share_test(hits, inside.votes))
    return Contrast(direction, *against, *own, lift(*against), lift_test(*against))


def representative(
    by_group: Counts, statements: Sequence[str], eligible: BoolArray, parameters: Parameters
) -> list[list[Representative]]:
    """For each group its representative statements as Polis selects them, those it agrees with first.

    by_group: shape (groups, statements); eligible: shape (statements,), those not taken out by moderation. A group that
    is the only one has none, since there is nothing it could be told apart from.
    """
    if len(by_group.votes) == 1:
        return [[]]
    outside = by_group.outside
    return [
        _of_group(
            by_group.of_group(group), outside.of_group(group), statements, eligible=eligible, parameters=parameters
        )
        for group in range(len(by_group.votes))
    ]


def _of_group(
    inside: Counts, outside: Counts, statements: Sequence[str], *, eligible: BoolArray, parameters: Parameters
) -> list[Representative]:
    agree, disagree = contrast(inside, outside, "agree"), contrast(inside, outside, "disagree")
    z, confidence = parameters.representative_z, parameters.confidence
    sides = [agree if leans else disagree for leans in (agree.lift_test > disagree.lift_test).tolist()]
    best_agreed = _best_agreed(agree, disagree, eligible, z)
    first = [] if best_agreed is None else [best_agreed]
    chosen = np.flatnonzero(eligible & (agree.passes(z) | disagree.passes(z)))
    ranked = sorted((at for at in chosen.tolist() if at not in first), key=lambda at: -float(sides[at].weight[at]))
    if not len(chosen):
        ranked = [] if first else _most_different(agree, disagree, eligible)
    shown = sorted((first + ranked)[: parameters.most_representative], key=lambda at: sides[at] is disagree)
    return [_told(sides[at], at, statements[at], best_agree=at in first, confidence=confidence) for at in shown]


def _most_different(agree: Contrast, disagree: Contrast, eligible: BoolArray) -> list[int]:
    """The one statement with the largest deviate from the others, in whichever direction, if any is eligible."""
    deviates = np.where(eligible, np.maximum(agree.lift_test, disagree.lift_test), -np.inf)
    return [int(deviates.argmax())] if eligible.any() else []


def _best_agreed(agree: Contrast, disagree: Contrast, eligible: BoolArray, z: float) -> int | None:
    """What the group agrees on most, as Polis finds it: in one pass, each statement against the best so far.

    Against a best that is agreed on more often than elsewhere the full weight counts, else only the agreement itself.
    So the order of statements can decide; they come sorted by id.
    """
    agreement, weight = agree.share * agree.share_test, agree.weight
    more_often = agree.lift > 1
    may_begin = (agree.share_test > z) | (more_often & (agree.share > 0.5))
    best: int | None = None
    for at in np.flatnonzero(eligible & (agree.hits + disagree.hits > 0)).tolist():
        if best is None:
            best = at if may_begin[at] else None
        elif (weight[at] > weight[best]) if more_often[best] else (agreement[at] > agreement[best]):
            best = at
    return best


def _told(side: Contrast, at: int, statement: str, *, best_agree: bool, confidence: float) -> Representative:
    hits, votes = int(side.hits[at]), int(side.votes[at])
    low, high = (float(end) for end in wilson(hits, votes, confidence))
    outside = (side.hits_outside[at], side.votes_outside[at])
    least, most = (float(end) for end in ratio_bounds((hits, votes), outside, confidence))
    return Representative(
        statement=statement,
        direction=side.direction,
        votes=votes,
        count=hits,
        share=Estimate(hits / votes if votes else None, low, high),
        p_success=Estimate(float(side.share[at]), low, high),
        p_test=float(side.share_test[at]),
        repness=Estimate(float(side.lift[at]), least, most),
        repness_test=float(side.lift_test[at]),
        best_agree=best_agree,
    )
