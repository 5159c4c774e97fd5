"""How many fakes it takes to bend the result, under our rule and under Polis's, on four real conversations.

    python benchmarks/manipulation.py [--quick] [--json FILE] [--only CONVERSATION]

Both rules accept the same number of statements on the clean votes: 30 % of those with enough votes. Each condition of
a rule has a threshold of its own, all loosened together until the rule accepts that many. Then fakes are added, groups
are found again, the thresholds stay. Who attacks knows all votes and takes the cheapest of the ways tried; how many
fakes that takes is sought on a grid of shares of the grouped participants. --quick takes five targets instead of ten,
and one seed instead of two. The attacks are in analysis/attacks.py, how they are used in benchmarks/attacking/.
"""

import json
import os
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from itertools import repeat
from pathlib import Path
from statistics import mean, median

# Before this folder, in which a benchmark is called analysis.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from attacking.groups import flooding, placebo, veto_attack
from attacking.rules import (
    DEFAULTS,
    REAL,
    SETTINGS,
    Clean,
    Rule,
    classic_groups,
    our_figures,
    our_groups,
    polis_figures,
    read,
)
from attacking.statements import BEYOND, Target, necessary_factor, printed, targets

from analysis.attacks import Wish
from analysis.classic import BoolArray
from analysis.votes import FloatArray

SEEDS = {
    "vtaiwan.uberx": (1, 2),
    "scoop-hivemind.biodiversity": (1, 2),
    "canadian-electoral-reform": (1,),
    "brexit-consensus": (1, 2),
}
VETO = ("own group", "two half-size groups", "join a small group", "own group, tireless")
KINDS = (*VETO[:3], "promote", "block")
SOUGHT = (*VETO, "promote", "block")
FACTORS = (1.0, 1.1, 1.25, 1.5, 1.75, 2.0)
GROUPINGS = {"default": our_groups, "classic": classic_groups}


@dataclass
class Row:
    """One figure under both rules; fakes and shares in percent."""

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
    """By which factors the closed form is too high for each statement that was attacked, 1 where it is not."""

    factors: dict[tuple[str, str, int], float]

    def note(self, conversation: str, kind: str, statement: int, factor: float) -> None:
        key = (conversation, kind, statement)
        self.factors[key] = max(self.factors.get(key, 1.0), factor)

    def watch(self, conversation: str, kind: str, closed: FloatArray) -> Callable[[int, BoolArray], None]:
        """What notes the statements that lost consensus to so many fakes. closed: our numbers, shape (statements,)."""

        def lost(fakes: int, statements: BoolArray) -> None:
            for each in np.flatnonzero(statements).tolist():
                self.note(conversation, kind, each, float(closed[each]) / fakes)

        return lost

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
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1), help="conversations at a time")
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
    number, most_seeds = (5, 1) if options.quick else (10, 2)
    names = [name for name in SEEDS if options.only in (None, name)]
    with ProcessPoolExecutor(options.jobs) as pool:
        measured = pool.map(measure, names, [SEEDS[name][:most_seeds] for name in names], repeat(rules), repeat(number))
        for own, factors in measured:
            rows += own
            beaten.factors.update(factors)
            print("\n".join(map(_line, own)), flush=True)
    bars = [*judged_bars(rows), *flip_bars(beaten)]
    report(bars, beaten)
    print(f"\n{time.perf_counter() - started:.0f} s")
    missed = [bar.name for bar in bars if bar.is_missed]
    if options.json:
        figures = {
            "grouping": options.grouping,
            "rows": [asdict(row) for row in rows],
            "bars": [asdict(bar) for bar in bars],
            "factors": {str(factor): beaten.share(factor, KINDS) for factor in FACTORS},
            "missed": missed,
        }
        options.json.write_text(json.dumps(figures, indent=2))
    return 1 if missed else 0


def measure(
    name: str, seeds: Sequence[int], rules: Sequence[Rule], number: int
) -> tuple[list[Row], dict[tuple[str, str, int], float]]:
    """All attacks on one conversation; medians over targets and seeds."""
    conversation, beaten = read(name), Beaten({})
    ours = rules[0].clean(conversation)
    cleans = [ours, rules[1].clean(conversation, int(ours.accepted.sum()))]
    rows = [
        Row(name, "participants, grouped", len(conversation.table), ours.grouped),
        Row(name, "statements accepted", *(int(each.accepted.sum()) for each in cleans)),
    ]
    closed, _ = printed(cleans[0])
    for statement in np.flatnonzero(ours.accepted).tolist():
        beaten.note(name, VETO[0], statement, 1.0)
    for kind in VETO:
        watch = beaten.watch(name, kind, closed) if kind in KINDS else _nothing
        found = (
            [veto_attack(each, kind, seed, watch if each is ours else _nothing) for seed in seeds] for each in cleans
        )
        rows.append(Row(name, kind, *(median(each) for each in found)))
    for kind in ("promote", "block"):
        rows.append(Row(name, kind, *(median(each) for each in attacked(cleans, kind, seeds, number, closed, beaten))))
    changes = [[placebo(each, seed, 5) for seed in seeds] for each in cleans]
    rows.append(Row(name, "placebo, statements", *(mean(lost for lost, _ in each) for each in changes)))
    rows.append(Row(name, "placebo, participants", *(mean(moved for _, moved in each) for each in changes)))
    rows.append(Row(name, "50 near-copies", *(max(flooding(each, seed) for seed in seeds) for each in cleans)))
    return rows, beaten.factors


def _nothing(fakes: int, statements: BoolArray) -> None:
    """Watches nobody."""


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
                percents.append(target.cheapest(float(closed[statement]))[0])
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


def report(bars: Sequence[Bar], beaten: Beaten) -> None:
    print("\nStatements on which more than a factor is necessary, %")
    print(f"{'':<28}" + "".join(f"{factor:>8}" for factor in FACTORS))
    for kind in (*KINDS, "all"):
        kinds = KINDS if kind == "all" else (kind,)
        print(f"{kind:<28}" + "".join(f"{beaten.share(factor, kinds):>8.1f}" for factor in FACTORS))
    print("\nBars")
    for bar in bars:
        print(f"{bar.name:<64}{bar.value:>8.2f}  {bar.demand}" + ("  missed" if bar.is_missed else ""))


def _line(row: Row) -> str:
    if not row.attack.startswith(SOUGHT):
        return f"{row.conversation:<28}{row.attack:<24}{row.ours:>8.1f}{row.polis:>8.1f}"
    shown = "".join(f"{each:>8.1f}" if each < BEYOND else "   > 100" for each in (row.ours, row.polis))
    return f"{row.conversation:<28}{row.attack:<24}{shown}{row.ours / row.polis:>7.2f}x"


if __name__ == "__main__":
    sys.exit(main())
