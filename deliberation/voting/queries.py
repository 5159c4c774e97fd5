"""What one has voted so far."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
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
    reason: str | None
    cast_at: datetime
    is_changeable: bool  # the statement still takes votes


def my_votes(session: Session, participant_id: int | None) -> list[MyVote]:
    """All votes of a participant, in the order of the statements; none for somebody who has not voted."""
    if participant_id is None:
        return []
    rows = session.execute(
        select(Vote, Statement, Deliberation.language, Reason.text)
        .join(Statement, Statement.id == Vote.statement_id)
        .join(Deliberation, Deliberation.id == Statement.deliberation_id)
        .outerjoin(Reason, (Reason.participant_id == Vote.participant_id) & (Reason.statement_id == Vote.statement_id))
        .where(Vote.participant_id == participant_id)
        .order_by(Statement.position, Statement.id)
    )
    return [
        MyVote(
            statement_id=statement.id,
            key=statement.key,
            text=statement.text,
            language=statement.language or language,
            choice=Choice(vote.choice),
            reason=reason,
            cast_at=vote.cast_at,
            is_changeable=statement.is_votable,
        )
        for vote, statement, language, reason in rows
    ]
