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
_JOIN = """
INSERT INTO participant (deliberation_id, key, token_hash, created_at) VALUES (?, ?, ?, ?)
ON CONFLICT (token_hash) DO NOTHING
"""
_WHO = "SELECT id FROM participant WHERE token_hash = ?"
# The same choice again changes no row, and so makes no event.
_VOTE = """
INSERT INTO vote (participant_id, statement_id, choice, important, source, cast_at) VALUES (?, ?, ?, 0, ?, ?)
ON CONFLICT (participant_id, statement_id) DO UPDATE SET choice = excluded.choice, cast_at = excluded.cast_at
WHERE vote.choice <> excluded.choice
"""
_EVENT = "INSERT INTO vote_event (participant_id, statement_id, choice, cast_at) VALUES (?, ?, ?, ?)"
_REASON = """
INSERT INTO reason (participant_id, statement_id, text, given_at) VALUES (?, ?, ?, ?)
ON CONFLICT (participant_id, statement_id) DO UPDATE SET text = excluded.text, given_at = excluded.given_at
"""
_OFFER = """
INSERT INTO offer (participant_id, statement_id, nonce, source, probability, offered_at) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (nonce) DO NOTHING
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
    if connection.execute(_VOTE, (*key, ballot.choice, ballot.source, at)).rowcount:
        connection.execute(_EVENT, (*key, ballot.choice, at))
    if ballot.reason:
        connection.execute(_REASON, (*key, ballot.reason, at))
    if ballot.offer:
        _offer(connection, participant_id, ballot.offer)
    has_following = ballot.following is not None and _offer(connection, participant_id, ballot.following)
    return Written(is_accepted=True, participant_id=participant_id, has_following=has_following)


def _join(connection: sqlite3.Connection, ballot: Ballot, at: str) -> int:
    connection.execute(_JOIN, (ballot.deliberation_id, ballot.participant_key, ballot.holder, at))
    found: tuple[int] = connection.execute(_WHO, (ballot.holder,)).fetchone()
    return found[0]


def _offer(connection: sqlite3.Connection, participant_id: int, ticket: Ticket) -> bool:
    """Whether the row is new."""
    row = (participant_id, ticket.statement_id, ticket.nonce, ticket.source, ticket.probability)
    return connection.execute(_OFFER, (*row, _text(ticket.offered_at))).rowcount == 1


def _text(moment: datetime) -> str:
    """A time as SQLAlchemy writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
