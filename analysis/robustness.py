"""How many coordinated participants would turn a statement's class, with the groups held fixed.

Whoever attacks knows the votes and the groups, joins where the rule is weakest, and votes the worst way. Six ways are
open: to weigh on the share of everybody, on one group that holds a veto, on all of these together, to lift a small
group to a veto, to found a group of one's own, and to let a group lose its veto because the others have grown. The
cheapest of them counts.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from analysis.classic import BoolArray
from analysis.consensus import StatementClass, holds_by_size
from analysis.intervals import normal_quantile, wilson
from analysis.moments import Counts, Direction
from analysis.parameters import Parameters
from analysis.votes import FloatArray, IntArray

# Numbers are counted up from values that rounding may have left a hair above a whole one.
_HAIR = 1e-6
_HALVINGS = 36
_DEAREST = 60.0  # log of the least worth that is looked at, 1e-26: more votes than there are people

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
    """Groups that hold a veto after `cost` fakes have come in one way; `floors` of them sit in the groups.

    open: the groups fakes may join, closed: the others (both places of groups); newcomer: whether a group of fakes
    alone is among the open ones, at the last place. floors: shape (open,), fakes that must be in each.
    """

    way: Way | None
    group: int
    cost: int
    open: IntArray
    closed: IntArray
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
    yield _Setting(None, -1, 0, holders, closed, none)
    if not len(field.sizes):
        return
    for small in np.flatnonzero(~field.veto).tolist():
        cost = _to_hold(int(field.sizes[small]), int(field.sizes.sum()), parameters)
        if cost is not None:
            yield _Setting(Way.JOINED, small, cost, np.append(holders, small), closed, np.append(none, cost))
    cost = _to_hold(0, int(field.sizes.sum()), parameters)
    if cost is not None:
        yield _Setting(Way.FOUNDED, -1, cost, np.append(holders, len(field.sizes)), closed, np.append(none, cost))
    for number, smallest in enumerate(holders[np.argsort(field.sizes[holders], kind="stable")].tolist()):
        remaining = holders[np.argsort(field.sizes[holders], kind="stable")][number + 1 :]
        outgrown = _to_outgrow(int(field.sizes[smallest]), int(field.sizes.sum()), parameters)
        if outgrown is not None:
            yield _Setting(Way.OUTGROWN, smallest, outgrown, remaining, closed, none[: len(remaining)])


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
    overall = _least_against(
        field.everybody.going(direction), field.everybody.votes, parameters.consensus_overall, parameters.confidence
    )
    best, at = _none(len(overall)), np.arange(len(overall))
    for setting in _settings(field, parameters):
        in_each = _least_against(
            hits[setting.open], votes[setting.open], parameters.consensus_in_each, parameters.confidence
        )
        if setting.way in (Way.JOINED, Way.FOUNDED):
            # They sit in one group, so it is this one that they turn, or leave with too few votes.
            own = np.where(votes[setting.open[-1]] < parameters.fewest_votes_in_group, 0.0, in_each[-1])
            together = _least_in_last(hits, votes, setting, parameters.consensus_across)
            costs, ways, groups = np.vstack([own, together]), [Way.GROUP] * 2, [setting.group] * 2
        else:
            together = _least_levelling(hits, votes, setting, parameters.consensus_across)
            costs = np.vstack([overall, together, in_each])
            ways, groups = [Way.EVERYBODY, Way.ACROSS] + [Way.GROUP] * len(in_each), [-1, -1, *setting.open.tolist()]
        _take(best, at, costs.min(axis=0), costs.argmin(axis=0), setting=setting, ways=ways, groups=groups)
    return best


def _making(field: Field, direction: Direction, parameters: Parameters) -> _Costs:
    """Fakes who make consensus in this direction, in the cheapest way."""
    hits, votes = _with_newcomer(field, direction)
    overall = _least_for(
        field.everybody.going(direction),
        field.everybody.votes,
        parameters.consensus_overall,
        fewest=parameters.fewest_votes,
        confidence=parameters.confidence,
    )
    in_each = _least_for(
        hits,
        votes,
        parameters.consensus_in_each,
        fewest=parameters.fewest_votes_in_group,
        confidence=parameters.confidence,
    )
    best = _none(len(overall))
    for setting in _settings(field, parameters):
        floors = np.maximum(in_each[setting.open], setting.floors[:, None])
        # Nobody can help a group that only its verified members speak for.
        least = np.where((in_each[setting.closed] > 0).any(axis=0), math.inf, np.maximum(overall, floors.sum(axis=0)))
        at = np.flatnonzero(np.maximum(least, setting.cost) < best.fakes)
        together = _least_together(hits[:, at], votes[:, at], setting, floors[:, at], parameters.consensus_across)
        fakes = np.maximum(least[at], together)
        alone = (floors[:, at] > 0).sum(axis=0) == 1
        decided_by = np.where(fakes <= overall[at], 0, np.where(alone & (together <= floors[:, at].sum(axis=0)), 2, 1))
        decided_by += np.where(decided_by == 2, floors[:, at].argmax(axis=0) if len(floors) else 0, 0)
        ways, groups = [Way.EVERYBODY, Way.ACROSS] + [Way.GROUP] * len(floors), [-1, -1, *setting.open.tolist()]
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


def _least_against(hits: IntArray, votes: IntArray, share: float, confidence: float) -> FloatArray:
    """Further votes that do not go in a direction until Wilson's lower end is no longer above this share, any shape."""
    if share <= 0:
        return np.where(hits > 0, math.inf, 0.0)
    reach = normal_quantile(confidence) * math.sqrt(share * (1 - share))
    root = (np.sqrt(reach**2 + 4 * share * hits) - reach) / (2 * share)

    def is_enough(further: FloatArray) -> BoolArray:
        enough: BoolArray = wilson(hits, votes + further, confidence).low <= share
        return enough

    return _first(np.ceil(root**2 - votes - _HAIR), is_enough)


