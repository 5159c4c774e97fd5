"""How many fakes it takes to bend the result, under our rule and under Polis's, on four real conversations.

    python benchmarks/manipulation.py [--quick] [--json FILE] [--only CONVERSATION]

Both rules accept the same number of statements on the clean votes: 30 % of those with enough votes, each rule's
thresholds moved together until it does. Then fakes are added, groups are found again, the thresholds stay. Who attacks
knows all votes and takes the cheapest of the ways tried; how many fakes that takes is sought on a grid of shares of the
grouped participants. --quick takes five targets instead of ten, and one seed instead of two.
"""

import json
import math
import os
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import mean, median

import numpy as np
from scipy.optimize import linear_sum_assignment

from analysis import attacks
from analysis.attacks import Wish
from analysis.classic import base_clusters, numbers_to_try
from analysis.consensus import StatementClass, across, veto_holders
from analysis.groups import OpinionGroups
from analysis.intervals import wilson
from analysis.moments import Counts
from analysis.parameters import Parameters
from analysis.polis_files import read_export, to_votes
from analysis.robustness import Field, flips
from analysis.space import OpinionSpace
from analysis.votes import FloatArray, IntArray

CHECKOUT = Path(__file__).resolve().parents[1]
REAL = Path(os.environ.get("DELIBERATION_TEST_DATA") or CHECKOUT.parent / "shared" / "data") / "polis-open-data"
SEEDS = {
    "vtaiwan.uberx": (1, 2),
    "scoop-hivemind.biodiversity": (1, 2),
    "canadian-electoral-reform": (1,),
    "brexit-consensus": (1, 2),
}
GRID = (1, 2, 3, 5, 7.5, 10, 15, 20, 30, 45, 60, 100)  # fakes in 100 grouped participants
FINE = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 7.5, 8.5, 10, 12, 13.5, 15, 16.5, 18, 20, 25, 30, 37.5, 45, 60, 80, 100)
BEYOND = 101.0  # stands for more fakes than there are people
ACCEPTED = 0.3
SETTINGS = Parameters()
DEFAULTS = (SETTINGS.consensus_overall, SETTINGS.consensus_across, SETTINGS.consensus_in_each)
COPIES = 50
WAYS = ("placed turncoats", "turncoats", "bots")
VETO = ("own group", "two half-size groups", "join a small group", "own group, tireless")
KINDS = (*VETO[:3], "promote", "block")
FACTORS = (1.0, 1.1, 1.25, 1.5, 2.0)


Grouping = Callable[..., IntArray]


@dataclass(frozen=True, eq=False)
class Conversation:
    """Real votes without moderated statements, shape (participants, statements), NaN where there is none."""

    name: str
    table: FloatArray
    texts: tuple[str, ...]
    judged: np.ndarray  # statements with enough votes to take part in the comparison
    number: int  # how many of them each rule accepts


@dataclass(frozen=True, eq=False)
class Clean:
    """A conversation before the attack, as one rule sees it, with the rule's thresholds for it."""

    rule: "Rule"
    conversation: Conversation
    thresholds: tuple[float, ...]
    accepted: np.ndarray
    groups: IntArray
    sizes: IntArray
    by_group: Counts
    everybody: Counts

    @property
    def grouped(self) -> int:
        return int(self.sizes.sum())

    def level(self, percent: float) -> int:
        """So many fakes in a hundred grouped participants, one at least."""
        return max(1, round(percent / 100 * self.grouped))

    def margin(self, everybody: Counts, by_group: Counts, sizes: IntArray) -> FloatArray:
        """How far each statement is above the threshold that is nearest, shape (statements,)."""
        figures = self.rule.figures(everybody, by_group, sizes)
        margin: FloatArray = (figures - np.array(self.thresholds)[:, None]).min(axis=0)
        return margin

    def attacked(self, fakes: FloatArray) -> np.ndarray:
        """What is accepted once these have taken part; groups are found again, the thresholds stay."""
        return self.judged(*self.regrouped(fakes))

    def regrouped(self, fakes: FloatArray) -> tuple[FloatArray, IntArray]:
        """All votes, and everybody's group."""
        table = np.vstack([self.conversation.table, fakes])
        return table, self.rule.grouping(table)

    def judged(self, table: FloatArray, groups: IntArray) -> np.ndarray:
        """What is accepted with these votes and groups."""
        return self.margin(*counted(table, groups)) > 0


