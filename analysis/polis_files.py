"""A Polis export, read and checked row by row.

summary.csv (may be missing), comments.csv, and votes.csv (every vote cast) or participants-votes.csv, now called
participant-votes.csv (the votes that stand, a row a participant). Agree is 1, disagree -1, pass 0 in all of them. A row
that does not fit is listed with file and line and left out; a file that cannot be used at all is refused. Where both
files of votes are there, votes.csv counts and the table is compared with it.
"""

from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path

from analysis.csv_rows import FileRefused, Finding, Progress, read_csv
from analysis.polis_ballots import Ballots, compare, read_log, read_table, read_time, same_moment
from analysis.votes import Votes

TABLES = ("participant-votes.csv", "participants-votes.csv")
_MODERATION = {"1": 1, "0": 0, "-1": -1, "1.0": 1, "0.0": 0, "-1.0": -1}
_FLAGS = {"true": True, "false": False, "1": True, "0": False}
_MOST_TEXT = 10_000  # characters of a statement, or of a value in summary.csv
_MOST_LINES = 500  # of one quoted text; more means that a quote was never closed
_MOST_ID = 40  # characters of a statement's id


@dataclass(frozen=True)
class PolisStatement:
    """A row of comments.csv; what the file does not say is None. The two counts are as printed, and often wrong."""

    id: str
    text: str
    author: str | None
    moderation: int  # 1 accepted, 0 not moderated, -1 declined
    is_meta: bool | None
    is_seed: bool | None
    created: int | None  # milliseconds since 1970, UTC
    agrees: int | None
    disagrees: int | None


@dataclass(frozen=True, eq=False)
class PolisExport:
    """An export as it was read.

    ballots: every vote cast, where has_log; else the votes of the table. groups: Polis's own group ids by participant,
    from the table. skipped: rows left out; differences: between the two files of votes.
    """

    folder: Path
    title: str
    url: str
    description: str
    statements: tuple[PolisStatement, ...]
    ballots: Ballots
    has_log: bool
    groups: dict[str, str]
    xids: dict[str, str]
    skipped: tuple[Finding, ...]
    differences: tuple[Finding, ...]


def read_export(folder: Path, progress: Progress | None = None) -> PolisExport:
    """Read a folder. Raises FileRefused where a file that is needed, or a column of it, is missing or unusable."""
    if not folder.is_dir():
        raise FileRefused("there is no such folder", folder)
    skipped: list[Finding] = []
    differences: list[Finding] = []
    summary = _read_summary(folder / "summary.csv", skipped)
    statements = _read_statements(folder / "comments.csv", skipped)
    ids = [statement.id for statement in statements]
    path = next((folder / name for name in TABLES if (folder / name).exists()), None)
    table = read_table(path, ids, skipped) if path else None
    log = folder / "votes.csv"
    if log.exists():
        ballots = read_log(log, ids, skipped, progress)
        differences += same_moment(log.name, ballots)
        differences += compare(ballots, table) if table else ()
    elif table:
        ballots = table.ballots
    else:
        raise FileRefused(f"neither votes.csv nor {TABLES[0]} is in this folder", folder)
    return PolisExport(
        folder=folder,
        title=" ".join(summary.get("topic", "").split()) or folder.resolve().name,
        url=summary.get("url", ""),
        description=summary.get("conversation-description", "").strip(),
        statements=statements,
        ballots=ballots,
        has_log=log.exists(),
        groups=table.groups if table else {},
        xids=table.xids if table else {},
        skipped=tuple(skipped),
        differences=tuple(differences),
    )


def to_votes(export: PolisExport) -> Votes:
    """The votes that stand, on every statement, declined ones too."""
    ballots = export.ballots
    standing = ballots.standing()
    who = [ballots.voters[place] for place in ballots.who[standing]]
    what = [ballots.statements[place] for place in ballots.what[standing]]
    return Votes.from_arrays(who, what, ballots.values[standing])


def _read_summary(path: Path, skipped: list[Finding]) -> dict[str, str]:
    if not path.exists():
        return {}
    values = {}
    for line, (key, value) in read_csv(path, _MOST_LINES).rows(2, skipped, first=1):
        # polis-export/1 declares its signs. To turn others silently would be a guess about every single vote.
        if key == "vote-convention" and not {"agree=+1", "disagree=-1", "pass=0"} <= set(value.split(";")):
            raise FileRefused(f"votes written as '{value}' cannot be read; agree=+1;disagree=-1;pass=0 can", path, line)
        if len(value) <= _MOST_TEXT:
            values[key.strip()] = value
        else:
            skipped.append(Finding(path.name, line, f"a value of {len(value)} characters; {_MOST_TEXT} are possible"))
    return values


def _read_statements(path: Path, skipped: list[Finding]) -> tuple[PolisStatement, ...]:
    file = read_csv(path, _MOST_LINES)
    names = file.header("comment-id", "comment-body", "moderated")
    found: dict[str, PolisStatement] = {}
    for line, cells in file.rows(len(names), skipped):
        try:
            statement = _statement(dict(zip(names, cells, strict=True)), found)
        except ValueError as error:
            skipped.append(Finding(path.name, line, str(error)))
        else:
            found[statement.id] = statement
    return tuple(found.values())


def _statement(row: dict[str, str], found: Container[str]) -> PolisStatement:
    """Raises ValueError with the reason where the row is no statement, or one that was found before."""
    if row["comment-id"] in found:
        raise ValueError(f"a second statement '{row['comment-id']}'")
    moderation = _MODERATION.get(row["moderated"].strip())
    if moderation is None:
        raise ValueError(f"moderated is '{row['moderated']}'; 1, 0 and -1 are possible")
    if not row["comment-body"].strip():
        raise ValueError("a statement without text")
    created = row.get("timestamp", "").strip()
    return PolisStatement(
        id=_limited(row["comment-id"], "comment-id", _MOST_ID),
        text=_limited(row["comment-body"], "comment-body", _MOST_TEXT),
        author=row.get("author-id") or None,
        moderation=moderation,
        is_meta=_FLAGS.get(row.get("is-meta", "").lower()),
        is_seed=_FLAGS.get(row.get("is-seed", "").lower()),
        created=read_time(created) if created else None,
        agrees=_count(row.get("agrees", "")),
        disagrees=_count(row.get("disagrees", "")),
    )


def _limited(text: str, name: str, most: int) -> str:
    if not 0 < len(text) <= most:
        raise ValueError(f"{name} has {len(text)} characters; 1 to {most} are possible")
    return text


def _count(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None
