"""A vote's rows on SQLite: step by step, in the committer thread, so that many votes share one commit.

Fixed SQL, since this runs at every vote. Nobody else writes meanwhile, so what is read here still holds when the rows
are written. The whole may be repeated.
"""

import sqlite3
from datetime import UTC, datetime

from sqlalchemy import Engine

from deliberation.db.committer import commit_together
from deliberation.voting.ballots import Ballot, Written
from deliberation.voting.offering import Ticket

_IS_OPEN = """
SELECT 1 FROM statement s JOIN deliberation d ON d.id = s.deliberation_id
WHERE s.id = ? AND d.id = ? AND s.moderation <> 'declined' AND d.opened_at IS NOT NULL AND d.closed_at IS NULL
"""
_WHO = "SELECT participant_id FROM device WHERE token_hash = ?"
_JOIN = "INSERT INTO participant (deliberation_id, key, created_at) VALUES (?, ?, ?)"
_DEVICE = "INSERT INTO device (token_hash, participant_id, since) VALUES (?, ?, ?)"
# The same choice again changes no row, and so makes no event. A vote on a statement that was offered to nobody counts
# from the moment on when it is offered and voted on.
_VOTE = """
INSERT INTO vote (participant_id, statement_id, choice, important, source, cast_at)
VALUES (?1, ?2, ?3, coalesce(?4, 0), ?5, ?6)
ON CONFLICT (participant_id, statement_id) DO UPDATE SET choice = excluded.choice, cast_at = excluded.cast_at,
  important = coalesce(?4, vote.important), source = coalesce(vote.source, excluded.source)
WHERE vote.choice <> excluded.choice OR vote.important <> coalesce(?4, vote.important)
  OR (vote.source IS NULL AND excluded.source IS NOT NULL)
"""
_EVENT = """
INSERT INTO vote_event (participant_id, statement_id, choice, important, cast_at)
SELECT participant_id, statement_id, choice, important, cast_at FROM vote WHERE participant_id = ? AND statement_id = ?
"""
_REASON = """
INSERT INTO reason (participant_id, statement_id, text, given_at) VALUES (?, ?, ?, ?)
ON CONFLICT (participant_id, statement_id) DO UPDATE SET text = excluded.text, given_at = excluded.given_at
"""
# One that undoing had set aside comes again.
_OFFER = """
INSERT INTO offer (participant_id, statement_id, nonce, source, why, probability, offered_at, set_aside)
VALUES (?, ?, ?, ?, ?, ?, ?, 0)
ON CONFLICT (nonce) DO UPDATE SET statement_id = excluded.statement_id, source = excluded.source, why = excluded.why,
  probability = excluded.probability, offered_at = excluded.offered_at, set_aside = 0
WHERE offer.set_aside
"""


def write(engine: Engine, ballot: Ballot) -> Written:
    """Write the ballot. On return it is on disk."""
    return commit_together(engine, lambda connection: _write(connection, ballot))


def _write(connection: sqlite3.Connection, ballot: Ballot) -> Written:
    if connection.execute(_IS_OPEN, (ballot.statement_id, ballot.deliberation_id)).fetchone() is None:
        return Written(is_accepted=False, participant_id=ballot.participant_id, has_following=False)
    at = _text(ballot.cast_at)
    participant_id = ballot.participant_id or _join(connection, ballot, at)
    key = (participant_id, ballot.statement_id)
    if connection.execute(_VOTE, (*key, ballot.choice, ballot.important, ballot.source, at)).rowcount:
        connection.execute(_EVENT, key)
    if ballot.reason:
        connection.execute(_REASON, (*key, ballot.reason, at))
    if ballot.offer:
        _offer(connection, participant_id, ballot.offer)
    has_following = ballot.following is not None and _offer(connection, participant_id, ballot.following)
    return Written(is_accepted=True, participant_id=participant_id, has_following=has_following)


def _join(connection: sqlite3.Connection, ballot: Ballot, at: str) -> int:
    found: tuple[int] | None = connection.execute(_WHO, (ballot.holder,)).fetchone()
    if found:
        return found[0]
    participant_id = connection.execute(_JOIN, (ballot.deliberation_id, ballot.participant_key, at)).lastrowid
    connection.execute(_DEVICE, (ballot.holder, participant_id, at))
    return int(participant_id or 0)


def _offer(connection: sqlite3.Connection, participant_id: int, ticket: Ticket) -> bool:
    """Whether the row is new, or stands again."""
    row = (participant_id, ticket.statement_id, ticket.nonce, ticket.source, ticket.why, ticket.probability)
    return connection.execute(_OFFER, (*row, _text(ticket.offered_at))).rowcount == 1


def _text(moment: datetime) -> str:
    """A time as SQLAlchemy writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
