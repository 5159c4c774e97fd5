"""Pseudonymous people: one row a person and deliberation, found by the hash of a token in a signed cookie."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from deliberation.db.base import Base, now


class Participant(Base):
    """Somebody who takes part in one deliberation.

    The hash is of the device's token and the deliberation together, so that the rows of one person in two
    deliberations cannot be joined. Imported participants have none.
    """

    __tablename__ = "participant"

    id: Mapped[int] = mapped_column(primary_key=True)
    deliberation_id: Mapped[int] = mapped_column(ForeignKey("deliberation.id"))
    key: Mapped[str] = mapped_column(String(64))  # the public id in results and exports; as the source wrote it
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)

    __table_args__ = (UniqueConstraint("deliberation_id", "key"),)
