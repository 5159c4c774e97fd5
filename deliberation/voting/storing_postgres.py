"""A vote's rows on PostgreSQL: one statement for all of them, in autocommit, so that a vote is one round trip.

Fixed SQL, since this runs at every vote; of its parts those are sent that this vote needs. It may be repeated.
"""

from functools import lru_cache
from typing import Any

from sqlalchemy import Engine

from deliberation.db.autocommit import fetch_one
from deliberation.voting.ballots import Ballot, Written
from deliberation.voting.offering import Ticket

# FOR SHARE: closing and declining change these rows. So they wait for the votes that are just being written, and a
# vote that has to wait for them sees what they wrote; without it, one that began before the closing could be
# committed after it.
_IS_OPEN = """
WITH target AS (
  SELECT s.id FROM statement s JOIN deliberation d ON d.id = s.deliberation_id
  WHERE s.id = %(statement)s AND d.id = %(deliberation)s AND s.moderation <> 'declined'
    AND d.opened_at IS NOT NULL AND d.closed_at IS NULL
  FOR SHARE)"""
_WHO = """,
person AS (SELECT %(participant)s::int AS id FROM target)"""
# The device first, since only one can have its hash; that its participant is there is checked at the statement's end.
_JOIN = """,
device AS (
  INSERT INTO device (token_hash, participant_id, since)
  SELECT %(holder)s, nextval(pg_get_serial_sequence('participant', 'id')), %(at)s FROM target
  ON CONFLICT (token_hash) DO NOTHING RETURNING participant_id),
person AS (
  INSERT INTO participant (id, deliberation_id, key, created_at)
  SELECT participant_id, %(deliberation)s, %(key)s, %(at)s FROM device RETURNING id)"""
# The same choice again changes no row, and so makes no event. A vote on a statement that was offered to nobody counts
# from the moment on when it is offered and voted on.
_VOTE = """,
standing AS (
  INSERT INTO vote (participant_id, statement_id, choice, important, source, cast_at)
  SELECT person.id, %(statement)s, %(choice)s, coalesce(%(important)s::boolean, false), %(source)s, %(at)s FROM person
  ON CONFLICT (participant_id, statement_id) DO UPDATE SET choice = excluded.choice, cast_at = excluded.cast_at,
    important = coalesce(%(important)s::boolean, vote.important), source = coalesce(vote.source, excluded.source)
  WHERE vote.choice <> excluded.choice OR vote.important <> coalesce(%(important)s::boolean, vote.important)
    OR (vote.source IS NULL AND excluded.source IS NOT NULL)
  RETURNING participant_id, statement_id, choice, important, cast_at),
event AS (
  INSERT INTO vote_event (participant_id, statement_id, choice, important, cast_at)
  SELECT participant_id, statement_id, choice, important, cast_at FROM standing)"""
_REASON = """,
given AS (
  INSERT INTO reason (participant_id, statement_id, text, given_at)
  SELECT person.id, %(statement)s, %(reason)s, %(at)s FROM person
  ON CONFLICT (participant_id, statement_id) DO UPDATE SET text = excluded.text, given_at = excluded.given_at)"""
_ANSWERED = """,
answered AS (
  INSERT INTO offer (participant_id, statement_id, nonce, source, why, probability, offered_at)
  SELECT person.id, %(answered_statement)s, %(answered_nonce)s, %(answered_source)s, %(answered_why)s,
    %(answered_probability)s, %(answered_at)s FROM person
  ON CONFLICT (nonce) DO NOTHING RETURNING id)"""
_NO_ANSWERED = """,
answered AS (SELECT id FROM target WHERE false)"""
# PostgreSQL runs the parts in whatever order they are asked for. The next offer has to get the higher id, so it asks
# for the answered one first. One that undoing had set aside comes again.
_FOLLOWING = """,
following AS (
  INSERT INTO offer (participant_id, statement_id, nonce, source, why, probability, offered_at)
  SELECT person.id, %(following_statement)s, %(following_nonce)s, %(following_source)s, %(following_why)s,
    %(following_probability)s, %(following_at)s FROM person, (SELECT count(*) FROM answered) AS earlier
  ON CONFLICT (nonce) DO UPDATE SET statement_id = excluded.statement_id, source = excluded.source,
    why = excluded.why, probability = excluded.probability, offered_at = excluded.offered_at, set_aside = false
  WHERE offer.set_aside RETURNING id)"""
_NO_FOLLOWING = """,
following AS (SELECT id FROM target WHERE false)"""
_ANSWER = """
SELECT (SELECT count(*) FROM target), (SELECT id FROM person), (SELECT count(*) FROM following)"""


def write(engine: Engine, ballot: Ballot) -> Written:
    """Write the ballot. On return it is on disk."""
    sql = _statement(
        is_known=ballot.participant_id is not None,
        has_reason=bool(ballot.reason),
        has_offer=ballot.offer is not None,
        has_following=ballot.following is not None,
    )
    values = {
        "statement": ballot.statement_id,
        "deliberation": ballot.deliberation_id,
        "participant": ballot.participant_id,
        "key": ballot.participant_key,
        "holder": ballot.holder,
        "choice": ballot.choice,
        "important": ballot.important,
        "source": ballot.source,
        "reason": ballot.reason,
        "at": ballot.cast_at,
        **_values("answered", ballot.offer),
        **_values("following", ballot.following),
    }
    accepted, participant_id, following = fetch_one(engine, sql, values)
    return Written(is_accepted=accepted == 1, participant_id=participant_id, has_following=following == 1)


@lru_cache(maxsize=16)
def _statement(*, is_known: bool, has_reason: bool, has_offer: bool, has_following: bool) -> str:
    return "".join(
        [
            _IS_OPEN,
            _WHO if is_known else _JOIN,
            _VOTE,
            _REASON if has_reason else "",
            _ANSWERED if has_offer else _NO_ANSWERED,
            _FOLLOWING if has_following else _NO_FOLLOWING,
            _ANSWER,
        ]
    )


def _values(name: str, ticket: Ticket | None) -> dict[str, Any]:
    if ticket is None:
        return {}
    return {
        f"{name}_statement": ticket.statement_id,
        f"{name}_nonce": ticket.nonce,
        f"{name}_source": ticket.source.value,
        f"{name}_why": ticket.why.value,
        f"{name}_probability": ticket.probability,
        f"{name}_at": ticket.offered_at,
    }
