"""Geometry of the charts and nothing else: where each mark stands, as fractions of the picture, y downwards.

Templates draw what is returned here, and write their tables from the same values. The line of all statements has a
module of its own, `spectrum`.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.moments import Tally
from analysis.result import Analysis, Axis, Statement

MOST_PEOPLE = 240  # more marks than that only cover each other
_MARGIN = 0.06
_AXIS_BARS = 24
_ASPECT = 1.5  # width by height at which both directions have one scale: between a phone's map and a desktop's

Place = tuple[float, float]


@dataclass(frozen=True)
class Bar:
    """One row of a statement's bars. low and high bound the share of the direction; a group of none is everyone.

    threshold: the share that the lower end has to exceed, where the row decides anything.
    """

    group: str | None
    name: str
    direction: str
    agree: float
    passed: float
    disagree: float
    low: float
    high: float
    votes: int
    threshold: float | None
    is_cut: bool = False


@dataclass(frozen=True)
class Spread:
    """The shares of agreement of the groups on one statement, from the lowest to the highest."""

    shares: tuple[tuple[str, float], ...]
    low: float
    high: float


@dataclass(frozen=True)
class Person:
    """A mark on the map."""

    key: str
    group: str | None
    x: float
    y: float
    is_between: bool = False  # resamples of the votes move them to another group


@dataclass(frozen=True)
class Centre:
    """The middle of a group: of all its members, drawn or not."""

    group: str
    name: str
    size: int
    x: float
    y: float


@dataclass(frozen=True)
class OpinionMap:
    """people: those drawn, by key; total: how many could be."""

    people: tuple[Person, ...]
    centres: tuple[Centre, ...]
    total: int
    you: Person | None

    @property
    def is_sample(self) -> bool:
        return len(self.people) < self.total


def bar(
    tally: Tally,
    group: str | None,
    name: str,
    direction: str,
    threshold: float | None = None,
    *,
    is_cut: bool = False,
) -> Bar:
    """The bar of the votes of a group, or of everyone. Where nobody voted it is empty, and the bracket spans it all."""
    share = tally.agree_share if direction == "agree" else tally.disagree_share
    return Bar(
        group=group,
        name=name,
        direction=direction,
        agree=tally.agree_share.value or 0.0,
        passed=tally.pass_share.value or 0.0,
        disagree=tally.disagree_share.value or 0.0,
        low=share.low,
        high=share.high,
        votes=tally.votes,
        threshold=threshold,
        is_cut=is_cut,
    )


def spread(statement: Statement) -> Spread | None:
    """How far apart the groups stand; none where fewer than two have voted."""
    shares = [
        (group, tally.agree_share.value)
        for group, tally in statement.by_group.items()
        if tally.agree_share.value is not None
    ]
    if len(shares) < 2:
        return None
    values = [share for _, share in shares]
    return Spread(tuple(shares), min(values), max(values))


def opinion_map(analysis: Analysis, names: Mapping[str, str], viewer: str | None = None) -> OpinionMap:
    """Where people stand, from the run's own positions: all who are in a group, or everybody where there are no groups.

    Of more than MOST_PEOPLE as many are drawn, by the digest of their id: as good as at random, and the same people in
    every run. names: of the groups, by id.
    """
    placed = [key for key in analysis.positions if not analysis.groups or analysis.assignments.get(key) is not None]
    drawn = sorted(sorted(placed, key=_shuffled)[:MOST_PEOPLE]) if len(placed) > MOST_PEOPLE else placed
    frame = _Frame.around([analysis.positions[key] for key in drawn])

    firm = analysis.parameters.get("between_groups", 0.0)

    def person(key: str) -> Person:
        is_between = analysis.stability.get(key, 1.0) < firm
        return Person(key, analysis.assignments.get(key), *frame.place(analysis.positions[key]), is_between)

    return OpinionMap(
        people=tuple(person(key) for key in drawn),
        centres=tuple(_centres(analysis, placed, names, frame)),
        total=len(placed),
        you=person(viewer) if viewer is not None and viewer in analysis.positions else None,
    )


@dataclass(frozen=True)
class AxisBar:
    """A part of the scale: from where to where, how many people stand there, and how high that is in the picture."""

    low: float
    high: float
    people: int
    x: float
    width: float
    height: float


@dataclass(frozen=True)
class AxisChart:
    """How people are spread over a gradual scale; you: where the viewer stands, as a fraction of its width."""

    bars: tuple[AxisBar, ...]
    you: float | None


def axis_chart(axis: Axis, viewer: str | None = None) -> AxisChart:
    """A histogram of the positions, the middle of the scale in the middle of the picture."""
    places = list(axis.positions.values())
    reach = max((abs(each) for each in places), default=0.0) or 1.0
    step = 2 * reach / _AXIS_BARS
    counts = [0] * _AXIS_BARS
    for each in places:
        counts[min(int((each + reach) / step), _AXIS_BARS - 1)] += 1
    highest = max(counts) or 1
    bars = (
        AxisBar(at * step - reach, (at + 1) * step - reach, people, at / _AXIS_BARS, 1 / _AXIS_BARS, people / highest)
        for at, people in enumerate(counts)
    )
    own = axis.positions.get(viewer) if viewer is not None else None
    return AxisChart(tuple(bars), None if own is None else (own + reach) / (2 * reach))


@dataclass(frozen=True)
class _Frame:
    """The part of the opinion space that the picture shows: its middle, and its width."""

    middle: Place
    width: float

    @classmethod
    def around(cls, places: Sequence[Place]) -> "_Frame":
        if not places:
            return cls((0.0, 0.0), 1.0)
        (left, right), (bottom, top) = ((min(axis), max(axis)) for axis in zip(*places, strict=True))
        # One scale for both directions: stretched axes would make people look closer than they voted.
        width = max(right - left, _ASPECT * (top - bottom)) / (1 - 2 * _MARGIN)
        return cls(((left + right) / 2, (bottom + top) / 2), width or 1.0)

    def place(self, position: Place) -> Place:
        x = 0.5 + (position[0] - self.middle[0]) / self.width
        y = 0.5 - (position[1] - self.middle[1]) / self.width * _ASPECT
        # Somebody outside a drawn sample's frame is put at its edge.
        return min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)


def _centres(analysis: Analysis, placed: Sequence[str], names: Mapping[str, str], frame: _Frame) -> list[Centre]:
    centres = []
    for group in analysis.groups:
        members = [analysis.positions[key] for key in placed if analysis.assignments.get(key) == group.id]
        if members:
            middle = (sum(x for x, _ in members) / len(members), sum(y for _, y in members) / len(members))
            centres.append(Centre(group.id, names[group.id], group.size, *frame.place(middle)))
    return centres


def _shuffled(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
