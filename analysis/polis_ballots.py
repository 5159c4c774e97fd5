"""The votes of a Polis export: every vote cast (votes.csv), those that stand (participants-votes.csv), both compared.

The latest vote by time stands. votes.csv is sorted by statement, so the order of its rows says nothing about time; only
of two votes in the same millisecond the later row stands, and where they differ, that is listed among the differences.
"""

from array import array
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from analysis.csv_rows import Finding, Progress, read_csv

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

_VOTES = {"1": 1, "0": 0, "-1": -1, "1.0": 1, "0.0": 0, "-1.0": -1}
_WORDS = {1: "agree", 0: "pass", -1: "disagree", None: "no vote"}
_NO_VOTE = {"", "NULL", "null"}  # in the table; a row of the log is a vote or does not fit
_FACTS = {"participant", "group-id", "xid"}  # columns of the table that are no statements, beside n-votes and the like
_MOST_ID = 64  # characters of a participant's id
_LAST_TIME = 4_102_444_800_000  # the year 2100 in milliseconds: a later time is in another unit


@dataclass(frozen=True, eq=False)
class Ballots:
    """Votes in the order of their rows. voters, statements: ids; the rest are arrays of shape (votes,).

    who, what: places among voters and statements; values: 1 agree, 0 pass, -1 disagree; lines: of the file; times:
    milliseconds since 1970, UTC, 0 all through where the file has none.
    """

    voters: tuple[str, ...]
    statements: tuple[str, ...]
    who: IntArray
    what: IntArray
    values: IntArray
    important: BoolArray
    lines: IntArray
    times: IntArray

    def __len__(self) -> int:
        return len(self.values)

    def by_pair(self) -> tuple[IntArray, BoolArray]:
        """Places of all ballots, sorted by voter, statement and time; and which is the last of its pair: it stands."""
        pairs = self.who * len(self.statements) + self.what
        order = np.lexsort((self.times, pairs))  # stable: equal times stay in the order of the rows
        return order, np.append(np.diff(pairs[order]) != 0, True)[: len(self)]

    def standing(self) -> IntArray:
        """Places of the ballots that stand, sorted by voter and statement."""
        order, is_last = self.by_pair()
        return order[is_last]


@dataclass(frozen=True, eq=False)
class Table:
    """participants-votes.csv. lines, groups and xids by participant; groups and xids only where one is printed."""

    name: str
    ballots: Ballots
    lines: dict[str, int]
    groups: dict[str, str]
    xids: dict[str, str]


def read_log(path: Path, statements: Sequence[str], skipped: list[Finding], progress: Progress | None) -> Ballots:
    """Every vote cast. Raises FileRefused where a column is missing."""
    file = read_csv(path)
    names = file.header("timestamp", "comment-id", "voter-id", "vote")
    time_at, statement_at, voter_at, vote_at = map(names.index, ("timestamp", "comment-id", "voter-id", "vote"))
    important_at = names.index("important") if "important" in names else None
    places = {statement: place for place, statement in enumerate(statements)}
    voters: dict[str, int] = {}
    numbers = array("q")
    for line, cells in file.rows(len(names), skipped, progress=progress):
        try:
            what, value = _place(cells[statement_at], places), _vote(cells[vote_at])
            time, voter = read_time(cells[time_at]), _voter(cells[voter_at], ())
            important = important_at is not None and _vote(cells[important_at]) == 1
        except ValueError as error:
            skipped.append(Finding(path.name, line, str(error)))
        else:
            numbers.extend((voters.setdefault(voter, len(voters)), what, value, important, line, time))
    return _ballots(voters, statements, numbers)


def read_table(path: Path, statements: Sequence[str], skipped: list[Finding]) -> Table:
    """The votes that stand, a row a participant. Raises FileRefused where a column is missing."""
    file = read_csv(path)
    names = file.header("participant")
    columns = list(_statement_columns(path.name, names, statements, skipped))
    table = Table(path.name, _ballots({}, statements, array("q")), {}, {}, {})
    voters: dict[str, int] = {}
    numbers = array("q")
    for line, cells in file.rows(len(names), skipped):
        try:
            voter = _voter(cells[names.index("participant")], table.lines)
            votes = [(what, _vote(cells[at])) for at, what in columns if cells[at].strip() not in _NO_VOTE]
        except ValueError as error:
            skipped.append(Finding(path.name, line, str(error)))
            continue
        table.lines[voter] = line
        for name, found in (("group-id", table.groups), ("xid", table.xids)):
            if name in names and cells[names.index(name)].strip() not in _NO_VOTE:
                found[voter] = cells[names.index(name)].strip()
        for what, value in votes:
            numbers.extend((voters.setdefault(voter, len(voters)), what, value, 0, line, 0))
    return replace(table, ballots=_ballots(voters, statements, numbers))


