"""How fast the analysis is: beside red-dwarf, at scale, with votes added.

    python benchmarks/analysis.py [--quick] [--json FILE]

Each figure is the median of processes that time themselves, ours and red-dwarf's turn by turn, after a first run that
does not count. red-dwarf is installed from the package index into an environment of its own under the user's cache.
Seconds beside red-dwarf are from three arrays of votes to the result, on one thread; at scale from votes in memory, on
all processors, the digest of the votes included. What numba needs to compile is said apart.
"""

import json
import math
import os
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

CHECKOUT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(CHECKOUT))

from analysis.polis_files import read_export, to_votes  # of this checkout, whatever is installed

REAL = Path(os.environ.get("DELIBERATION_TEST_DATA") or CHECKOUT.parent / "shared" / "data")
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "collective-alignment"
RED_DWARF = "red-dwarf==0.4.0"
PATIENCE = 120  # seconds, after which red-dwarf is stopped
MIB = 1 << 20


@dataclass(frozen=True)
class Row:
    """One measurement and its bar. at_least: the figure has to reach the bar, else stay below it."""

    name: str
    figure: float | None
    unit: str
    bar: float | None = None
    at_least: bool = False
    note: str = ""

    @property
    def is_missed(self) -> bool:
        if self.bar is None or self.figure is None:
            return False
        return self.figure < self.bar if self.at_least else self.figure > self.bar


def main() -> int:
    parser = ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="one turn each, small cases alone")
    parser.add_argument("--json", type=Path, help="write the figures to this file as well")
    options = parser.parse_args()

    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        cases = Cases(Path(folder))
        for part in (compared, conversations, scaled, added):
            for row in part(cases, options.quick):
                rows.append(row)
                print(_line(row), flush=True)
    missed = [row.name for row in rows if row.is_missed]
    if options.json:
        options.json.write_text(json.dumps({"rows": [asdict(row) for row in rows], "missed": missed}, indent=2))
    return 1 if missed else 0


def _line(row: Row) -> str:
    figure = "-" if row.figure is None else f"{row.figure:,.3g}" if row.figure < 1000 else f"{row.figure:,.0f}"
    sign = "" if row.bar is None else f"{'from' if row.at_least else 'to'} {row.bar:g}"
    return f"{row.name:<58}{figure:>9} {row.unit:<6}{sign:<9}{'missed  ' if row.is_missed else '        '}{row.note}"


@dataclass(frozen=True)
class Cases:
    """Files of votes, made when asked for."""

    folder: Path

    def real(self) -> Iterator[Path]:
        """The real conversations that are at hand."""
        for path in sorted(REAL.glob("polis-open-data/*/votes.csv")):
            target = self.folder / f"{path.parent.name}.npz"
            if not target.exists():
                votes = to_votes(read_export(path.parent))
                who, what = (np.array([int(each) for each in ids]) for ids in (votes.participants, votes.statements))
                np.savez(target, participants=who[votes.rows], statements=what[votes.columns], values=votes.values)
            yield target

    def simulated(self, participants: int, statements: int, votes: int) -> Path:
        """About so many votes by two camps that differ on a third of the statements, in no order."""
        target = self.folder / f"{participants:,} x {statements:,}.npz"
        if not target.exists():
            rng = np.random.default_rng(1)
            blocks = [
                _votes_of(rng, first, min(first + 20_000, participants), statements, votes / participants / statements)
                for first in range(0, participants, 20_000)
            ]
            who, what, said = (np.concatenate(parts) for parts in zip(*blocks, strict=True))
            if len(who) < 20_000_000:
                order = rng.permutation(len(who))
                who, what, said = who[order], what[order], said[order]
            np.savez(target, participants=who, statements=what, values=said)
        return target


def _votes_of(rng: np.random.Generator, first: int, last: int, statements: int, presence: float) -> tuple[Any, ...]:
    shape = (last - first, statements)
    rows, what = np.nonzero(rng.random(shape, dtype=np.float32) < presence)
    is_other = rng.random(shape[0]) < 0.4
    lean = np.where((what % 3 == 0) & is_other[rows], -1, 1)
    luck = rng.random(len(what), dtype=np.float32)
    said = np.where(luck < 0.65, lean, np.where(luck < 0.85, -lean, 0)).astype(np.int8)
    return (rows + first).astype(np.int32), what.astype(np.int32), said


