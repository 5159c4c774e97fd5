"""All that a participant gave is deleted, in every room that keeps something of theirs."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from deliberation.voting import withdrawing

# A room that stores what participants give adds its own: it deletes the rows of this participant, and may be repeated.
ERASERS: list[Callable[[Session, int], object]] = [withdrawing.erase]


def erase(session: Session, participant_id: int) -> None:
    """Delete everything this participant gave. Their cookie still finds them, with nothing to their name."""
    for eraser in ERASERS:
        eraser(session, participant_id)
