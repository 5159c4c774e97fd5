"""Whether the analysis says of invented votes what they were made of: nothing, one axis, or groups.

    python benchmarks/structure.py [--quick] [--sets N] [--row NAME] [--json FILE]

Each row draws sets of votes whose truth is known, and counts in how many the verdict is right, the groups are found as
well as by an oracle that knows their true rates, or nothing is called representative. The last rows measure how often
the printed 95 % intervals of shares contain the share that the votes were drawn from, and what is said of the real
conversations (no bar). Sets run in two processes, each on one thread.
"""

import json
import multiprocessing
import os
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
CHECKOUT = Path(__file__).resolve().parents[1]
# Before this folder, in which a benchmark is called analysis.
sys.path.insert(0, str(CHECKOUT))

import numpy as np
from sklearn.metrics import adjusted_rand_score

from analysis.found import Found
from analysis.groups import find_groups
from analysis.moments import count_by_group, tallies
from analysis.parameters import Parameters
from analysis.polis_files import read_export, to_votes
from analysis.representativeness import representative_crossfitted
from analysis.sample import apart
from analysis.simulation import Simulated, draw_votes, no_groups, one_axis, planted_groups
from analysis.votes import Votes

SETS, QUICK = 100, 8
PROCESSES = 2
COVERAGE = "coverage of 95 % intervals"
COVERED = (10, 30, 100, 1000)  # people in each group
REAL = Path(os.environ.get("DELIBERATION_TEST_DATA") or CHECKOUT.parent / "shared" / "data")
PARAMETERS = Parameters()


@dataclass(frozen=True)
class Row:
    """One kind of votes: how they are drawn, what must be said of them, and in what share of the sets."""

    name: str
    draw: Callable[[np.random.Generator], Simulated]
    judge: Callable[[Simulated, Found], dict[str, float]]
    bars: dict[str, float]


@dataclass
class Measured:
    """A row's figures, each the mean over the sets, beside its bar where it has one."""

    name: str
    figures: dict[str, float]
    bars: dict[str, tuple[float, float]] = field(default_factory=dict)
    note: str = ""

    @property
    def missed(self) -> list[str]:
        return [
            f"{self.name}: {name}" for name, (low, high) in self.bars.items() if not low <= self.figures[name] <= high
        ]


def main() -> int:
    parser = ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} sets a row")
    parser.add_argument("--sets", type=int, help=f"sets of votes a row, {SETS} without")
    parser.add_argument("--row", help="only rows whose name contains this")
    parser.add_argument("--json", type=Path, help="write the figures to this file as well")
    arguments = parser.parse_args()

    results = []
    for measure in _wanted(arguments.row or "", arguments.sets or (QUICK if arguments.quick else SETS)):
        result = measure()
        results.append(result)
        print(_line(result), flush=True)
    missed = [each for result in results for each in result.missed]
    if arguments.json:
        written = [{"name": each.name, "note": each.note, **each.figures} for each in results]
        arguments.json.write_text(json.dumps({"results": written, "missed": missed}, indent=2))
    return 1 if missed else 0


def _wanted(part: str, sets: int) -> Iterator[Callable[[], Measured]]:
    for row in _rows():
        if part in row.name:
            yield partial(_measured, row, sets)
    if part in COVERAGE:
        yield _coverage
    for folder in sorted(path.parent for path in REAL.glob("polis-open-data/*/votes.csv")):
        if part in folder.name:
            yield partial(_of_a_real_conversation, folder)


