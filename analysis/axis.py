"""A gradual axis told by its two ends: who stands where, and which statements make the ends."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.intervals import Bounds, Estimate, difference_bounds, estimates, wilson
from analysis.mixture import shares_of
from analysis.moments import Counts, Direction, count_by_group
from analysis.parameters import Parameters
from analysis.sample import BoolArray, summed
from analysis.scale import Scale
from analysis.votes import FloatArray, IntArray, Votes


@dataclass(frozen=True)
class EndStatement:
    """What one end of the axis says and the other does not: `count` of its `votes` went in this direction.

    share: of the end's votes; difference: to the share at the other end.
    """

    statement: str
    direction: Direction
    votes: int
    count: int
    share: Estimate
    difference: Estimate


@dataclass(frozen=True)
class AxisEnd:
    """One end: how many people it is made of, and its statements, those that set it apart most first."""

    people: int
    statements: tuple[EndStatement, ...]


@dataclass(frozen=True, eq=False)
class Axis:
    """positions: of each participant, mean 0 and standard deviation 1 in the model, NaN for those not placed,
    shape (participants,); low, high: its ends.
    """

    positions: FloatArray
    low: AxisEnd
    high: AxisEnd


def tell_axis(votes: Votes, clusters: IntArray, placed: BoolArray, scale: Scale, parameters: Parameters) -> Axis:
    """Place everybody on a scale of one axis and say what its ends are made of.

    clusters: shape (statements,), -1 for a statement that does not count; placed: (participants,). An end is the
    quarter of those placed that lies farthest out. Its statements are those on which more than half go in one
    direction, and more than at the other end by the clearest margin (the lower end of the difference's interval).
    These are the votes that made the axis, so the figures describe it and prove nothing.
    """
    scores = summed(votes, clusters, scale.table) + scale.log_weight
    positions = shares_of(scores)[0] @ scale.nodes[:, 0]
    # The cube weighs the largest slopes most without resting on a single one.
    if (scale.curves[:, 1] ** 3).sum() < 0:
        positions = -positions
    positions = np.where(placed, np.round(positions, 6) + 0.0, np.nan)
    counts = count_by_group(votes, _ends(positions, placed, parameters.axis_end), 2)
    people = max(round(parameters.axis_end * int(placed.sum())), 1)
    low, high = (
        AxisEnd(people, _statements_of(counts, end, votes.statements, clusters, parameters=parameters))
        for end in (0, 1)
    )
    return Axis(positions, low, high)


def _ends(positions: FloatArray, placed: BoolArray, share: float) -> IntArray:
    """Who is at the low end, 0, and at the high end, 1; all others -1."""
    order = np.flatnonzero(placed)[np.argsort(positions[placed], kind="stable")]
    people = max(round(share * len(order)), 1)
    ends = np.full(len(positions), -1, dtype=np.int64)
    ends[order[:people]] = 0
    ends[order[-people:]] = 1
    return ends


def _statements_of(
    counts: Counts, end: int, ids: Sequence[str], clusters: IntArray, *, parameters: Parameters
) -> tuple[EndStatement, ...]:
    own, other = counts.of_group(end), counts.of_group(1 - end)
    enough = (clusters >= 0) & (np.minimum(own.votes, other.votes) >= parameters.fewest_votes_in_group)
    found: list[tuple[float, int, EndStatement]] = []
    directions: tuple[Direction, Direction] = ("agree", "disagree")
    for direction in directions:
        hits, hits_there = own.going(direction), other.going(direction)
        bounds = difference_bounds((hits, own.votes), (hits_there, other.votes), parameters.confidence)
        chosen = np.flatnonzero(enough & (2 * hits > own.votes) & (bounds.low > 0))
        differences = hits[chosen] / own.votes[chosen] - hits_there[chosen] / other.votes[chosen]
        rows = zip(
            chosen.tolist(),
            own.votes[chosen].tolist(),
            hits[chosen].tolist(),
            estimates(hits[chosen] / own.votes[chosen], wilson(hits[chosen], own.votes[chosen], parameters.confidence)),
            estimates(differences, Bounds(bounds.low[chosen], bounds.high[chosen])),
            strict=True,
        )
        found += [(-row[-1].low, at, EndStatement(ids[at], direction, *row)) for at, *row in rows]
    ranked = sorted(found, key=lambda each: each[:2])
    # Of near-duplicates one is enough.
    first = {int(clusters[at]): at for _, at, _ in reversed(ranked)}
    distinct = [told for _, at, told in ranked if first[int(clusters[at])] == at]
    return tuple(distinct[: parameters.axis_statements])
