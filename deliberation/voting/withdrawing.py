"""Votes are taken back: the last one with its card, any single one from the list, or all that somebody gave.

A vote that was taken back has no row: it counts nowhere. Only an event says that there was one.
"""

from dataclasses import dataclass

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.orm import Session, aliased

from deliberation.db.base import now
from deliberation.deliberations.models import Deliberation, Statement
from deliberation.errors import Conflict
from deliberation.voting.models import Offer, Reason, Source, Vote, VoteEvent


class NotTakenBack(Conflict):
    """A vote that stays as it is. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What a vote carried that is no more."""

    statement_id: int
    choice: int
    important: bool
    reason: str
    was_chosen: bool  # the statement had been opened by one's own choice


def last_vote(session: Session, participant_id: int | None) -> int | None:
    """The statement that somebody voted on last, or none."""
    if participant_id is None:
        return None
    newest = select(Vote.statement_id).where(Vote.participant_id == participant_id)
    return session.scalar(newest.order_by(Vote.cast_at.desc(), Vote.statement_id).limit(1))


def undo(session: Session, participant_id: int, statement_id: int) -> TakenBack | None:
    """Take back the last vote, so that its card lies on the table again; doing it twice takes back one vote.

    Returns none where there is no such vote any more. Raises NotTakenBack where another one was cast since then, or
    where voting has ended.
    """
    if session.get(Vote, (participant_id, statement_id)) is None:
        return None
    if last_vote(session, participant_id) != statement_id:
        raise NotTakenBack(
            "another vote was cast since then", hint="under My votes every vote can be changed or withdrawn"
        )
    taken = withdraw(session, participant_id, statement_id)
    if taken is not None and not taken.was_chosen:
        _set_aside_what_followed(session, participant_id, statement_id)
    return taken


def withdraw(session: Session, participant_id: int, statement_id: int) -> TakenBack | None:
    """Take back one vote with its reason and mark; doing it twice is one withdrawal, whose second answer is none.

    Raises NotTakenBack where voting has ended.
    """
    # The same lock as a vote takes: closing waits for this, or this sees that voting is closed.
    is_open = (
        select(Deliberation.opened_at.is_not(None) & Deliberation.closed_at.is_(None))
        .join(Statement, Statement.deliberation_id == Deliberation.id)
        .where(Statement.id == statement_id)
        .with_for_update(read=True, of=Deliberation)
    )
    if not session.scalar(is_open):
        raise NotTakenBack("voting has ended; what was voted stands")
    mine = {"participant_id": participant_id, "statement_id": statement_id}
    gone = session.execute(
        delete(Vote).filter_by(**mine).returning(Vote.choice, Vote.important, Vote.source)
    ).one_or_none()
    if gone is None:
        return None
    reason = session.scalar(delete(Reason).filter_by(**mine).returning(Reason.text))
    session.add(VoteEvent(**mine, choice=None, cast_at=now()))
    return TakenBack(statement_id, gone.choice, gone.important, reason or "", gone.source == Source.CHOSEN)


def erase(session: Session, participant_id: int) -> int:
    """Delete all that somebody gave here by voting: votes, marks, reasons, their history, and what was shown to them.

    Returns the number of votes. One event without a choice stays, so that results are made anew. It may be repeated,
    and also once voting has ended: this is about the person, not about the result.
    """
    last = last_vote(session, participant_id)
    erased = session.scalars(delete(Vote).filter_by(participant_id=participant_id).returning(Vote.statement_id)).all()
    for table in (Reason, Offer):
        session.execute(delete(table).filter_by(participant_id=participant_id))
    if last is not None:
        session.add(VoteEvent(participant_id=participant_id, statement_id=last, choice=None, cast_at=now()))
        session.flush()
    # The newest stays, so that no later event gets its number: runs tell by it which of them has the newer votes.
    of_theirs = VoteEvent.participant_id == participant_id
    newest = session.scalar(select(func.max(VoteEvent.id)).where(of_theirs))
    session.execute(delete(VoteEvent).where(of_theirs, VoteEvent.id < newest))
    return len(erased)


def _set_aside_what_followed(session: Session, participant_id: int, statement_id: int) -> None:
    """The card of the vote is the last one drawn again; what was drawn after it comes once more when it is answered."""
    own = select(func.max(Offer.id)).where(
        Offer.participant_id == participant_id, Offer.statement_id == statement_id, Offer.source != Source.CHOSEN
    )
    later = aliased(Vote)
    is_answered = exists().where(later.participant_id == Offer.participant_id, later.statement_id == Offer.statement_id)
    session.execute(
        update(Offer)
        .where(
            Offer.participant_id == participant_id,
            Offer.id > own.scalar_subquery(),
            Offer.source != Source.CHOSEN,
            ~is_answered,
        )
        .values(set_aside=True)
        .execution_options(synchronize_session=False)
    )