@dataclass(frozen=True)
class Rule:
    """Groups from votes, -1 where in none, and figures of which each must lie above a threshold of its own.

    figures: shape (conditions, statements). fixed: thresholds, where they are not to be set by the number accepted.
    """

    name: str
    grouping: Grouping
    figures: Callable[[Counts, Counts, IntArray], FloatArray]
    fixed: tuple[float, ...] | None = None

    def clean(self, conversation: Conversation, number: int | None = None) -> Clean:
        """The thresholds with which so many statements are accepted, and the rest."""
        groups = self.grouping(conversation.table)
        everybody, by_group, sizes = counted(conversation.table, groups)
        figures = np.where(conversation.judged, self.figures(everybody, by_group, sizes), -np.inf)
        thresholds = self.fixed or loosened(figures, number or conversation.number)
        accepted = (figures > np.array(thresholds)[:, None]).all(axis=0)
        return Clean(self, conversation, thresholds, accepted, groups, sizes, by_group, everybody)


def loosened(figures: FloatArray, number: int) -> tuple[float, ...]:
    """Thresholds with which so many statements pass all conditions, each alone letting equally many through."""
    ranked = -np.sort(-figures, axis=1)
    for passing in range(number, figures.shape[1]):
        # Half-way to the next statement, so that no statement sits on a threshold.
        thresholds = (ranked[:, passing - 1] + ranked[:, passing]) / 2
        if (figures > thresholds[:, None]).all(axis=0).sum() >= number:
            return tuple(thresholds.tolist())
    raise ValueError("there are not so many statements")


def counted(table: FloatArray, groups: IntArray) -> tuple[Counts, Counts, IntArray]:
    """Votes of everybody, votes of each group, and the groups' sizes."""
    number = int(groups.max(initial=-1)) + 1
    inside = (groups[None, :] == np.arange(number)[:, None]).astype(float)
    choices = [(table == value).astype(float) for value in (1, -1, 0)]
    by_group = Counts(*((inside @ each).astype(np.int64) for each in choices))
    everybody = Counts(*(each.sum(axis=0).astype(np.int64) for each in choices))
    return everybody, by_group, inside.sum(axis=1).astype(np.int64)


def polis_figures(everybody: Counts, by_group: Counts, sizes: IntArray) -> FloatArray:
    """The k-th root of the product over all groups."""
    return across(by_group.agree, by_group.votes)[None, :]


def our_figures(everybody: Counts, by_group: Counts, sizes: IntArray) -> FloatArray:
    """What the three conditions look at; nothing passes that has too few votes."""
    veto = veto_holders(sizes, SETTINGS)
    figures = np.ones((3, len(everybody.votes)))
    figures[0] = wilson(everybody.agree, everybody.votes, SETTINGS.confidence).low
    too_few = everybody.votes < SETTINGS.fewest_votes
    if veto.any():
        agree, votes = by_group.agree[veto], by_group.votes[veto]
        figures[1] = across(agree, votes)
        figures[2] = wilson(agree, votes, SETTINGS.confidence).low.min(axis=0)
        too_few |= (votes < SETTINGS.fewest_votes_in_group).any(axis=0)
    return np.where(too_few, -np.inf, figures)