def _least_for(hits: IntArray, votes: IntArray, share: float, *, fewest: int, confidence: float) -> FloatArray:
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


def _shortfall(hits: IntArray, votes: IntArray, setting: _Setting, share: float) -> FloatArray:
    """What the log of the product of the open groups' (votes + 2) must reach, until the mean is down to this share."""
    everyone = np.append(setting.open, setting.closed)
    goal = len(everyone) * (math.log(share) if share > 0 else -math.inf)
    wanted: FloatArray = np.log(hits[everyone] + 1).sum(axis=0) - np.log(votes[setting.closed] + 2).sum(axis=0) - goal
    return wanted


def _least_in_last(hits: IntArray, votes: IntArray, setting: _Setting, share: float) -> FloatArray:
    """Votes against, all in the last open group, until the mean across groups is no longer above this share."""
    logs = np.log(votes[setting.open] + 2.0)
    with np.errstate(over="ignore"):
        level = np.exp(_shortfall(hits, votes, setting, share) - logs[:-1].sum(axis=0))
    least: FloatArray = np.maximum(np.ceil(level - (votes[setting.open[-1]] + 2) - _HAIR), 0.0)
    return least


def _least_levelling(hits: IntArray, votes: IntArray, setting: _Setting, share: float) -> FloatArray:
    """Votes against, spread over the open groups, until the mean across groups is no longer above this share.

    The groups with the fewest votes take the most: the first j are filled to one level, for the j at which it fits.
    """
    wanted = _shortfall(hits, votes, setting, share)
    filled = np.sort(votes[setting.open] + 2.0, axis=0)
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


def _least_together(hits: IntArray, votes: IntArray, setting: _Setting, floors: FloatArray, share: float) -> FloatArray:
    """Votes in the direction, at least `floors` (open, statements) in each group, until the mean lies above this share.

    Each group takes as many as make the next one worth the same everywhere; what it is worth is found by halving.
    """
    everyone = len(setting.open) + len(setting.closed)
    least: FloatArray = floors.sum(axis=0)
    if not everyone:
        return least
    if share >= 1:
        return np.full(hits.shape[1], math.inf)
    fixed = (np.log(hits[setting.closed] + 1) - np.log(votes[setting.closed] + 2)).sum(axis=0)
    goal = everyone * (math.log(share) if share > 0 else -math.inf) - fixed
    for_it: FloatArray = (hits[setting.open] + 1).astype(np.float64)
    against: FloatArray = votes[setting.open] + 2 - for_it
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
