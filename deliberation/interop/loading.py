"""Many votes into the database at once: the driver's own executemany on SQLite, COPY on PostgreSQL.

Both within the caller's transaction. Row by row through entities the same takes ten times as long and more.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, repeat
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from analysis.csv_rows import Progress
from deliberation.voting.models import Source

IntArray = npt.NDArray[np.int64]
Row = tuple[Any, ...]

_ROWS_AT_ONCE = 5_000


@dataclass(frozen=True, eq=False)
class CastVotes:
    """Votes by ids of the database, arrays of shape (votes,). times: milliseconds since 1970, UTC."""

    participants: IntArray
    statements: IntArray
    choices: IntArray
    important: npt.NDArray[np.bool_]
    times: IntArray

    def at(self, places: IntArray) -> "CastVotes":
        """Those at these places."""
        return CastVotes(
            self.participants[places],
            self.statements[places],
            self.choices[places],
            self.important[places],
            self.times[places],
        )


def load_events(session: Session, votes: CastVotes, progress: Progress | None = None) -> None:
    """Add an event for each of these votes, in their order."""
    columns = ("participant_id", "statement_id", "choice", "cast_at", "important")
    rows = ((*row, mark) for row, mark in zip(_rows(session, votes), votes.important.tolist(), strict=True))
    _load(session, "vote_event", columns, _told(rows, len(votes.times), progress))


def load_votes(session: Session, votes: CastVotes, progress: Progress | None = None) -> None:
    """Add these votes as those that stand, one a participant and statement, from the source `imported`."""
    columns = ("participant_id", "statement_id", "choice", "cast_at", "important", "source")
    extras = zip(votes.important.tolist(), repeat(Source.IMPORTED.value), strict=False)
    rows = (row + extra for row, extra in zip(_rows(session, votes), extras, strict=True))
    _load(session, "vote", columns, _told(rows, len(votes.times), progress))


def part(progress: Progress | None, start: float, end: float) -> Progress | None:
    """Progress of one part of the work, told as progress of the whole."""
    return (lambda done: progress(start + (end - start) * done)) if progress else None


def _rows(session: Session, votes: CastVotes) -> Iterator[Row]:
    """Participant, statement, choice and time, as the database's driver takes them."""
    # SQLAlchemy keeps times on SQLite as UTC without a zone; PostgreSQL would take that for its own local time.
    zone = "+00" if _is_postgres(session) else ""
    moments = np.datetime_as_string(votes.times.astype("datetime64[ms]"), unit="us").tolist()
    times = (f"{moment[:10]} {moment[11:]}{zone}" for moment in moments)
    return zip(votes.participants.tolist(), votes.statements.tolist(), votes.choices.tolist(), times, strict=True)


def _told(rows: Iterator[Row], total: int, progress: Progress | None) -> Iterator[list[Row]]:
    """The rows in portions, telling progress after each."""
    done = 0
    while portion := list(islice(rows, _ROWS_AT_ONCE)):
        yield portion
        done += len(portion)
        if progress:
            progress(done / total)


def _load(session: Session, table: str, columns: tuple[str, ...], portions: Iterator[list[Row]]) -> None:
    # Names are ours, not the user's; values go separately.
    driver: Any = session.connection().connection.driver_connection
    names = ", ".join(columns)
    if not _is_postgres(session):
        statement = f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608
        for portion in portions:
            driver.executemany(statement, portion)
        return
    with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for portion in portions:
            copy.write("".join("\t".join(map(str, row)) + "\n" for row in portion))


def _is_postgres(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
