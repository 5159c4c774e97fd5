"""Fakes who want one statement accepted, or no longer accepted, and the fewest of them that it takes."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from attacking.rules import SETTINGS, Clean, polis_figures

from analysis import attacks
from analysis.attacks import Wish
from analysis.consensus import StatementClass, veto_holders
from analysis.moments import Counts
from analysis.robustness import Field, flips
from analysis.votes import FloatArray, IntArray

GRID = (1, 2, 3, 5, 7.5, 10, 15, 20, 30, 45, 60, 100)  # fakes in 100 grouped participants
BEYOND = 101.0  # stands for more fakes than there are people
WAYS = ("placed turncoats", "turncoats", "bots")


def fewest(succeeds: Callable[[int], bool], levels: Sequence[int], limit: int, start: int) -> int:
    """The place of the first level that succeeds; `limit` where none before it does.

    The search starts at a place, widens its steps until it has an end that fails and one that succeeds, then halves.
    What succeeds with some fakes is taken to succeed with more.
    """
    low, high, place, step = 0, limit, min(start, limit - 1), 1
    while low < high:
        if succeeds(levels[place]):
            high, ahead = place, place - step
        else:
            low, ahead = place + 1, place + step
        # A step beyond what is known already is halved between both ends instead.
        place, step = (ahead, 2 * step) if low <= ahead < high else ((low + high) // 2, step)
    return high


def placed(clean: Clean, wish: Wish, number: int, *, promotes: bool, rng: np.random.Generator) -> IntArray:
    """Whom fakes copy to sit where this rule is weakest: portion by portion in the group where they move it most."""
    one = np.array([wish.statement])
    everybody, by_group, sizes = clean.everybody.at(one), clean.by_group.at(one), clean.sizes.copy()
    sources = [attacks.members(clean.conversation.table, clean.groups, group) for group in range(len(sizes))]
    share, taken = max(1, math.ceil(number / 24)), np.zeros(len(sizes), dtype=np.int64)

    def grown(group: int, portion: int) -> tuple[Counts, Counts, IntArray]:
        further = np.zeros((len(sizes), 1), dtype=np.int64)
        further[group] = portion
        choices = {"agree" if wish.vote > 0 else "disagree": further}
        within = replace(by_group, **{name: getattr(by_group, name) + more for name, more in choices.items()})
        overall = replace(everybody, **{name: getattr(everybody, name) + portion for name in choices})
        return overall, within, sizes + further[:, 0]

    while taken.sum() < number:
        portion = int(min(share, number - taken.sum()))
        rivals = [grown(group, portion) for group in range(len(sizes))]
        worth = [float(clean.margin(*each)[0]) + 1e-3 * float(polis_figures(*each)[0, 0]) for each in rivals]
        best = int(np.argmax(worth) if promotes else np.argmin(worth))
        everybody, by_group, sizes = rivals[best]
        taken[best] += portion
    return np.concatenate([rng.choice(own, size=each) for own, each in zip(sources, taken.tolist(), strict=True)])


@dataclass(frozen=True, eq=False)
class Target:
    """One statement under attack, and the ways of the attack."""

    clean: Clean
    wish: Wish
    promotes: bool
    seed: int

    def succeeds(self, way: str, number: int) -> bool:
        table = self.clean.conversation.table
        rng = np.random.default_rng([self.seed, self.wish.statement, number, len(way)])
        if way == "bots":
            fakes = attacks.bots(rng, table, number, self.wish)
        elif way == "turncoats":
            fakes = attacks.turncoats(
                rng, table, rng.choice(attacks.opponents(table, self.wish), size=number), self.wish
            )
        else:
            sources = placed(self.clean, self.wish, number, promotes=self.promotes, rng=rng)
            fakes = attacks.turncoats(rng, table, sources, self.wish)
        return bool(self.clean.attacked(fakes)[self.wish.statement]) == self.promotes

    def cheapest(self, expected: float) -> tuple[float, str]:
        """Percent of fakes, and the way it goes. expected: about how many it may take."""
        levels = [self.clean.level(each) for each in GRID]
        best, by = len(GRID), "none"
        for way in WAYS:
            # The first way from where it may well succeed; the others must do better than that.
            start = np.searchsorted(levels, expected) if way == WAYS[0] else best - 1
            found = fewest(lambda number, way=way: self.succeeds(way, number), levels, best, int(start))
            best, by = (found, way) if found < best else (best, by)
        return (GRID[best] if best < len(GRID) else BEYOND), by


def targets(rules: Sequence[Clean], seed: int, number: int) -> dict[str, list[int]]:
    """Statements to attack: with 30 to 65 % support and accepted by neither rule, or accepted by both."""
    rng = np.random.default_rng([seed, 77])
    everybody, judged = rules[0].everybody, rules[0].conversation.judged
    support = everybody.agree / np.maximum(everybody.votes, 1)
    neither = judged & ~rules[0].accepted & ~rules[1].accepted & (support >= 0.3) & (support <= 0.65)
    both = judged & rules[0].accepted & rules[1].accepted
    return {
        name: sorted(rng.permutation(np.flatnonzero(these))[:number].tolist())
        for name, these in (("promote", neither), ("block", both))
    }


def printed(clean: Clean) -> tuple[FloatArray, FloatArray]:
    """Our flip numbers under the thresholds of this comparison: in closed form, and as printed."""
    overall, together, in_each = (min(max(each, 0.0), 1.0) for each in clean.thresholds)
    parameters = replace(SETTINGS, consensus_overall=overall, consensus_across=together, consensus_in_each=in_each)
    kinds = [StatementClass.CONSENSUS_AGREE if each else StatementClass.UNCERTAIN for each in clean.accepted.tolist()]
    veto = veto_holders(clean.sizes, SETTINGS)
    field = Field(clean.everybody, clean.by_group, clean.sizes, veto, [str(each) for each in range(len(veto))])
    found = flips(
        field, kinds, eligible=clean.conversation.judged, grouped=clean.grouped, parameters=parameters, into=("agree",)
    )
    closed = np.array([math.inf if each.closed_form is None else each.closed_form for each in found])
    count = np.array([math.inf if each.count is None else each.count for each in found])
    return closed, count


def necessary_factor(target: Target, closed: float) -> float:
    """By how much the closed form overstates what this target needs: 1 where no attack gets by with less."""
    factor = 1.0
    for divisor in (1.0, 1.15, 1.35, 1.6, 2.0, 3.0):
        number = int(min(math.ceil(closed / divisor) - 1, target.clean.grouped))
        if number < 1 or not any(target.succeeds(way, number) for way in WAYS):
            return factor
        factor = closed / number
    return factor
