"""What one has voted so far."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from deliberation.deliberations.models import Deliberation, Statement
from deliberation.voting.models import Choice, Reason, Vote


@dataclass(frozen=True, slots=True)
class MyVote:
    """A vote of one participant, as they see it themselves."""

    statement_id: int
    key: str
    text: str
    language: str
    choice: Choice
    is_important: bool
    reason: str | None
    cast_at: datetime
    is_changeable: bool  # the statement still takes votes
    is_counted: bool  # the statement had been put before them

    def fits(self, choice: Choice | None, words: str) -> bool:
        """Whether it is such a vote, and has each of these words in its statement or reason."""
        text = f"{self.text}\n{self.reason or ''}".casefold()
        return choice in (None, self.choice) and all(word in text for word in words.casefold().split())


def my_vote(session: Session, participant_id: int | None, statement_id: int) -> MyVote | None:
    """The vote of a participant on one statement."""
    return next(iter(my_votes(session, participant_id, statement_id)), None)


def my_tally(session: Session, participant_id: int | None) -> Counter[Choice]:
    """How often somebody said what."""
    if participant_id is None:
        return Counter()
    rows = session.execute(
        select(Vote.choice, func.count()).where(Vote.participant_id == participant_id).group_by(Vote.choice)
    )
    return Counter({Choice(choice): count for choice, count in rows})


def my_votes(session: Session, participant_id: int | None, statement_id: int | None = None) -> list[MyVote]:
    """All votes of a participant, in the order of the statements, or the one on a single statement.

    There are none of somebody who has not voted.
    """
    if participant_id is None:
        return []
    only = (Vote.statement_id == statement_id,) if statement_id is not None else ()
    rows = session.execute(
        select(Vote, Statement, Deliberation.language, Reason.text)
        .join(Statement, Statement.id == Vote.statement_id)
        .join(Deliberation, Deliberation.id == Statement.deliberation_id)
        .outerjoin(Reason, (Reason.participant_id == Vote.participant_id) & (Reason.statement_id == Vote.statement_id))
        .where(Vote.participant_id == participant_id, *only)
        .order_by(Statement.position, Statement.id)
    )
    return [
        MyVote(
            statement_id=statement.id,
            key=statement.key,
            text=statement.text,
            language=statement.language or language,
            choice=Choice(vote.choice),
            is_important=vote.important,
            reason=reason,
            cast_at=vote.cast_at,
            is_changeable=statement.is_votable,
            is_counted=vote.source is not None,
        )
        for vote, statement, language, reason in rows
    ]
