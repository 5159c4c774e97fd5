"""Pseudonymous people: one row a person and deliberation, the devices they come with, and the words between these."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from deliberation.db.base import Base, now


class Participant(Base):
    """Somebody who takes part in one deliberation. Imported participants have no device."""

    __tablename__ = "participant"

    id: Mapped[int] = mapped_column(primary_key=True)
    deliberation_id: Mapped[int] = mapped_column(ForeignKey("deliberation.id"))
    key: Mapped[str] = mapped_column(String(64))  # the public id in results and exports; as the source wrote it
    created_at: Mapped[datetime] = mapped_column(default=now)

    __table_args__ = (UniqueConstraint("deliberation_id", "key"),)


class KnownDevice(Base):
    """A browser that acts as a participant; where it has left, there is no row, and its cookie is worth nothing.

    The hash is of the device's token and the deliberation together, so that the rows of one person in two
    deliberations cannot be joined.
    """

    __tablename__ = "device"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id"), index=True)
    since: Mapped[datetime] = mapped_column(default=now)


class Passage(Base):
    """Six words that bring another device to a participant, once and for a short time. Only their hash is stored."""

    __tablename__ = "passage"

    words_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id"), index=True)
    expires_at: Mapped[datetime]


class FailedPassage(Base):
    """Words that were not right, sent from an address, which is known by a keyed hash and forgotten after a while."""

    __tablename__ = "failed_passage"

    id: Mapped[int] = mapped_column(primary_key=True)
    sender: Mapped[str] = mapped_column(String(64))
    tried_at: Mapped[datetime]

    __table_args__ = (Index("ix_failed_passage_sender_tried_at", "sender", "tried_at"),)