def compared(cases: Cases, quick: bool) -> Iterator[Row]:
    """The classic result beside red-dwarf's, on one thread."""
    python = _red_dwarf()
    if python is None:
        yield Row("red-dwarf could not be installed: not compared", None, "")
        return
    real = [(path, 3.0) for path in cases.real() if path.stem == "vtaiwan.uberx"]
    turns = 1 if quick else 3
    simulated = [(3_000, 300, 180_000, 10.0)] if quick else [(3_000, 300, 180_000, 10.0), (10_000, 300, 600_000, 30.0)]
    for path, bar in [*real, *((cases.simulated(*shape), bar) for *shape, bar in simulated)]:
        yield from _beside(path, python, bar, turns)
    if not quick:
        for shape in ((33_422, 783, 2_000_000), (100_000, 1_000, 9_000_000)):
            yield from _beside(cases.simulated(*shape), python, None, 1)


def _beside(path: Path, python: Path, bar: float | None, turns: int) -> Iterator[Row]:
    ours, theirs, default = [], [], []
    for _ in range(turns):
        # Where there is no bar it is to be seen whether it ends at all: once, cold.
        theirs.append(_other(python, path, runs=3 if bar else 1))
        ours.append(_ours(path, "--method", "classic", "--runs", "3", threads=1))
        if bar == 30.0:
            default.append(_ours(path, "--runs", "1", threads=1))
    told = ours[0]
    mine = median(each["taken"] + median(each["seconds"]) for each in ours)
    yield Row(f"{path.stem}, classic", mine, "s", note=f"{told['votes']:,} votes, {told['peak'] / MIB:,.0f} MiB")
    done = [each for each in theirs if "failed" not in each]
    if not done:
        yield Row(f"{path.stem}, red-dwarf", None, "s", note=theirs[0]["failed"])
        return
    other = median(median(each["seconds"][1:] or each["seconds"]) for each in done)
    yield Row(f"{path.stem}, red-dwarf", other, "s", note=f"{done[0]['peak'] / MIB:,.0f} MiB")
    yield Row(f"{path.stem}, times faster", other / mine, "x", bar, at_least=True)
    if default:
        plain = median(each["taken"] + median(each["seconds"]) for each in default)
        yield Row(f"{path.stem}, default method, times faster", other / plain, "x", 1.0, at_least=True)


def conversations(cases: Cases, quick: bool) -> Iterator[Row]:
    """The default method on each real conversation."""
    for path in cases.real():
        told = _ours(path, "--runs", "1" if quick else "3", threads=None)
        yield Row(f"{path.stem}, default method", median(told["seconds"]), "s", 3.0, note=f"{told['votes']:,} votes")


def scaled(cases: Cases, quick: bool) -> Iterator[Row]:
    """Votes in memory to the result, on all processors."""
    shapes = [(33_422, 783, 2_000_000, 1.0), (100_000, 1_000, 9_000_000, 2.0), (1_000_000, 1_000, 93_000_000, 10.0)]
    for *shape, bar in shapes[:1] if quick else shapes:
        path = cases.simulated(*shape)
        told = _ours(path, "--method", "classic", "--runs", "3", threads=None)
        yield from _at_scale(path.stem, told, bar)
        default = median(_ours(path, "--runs", "1", threads=None)["seconds"])
        yield Row(f"{path.stem}, default method", default, "s", 10 * bar)
    yield from _compilation(cases)
    if not quick:
        yield _slope(cases)


def _at_scale(name: str, told: dict[str, Any], bar: float) -> Iterator[Row]:
    how = f"{told['threads']} threads, {'numba' if told['numba'] else 'without numba'}"
    seconds = median(told["seconds"])
    yield Row(f"{name}, classic", seconds, "s", bar, note=f"{told['votes']:,} votes, {how}")
    yield Row(f"{name}, of which the digest", told["digest"], "s")
    yield Row(f"{name}, votes from arrays, before", told["taken"], "s")
    beyond = told["beyond"] / MIB
    yield Row(f"{name}, memory beyond the votes", beyond, "MiB", 2048.0, note=f"peak {told['peak'] / MIB:,.0f} MiB")