def _rows() -> list[Row]:
    return [
        *(
            Row(
                f"no structure, {people} x 80, {presence:.0%}",
                partial(no_groups, participants=people, statements=80, presence=presence, unevenness=0.8),
                _judged_none,
                {"none": 0.95, "unrepresentative": 0.95},
            )
            for people in (60, 300, 1000)
            for presence in (0.05, 0.15, 0.3, 0.5)
        ),
        *(
            Row(
                f"one axis, {people} x {statements}, {presence:.0%}",
                partial(one_axis, participants=people, statements=statements, presence=presence),
                _judged_gradual,
                {"gradual": 0.9},
            )
            for people, statements, presence in ((300, 120, 0.3), (1000, 120, 0.2), (1000, 300, 0.1), (1000, 300, 0.2))
        ),
        *(
            Row(
                f"groups of 50, 30, 20 %, {people} x {statements}, {presence:.0%}",
                _planted(people, statements, (0.5, 0.3, 0.2), presence),
                _judged_groups,
                {"groups": 0.9, "of the oracle's ARI": 0.9},
            )
            for people, statements, presence in ((300, 120, 0.3), (1000, 120, 0.2), (1000, 300, 0.1))
        ),
        Row(
            "groups of 60, 35, 5 %, 1000 x 300, 20%",
            _planted(1000, 300, (0.6, 0.35, 0.05), 0.2),
            _judged_smallest,
            {"smallest found": 0.8},
        ),
    ]


def _planted(
    participants: int, statements: int, shares: Sequence[float], presence: float
) -> Callable[[np.random.Generator], Simulated]:
    return partial(planted_groups, participants=participants, statements=statements, shares=shares, presence=presence)


def _measured(row: Row, sets: int) -> Measured:
    """The mean of what every set says; seeded by the row's name, so a row says the same whichever others run."""
    seeds = [[*row.name.encode(), at] for at in range(sets)]
    started = time.perf_counter()
    with multiprocessing.get_context("fork").Pool(PROCESSES) as pool:
        judged = pool.map(partial(_judged_set, row.name), seeds, chunksize=1)
    seconds = (time.perf_counter() - started) * PROCESSES / sets
    figures = {name: float(np.mean([each[name] for each in judged])) for name in judged[0]}
    bars = {name: (bar, 1.0 if name != "of the oracle's ARI" else 9.0) for name, bar in row.bars.items()}
    return Measured(row.name, figures, bars, f"{sets} sets, {seconds:.2f} s each")


def _judged_set(name: str, seed: list[int]) -> dict[str, float]:
    row = next(each for each in _rows() if each.name == name)
    simulated = row.draw(np.random.default_rng(seed))
    return row.judge(simulated, find_groups(simulated.votes, apart(simulated.votes.shape[1]), PARAMETERS))


def _judged_none(simulated: Simulated, found: Found) -> dict[str, float]:
    return {"none": found.verdict == "none", "unrepresentative": _representative(simulated.votes, found) == 0}


def _judged_gradual(simulated: Simulated, found: Found) -> dict[str, float]:
    return {
        "gradual": found.verdict == "gradual",
        "number": found.number,
        "stability": float(np.nanmean(found.stability)) if found.number else 0.0,
        "representative": _representative(simulated.votes, found),
    }


def _judged_groups(simulated: Simulated, found: Found) -> dict[str, float]:
    truth, own = simulated.groups[found.placed], found.members[found.placed]
    ours, best = adjusted_rand_score(truth, own), adjusted_rand_score(truth, _oracle(simulated)[found.placed])
    return {
        "groups": found.verdict == "groups" and ours >= 0.9 * best,
        "three": found.number == 3,
        "of the oracle's ARI": ours / best,
        "ARI": ours,
        "oracle": best,
        "stability": float(np.nanmean(found.stability)) if found.number else 0.0,
        "representative": _representative(simulated.votes, found),
    }


def _judged_smallest(simulated: Simulated, found: Found) -> dict[str, float]:
    """The found group that shares most people with the smallest planted one, in proportion to both."""
    truth, own = simulated.groups[found.placed], found.members[found.placed]
    smallest = truth == np.bincount(truth).argmin()
    pairs = [
        ((smallest & (own == group)).sum() / (own == group).sum(), (smallest & (own == group)).sum() / smallest.sum())
        for group in range(found.number)
    ]
    precision, recall = max(pairs, key=min, default=(0.0, 0.0))
    judged = _judged_groups(simulated, found)
    return {"smallest found": min(precision, recall) >= 0.8, "precision": precision, "recall": recall, **judged}


