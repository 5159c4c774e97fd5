"""Casting a vote: draw the next statement, and write vote, event and both offers in one transaction."""

from dataclasses import dataclass, replace

from deliberation.db.base import now
from deliberation.db.session import db, transaction
from deliberation.db.upsert import insert_for
from deliberation.errors import Conflict
from deliberation.participants.identity import make_key
from deliberation.voting import storing_postgres, storing_sqlite
from deliberation.voting.ballots import Ballot, Written
from deliberation.voting.models import Choice, Offer, Vote
from deliberation.voting.offering import Ticket
from deliberation.voting.routing import forget_deck
from deliberation.voting.visiting import Visit, arrive


class NotAccepted(Conflict):
    """The deliberation or the statement takes no votes any more. Nothing was stored."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody says to a statement."""

    choice: Choice
    reason: str = ""  # empty: one that was given before stays
    important: bool | None = None  # none: a mark that was made before stays


def cast(visit: Visit, ticket: Ticket, answer: Answer) -> Visit:
    """Vote on an offered statement; the visit that is returned has the next card on the table.

    At a point where one may well stop there is none: it is drawn once somebody wants to go on. Repeating it
    changes nothing, another choice changes the vote. Whether both are open is checked where the rows are
    written. Raises NotAccepted.
    """
    voting = visit if visit.latest else replace(visit, latest=ticket)
    answered = voting.answering(ticket.statement_id)
    after = answered if answered.is_at_stop else answered.drawing()
    following = after.card if after.card and not after.card.is_stored else None
    ballot = _ballot(visit, ticket.statement_id, answer, ticket=ticket, following=following)
    written = _store(ballot)
    if not written.is_accepted:
        forget_deck(visit.deck.deliberation_id)
        raise NotAccepted("this statement, or the whole deliberation, takes no votes any more")
    if written.participant_id is None:
        # On PostgreSQL a simultaneous first vote made the participant, whom this statement could not see yet.
        return cast(arrive(visit.deck.slug, visit.device), ticket, answer)
    if following and not written.has_following:
        return deal(arrive(visit.deck.slug, visit.device))
    return replace(after, participant_id=written.participant_id, latest=after.latest and after.latest.stored())


def keep(visit: Visit, statement_id: int, answer: Answer) -> None:
    """Keep a vote on a statement that was not offered here. It counts in no result, unless one votes again when it is.

    Where there is a vote already, it changes that one. Raises NotAccepted.
    """
    written = _store(_ballot(visit, statement_id, answer))
    if not written.is_accepted:
        raise NotAccepted("this statement, or the whole deliberation, takes no votes any more")
    if written.participant_id is None:
        keep(arrive(visit.deck.slug, visit.device), statement_id, answer)


def change(visit: Visit, statement_id: int, answer: Answer) -> None:
    """Change a vote that was cast before. Raises NotAccepted."""
    if visit.participant_id is None or db.session.get(Vote, (visit.participant_id, statement_id)) is None:
        raise NotAccepted("there is no vote of yours on this statement")
    keep(visit, statement_id, answer)


def deal(visit: Visit) -> Visit:
    """The visit with a card on the table: the one that lies there, else a new one; without one, all is answered.

    Before the first vote nothing is stored, and the same device draws the same card again.
    """
    dealt = visit.drawing()
    ticket = dealt.card
    if ticket is None or ticket.is_stored or visit.participant_id is None:
        return dealt
    if _store_offer(visit.participant_id, ticket):
        return replace(dealt, latest=ticket.stored())
    return deal(arrive(visit.deck.slug, visit.device))  # another tab was faster: show what it drew


def _ballot(
    visit: Visit,
    statement_id: int,
    answer: Answer,
    *,
    ticket: Ticket | None = None,
    following: Ticket | None = None,
) -> Ballot:
    return Ballot(
        deliberation_id=visit.deck.deliberation_id,
        statement_id=statement_id,
        choice=int(answer.choice),
        source=ticket.source.value if ticket else None,
        important=answer.important,
        reason=answer.reason,
        cast_at=now(),
        participant_id=visit.participant_id,
        holder=visit.holder,
        participant_key=make_key() if visit.participant_id is None else "",
        offer=ticket if ticket and not ticket.is_stored else None,
        following=following,
    )


def _store(ballot: Ballot) -> Written:
    if db.engine.dialect.name == "sqlite":
        return storing_sqlite.write(db.engine, ballot)
    return storing_postgres.write(db.engine, ballot)


def _store_offer(participant_id: int, ticket: Ticket) -> bool:
    row = {
        "participant_id": participant_id,
        "statement_id": ticket.statement_id,
        "nonce": ticket.nonce,
        "source": ticket.source.value,
        "why": ticket.why.value,
        "probability": ticket.probability,
        "offered_at": ticket.offered_at,
    }
    with transaction() as session:
        adding = insert_for(session, Offer).values(row)
        again = {name: adding.excluded[name] for name in row if name not in ("participant_id", "nonce")}
        storing = adding.on_conflict_do_update(
            index_elements=["nonce"], set_=again | {"set_aside": False}, where=Offer.set_aside
        )
        return session.scalar(storing.returning(Offer.id)) is not None
