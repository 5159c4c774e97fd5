"""What tells a group apart: statements on which it votes unlike the other groups."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.classic import BoolArray, lift, lift_test, share_test, smoothed_share
from analysis.crossfitting import CrossFitted
from analysis.intervals import Estimate, difference_bounds, estimates, ratio_bounds, wilson
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


@dataclass(frozen=True)
class Distinctive:
    """A statement on which a group votes unlike the others: `count` of its `votes` on it went in this direction.

    share: of the group's votes; others: of the votes of all other groups; difference: of these two. All three describe
    the groups as they are. Whether there is a difference is tested on other votes: tested_votes and tested_count are
    those of the group that was made without this statement, p_value compares it with the others made so, q_value is
    the p value after allowing for all comparisons.
    """

    statement: str
    direction: Direction
    votes: int
    count: int
    share: Estimate
    others: Estimate
    difference: Estimate
    tested_votes: int
    tested_count: int
    p_value: float
    q_value: float


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


def representative_crossfitted(
    by_group: Counts, tested: CrossFitted, statements: Sequence[str], *, eligible: BoolArray, parameters: Parameters
) -> list[list[Distinctive]]:
    """For each group the statements on which it votes unlike the others, the largest differences first.

    by_group: votes of the groups as they are, shape (groups, statements); tested: votes counted by groups that were
    made without the statement, of the same shape; eligible: shape (statements,). A statement is listed where more than
    half of the group's votes go in one direction, a larger share than of the others' votes, and the test says so too:
    one-sided, exact (Fisher's, mid-p), on the cross-fitted votes, with the expected share of false discoveries held
    down over all groups, statements and directions. Sources: mid-p, Lancaster 1961, "Significance tests in discrete
    distributions", JASA 56; Benjamini and Hochberg 1995, "Controlling the false discovery rate", Journal of the Royal
    Statistical Society B 57.
    """
    directions: tuple[Direction, Direction] = ("agree", "disagree")
    tests = {each: _p_values(tested, each, eligible) for each in directions}
    levels = dict(zip(directions, _q_values(np.stack(list(tests.values()))), strict=True))
    listed: list[list[Distinctive]] = []
    for group in range(len(by_group.votes)):
        counts = (by_group.of_group(group), by_group.outside.of_group(group), tested.counts.of_group(group))
        found: list[Distinctive] = []
        for direction in directions:
            values = tests[direction][group], levels[direction][group]
            found += _distinctive(counts, direction, statements, values, parameters=parameters)
        found.sort(key=lambda each: (-(each.difference.value or 0.0), each.statement))
        listed.append(found[: parameters.most_representative])
    return listed


def more_often(hits: IntArray, votes: IntArray, hits_outside: IntArray, votes_outside: IntArray) -> FloatArray:
    """Probability of so many hits inside or more, were they no more frequent inside than outside, any shape.

    Fisher's exact test, one-sided, with half the probability of the observed count (mid-p).
    """
    from scipy.stats import hypergeom

    arguments = (hits, votes + votes_outside, hits + hits_outside, votes)
    p_value: FloatArray = np.clip(hypergeom.sf(*arguments) + hypergeom.pmf(*arguments) / 2, 0.0, 1.0)
    return p_value


def _p_values(tested: CrossFitted, direction: Direction, eligible: BoolArray) -> FloatArray:
    """Of each group on each statement, shape (groups, statements); NaN where nothing can be compared."""
    inside, outside = tested.counts, tested.counts.outside
    comparable = eligible & tested.testable & (inside.votes > 0) & (outside.votes > 0)
    counted = (inside.going(direction), inside.votes, outside.going(direction), outside.votes)
    p_values = np.full(comparable.shape, np.nan)
    p_values[comparable] = more_often(*(each[comparable] for each in counted))
    return p_values


def _q_values(p_values: FloatArray) -> FloatArray:
    """The least rate of false discoveries at which each would be one, of the same shape; NaN where there is no test."""
    from scipy.stats import false_discovery_control

    made = ~np.isnan(p_values)
    q_values = np.full(p_values.shape, np.nan)
    if made.any():
        q_values[made] = false_discovery_control(p_values[made])
    return q_values


def _distinctive(
    counts: tuple[Counts, Counts, Counts],
    direction: Direction,
    statements: Sequence[str],
    values: tuple[FloatArray, FloatArray],
    *,
    parameters: Parameters,
) -> list[Distinctive]:
    """What passes in one direction. counts: of the group, of all others, and of the group made without the statement;
    values: p and q of each statement, (statements,).
    """
    own, others, tested = counts
    hits, hits_outside = own.going(direction), others.going(direction)
    more = hits * others.votes > hits_outside * own.votes
    chosen = np.flatnonzero((values[1] <= parameters.false_discovery) & (2 * hits > own.votes) & more)
    inside, outside = ((each.going(direction)[chosen], each.votes[chosen]) for each in (own, others))
    shares = [estimates(hits / votes, wilson(hits, votes, parameters.confidence)) for hits, votes in (inside, outside)]
    differences = inside[0] / inside[1] - outside[0] / outside[1]
    bounds = difference_bounds(inside, outside, parameters.confidence)
    columns = (
        [statements[each] for each in chosen.tolist()],
        [direction] * len(chosen),
        inside[1].tolist(),
        inside[0].tolist(),
        *shares,
        estimates(differences, bounds),
        tested.votes[chosen].tolist(),
        tested.going(direction)[chosen].tolist(),
        *(each[chosen].tolist() for each in values),
    )
    return [Distinctive(*row) for row in zip(*columns, strict=True)]


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
