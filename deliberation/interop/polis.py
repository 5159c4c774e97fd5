"""A Polis export becomes a deliberation: statements, participants, the votes that stand, and every vote cast."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from analysis.csv_rows import Progress
from analysis.polis_files import PolisExport, PolisStatement
from deliberation.db.base import now
from deliberation.deliberations.models import Deliberation, Moderation, Statement
from deliberation.deliberations.naming import checked_language, slug_from
from deliberation.deliberations.opening import add_deliberation
from deliberation.errors import ImportRefused
from deliberation.interop.languages import language_of, own_language
from deliberation.interop.loading import CastVotes, load_events, load_votes, part
from deliberation.participants.models import Participant
from deliberation.spec.models import Release

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MODERATION = {1: Moderation.ACCEPTED, 0: Moderation.PENDING, -1: Moderation.DECLINED}


@dataclass(frozen=True)
class Imported:
    """What an import stored: the slug, and how many rows."""

    deliberation: str
    participants: int  # distinct voters
    statements: int  # declined ones too
    votes: int  # distinct pairs of participant and statement
    events: int  # votes cast, repeated ones too; none where there is no votes.csv


def import_export(
    session: Session,
    export: PolisExport,
    *,
    slug: str | None = None,
    release: Release | None = None,
    language: str | None = None,
    strict: bool = False,
    progress: Progress | None = None,
) -> Imported:
    """Store an export as a deliberation that is closed: an old question gets new votes only if somebody opens it again.

    Without a slug the topic gives one, else the folder; without a language the script of the statements does. Raises
    Conflict where the slug is taken, ImportRefused where there are no statements or, with `strict`, where a row was
    left out. All or nothing is stored: by the caller's transaction.
    """
    _refuse_unusable(export, strict)
    deliberation = _add_deliberation(session, export, slug, release, language)
    participants = _add_participants(session, deliberation, export)
    statements = _add_statements(session, deliberation, export, participants)
    votes = _cast_votes(export, deliberation, participants, statements)
    if export.has_log:
        load_events(session, votes, part(progress, 0, 0.5))
    standing = export.ballots.standing()
    load_votes(session, votes.at(standing), part(progress, 0.5, 1))
    events = len(export.ballots) if export.has_log else 0
    return Imported(deliberation.slug, len(participants), len(statements), len(standing), events)


def _refuse_unusable(export: PolisExport, strict: bool) -> None:
    if strict and export.skipped:
        first = export.skipped[0]
        rows = "row does" if len(export.skipped) == 1 else "rows do"
        hint = f"{len(export.skipped)} {rows} not fit, and --strict was asked for; nothing was stored"
        raise ImportRefused(first.reason, file=str(export.folder / first.file), line=first.line, hint=hint)
    if not export.statements:
        raise ImportRefused("no statement could be read", file=str(export.folder / "comments.csv"))


def _add_deliberation(
    session: Session, export: PolisExport, slug: str | None, release: Release | None, language: str | None
) -> Deliberation:
    slug = slug or slug_from(export.title, export.folder.resolve().name)
    texts = "\n".join(statement.text for statement in export.statements)
    language = checked_language(language) if language else language_of(texts)
    deliberation = add_deliberation(session, slug, title=export.title, release=release, sections=[], language=language)
    deliberation.description = export.description
    times = export.ballots.times[export.ballots.times > 0].tolist()
    times = times or [statement.created for statement in export.statements if statement.created]
    deliberation.opened_at = _moment(min(times)) if times else now()
    deliberation.closed_at = _moment(max(times)) if times else deliberation.opened_at
    return deliberation


def _add_participants(session: Session, deliberation: Deliberation, export: PolisExport) -> dict[str, int]:
    """The ids in the database by id in the files, in the order of `Ballots.voters`."""
    rows = [{"deliberation_id": deliberation.id, "key": voter} for voter in export.ballots.voters]
    if rows:
        session.execute(insert(Participant), rows)
    query = select(Participant.key, Participant.id).where(Participant.deliberation_id == deliberation.id)
    ids = dict(session.execute(query).all())
    return {voter: ids[voter] for voter in export.ballots.voters}


def _add_statements(
    session: Session, deliberation: Deliberation, export: PolisExport, participants: Mapping[str, int]
) -> dict[str, int]:
    """The ids in the database by id in the files, in the order of `Ballots.statements`."""
    # comments.csv comes in any order; ids were given one after the other.
    ordered = sorted(export.statements, key=lambda statement: (len(statement.id), statement.id))
    rows = [
        _statement_row(statement, deliberation, participants) | {"position": position}
        for position, statement in enumerate(ordered, 1)
    ]
    session.execute(insert(Statement), rows)
    query = select(Statement.key, Statement.id).where(Statement.deliberation_id == deliberation.id)
    ids = dict(session.execute(query).all())
    return {statement.id: ids[statement.id] for statement in export.statements}


def _statement_row(
    statement: PolisStatement, deliberation: Deliberation, participants: Mapping[str, int]
) -> dict[str, object]:
    return {
        "deliberation_id": deliberation.id,
        "key": statement.id,
        "text": statement.text,
        "language": own_language(statement.text, deliberation.language),
        "moderation": _MODERATION[statement.moderation],
        "is_seed": bool(statement.is_seed),
        "is_meta": bool(statement.is_meta),
        # Authors who never voted are no participants: nothing else is known of them.
        "author_id": participants.get(statement.author or ""),
        "created_at": _moment(statement.created) if statement.created else deliberation.opened_at,
    }


def _cast_votes(
    export: PolisExport, deliberation: Deliberation, participants: dict[str, int], statements: dict[str, int]
) -> CastVotes:
    ballots = export.ballots
    who = np.fromiter(participants.values(), np.int64, len(participants))
    what = np.fromiter(statements.values(), np.int64, len(statements))
    # The table has no times: its votes stood when the conversation ended.
    assert deliberation.closed_at is not None
    end = (deliberation.closed_at - _EPOCH) // timedelta(milliseconds=1)
    times = ballots.times if export.has_log else np.full(len(ballots), end)
    return CastVotes(who[ballots.who], what[ballots.what], ballots.values, ballots.important, times)


def _moment(milliseconds: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=milliseconds)
