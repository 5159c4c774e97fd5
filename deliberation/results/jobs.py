"""Keep results up to date: called every few seconds by whoever serves, it analyses what has changed."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from deliberation.db.session import db
from deliberation.deliberations.models import Deliberation, Statement
from deliberation.errors import DeliberationError
from deliberation.results.running import run
from deliberation.results.snapshot import newest_event
from deliberation.voting.models import VOTES, Vote, VoteEvent

_log = logging.getLogger(__name__)

# PostgreSQL may commit an event after one with a larger id; so many of the newest are looked at again.
_OVERLAP = 1000


@dataclass(frozen=True)
class Mark:
    """How far a look at the votes came: two marks are the same where nothing has happened in between."""

    newest_event: int
    newest_events: int  # how many there are among the newest ids, which a late commit changes
    # Each deliberation with its version, raised by moderation and the like; our own weights are no news.
    versions: frozenset[tuple[int, int]]


def analyse_stale(since: Mark | None = None) -> Mark:
    """Analyse the deliberations whose votes or statements changed since an earlier mark, or all without one.

    Returns the mark for the next call. At rest this costs three small queries whatever the number of votes; a
    deliberation that was looked at for nothing is not run again, since its input is compared with that of its last run.
    One that cannot be analysed is logged and does not keep the others waiting.
    """
    session = db.session
    mark = _mark(session)
    for slug in _changed(session, mark, since) if mark != since else ():
        try:
            run(slug)
        except DeliberationError as error:
            _log.warning("analysis of '%s': %s", slug, error)
    return mark


def _mark(session: Session) -> Mark:
    newest = newest_event(session)
    recent = session.scalar(select(func.count()).where(VoteEvent.id > newest - _OVERLAP)) or 0
    versions = session.execute(select(Deliberation.id, Deliberation.version - Deliberation.rerouted))
    return Mark(newest, recent, frozenset((id, version) for id, version in versions))


def _changed(session: Session, mark: Mark, since: Mark | None) -> Iterable[str]:
    """Slugs of the deliberations that may have changed and have votes."""
    query = select(Deliberation.id, Deliberation.slug).order_by(Deliberation.id)
    deliberations = {id: slug for id, slug in session.execute(query)}  # noqa: C416 - a Row is no plain pair
    if since is not None:
        voted_on = _with_events(session, since.newest_event - _OVERLAP)
        touched = voted_on | {id for id, _ in mark.versions ^ since.versions}
        deliberations = {id: slug for id, slug in deliberations.items() if id in touched}
    return [slug for id, slug in deliberations.items() if _has_votes(session, id)]


def _with_events(session: Session, after: int) -> set[int]:
    query = select(Statement.deliberation_id).join(VoteEvent, VoteEvent.statement_id == Statement.id)
    return set(session.scalars(query.where(VoteEvent.id > after).distinct()))


def _has_votes(session: Session, deliberation_id: int) -> bool:
    statements = select(Statement.id).where(Statement.deliberation_id == deliberation_id)
    counted = exists().where(Vote.statement_id.in_(statements), Vote.source.is_not(None), Vote.choice.in_(VOTES))
    return bool(session.scalar(select(counted)))
