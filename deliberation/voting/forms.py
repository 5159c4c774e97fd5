"""What comes with a card or a row of the list, read from the form; and what undoing puts back into a card."""

from dataclasses import dataclass

from flask import request, session

from deliberation.voting.casting import Answer
from deliberation.voting.models import Choice
from deliberation.voting.reasons import ReasonTooLong, clean

CHOICES = {choice.name.lower(): choice for choice in Choice}

_DRAFT = "draft"


@dataclass(frozen=True)
class Entry:
    """What stands in the form of a card, and what is wrong with it."""

    choice: Choice | None = None
    reason: str = ""
    is_important: bool = False
    error: str | None = None  # "vote" or "reason"

    def answer(self) -> Answer:
        """The same as a vote. Without a choice there is none."""
        if self.choice is None:
            raise ValueError("an entry without a choice is no vote")
        return Answer(self.choice, self.reason, self.is_important)


def read_entry() -> Entry:
    """The entry of this request."""
    choice = CHOICES.get(request.form.get("vote", ""))
    reason, is_important = request.form.get("reason", ""), "important" in request.form
    try:
        return Entry(choice, clean(reason), is_important, None if choice is not None else "vote")
    except ReasonTooLong:
        return Entry(choice, reason, is_important, "reason")


def keep_draft(statement_id: int, entry: Entry) -> None:
    """Let the card come with this reason and mark until it is voted on. It stays in the browser's own cookie."""
    session[_DRAFT] = [statement_id, entry.reason, entry.is_important]


def draft_of(statement_id: int) -> Entry | None:
    """What was kept for this card."""
    kept, reason, is_important = session.get(_DRAFT) or (None, "", False)
    return Entry(reason=reason, is_important=is_important) if kept == statement_id else None


def drop_draft() -> None:
    """Forget what was kept."""
    session.pop(_DRAFT, None)