def same_moment(name: str, log: Ballots) -> Iterator[Finding]:
    """Where somebody voted differently within one millisecond, so that only the order of the rows decides."""
    order, is_last = log.by_pair()
    earlier, later = order[:-1], order[1:]
    open_choice = (log.times[earlier] == log.times[later]) & (log.values[earlier] != log.values[later])
    for first, second in np.column_stack((earlier, later))[open_choice & ~is_last[:-1]]:
        yield Finding(
            name, int(log.lines[second]), f"another vote than line {log.lines[first]}, in the same millisecond"
        )


def compare(log: Ballots, table: Table) -> Iterator[Finding]:
    """Where the votes that stand by the log are others than the table's."""
    voters = list(dict.fromkeys((*log.voters, *table.ballots.voters)))
    logged, printed = _by_number(log, voters), _by_number(table.ballots, voters)
    pairs = sorted(pair for pair in logged.keys() | printed.keys() if logged.get(pair) != printed.get(pair))
    missing: set[str] = set()
    for pair in pairs:
        voter, statement = voters[pair // len(log.statements)], log.statements[pair % len(log.statements)]
        if voter in table.lines:
            said = f"{_WORDS[printed.get(pair)]} here, {_WORDS[logged.get(pair)]} in votes.csv"
            yield Finding(table.name, table.lines[voter], f"participant {voter}, statement {statement}: {said}")
        elif voter not in missing:
            missing.add(voter)
            yield Finding(table.name, 1, f"participant {voter} of votes.csv is missing")


def read_time(text: str) -> int:
    """Milliseconds since 1970. Raises ValueError with the reason."""
    try:
        time = int(text)
    except ValueError:
        time = 0
    if not 0 < time < _LAST_TIME:
        raise ValueError(f"timestamp is '{text}'; milliseconds since 1970 are expected")
    return time


def _by_number(ballots: Ballots, voters: Sequence[str]) -> dict[int, int]:
    """The votes that stand, by one number for voter (its place in `voters`) and statement."""
    places = {voter: place for place, voter in enumerate(voters)}
    who = np.array([places[voter] for voter in ballots.voters], dtype=np.int64)
    standing = ballots.standing()
    pairs = who[ballots.who[standing]] * len(ballots.statements) + ballots.what[standing]
    return dict(zip(pairs.tolist(), ballots.values[standing].tolist(), strict=True))


def _statement_columns(
    name: str, names: Sequence[str], statements: Sequence[str], skipped: list[Finding]
) -> Iterator[tuple[int, int]]:
    """Which columns are statements, as place among the columns and place among the statements."""
    places = {statement: place for place, statement in enumerate(statements)}
    for at, column in enumerate(names):
        if column in places:
            yield at, places[column]
        elif column not in _FACTS and not column.startswith("n-"):
            skipped.append(Finding(name, 1, f"a column of votes on '{column}', which is no statement of comments.csv"))


def _ballots(voters: Iterable[str], statements: Sequence[str], numbers: "array[int]") -> Ballots:
    """From six numbers a vote: who, what, value, importance, line, time."""
    who, what, values, important, lines, times = np.frombuffer(numbers, dtype=np.int64).reshape(-1, 6).T
    return Ballots(tuple(voters), tuple(statements), who, what, values, important == 1, lines, times)


def _place(statement: str, places: dict[str, int]) -> int:
    place = places.get(statement)
    if place is None:
        raise ValueError(f"there is no statement '{statement}' in comments.csv")
    return place


def _vote(text: str) -> int:
    value = _VOTES.get(text)
    if value is None:
        raise ValueError(f"vote is '{text}'; 1 (agree), 0 (pass) and -1 (disagree) are votes")
    return value


def _voter(text: str, seen: Container[str]) -> str:
    if text in seen:
        raise ValueError(f"a second row of participant '{text}'")
    if not 0 < len(text) <= _MOST_ID:
        raise ValueError(f"a participant's id of {len(text)} characters; 1 to {_MOST_ID} are possible")
    return text
