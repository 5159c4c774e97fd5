"""The line of all statements: from those that every group is against to those that every group is for."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from analysis.consensus import StatementClass
from analysis.result import Statement

_COLUMNS = 26  # as many marks as stand side by side on a phone
_ZONE = 7  # columns of each outer zone
_MOST_STACKED = 14

# Pixels, the same at every width.
_STEP = 14
_LINE = 20

_LABEL_WIDTH = 26  # letters; Chinese ones count twice

# What lies at the bottom of a stack first.
_ORDER = (
    StatementClass.TOO_FEW,
    StatementClass.UNCERTAIN,
    StatementClass.CONTESTED,
    StatementClass.CONSENSUS_AGREE,
    StatementClass.CONSENSUS_DISAGREE,
)
_CONSENSUS = (StatementClass.CONSENSUS_AGREE, StatementClass.CONSENSUS_DISAGREE)


@dataclass(frozen=True)
class Dot:
    """A mark: x as a fraction, y in pixels from the top."""

    x: float
    y: int
    kind: StatementClass


@dataclass(frozen=True)
class Label:
    """The name of one statement, with a line from `y` down to its mark at `foot`. anchor: start, middle or end."""

    statement: str
    text: str
    x: float
    y: int
    foot: int
    anchor: str


@dataclass(frozen=True)
class Spectrum:
    """each: how many statements a mark stands for; borders: where the middle zone begins and ends; height in pixels."""

    dots: tuple[Dot, ...]
    labels: tuple[Label, ...]
    each: int
    borders: tuple[float, float]
    height: int


@dataclass(frozen=True)
class _Placed:
    """A statement in its column; the lowest has level 0."""

    statement: Statement
    column: int
    level: int

    @property
    def x(self) -> float:
        return (self.column + 0.5) / _COLUMNS


def spectrum(statements: Sequence[Statement], labelled: Sequence[str], *, has_groups: bool, floor: float) -> Spectrum:
    """Place all statements.

    The outer zones hold consensus and nothing else. Within them the place is the run's measure of consensus across
    groups (the share of everybody where there are none); in the middle it is that for less that against, on a scale
    as wide as these statements need. Where a stack would be too high, each mark stands for several statements.
    labelled: ids of statements to name. floor: the least measure of consensus.
    """
    stacks = _stacks(statements, has_groups, floor)
    each = -(-max(map(len, stacks), default=0) // _MOST_STACKED) or 1
    placed = [one for column, stack in enumerate(stacks) for one in _stacked(stack, column, each)]
    top = _LINE * len(labelled)
    height = top + _STEP * (max((one.level for one in placed), default=0) + 1)
    marks = {(one.column, one.level): one for one in placed}
    return Spectrum(
        dots=tuple(Dot(one.x, _y(one.level, height), one.statement.kind) for one in marks.values()),
        labels=tuple(_labels(placed, labelled, height)),
        each=each,
        borders=(_ZONE / _COLUMNS, 1 - _ZONE / _COLUMNS),
        height=height,
    )


def shortened(text: str, width: int = _LABEL_WIDTH) -> str:
    """The first words of a text, with an ellipsis where it goes on; wide letters take two places."""
    used = 0
    for at, letter in enumerate(text):
        used += 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        if used > width:
            whole_words = text[: at + 1].rpartition(" ")[0] or text[:at]
            return whole_words.rstrip(" ,.;:，。") + "…"
    return text


def _stacks(statements: Iterable[Statement], has_groups: bool, floor: float) -> list[list[Statement]]:
    measured = [
        (statement, *_measures(statement, has_groups))
        for statement in sorted(statements, key=lambda one: _ORDER.index(one.kind))
    ]
    # The middle of the line stays where as much is for as against.
    reach = max((abs(agree - disagree) for one, agree, disagree in measured if one.kind not in _CONSENSUS), default=1.0)
    stacks: list[list[Statement]] = [[] for _ in range(_COLUMNS)]
    for one, agree, disagree in measured:
        if one.kind is StatementClass.CONSENSUS_AGREE:
            column = _COLUMNS - _ZONE + _part(agree, floor, 1.0, _ZONE)
        elif one.kind is StatementClass.CONSENSUS_DISAGREE:
            column = _ZONE - 1 - _part(disagree, floor, 1.0, _ZONE)
        else:
            column = _ZONE + _part(agree - disagree, -reach, reach or 1.0, _COLUMNS - 2 * _ZONE)
        stacks[column].append(one)
    return stacks


def _stacked(stack: Sequence[Statement], column: int, each: int) -> Iterator[_Placed]:
    """One level for every so many statements of one class."""
    level = 0
    for _, alike in groupby(stack, key=lambda one: one.kind):
        for start in range(0, len(of_class := list(alike)), each):
            yield from (_Placed(one, column, level) for one in of_class[start : start + each])
            level += 1


def _measures(statement: Statement, has_groups: bool) -> tuple[float, float]:
    """How far it holds for and against, 0 to 1."""
    agree, disagree = statement.consensus_agree, statement.consensus_disagree
    if not has_groups or agree.value is None or disagree.value is None:
        agree, disagree = statement.everybody.agree_share, statement.everybody.disagree_share
    return agree.value or 0.0, disagree.value or 0.0


def _part(value: float, low: float, high: float, parts: int) -> int:
    """Into which of so many equal parts of [low, high] the value falls."""
    return min(max(int((value - low) / (high - low) * parts), 0), parts - 1)


def _y(level: int, height: int) -> int:
    return height - _STEP // 2 - _STEP * level


def _labels(placed: Iterable[_Placed], labelled: Sequence[str], height: int) -> Iterator[Label]:
    """The outermost stand highest, their names reach inwards: so no line down to a mark crosses a name."""
    named = [one for one in placed if one.statement.id in labelled]
    inwards = sorted(named, key=lambda one: (-abs(one.x - 0.5), one.column))
    for line, one in enumerate(inwards):
        anchor = "start" if one.x < 0.34 else "end" if one.x > 0.66 else "middle"
        yield Label(
            statement=one.statement.id,
            text=shortened(one.statement.text or ""),
            x=one.x,
            y=_LINE * line + _LINE - 6,
            foot=_y(one.level, height) - _STEP // 2,
            anchor=anchor,
        )
