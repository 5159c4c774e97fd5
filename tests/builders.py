"""Rows for tests, with what a test does not care about filled in."""

import itertools
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from deliberation.db.base import now
from deliberation.deliberations.models import Deliberation, Prompt, Response, Statement
from deliberation.participants.models import Participant
from deliberation.voting.models import Choice, Source, Vote, VoteEvent

Row = TypeVar("Row")
_numbers = itertools.count(1)


def add(session: Session, row: Row) -> Row:
    session.add(row)
    session.flush()
    return row


def a_deliberation(session: Session, **columns: Any) -> Deliberation:
    """An open deliberation."""
    number = next(_numbers)
    return add(
        session,
        Deliberation(**{"slug": f"question-{number}", "title": f"Question {number}?", "opened_at": now()} | columns),
    )


def a_prompt(session: Session, deliberation: Deliberation, **columns: Any) -> Prompt:
    number = next(_numbers)
    messages = [{"role": "user", "content": f"Question {number}", "attributes": {}}]
    defaults = {"position": number, "title": f"Prompt {number}", "messages": messages, "source": None}
    return add(session, Prompt(deliberation_id=deliberation.id, **(defaults | columns)))


def a_response(session: Session, prompt: Prompt, key: str = "A", **columns: Any) -> Response:
    return add(session, Response(**{"prompt_id": prompt.id, "key": key, "position": 1, "text": "An answer."} | columns))


def a_statement(session: Session, deliberation: Deliberation | None = None, **columns: Any) -> Statement:
    """A statement open to votes."""
    deliberation = deliberation or a_deliberation(session)
    number = next(_numbers)
    defaults = {"key": str(number), "position": number, "text": f"The assistant should do thing {number}."}
    return add(session, Statement(deliberation_id=deliberation.id, **(defaults | columns)))


def a_participant(session: Session, deliberation: Deliberation, **columns: Any) -> Participant:
    defaults = {"key": str(next(_numbers))}
    return add(session, Participant(deliberation_id=deliberation.id, **(defaults | columns)))


def a_vote(session: Session, participant: Participant, statement: Statement, choice: Choice) -> Vote:
    """A vote that counts, with its event."""
    ids = {"participant_id": participant.id, "statement_id": statement.id}
    at = now()
    add(session, VoteEvent(**ids, choice=int(choice), cast_at=at))
    return add(session, Vote(**ids, choice=int(choice), source=Source.IMPORTED, cast_at=at))