def _compilation(cases: Cases) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as cache:
        path = cases.simulated(33_422, 783, 2_000_000)
        told = _ours(path, "--method", "classic", "--runs", "1", threads=None, NUMBA_CACHE_DIR=cache)
    yield Row(
        "compilation, once for each machine", told["first"] - told["seconds"][0], "s", note="beside the first result"
    )


def _slope(cases: Cases) -> Row:
    """Slope of the logarithm of seconds over that of votes, by least squares."""
    points = []
    for participants in (10_750, 107_500, 1_000_000):
        path = cases.simulated(participants, 1_000, participants * 93)
        told = _ours(path, "--method", "classic", "--runs", "3", threads=None)
        points.append((math.log(told["votes"]), math.log(median(told["seconds"]))))
    slope = float(np.polyfit(*np.array(points).T, 1)[0])
    return Row("slope over 1, 10, 93 million votes", slope, "", 1.1, note="log-log")


def added(cases: Cases, quick: bool) -> Iterator[Row]:
    """A thousand votes added, against starting anew."""
    shape = (10_000, 1_000, 900_000) if quick else (100_000, 1_000, 9_000_000)
    path = cases.simulated(*shape)
    told = _ours(path, "--update", "1000", "--runs", "1" if quick else "5", threads=None)
    bar = None if quick else 15.0
    yield Row(f"{path.stem}, anew from arrays", told["from_arrays"], "s", note=f"{told['votes']:,} votes")
    yield Row(f"{path.stem}, anew from votes in memory", told["from_votes"], "s")
    yield Row(f"{path.stem}, 1,000 votes added", told["added"], "s", note="the same bytes")
    statistics = told["statistics"] / told["statistics_added"]
    yield Row("added, times faster, sufficient statistics", statistics, "x", bar, at_least=True)
    yield Row(
        "added, times faster, from arrays to result", told["from_arrays"] / told["added"], "x", bar, at_least=True
    )
    yield Row("added, times faster, from votes in memory", told["from_votes"] / told["added"], "x")


def _ours(path: Path, *options: str, threads: int | None, **environment: str) -> dict[str, Any]:
    command = [sys.executable, CHECKOUT / "benchmarks" / "_analysis.py", path, *options]
    done = subprocess.run(command, env=_threads(threads) | environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _other(python: Path, path: Path, runs: int) -> dict[str, Any]:
    """red-dwarf's time and memory, or how it failed to come to an end within patience and 8 GiB."""
    command = [
        "bash",
        "-c",
        'ulimit -v 8388608; exec "$@"',
        "-",
        python,
        CHECKOUT / "benchmarks" / "_red_dwarf.py",
        path,
        "3",
    ]
    try:
        done = subprocess.run(
            command, env=_threads(1), capture_output=True, text=True, check=True, timeout=runs * PATIENCE
        )
    except subprocess.TimeoutExpired:
        return {"failed": f"stopped after {PATIENCE} s"}
    except subprocess.CalledProcessError as error:
        return {"failed": f"failed: {(error.stderr.strip() or 'without a word').splitlines()[-1][:80]}"}
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _threads(number: int | None) -> dict[str, str]:
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
    kept = {name: value for name, value in os.environ.items() if name not in names}
    return kept if number is None else kept | dict.fromkeys(names, str(number))


def _red_dwarf() -> Path | None:
    """The Python of an environment that has red-dwarf, made if need be."""
    folder = CACHE / RED_DWARF.replace("==", "-")
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        commands: Iterable[list[Any]] = (
            [sys.executable, "-m", "venv", folder],
            [python, "-m", "pip", "install", RED_DWARF],
        )
        for command in commands:
            if subprocess.run(command, capture_output=True, check=False).returncode:
                return None
        (folder / "ready").touch()
    return python


if __name__ == "__main__":
    sys.exit(main())
