"""A worker of analysis.py: times our analysis on the votes of a file, in a process of its own."""

import json
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from analysis import Votes, analyse, kernels  # of this checkout, whatever is installed
from analysis.moments import standing, update


def main() -> None:
    parser = ArgumentParser()
    parser.add_argument("votes", type=Path)
    parser.add_argument("--method")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--update", type=int, help="add so many votes instead")
    options = parser.parse_args()
    with np.load(options.votes) as cast:
        arrays = [cast["participants"], cast["statements"], cast["values"]]
    told = updated(arrays, options) if options.update else analysed(arrays, options)
    print(json.dumps({**told, "threads": kernels.threads(), "numba": kernels.machine_code(1 << 40) is not None}))


def analysed(arrays: list[Any], options: Namespace) -> dict[str, Any]:
    """Seconds for the votes, the first result, those after it, and the digest alone; bytes beyond the votes."""
    # Once, so that what is compiled for this step is not counted in it.
    Votes.from_arrays(*(each[:400_000] for each in arrays))
    taken, votes = _timed(lambda: Votes.from_arrays(*arrays))
    arrays.clear()
    before = _restart_peak()
    first, result = _timed(lambda: analyse(_anew(votes), method=options.method))
    seconds, digest = [], []
    for _ in range(options.runs):
        seconds.append(_timed(lambda: analyse(_anew(votes), method=options.method))[0])
        digest.append(_timed(lambda: _anew(votes).digest)[0])
    return {
        "shape": votes.shape,
        "votes": len(votes),
        "taken": taken,
        "first": first,
        "seconds": seconds,
        "digest": min(digest),
        "groups": len(result.groups),
        "peak": _peak(),
        "beyond": _peak() - before,
    }


def updated(arrays: list[Any], options: Namespace) -> dict[str, Any]:
    """Seconds to start anew from all arrays, from the votes in memory, and to add some votes to what stands.

    The statistics alone are timed apart: what the next update needs, without the result. Raises AssertionError where
    adding votes gives another result than starting anew.
    """
    rng, (participants, statements) = np.random.default_rng(9), (int(each.max()) + 1 for each in arrays[:2])
    more = [rng.integers(0, participants, options.update), rng.integers(0, statements, options.update)]
    more.append(rng.integers(-1, 2, options.update).astype(np.int8))
    every = [np.concatenate([one, other.astype(one.dtype)]) for one, other in zip(arrays, more, strict=True)]
    before, whole = standing(Votes.from_arrays(*arrays)), Votes.from_arrays(*every)

    ways: dict[str, Callable[[], Any]] = {
        "from_arrays": lambda: analyse(Votes.from_arrays(*every), method="classic"),
        "from_votes": lambda: analyse(_anew(whole), method="classic"),
        "added": lambda: analyse(update(before, Votes.from_arrays(*more)), method="classic"),
        "statistics": lambda: standing(Votes.from_arrays(*every)),
        "statistics_added": lambda: update(before, Votes.from_arrays(*more)),
    }
    results = {name: way() for name, way in ways.items()}
    assert results["added"].to_json() == results["from_arrays"].to_json()
    seconds = {
        name: sorted(_timed(way)[0] for _ in range(options.runs))[options.runs // 2] for name, way in ways.items()
    }
    return {"shape": whole.shape, "votes": len(whole), **seconds}


def _anew(votes: Votes) -> Votes:
    """The same votes, with nothing computed yet."""
    return Votes(votes.participants, votes.statements, votes.starts, votes.columns, votes.values)


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    started = time.perf_counter()
    made = work()
    return time.perf_counter() - started, made


def _restart_peak() -> int:
    """Forget the largest size of this process so far; returns its present one, in bytes (Linux; else 0)."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return 0
    return _status("VmRSS")


def _peak() -> int:
    return _status("VmHWM")


def _status(name: str) -> int:
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return 0
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name))


if __name__ == "__main__":
    main()
