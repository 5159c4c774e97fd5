"""How long an import of votes takes, from the command to its end, on SQLite and on PostgreSQL.

    python benchmarks/imports.py [--quick] [--json FILE]

Imports the real conversation vtaiwan.uberx (50,000 votes; simulated votes where it is absent) into a fresh database,
and without --quick a million simulated votes too, which have no bar. PostgreSQL is measured where
DELIBERATION_TEST_POSTGRES names a server that lets us create databases.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
import uuid
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import sqlalchemy as sa

BAR = 5.0  # seconds, for 50,000 votes
CHECKOUT = Path(__file__).resolve().parents[1]
REAL = Path(os.environ.get("DELIBERATION_TEST_DATA") or CHECKOUT.parent / "shared" / "data")
CONVERSATION = REAL / "polis-open-data" / "vtaiwan.uberx"
RUNS = 3


@dataclass(frozen=True)
class Measured:
    """The median of the runs."""

    name: str
    votes: int
    seconds: float
    bar: float | None

    @property
    def is_missed(self) -> bool:
        return self.bar is not None and self.seconds >= self.bar


def main() -> int:
    parser = ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="one run each, and no million votes")
    parser.add_argument("--json", type=Path, help="write the figures to this file as well")
    arguments = parser.parse_args()

    server = os.environ.get("DELIBERATION_TEST_POSTGRES", "")
    with tempfile.TemporaryDirectory() as folder:
        results = list(_measure_all(Path(folder), server, arguments.quick))
    missed = [result.name for result in results if result.is_missed]
    print(f"{'':<36}{'votes cast':>11}{'seconds':>9}{'below':>7}{'votes/s':>10}")
    for result in results:
        bar = f"{result.bar:.0f}" if result.bar else ""
        rate = result.votes / result.seconds
        print(
            f"{result.name:<36}{result.votes:>11,}{result.seconds:>9.2f}{bar:>7}{rate:>10,.0f}"
            + ("  missed" if result.is_missed else "")
        )
    if not server:
        print("PostgreSQL: not measured; DELIBERATION_TEST_POSTGRES names no server")
    if arguments.json:
        figures = {"results": [asdict(result) for result in results], "missed": missed, "postgres": bool(server)}
        arguments.json.write_text(json.dumps(figures, indent=2))
    return 1 if missed else 0


def _measure_all(folder: Path, server: str, quick: bool) -> Iterator[Measured]:
    source, name = CONVERSATION, CONVERSATION.name
    if not source.is_dir():
        source, name = _simulated(folder / "small", 50_000, participants=2_000), "50,000 simulated"
    cases: list[tuple[Path, str, int, float | None]] = [(source, name, 1 if quick else RUNS, BAR)]
    if not quick:
        cases.append((_simulated(folder / "large", 1_000_000, participants=20_000), "a million simulated", 1, None))
    for source, name, runs, bar in cases:
        for engine in ("SQLite", "PostgreSQL") if server else ("SQLite",):
            taken = []
            for _ in range(runs):
                with _database(folder, server if engine == "PostgreSQL" else "") as environment:
                    seconds, votes = _import(source, environment)
                    taken.append(seconds)
            yield Measured(f"{name}, {engine}", votes, sorted(taken)[len(taken) // 2], bar)


def _import(source: Path, environment: dict[str, str]) -> tuple[float, int]:
    """Seconds from the start of the command to its end, and the number of votes cast that it stored."""
    started = time.perf_counter()
    answer = _command(environment, "import", "polis", str(source), "--slug", "measured", "--json")
    return time.perf_counter() - started, int(json.loads(answer)["events"])


def _command(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "-m", "flask", *arguments]
    done = subprocess.run(
        command, cwd=CHECKOUT, env=os.environ | environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    return done.stdout


@contextmanager
def _database(folder: Path, server: str) -> Iterator[dict[str, str]]:
    """A fresh database with the schema in it, as the settings that name it."""
    name = f"imports_{uuid.uuid4().hex[:12]}"
    environment = {"DELIBERATION_INSTANCE": str(folder / name), "DELIBERATION_DATABASE_URL": ""}
    if not server:
        _command(environment, "db", "upgrade")
        yield environment
        return
    url = sa.make_url(server).set(drivername="postgresql+psycopg")
    with sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool).connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
        address = url.set(database=name, drivername="postgresql").render_as_string(hide_password=False)
        environment["DELIBERATION_DATABASE_URL"] = address
        try:
            _command(environment, "db", "upgrade")
            yield environment
        finally:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


def _simulated(folder: Path, votes: int, participants: int, statements: int = 500) -> Path:
    """An export with this many votes, a few of them cast again."""
    random = np.random.default_rng(1)
    folder.mkdir()
    rows = (f"1500000000000,x,{n},0,0,0,1,Statement {n}\n" for n in range(statements))
    (folder / "comments.csv").write_text(
        "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n" + "".join(rows)
    )
    what, who = random.integers(statements, size=votes).tolist(), random.integers(participants, size=votes).tolist()
    said = random.choice([1, 1, 0, -1], size=votes).tolist()
    cast = (f"{1_500_000_000_000 + at},x,{what[at]},{who[at]},{said[at]}\n" for at in range(votes))
    (folder / "votes.csv").write_text("timestamp,datetime,comment-id,voter-id,vote\n" + "".join(cast))
    return folder


if __name__ == "__main__":
    sys.exit(main())
