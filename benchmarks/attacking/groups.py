"""Fakes who found or join a group to lose half of what was accepted; honest copies; copies of a statement."""

from collections.abc import Callable
from statistics import mean

import numpy as np
from attacking.rules import Clean
from attacking.statements import BEYOND, fewest
from scipy.optimize import linear_sum_assignment

from analysis import attacks
from analysis.attacks import Wish
from analysis.votes import IntArray

FINE = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 7.5, 8.5, 10, 12, 13.5, 15, 16.5, 18, 20, 25, 30, 37.5, 45, 60, 80, 100)
COPIES = 50


def veto_attack(clean: Clean, kind: str, seed: int, watch: Callable[[int, np.ndarray], None]) -> float:
    """Percent of fakes from which half of what was accepted is lost. watch: told of each number tried what was lost."""
    accepted = np.flatnonzero(clean.accepted)
    table = clean.conversation.table
    against = [Wish(int(each), -1) for each in accepted]
    small = smallest(clean)

    def succeeds(number: int) -> bool:
        rng = np.random.default_rng([seed, number, len(kind)])
        if kind == "join a small group":
            sources = rng.choice(attacks.members(table, clean.groups, small), size=number)
            fakes = attacks.infiltrators(rng, table, sources, against)
        else:
            make = attacks.faction if kind.startswith("own group") else attacks.factions
            fakes = make(rng, table, number, against, tireless=kind.endswith("tireless"))
        lost = clean.accepted & ~clean.attacked(fakes)
        watch(number, lost)
        return 2 * int(lost.sum()) >= len(accepted)

    place = fewest(succeeds, [clean.level(each) for each in FINE], len(FINE), len(FINE) // 2)
    return FINE[place] if place < len(FINE) else BEYOND


def smallest(clean: Clean) -> int:
    """The smallest group, without a veto where there is one: their number is what decides."""
    return int(np.argmin(clean.sizes))


def placebo(clean: Clean, seed: int, draws: int) -> tuple[float, float]:
    """What 10 % honest copies change: share of the accepted statements lost, share of participants in another group."""
    lost, moved = [], []
    table = clean.conversation.table
    people = np.flatnonzero(clean.groups >= 0)
    for draw in range(draws):
        rng = np.random.default_rng([seed, draw, 5])
        fakes = attacks.copies(rng, table, rng.choice(people, size=clean.level(10)))
        grown, groups = clean.regrouped(fakes)
        after = clean.judged(grown, groups)
        lost.append(float((clean.accepted & ~after).sum() / clean.accepted.sum()))
        moved.append(share_moved(clean.groups, groups[: len(table)]))
    return 100 * mean(lost), 100 * mean(moved)


def share_moved(before: IntArray, after: IntArray) -> float:
    """The share of those grouped both times whose group is another one, groups matched as well as they can be."""
    both = (before >= 0) & (after >= 0)
    counts = np.zeros((before.max() + 1, after.max() + 1))
    np.add.at(counts, (before[both], after[both]), 1)
    return float(1 - counts[linear_sum_assignment(counts, maximize=True)].sum() / both.sum())


def flooding(clean: Clean, seed: int) -> float:
    """Percent of participants whom 50 near-copies of one contested statement move to another group."""
    table, texts = clean.conversation.table, clean.conversation.texts
    support = clean.everybody.agree / np.maximum(clean.everybody.votes, 1)
    contested = np.argsort(np.where(clean.conversation.judged, np.abs(support - 0.5), np.inf), kind="stable")
    statement = int(contested[seed - 1])
    columns = attacks.near_copies(np.random.default_rng([seed, 50]), table, statement, COPIES)
    wordings = [_reworded(texts[statement], number) for number in range(COPIES)]
    groups = clean.rule.grouping(np.hstack([table, columns]), (*texts, *wordings))
    return 100 * share_moved(clean.groups, groups)


def _reworded(text: str, number: int) -> str:
    """The same text with a word, or in a script without spaces a character, said twice."""
    words = text.split() if " " in text else list(text)
    place = number % len(words)
    return (" " if " " in text else "").join([*words[: place + 1], *words[place:]])
