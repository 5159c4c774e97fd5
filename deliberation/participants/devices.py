"""The devices that one participant comes with: words that bring another one, and leaving."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from deliberation.db.base import now
from deliberation.db.upsert import insert_for
from deliberation.deliberations.models import Deliberation
from deliberation.errors import DeliberationError
from deliberation.participants.identity import Device
from deliberation.participants.models import FailedPassage, KnownDevice, Passage
from deliberation.participants.words import hash_words, make_words, tidy

LIFE = timedelta(minutes=15)  # of six words
MOST_FAILURES = 20  # from one address
WINDOW = timedelta(minutes=15)  # within this time; then they are forgotten


class WordsInvalid(DeliberationError):  # noqa: N818 - what the visitor is told
    """Words that lead nowhere: mistyped, used before, or too old."""


class TooManyTries(DeliberationError):  # noqa: N818 - what the visitor is told
    """So many wrong words came from one address that no more are looked at for a while."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A device that has become somebody's. left: whom nobody comes back to now, where it was somebody else's."""

    participant_id: int
    left: int | None


def participant_of(session: Session, token_hash: str) -> int | None:
    """Who this device is in the deliberation that its hash is made for."""
    return session.scalar(select(KnownDevice.participant_id).where(KnownDevice.token_hash == token_hash))


def let_another_in(session: Session, participant_id: int, deliberation_id: int) -> str:
    """Six words for another device. They work once, for a short time, and until others are asked for."""
    session.execute(delete(Passage).where(Passage.participant_id == participant_id))
    words = make_words()
    session.add(
        Passage(words_hash=hash_words(words, deliberation_id), participant_id=participant_id, expires_at=now() + LIFE)
    )
    return words


def come_in(session: Session, typed: str, device: Device, deliberation_id: int) -> Arrival:
    """Make this device the participant's that the words are of. Raises WordsInvalid."""
    moment = now()
    session.execute(delete(Passage).where(Passage.expires_at <= moment))
    # Deleting is what lets only one device in, however many send the words at once.
    used = delete(Passage).where(Passage.words_hash == hash_words(tidy(typed), deliberation_id))
    participant_id = session.scalar(used.returning(Passage.participant_id))
    if participant_id is None:
        raise WordsInvalid("these words do not work here, or not any more")
    token_hash = device.hash_in(deliberation_id)
    before = participant_of(session, token_hash)
    row = {"token_hash": token_hash, "participant_id": participant_id, "since": moment}
    adding = insert_for(session, KnownDevice).values(row)
    session.execute(adding.on_conflict_do_update(index_elements=["token_hash"], set_=row))
    is_left = before not in (None, participant_id) and not _devices(session, before or 0)
    return Arrival(participant_id, before if is_left else None)


def leave(session: Session, device: Device) -> None:
    """Forget this device in every deliberation. Its cookie, or a copy of it, finds nobody any more."""
    hashes = [device.hash_in(deliberation_id) for deliberation_id in session.scalars(select(Deliberation.id))]
    session.execute(delete(KnownDevice).where(KnownDevice.token_hash.in_(hashes)))


def refuse_guessing(session: Session, sender: str) -> None:
    """Raises TooManyTries where many wrong words came from this sender lately."""
    since = now() - WINDOW
    failures = select(func.count()).where(FailedPassage.sender == sender, FailedPassage.tried_at > since)
    if (session.scalar(failures) or 0) >= MOST_FAILURES:
        raise TooManyTries("too many wrong words came from your network", hint="try again in a quarter of an hour")


def note_failure(session: Session, sender: str) -> None:
    """Remember that words from this sender were wrong, and forget what is older than it matters."""
    session.execute(delete(FailedPassage).where(FailedPassage.tried_at <= now() - WINDOW))
    session.add(FailedPassage(sender=sender, tried_at=now()))


def sender_of(address: str, secret: str) -> str:
    """A network address as failures are counted for it; the address itself is not stored."""
    return hashlib.sha256(f"passage:{secret}:{address}".encode()).hexdigest()


def _devices(session: Session, participant_id: int) -> int:
    return session.scalar(select(func.count()).where(KnownDevice.participant_id == participant_id)) or 0
