"""How long near-duplicates among 10,000 statements take to find, and whether those planted among them are found.

    python benchmarks/similarity.py [--quick] [--json FILE]

The statements are made of halves of real ones (of made-up words where the data is absent), one in seven Chinese; one in
ten is a near-copy of another: a word left out, doubled or put elsewhere, or another ending. Each search is timed in a
process of its own, libraries loaded before. Where rapidfuzz is installed its edit-distance ratio is timed on the same
statements, on one thread like ours. It is a peer in what people use it for, not in what it finds: it compares letter by
letter and does not know which runs are rare.
"""

import csv
import json
import os
import random
import subprocess
import sys
import time
from argparse import ArgumentParser
from dataclasses import asdict, dataclass
from pathlib import Path

BAR = 5.0  # seconds, for 10,000 statements
CHECKOUT = Path(__file__).resolve().parents[1]
REAL = Path(os.environ.get("DELIBERATION_TEST_DATA") or CHECKOUT.parent / "shared" / "data")
RUNS = 3
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")


@dataclass(frozen=True)
class Measured:
    """The median of the runs; processor seconds beside it, since other work on the machine lengthens the first only."""

    name: str
    statements: int
    seconds: float
    processor_seconds: float
    bar: float | None
    pairs: int
    planted_found: float

    @property
    def is_missed(self) -> bool:
        return self.bar is not None and self.seconds >= self.bar


def main() -> int:
    parser = ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="2,000 statements, one run each")
    parser.add_argument("--json", type=Path, help="write the figures to this file as well")
    parser.add_argument("--one", choices=SEARCHES, help="measure this search only, in this process")
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(SEARCHES[arguments.one](*_statements(2_000 if arguments.quick else 10_000))))
        return 0

    results = [_measure(name, arguments.quick) for name in SEARCHES if name != "rapidfuzz" or _has_peer()]
    missed = [result.name for result in results if result.is_missed]
    print(f"{'':<22}{'statements':>11}{'seconds':>9}{'cpu s':>7}{'below':>7}{'pairs':>9}{'planted found':>15}")
    for result in results:
        bar = f"{result.bar:.0f}" if result.bar else ""
        print(
            f"{result.name:<22}{result.statements:>11,}{result.seconds:>9.2f}{result.processor_seconds:>7.2f}{bar:>7}"
            f"{result.pairs:>9,}{result.planted_found:>15.1%}" + ("  missed" if result.is_missed else "")
        )
    ours, peer = results[0], results[-1]
    if peer.name == "rapidfuzz":
        print(f"rapidfuzz takes {peer.processor_seconds / ours.processor_seconds:.1f} times as long as near_duplicates")
    else:
        print("rapidfuzz: not measured; pip install rapidfuzz")
    if arguments.json:
        figures = {"results": [asdict(result) for result in results], "missed": missed}
        arguments.json.write_text(json.dumps(figures, indent=2))
    return 1 if missed else 0


def _has_peer() -> bool:
    try:
        import rapidfuzz  # noqa: F401
    except ImportError:
        return False
    return True