def classic_groups(table: FloatArray, texts: Sequence[str] | None = None) -> IntArray:
    """Polis's groups: principal components, base clusters, k-means, the number by silhouette."""
    enough = (~np.isnan(table)).sum(axis=1) >= min(SETTINGS.votes_to_be_grouped, table.shape[1])
    positions = np.round(OpinionSpace().fit_transform(table), 6)[enough]
    bases = base_clusters(positions, SETTINGS)
    found = OpinionGroups(numbers_to_try(len(bases.weights), SETTINGS), starts=4)
    groups = np.full(len(table), -1, dtype=np.int64)
    groups[enough] = found.fit(bases.centres, sample_weight=bases.weights).labels_[bases.members]
    return groups


GROUPINGS: dict[str, Grouping] = {"classic": classic_groups}


# The conversations.


def read(name: str) -> Conversation:
    export = read_export(REAL / name)
    votes = to_votes(export)
    declined = {each.id for each in export.statements if each.moderation < 0 or each.is_meta}
    shown = np.array([each not in declined for each in votes.statements])
    table = votes.matrix()[:, shown]
    table = table[(~np.isnan(table)).any(axis=1)]
    wording = {each.id: each.text for each in export.statements}
    cast = (~np.isnan(table)).sum(axis=0)
    judged = cast >= max(SETTINGS.fewest_votes, float(np.quantile(cast, 0.25)))
    return Conversation(
        name=name,
        table=table,
        texts=tuple(wording[each] for each, is_shown in zip(votes.statements, shown, strict=True) if is_shown),
        judged=judged,
        number=round(ACCEPTED * int(judged.sum())),
    )


# Seeking the fewest fakes.


def fewest(succeeds: Callable[[int], bool], levels: Sequence[int], limit: int, start: int | None = None) -> int:
    """The place of the first level that succeeds, by halving; `limit` where none before it does.

    What succeeds with some fakes is taken to succeed with more.
    """
    if not limit or not succeeds(levels[limit - 1]):
        return limit
    low, high = 0, limit - 1
    middle = min(start, high - 1) if start is not None and high else (low + high) // 2
    while low < high:
        if succeeds(levels[middle]):
            high = middle
        else:
            low = middle + 1
        middle = (low + high) // 2
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
            fakes = attacks.turncoats(rng, table, rng.choice(attacks.opponents(table, self.wish), size=number), self.wish)
        else:
            sources = placed(self.clean, self.wish, number, promotes=self.promotes, rng=rng)
            fakes = attacks.turncoats(rng, table, sources, self.wish)
        return bool(self.clean.attacked(fakes)[self.wish.statement]) == self.promotes

    def cheapest(self) -> tuple[float, str]:
        """Percent of fakes, and the way it goes."""
        levels = [self.clean.level(each) for each in GRID]
        best, by = len(GRID), "none"
        for way in WAYS:
            found = fewest(lambda number, way=way: self.succeeds(way, number), levels, best)
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


# The attacks on groups.


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

    place = fewest(succeeds, [clean.level(each) for each in FINE], len(FINE))
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


def printed(clean: Clean) -> tuple[FloatArray, FloatArray]:
    """Our flip numbers under the thresholds of this comparison: in closed form, and as printed."""
    overall, together, in_each = (min(max(each, 0.0), 1.0) for each in clean.thresholds)
    parameters = replace(
        SETTINGS, consensus_overall=overall, consensus_across=together, consensus_in_each=in_each
    )
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


# Near-copies of a statement.


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


# The whole.


@dataclass
class Row:
    """One figure under both rules; percent. bar is written out, is_missed None where there is none."""

    conversation: str
    attack: str
    ours: float
    polis: float | None


@dataclass
class Bar:
    """One demand of the comparison and how it came out."""

    name: str
    value: float
    demand: str
    is_missed: bool


