"""What a card carries: which statement was put before whom, from which source and with what probability, signed.

Only a vote on an offered statement counts, so that nobody can pick out the one statement that they want to tip.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache

from itsdangerous import BadSignature, Signer

from deliberation.errors import DeliberationError
from deliberation.voting.models import Source, Why


class OfferInvalid(DeliberationError):  # noqa: N818 - what the visitor is told
    """An offer that is missing, was not signed by us, or was made to another device."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """One statement shown to one participant; the row `offer` says the same."""

    statement_id: int
    nonce: str
    source: Source
    why: Why
    probability: float | None  # with which the draw had to choose this statement; none where it was no draw
    offered_at: datetime
    is_stored: bool = True  # not so before the first vote, nor where it was opened by choice: a visit leaves no row

    def stored(self) -> "Ticket":
        """The same, once its row is written."""
        return replace(self, is_stored=True)


def nonce_of(*parts: object) -> str:
    """A nonce that follows from what came before, so that two requests for the same card make the same one."""
    return hashlib.sha256(":".join(map(str, parts)).encode()).hexdigest()[:32]


def seal(ticket: Ticket, holder: str, secret: str) -> str:
    """The ticket as a form carries it. `holder` is the device's hash; another device's form is worth nothing."""
    chance = "" if ticket.probability is None else ticket.probability
    fields = (ticket.statement_id, ticket.nonce, ticket.source, ticket.why, chance, ticket.offered_at.timestamp())
    text = "~".join(map(str, (*fields, int(ticket.is_stored))))
    return _signer(secret).sign(f"{holder}~{text}").decode().removeprefix(f"{holder}~")


def unseal(sealed: str, holder: str, secret: str) -> Ticket:
    """The ticket that was sealed for this holder. Raises OfferInvalid."""
    try:
        text = _signer(secret).unsign(f"{holder}~{sealed}").decode()
    except BadSignature as error:
        raise OfferInvalid("this statement was not put before you here", hint="reload the page") from error
    _, statement, nonce, source, why, probability, at, is_stored = text.split("~")
    return Ticket(
        statement_id=int(statement),
        nonce=nonce,
        source=Source(source),
        why=Why(why),
        probability=float(probability) if probability else None,
        offered_at=datetime.fromtimestamp(float(at), UTC),
        is_stored=is_stored == "1",
    )


@lru_cache(maxsize=4)
def _signer(secret: str) -> Signer:
    return Signer(secret, salt="offer", key_derivation="hmac", digest_method=hashlib.sha256)