def _representative(votes: Votes, found: Found) -> int:
    """How many representative statements are named, over all groups."""
    if found.tested is None:
        return 0
    by_group = count_by_group(votes, found.members, found.number)
    every = np.ones(votes.shape[1], dtype=bool)
    listed = representative_crossfitted(
        by_group, found.tested, votes.statements, eligible=every, parameters=Parameters(most_representative=10**6)
    )
    return sum(len(each) for each in listed)


def _oracle(simulated: Simulated) -> np.ndarray[Any, Any]:
    """The most probable group of each participant under the true rates and sizes, shape (participants,)."""
    places = np.array([int(each) for each in simulated.votes.statements])
    agree, disagree = simulated.agree[:, places], simulated.disagree[:, places]
    table = simulated.votes.matrix()
    scores = np.log(np.bincount(simulated.groups) / len(simulated.groups))
    for choice, rates in ((1, agree), (-1, disagree), (0, 1 - agree - disagree)):
        scores = scores + (table == choice) @ np.log(np.maximum(rates, 1e-12)).T
    best: np.ndarray[Any, Any] = scores.argmax(axis=1)
    return best


def _coverage(statements: int = 2000) -> Measured:
    """How often the printed interval of a share holds the true one, over statements with shares from 0 to 1.

    Everybody votes on every statement, so that n is the size of the group; a statement's rates of agreement,
    disagreement and passing are drawn for each group, evenly from all that add up to one. At one true share the
    coverage may lie off 95 %, since n people can only make n + 1 shares; what is promised is the mean over statements.
    """
    rng = np.random.default_rng(2)
    rates = rng.dirichlet((1.0, 1.0, 1.0), size=(len(COVERED), statements))
    groups = np.repeat(np.arange(len(COVERED)), COVERED)
    simulated = draw_votes(rng, groups, agree=rates[..., 0], disagree=rates[..., 1], presence=1.0)
    places = np.array([int(each) for each in simulated.votes.statements])
    counts = count_by_group(simulated.votes, simulated.groups, len(COVERED))
    figures = {}
    for group, size in enumerate(COVERED):
        printed = tallies(counts.of_group(group), PARAMETERS.confidence)
        held = [
            share.low <= truth <= share.high
            for tally, (agree, disagree, _) in zip(printed, rates[group, places].tolist(), strict=True)
            for share, truth in ((tally.agree_share, agree), (tally.disagree_share, disagree))
        ]
        figures[f"{size} people"] = float(np.mean(held))
    return Measured(COVERAGE, figures, dict.fromkeys(figures, (0.93, 0.97)), f"{statements} statements")


def _of_a_real_conversation(folder: Path) -> Measured:
    export = read_export(folder)
    votes = to_votes(export)
    out = {each.id for each in export.statements if each.moderation == -1 or each.is_meta}
    clusters = np.where([each in out for each in votes.statements], -1, apart(votes.shape[1]))
    taken = []
    for _ in range(3):
        started = time.perf_counter()
        found = find_groups(votes, clusters, PARAMETERS)
        taken.append(time.perf_counter() - started)
    figures = {
        "ratio": found.test.ratio or 0.0,
        "deviate": found.prediction.deviate if found.prediction else 0.0,
        "number": found.number,
        "between": float((found.stability[found.placed] < PARAMETERS.between_groups).mean()),
        "representative": _representative(votes, found),
        "seconds": float(np.median(taken)),
    }
    return Measured(folder.name, figures, note=f"{found.verdict}, {int(found.placed.sum())} people placed")


def _line(result: Measured) -> str:
    told = []
    for name, value in result.figures.items():
        low, high = result.bars.get(name, (None, None))
        bar = "" if low is None else f" (at least {low:g})" if high is None or high >= 1 else f" ({low:g} to {high:g})"
        missed = "  MISSED" if f"{result.name}: {name}" in result.missed else ""
        told.append(f"{name} {value:.2f}{bar}{missed}" if value < 1000 else f"{name} {value:.0f}")
    return f"{result.name:<44} " + ", ".join(told) + (f"; {result.note}" if result.note else "")


if __name__ == "__main__":
    sys.exit(main())