@dataclass
class Beaten:
    """How often an attack got by with fewer fakes than printed, and the factors by which the closed form is too high."""

    factors: dict[tuple[str, str, int], float]

    def note(self, conversation: str, kind: str, statement: int, factor: float) -> None:
        key = (conversation, kind, statement)
        self.factors[key] = max(self.factors.get(key, 1.0), factor)

    def share(self, factor: float, kinds: Sequence[str]) -> float:
        """Percent of the statements attacked in these ways on which more than this factor is necessary."""
        worst: dict[tuple[str, int], float] = {}
        for (conversation, kind, statement), value in self.factors.items():
            if kind in kinds:
                worst[conversation, statement] = max(worst.get((conversation, statement), 1.0), value)
        return 100 * mean(value > factor * (1 + 1e-9) for value in worst.values()) if worst else 0.0


def main() -> int:
    parser = ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="five targets instead of ten, and one seed")
    parser.add_argument("--json", type=Path, help="write the figures to this file as well")
    parser.add_argument("--only", metavar="CONVERSATION", choices=SEEDS, help="one conversation")
    parser.add_argument("--grouping", choices=GROUPINGS, default=next(iter(GROUPINGS)), help="our groups")
    parser.add_argument(
        "--default-thresholds",
        action="store_true",
        help="leave our thresholds as they are and let Polis's rule accept as many statements as ours",
    )
    options = parser.parse_args()
    missing = [name for name in SEEDS if not (REAL / name).is_dir()]
    if missing:
        print(f"not measured: {', '.join(missing)} are not in {REAL}; DELIBERATION_TEST_DATA names another folder")
        return 0

    started = time.perf_counter()
    fixed = DEFAULTS if options.default_thresholds else None
    rules = (
        Rule("ours", GROUPINGS[options.grouping], our_figures, fixed),
        Rule("Polis", classic_groups, polis_figures),
    )
    beaten, rows = Beaten({}), []
    for name, seeds in SEEDS.items():
        if options.only in (None, name):
            rows += measure(name, seeds[: 1 if options.quick else 2], rules, 5 if options.quick else 10, beaten)
    bars = [*judged_bars(rows), *flip_bars(beaten)]
    report(rows, bars, beaten)
    print(f"\n{time.perf_counter() - started:.0f} s")
    missed = [bar.name for bar in bars if bar.is_missed]
    if options.json:
        figures = {
            "grouping": options.grouping,
            "rows": [asdict(row) for row in rows],
            "bars": [asdict(bar) for bar in bars],
            "missed": missed,
        }
        options.json.write_text(json.dumps(figures, indent=2))
    return 1 if missed else 0


def measure(name: str, seeds: Sequence[int], rules: Sequence[Rule], number: int, beaten: Beaten) -> list[Row]:
    """All attacks on one conversation; medians over targets and seeds."""
    conversation = read(name)
    ours = rules[0].clean(conversation)
    cleans = [ours, rules[1].clean(conversation, int(ours.accepted.sum()))]
    print(f"{name}: {len(conversation.table)} participants, {ours.grouped} grouped; {int(ours.accepted.sum())} accepted")
    print("  thresholds", *(f"{each:.3f}" for clean in cleans for each in clean.thresholds))
    closed, _ = printed(cleans[0])
    rows = []
    for kind in VETO:
        watches = [lambda *_: None, lambda *_: None]
        if kind != "own group, tireless":
            watches[0] = lambda fakes, lost, kind=kind: [
                beaten.note(name, kind, int(each), float(closed[each]) / fakes) for each in np.flatnonzero(lost)
            ]
        found = [[veto_attack(each, kind, seed, watch) for seed in seeds] for each, watch in zip(cleans, watches)]
        rows.append(Row(name, kind, *(median(each) for each in found)))
    for kind in ("promote", "block"):
        rows.append(Row(name, kind, *(median(each) for each in attacked(cleans, kind, seeds, number, closed, beaten))))
    changes = [[placebo(each, seed, 5) for seed in seeds] for each in cleans]
    rows.append(Row(name, "placebo, statements", *(mean(lost for lost, _ in each) for each in changes)))
    rows.append(Row(name, "placebo, participants", *(mean(moved for _, moved in each) for each in changes)))
    rows.append(Row(name, "50 near-copies", *(max(flooding(each, seed) for seed in seeds) for each in cleans)))
    for row in rows:
        print(_line(row), flush=True)
    return rows