def _measure(name: str, quick: bool) -> Measured:
    command = [sys.executable, __file__, "--one", name, *(["--quick"] if quick else [])]
    environment = os.environ | dict.fromkeys(THREADS, "1") | {"PYTHONPATH": str(CHECKOUT)}
    runs = [
        json.loads(subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout)
        for _ in range(1 if quick or name == "rapidfuzz" else RUNS)
    ]
    middle = sorted(runs, key=lambda run: run["seconds"])[len(runs) // 2]
    # A quarter of the statements is no proof of the bar, but a miss there would be one.
    return Measured(name, bar=None if name == "rapidfuzz" else BAR, **middle)


def _near_duplicates(statements: list[str], planted: list[tuple[int, int]]) -> dict[str, float]:
    from analysis.similarity import near_duplicates

    near_duplicates(["warm", "up"])
    started = _now()
    found = {(pair.first, pair.second) for pair in near_duplicates(statements)}
    return _told(started, statements, len(found), [pair in found for pair in planted])


def _duplicate_clusters(statements: list[str], planted: list[tuple[int, int]]) -> dict[str, float]:
    from analysis.similarity import duplicate_clusters

    duplicate_clusters(["warm", "up"])
    started = _now()
    clusters = duplicate_clusters(statements)
    return _told(started, statements, 0, [bool(clusters[one] == clusters[other]) for one, other in planted])


def _rapidfuzz(statements: list[str], planted: list[tuple[int, int]]) -> dict[str, float]:
    import numpy as np
    from rapidfuzz import fuzz, process

    started, found = _now(), set()
    for start in range(0, len(statements), 1_000):
        block = statements[start : start + 1_000]
        scores = process.cdist(block, statements, scorer=fuzz.ratio, score_cutoff=75, dtype=np.uint8, workers=1)
        rows, columns = np.nonzero(scores)
        found |= {(row + start, column) for row, column in zip(rows.tolist(), columns.tolist(), strict=True)}
    found = {(one, other) for one, other in found if one < other}
    return _told(started, statements, len(found), [pair in found for pair in planted])


SEARCHES = {"near_duplicates": _near_duplicates, "duplicate_clusters": _duplicate_clusters, "rapidfuzz": _rapidfuzz}


def _now() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def _told(started: tuple[float, float], statements: list[str], pairs: int, found: list[bool]) -> dict[str, float]:
    seconds, processor_seconds = (after - before for before, after in zip(started, _now(), strict=True))
    return {
        "statements": len(statements),
        "seconds": seconds,
        "processor_seconds": processor_seconds,
        "pairs": pairs,
        "planted_found": sum(found) / len(found),
    }


def _statements(number: int) -> tuple[list[str], list[tuple[int, int]]]:
    """Statements, and the pairs of places where a near-copy was planted."""
    chance = random.Random(1)
    english, chinese = _real() or _made_up(chance)
    statements: list[str] = []
    for _ in range(number * 9 // 10):
        if chance.random() < 1 / 7:
            one, other = chance.choice(chinese), chance.choice(chinese)
            statements.append(one[: chance.randrange(len(one) + 1)] + other[chance.randrange(len(other)) :])
        else:
            one, other = chance.choice(english).split(), chance.choice(english).split()
            cut = (chance.randrange(len(one) + 1), chance.randrange(len(other)))
            statements.append(" ".join(one[: cut[0]] + other[cut[1] :]))
    planted = []
    long_enough = [at for at, each in enumerate(statements) if len(each) > 40]
    for at in chance.choices(long_enough, k=number - len(statements)):
        planted.append((at, len(statements)))
        statements.append(_changed(statements[at], chance))
    return statements, planted


def _changed(text: str, chance: random.Random) -> str:
    words = text.split()
    if len(words) < 4:
        at = chance.randrange(len(text))
        return text[:at] + text[at + 1 :] + chance.choice(["。", "!", ""])
    at = chance.randrange(len(words) - 1)
    match chance.randrange(4):
        case 0:
            del words[at]
        case 1:
            words.insert(at, words[at])
        case 2:
            words[at], words[at + 1] = words[at + 1], words[at]
        case _:
            words[-1] += chance.choice(["!", "?", " too", "s"])
    return " ".join(words)


def _real() -> tuple[list[str], list[str]] | None:
    texts = []
    for path in sorted(REAL.glob("polis-open-data/*/comments.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            texts += [row["comment-body"].strip() for row in csv.DictReader(file)]
    chinese = [text for text in texts if sum("一" <= each <= "鿿" for each in text) > len(text) / 2]
    english = [text for text in texts if text and text not in set(chinese)]
    return (english, chinese) if english and chinese else None


def _made_up(chance: random.Random) -> tuple[list[str], list[str]]:
    words = ["".join(chance.choices("etaoinshrdlucm", k=chance.randint(2, 9))) for _ in range(3_000)]
    signs = [chr(0x4E00 + at) for at in chance.sample(range(3_000), 600)]
    return (
        [" ".join(chance.choices(words, k=chance.randint(5, 25))) for _ in range(1_000)],
        ["".join(chance.choices(signs, k=chance.randint(8, 40))) for _ in range(200)],
    )


if __name__ == "__main__":
    sys.exit(main())
