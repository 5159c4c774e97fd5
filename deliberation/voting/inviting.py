"""The card that a deliberation's front page shows: voting begins there, and goes on at the voting page."""

from dataclasses import dataclass

from deliberation.participants.identity import Device
from deliberation.voting.casting import deal
from deliberation.voting.offering import seal
from deliberation.voting.routing import Face
from deliberation.voting.visiting import arrive


@dataclass(frozen=True)
class Invitation:
    """A statement to vote on, as number `number` of about `total`; `offer` is what its form has to send along."""

    face: Face
    offer: str
    number: int
    total: int


def invite(slug: str, device: Device, secret: str) -> Invitation | None:
    """The card that lies before this device; none where all is answered, or no votes are taken. Raises NotFound."""
    visit = arrive(slug, device)
    ticket = deal(visit).card if visit.is_open else None
    if ticket is None:
        return None
    face = visit.deck.faces[ticket.statement_id]
    return Invitation(face, seal(ticket, visit.holder, secret), visit.done + 1, visit.total)