def attacked(
    cleans: Sequence[Clean], kind: str, seeds: Sequence[int], number: int, closed: FloatArray, beaten: Beaten
) -> list[list[float]]:
    """Percent of fakes for each target, under each rule; and by how much our closed form is too high."""
    found: list[list[float]] = [[] for _ in cleans]
    for seed in seeds:
        for statement in targets(cleans, seed, number)[kind]:
            wish = Wish(statement, 1 if kind == "promote" else -1)
            for clean, percents in zip(cleans, found, strict=True):
                target = Target(clean, wish, kind == "promote", seed)
                percents.append(target.cheapest()[0])
            ours = Target(cleans[0], wish, kind == "promote", seed)
            factor = necessary_factor(ours, float(closed[statement]))
            beaten.note(cleans[0].conversation.name, kind, statement, factor)
    return found


def judged_bars(rows: Sequence[Row]) -> Iterator[Bar]:
    """The demands on medians over the conversations."""

    def of(attack: str) -> list[Row]:
        return [row for row in rows if row.attack == attack]

    def ratio(attack: str) -> float:
        return median(row.ours / row.polis for row in of(attack))

    for kind in VETO[:2]:
        least = min(row.ours for row in of(kind))
        yield Bar(f"{kind}: times Polis's fakes", ratio(kind), "at least 3", ratio(kind) < 3)
        yield Bar(f"{kind}: fewest fakes, %", least, "at least 7.5", least < 7.5)
    lacking = max(row.polis - row.ours for row in of(VETO[2]))
    yield Bar(f"{VETO[2]}: fewer than under Polis's rule, %", lacking, "none", lacking > 0)
    for kind, times in (("promote", 1.5), ("block", 1.0)):
        yield Bar(f"{kind}: times Polis's fakes", ratio(kind), f"at least {times}", ratio(kind) < times)
    ours, polis = (median(getattr(row, rule) for row in of("placebo, statements")) for rule in ("ours", "polis"))
    yield Bar("placebo: accepted statements lost, %", ours, f"at most Polis's {polis:.1f}", ours > polis)
    for row, calm in zip(of("50 near-copies"), of("placebo, participants"), strict=True):
        most = max(2.0, calm.ours)
        yield Bar(f"50 near-copies, {row.conversation}: moved, %", row.ours, f"at most {most:.1f}", row.ours > most)


def flip_bars(beaten: Beaten) -> Iterator[Bar]:
    """Our printed numbers against all attacks on them."""
    share = beaten.share(SETTINGS.flip_factor, KINDS)
    yield Bar("statements flipped by fewer than printed, %", share, "at most 5", share > 5)


def report(rows: Sequence[Row], bars: Sequence[Bar], beaten: Beaten) -> None:
    print("\nStatements on which more than a factor is necessary, %")
    print(f"{'':<28}" + "".join(f"{factor:>8}" for factor in FACTORS))
    for kind in (*KINDS, "all"):
        kinds = KINDS if kind == "all" else (kind,)
        print(f"{kind:<28}" + "".join(f"{beaten.share(factor, kinds):>8.1f}" for factor in FACTORS))
    print("\nBars")
    for bar in bars:
        print(f"{bar.name:<64}{bar.value:>8.2f}  {bar.demand}" + ("  missed" if bar.is_missed else ""))


def _line(row: Row) -> str:
    shown = [f"{each:>8.1f}" if each < BEYOND else "   > 100" for each in (row.ours, row.polis)]
    times = f"{row.ours / row.polis:>7.2f}x" if row.polis and not row.attack.startswith(("placebo", "50")) else ""
    return f"{row.conversation:<28}{row.attack:<24}{shown[0]}{shown[1]}{times}"


if __name__ == "__main__":
    sys.exit(main())
