"""Somebody before a deliberation: all that the vote and its page need to know, in one indexed read."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from random import Random
from typing import Any

from deliberation.db.autocommit import fetch_one
from deliberation.db.base import now
from deliberation.db.session import db
from deliberation.errors import NotFound
from deliberation.participants.identity import Device
from deliberation.voting.models import Source, Why
from deliberation.voting.offering import Ticket, nonce_of
from deliberation.voting.routing import Deck, deck_of, draw, id_of

# Fixed SQL, since this runs at every vote. The votes are a range of the primary key, the offer is the end of one of
# its index, past what was opened by choice; nothing is counted. {votes} is each engine's way to put the statements
# voted on into one value.
_READ = """
SELECT d.id, d.version, d.stop_after, d.opened_at IS NOT NULL, d.closed_at IS NOT NULL, p.participant_id,
       (SELECT {votes} FROM vote v WHERE v.participant_id = p.participant_id AND v.source IS NOT NULL),
       o.statement_id, o.nonce, o.source, o.why, o.probability, o.offered_at
FROM deliberation d
LEFT JOIN device p ON p.token_hash = {hash}
LEFT JOIN offer o ON o.id = (
  SELECT latest.id FROM offer latest
  WHERE latest.participant_id = p.participant_id AND latest.source <> 'chosen' AND NOT latest.set_aside
  ORDER BY latest.id DESC LIMIT 1)
WHERE d.id = {id} AND d.slug = {slug}
"""
_READ_SQLITE = _READ.format(votes="group_concat(v.statement_id)", hash="?", id="?", slug="?")
_READ_POSTGRES = _READ.format(votes="array_agg(v.statement_id)", hash="%s", id="%s", slug="%s")


@dataclass(frozen=True)
class Visit:
    """A device in a deliberation, as it was when the request came, or as it is after a vote."""

    device: Device
    deck: Deck
    stop_after: int  # votes, at which one is asked whether to go on
    was_opened: bool
    is_closed: bool
    holder: str  # the device's hash here
    participant_id: int | None  # none before the first vote
    answered: frozenset[int]  # statements; some may have been declined since
    latest: Ticket | None  # the last statement that was drawn for them

    @property
    def is_open(self) -> bool:
        return self.was_opened and not self.is_closed

    @property
    def card(self) -> Ticket | None:
        """The card on the table: offered and not yet answered."""
        ticket = self.latest
        if ticket is None or ticket.statement_id in self.answered or ticket.statement_id not in self.deck.faces:
            return None
        return ticket

    @cached_property
    def done(self) -> int:
        """How many of the statements that stand were answered."""
        return sum(statement_id in self.deck.faces for statement_id in self.answered)

    @property
    def total(self) -> int:
        return len(self.deck.ids)

    @property
    def goal(self) -> int:
        """How many votes there are to the next point where one may well stop."""
        return min(self.total, self.stop_after * (self.done // self.stop_after + 1))

    @property
    def is_at_stop(self) -> bool:
        """This is such a point: the next statement is drawn once somebody wants to go on."""
        return 0 < self.done < self.total and self.done % self.stop_after == 0 and self.card is None

    def answering(self, statement_id: int) -> "Visit":
        """The visit once this statement is answered."""
        return replace(self, answered=self.answered | {statement_id})

    def drawing(self) -> "Visit":
        """The visit with a card on the table: the one that lies there, else a new draw; without one, all is answered.

        The same visit draws the same card: a page that is loaded twice shows it twice, and of two simultaneous
        requests each makes the same offer, which the offer's unique nonce then stores once.
        """
        if self.card is not None:
            return self
        drawn = draw(self.deck, self.answered, Random(self._seed))  # noqa: S311 - a fair draw, no secret
        if drawn is None:
            return self
        ticket = Ticket(
            statement_id=drawn.statement_id,
            nonce=nonce_of(self._seed, "" if self.latest else drawn.statement_id),
            source=drawn.source,
            why=Why.RANDOM if drawn.source is Source.RANDOM else Why(self.deck.reasons[drawn.statement_id]),
            probability=drawn.probability,
            offered_at=now(),
            is_stored=False,
        )
        return replace(self, latest=ticket)

    def choosing(self, statement_id: int) -> Ticket:
        """The ticket of a statement that they open themselves; the card on the table stays where it is."""
        if self.card is not None and self.card.statement_id == statement_id:
            return self.card
        return Ticket(
            statement_id=statement_id,
            nonce=nonce_of(self.holder, Source.CHOSEN, statement_id),
            source=Source.CHOSEN,
            why=Why.CHOSEN,
            probability=None,
            offered_at=now(),
            is_stored=False,
        )

    @property
    def _seed(self) -> str:
        return self.latest.nonce if self.latest else self.holder


def arrive(slug: str, device: Device) -> Visit:
    """This device in the deliberation with this slug. Raises NotFound."""
    row = _fetch(slug, id_of(slug), device) or _fetch(slug, id_of(slug, afresh=True), device)
    if row is None:
        raise NotFound(f"there is no deliberation '{slug}'")
    deliberation_id, version, stop_after, was_opened, is_closed, participant_id, votes, *offer = row
    return Visit(
        device=device,
        deck=deck_of(deliberation_id, version),
        stop_after=stop_after,
        was_opened=bool(was_opened),
        is_closed=bool(is_closed),
        holder=device.hash_in(deliberation_id),
        participant_id=participant_id,
        answered=_ids(votes),
        latest=_ticket(*offer) if offer[0] is not None else None,
    )


def _fetch(slug: str, deliberation_id: int, device: Device) -> Any:
    sql = _READ_SQLITE if db.engine.dialect.name == "sqlite" else _READ_POSTGRES
    return fetch_one(db.engine, sql, (device.hash_in(deliberation_id), deliberation_id, slug))


def _ids(votes: str | list[int] | None) -> frozenset[int]:
    if votes is None:
        return frozenset()
    return frozenset(map(int, votes.split(",") if isinstance(votes, str) else votes))


def _ticket(
    statement_id: int, nonce: str, source: str, why: str, probability: float | None, offered_at: str | datetime
) -> Ticket:
    if isinstance(offered_at, str):  # SQLite keeps text, in UTC
        offered_at = datetime.fromisoformat(offered_at).replace(tzinfo=UTC)
    return Ticket(statement_id, nonce, Source(source), Why(why), probability, offered_at)
