"""How many coordinated participants would turn a statement's class, with the groups held fixed.

Whoever attacks knows the votes and the groups, joins where the rule is weakest, and votes the worst way. Six ways are
open: to weigh on the share of everybody, on one group that holds a veto, on all of these together, to lift a small
group to a veto, to found a group of one's own, and to let a group lose its veto because the others have grown. The
cheapest of them counts.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from analysis.classic import BoolArray
from analysis.consensus import StatementClass, holds_by_size
from analysis.levelling import Groups, votes_against, votes_for, votes_in_last, votes_levelled, votes_together
from analysis.moments import Counts, Direction
from analysis.parameters import Parameters
from analysis.votes import FloatArray, IntArray

# Numbers are counted up from values that rounding may have left a hair above a whole one.
_HAIR = 1e-6

_INTO: dict[Direction, StatementClass] = {
    "agree": StatementClass.CONSENSUS_AGREE,
    "disagree": StatementClass.CONSENSUS_DISAGREE,
}


class Way(StrEnum):
    """How the cheapest attack goes."""

    EVERYBODY = "everybody"
    GROUP = "group"
    ACROSS = "across"
    JOINED = "joined"
    FOUNDED = "founded"
    OUTGROWN = "outgrown"


@dataclass(frozen=True)
class Flip:
    """How many coordinated participants turn a statement's class; None where no number of them does.

    closed_form: with the groups held fixed. count: that divided by the factor for attacks that move groups too. way:
    how; group: which group they join or let lose its veto, where it is about one. into: the consensus they make, or
    None where they break one. is_fragile: fewer than 1 % of the grouped participants suffice.
    """

    closed_form: int | None
    count: int | None
    way: Way | None
    group: str | None
    into: StatementClass | None
    is_fragile: bool


NO_FLIP = Flip(None, None, None, None, None, False)


@dataclass(frozen=True, eq=False)
class Field:
    """What an attack meets: the votes of everybody and of each group, and who holds a veto.

    everybody: shape (statements,); by_group: the votes that speak for each group (consensus.deciding), shape (groups,
    statements); sizes, veto: shape (groups,); letters: each group's. A group that holds a veto without the size for it
    holds it by verified members: fakes can neither join it nor take its veto.
    """

    everybody: Counts
    by_group: Counts
    sizes: IntArray
    veto: BoolArray
    letters: Sequence[str]


class _Setting(NamedTuple):
    """The groups that hold a veto after `cost` fakes have come in one way.

    group: which it is about, else -1; groups: those that fakes may join and the others, by their places, of which the
    one after the last is a group of fakes alone. floors: how many fakes must be in each open one, shape (open,).
    """

    way: Way | None
    group: int
    cost: int
    groups: Groups
    floors: IntArray


class _Costs(NamedTuple):
    """The fakes needed for each statement, inf where no number does, how (a place in _WAYS) and in which group."""

    fakes: FloatArray
    way: IntArray
    group: IntArray

    def improve(self, at: IntArray, fakes: FloatArray, way: IntArray, group: IntArray) -> None:
        """Take these in where they are cheaper. at: which statements they are about, shape (some,), as the others."""
        cheaper = fakes < self.fakes[at]
        self.fakes[at[cheaper]] = fakes[cheaper]
        self.way[at[cheaper]] = way[cheaper]
        self.group[at[cheaper]] = group[cheaper]


_WAYS = list(Way)


def flips(
    field: Field,
    kinds: Sequence[StatementClass],
    *,
    eligible: BoolArray,
    grouped: int,
    parameters: Parameters,
    into: Sequence[Direction] = ("agree", "disagree"),
) -> list[Flip]:
    """For each statement the number of fakes that turn its class: out of consensus, or into either.

    kinds: each statement's class. eligible: shape (statements,), those that can be consensus at all. grouped: people in
    groups, or who would be if there were any. into: directions of a consensus that may be made. Source: this project.
    Wilson's bound is turned round (it lies above t exactly where hits - t n > z sqrt(t (1 - t) n)); the product is
    levelled as water finds its level (Boyd and Vandenberghe 2004, "Convex optimization", section 5.5.3). Where fakes
    are spread over several groups the number is the least real one, rounded up: it may lie below the true one by less
    than the number of groups.
    """
    answers = [NO_FLIP] * len(kinds)
    for direction, own in _INTO.items():
        held = [at for at, kind in enumerate(kinds) if kind is own and eligible[at]]
        broken = _breaking(_at(field, held), direction, parameters)
        for place, at in enumerate(held):
            answers[at] = _flip(broken, place, None, field.letters, grouped, parameters)
    free = [at for at, kind in enumerate(kinds) if kind not in _INTO.values() and eligible[at]]
    made = [(_making(_at(field, free), direction, parameters), _INTO[direction]) for direction in into]
    for place, at in enumerate(free):
        costs, kind = min(made, key=lambda each: float(each[0].fakes[place]))
        answers[at] = _flip(costs, place, kind, field.letters, grouped, parameters)
    return answers


def _at(field: Field, statements: Sequence[int]) -> Field:
    """The field of these statements only."""
    columns = np.array(statements, dtype=np.int64)
    return replace(field, everybody=field.everybody.at(columns), by_group=field.by_group.at(columns))


def _flip(
    costs: _Costs, at: int, into: StatementClass | None, letters: Sequence[str], grouped: int, parameters: Parameters
) -> Flip:
    if not math.isfinite(costs.fakes[at]):
        return NO_FLIP
    closed_form, group = int(costs.fakes[at]), int(costs.group[at])
    count = max(1, math.ceil(closed_form / parameters.flip_factor - _HAIR))
    letter = letters[group] if 0 <= group < len(letters) else None
    return Flip(closed_form, count, _WAYS[costs.way[at]], letter, into, count < parameters.fragile_share * grouped)


def _settings(field: Field, parameters: Parameters) -> Iterator[_Setting]:
    """As things are; each small group lifted to a veto; with a group of fakes; the smallest vetoes outgrown in turn."""
    large = holds_by_size(field.sizes, parameters)
    holders, closed = np.flatnonzero(field.veto & large), np.flatnonzero(field.veto & ~large)
    none = np.zeros(len(holders), dtype=np.int64)
    yield _Setting(None, -1, 0, Groups(holders, closed), none)
    if not len(field.sizes):
        return
    for small in np.flatnonzero(~field.veto).tolist():
        cost = _to_hold(int(field.sizes[small]), int(field.sizes.sum()), parameters)
        if cost is not None:
            yield _Setting(Way.JOINED, small, cost, Groups(np.append(holders, small), closed), np.append(none, cost))
    cost = _to_hold(0, int(field.sizes.sum()), parameters)
    if cost is not None:
        yield _Setting(
            Way.FOUNDED, -1, cost, Groups(np.append(holders, len(field.sizes)), closed), np.append(none, cost)
        )
    for number, smallest in enumerate(holders[np.argsort(field.sizes[holders], kind="stable")].tolist()):
        remaining = holders[np.argsort(field.sizes[holders], kind="stable")][number + 1 :]
        outgrown = _to_outgrow(int(field.sizes[smallest]), int(field.sizes.sum()), parameters)
        if outgrown is not None:
            yield _Setting(Way.OUTGROWN, smallest, outgrown, Groups(remaining, closed), none[: len(remaining)])


def _to_hold(size: int, everyone: int, parameters: Parameters) -> int | None:
    """Fakes who lift a group of this size to a veto, among so many grouped participants."""
    if parameters.veto_share >= 1:
        return None
    wanted = (parameters.veto_share * everyone - size) / (1 - parameters.veto_share)
    return max(math.ceil(wanted - _HAIR), parameters.veto_people - size, 0)


def _to_outgrow(size: int, everyone: int, parameters: Parameters) -> int | None:
    """Fakes elsewhere from whom on a group of this size falls below the share that a veto needs."""
    if parameters.veto_share <= 0:
        return None
    return max(math.floor(size / parameters.veto_share - everyone + _HAIR) + 1, 0)


def _breaking(field: Field, direction: Direction, parameters: Parameters) -> _Costs:
    """Fakes who take consensus in this direction away, in the cheapest way."""
    hits, votes = _with_newcomer(field, direction)
    overall = votes_against(
        field.everybody.going(direction), field.everybody.votes, parameters.consensus_overall, parameters.confidence
    )
    best, at = _none(len(overall)), np.arange(len(overall))
    for setting in _settings(field, parameters):
        in_each = votes_against(
            hits[setting.groups.open], votes[setting.groups.open], parameters.consensus_in_each, parameters.confidence
        )
        if setting.way in (Way.JOINED, Way.FOUNDED):
            # They sit in one group, so it is this one that they turn, or leave with too few votes.
            own = np.where(votes[setting.groups.open[-1]] < parameters.fewest_votes_in_group, 0.0, in_each[-1])
            together = votes_in_last(hits, votes, setting.groups, parameters.consensus_across)
            costs, ways, groups = np.vstack([own, together]), [Way.GROUP] * 2, [setting.group] * 2
        else:
            together = votes_levelled(hits, votes, setting.groups, parameters.consensus_across)
            costs = np.vstack([overall, together, in_each])
            ways, groups = (
                [Way.EVERYBODY, Way.ACROSS] + [Way.GROUP] * len(in_each),
                [-1, -1, *setting.groups.open.tolist()],
            )
        _take(best, at, costs.min(axis=0), costs.argmin(axis=0), setting=setting, ways=ways, groups=groups)
    return best


def _making(field: Field, direction: Direction, parameters: Parameters) -> _Costs:
    """Fakes who make consensus in this direction, in the cheapest way."""
    hits, votes = _with_newcomer(field, direction)
    overall = votes_for(
        field.everybody.going(direction),
        field.everybody.votes,
        parameters.consensus_overall,
        fewest=parameters.fewest_votes,
        confidence=parameters.confidence,
    )
    in_each = votes_for(
        hits,
        votes,
        parameters.consensus_in_each,
        fewest=parameters.fewest_votes_in_group,
        confidence=parameters.confidence,
    )
    best = _none(len(overall))
    for setting in _settings(field, parameters):
        floors = np.maximum(in_each[setting.groups.open], setting.floors[:, None])
        # Nobody can help a group that only its verified members speak for.
        least = np.where(
            (in_each[setting.groups.closed] > 0).any(axis=0), math.inf, np.maximum(overall, floors.sum(axis=0))
        )
        at = np.flatnonzero(np.maximum(least, setting.cost) < best.fakes)
        together = votes_together(hits[:, at], votes[:, at], setting.groups, floors[:, at], parameters.consensus_across)
        fakes = np.maximum(least[at], together)
        alone = (floors[:, at] > 0).sum(axis=0) == 1
        decided_by = np.where(fakes <= overall[at], 0, np.where(alone & (together <= floors[:, at].sum(axis=0)), 2, 1))
        decided_by += np.where(decided_by == 2, floors[:, at].argmax(axis=0) if len(floors) else 0, 0)
        ways, groups = [Way.EVERYBODY, Way.ACROSS] + [Way.GROUP] * len(floors), [-1, -1, *setting.groups.open.tolist()]
        _take(best, at, fakes, decided_by, setting=setting, ways=ways, groups=groups)
    return best


def _none(number: int) -> _Costs:
    return _Costs(np.full(number, math.inf), np.zeros(number, dtype=np.int64), np.full(number, -1))


def _take(
    best: _Costs,
    at: IntArray,
    fakes: FloatArray,
    decided_by: IntArray,
    *,
    setting: _Setting,
    ways: Sequence[Way],
    groups: Sequence[int],
) -> None:
    """Take the fakes of a setting in where they are cheaper. decided_by: places in ways and groups, shape (at,)."""
    named = [setting.way or way for way in ways]
    about = [setting.group if setting.way else group for group in groups]
    way = np.array([_WAYS.index(each) for each in named], dtype=np.int64)[decided_by]
    best.improve(at, np.maximum(fakes, setting.cost), way, np.array(about, dtype=np.int64)[decided_by])


def _with_newcomer(field: Field, direction: Direction) -> tuple[IntArray, IntArray]:
    """Hits and votes of each group, and of one that is yet without any, shape (groups + 1, statements)."""
    newcomer = np.zeros((1, len(field.everybody.votes)), dtype=np.int64)
    return np.vstack([field.by_group.going(direction), newcomer]), np.vstack([field.by_group.votes, newcomer])
