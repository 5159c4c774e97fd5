"""Votes as they stand, every change of them, what was offered to whom, and the reasons given."""

from datetime import datetime
from enum import IntEnum, StrEnum

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Float,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from deliberation.db.base import Base, now

_Id = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows by itself only where the type is INTEGER


class Choice(IntEnum):
    """What somebody said to a statement.

    The first three are votes. Unclear is none: it is outside of what the analysis takes, and never counts as a pass.
    """

    AGREE = 1
    PASS = 0
    DISAGREE = -1
    UNCLEAR = 2  # or not relevant


VOTES = (Choice.AGREE, Choice.PASS, Choice.DISAGREE)


class Source(StrEnum):
    """How a statement came before somebody. Votes without a source were offered to nobody: kept, never counted.

    Routed: drawn by weight; random: drawn uniformly, so these votes are the random sample.
    """

    ROUTED = "routed"
    RANDOM = "random"
    CHOSEN = "chosen"
    IMPORTED = "imported"


class Why(StrEnum):
    """Why a statement was put before somebody, as the card says it."""

    RANDOM = "random"
    CHOSEN = "chosen"
    # These are the reasons of a weight, as analysis.routing gives them.
    FEW_VOTES = "few_votes"
    MAY_BRIDGE = "may_bridge"
    UNCERTAIN = "uncertain"
    SETTLED = "settled"


class Vote(Base):
    """The vote that stands: one a participant and statement."""

    __tablename__ = "vote"

    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id"), primary_key=True)
    statement_id: Mapped[int] = mapped_column(ForeignKey("statement.id"), primary_key=True)
    choice: Mapped[int] = mapped_column(SmallInteger)
    important: Mapped[bool] = mapped_column(Boolean, default=False)
    source: Mapped[str | None] = mapped_column(String(8))
    cast_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("choice IN (-1, 0, 1, 2)", name="choice_is_known"),
        {"sqlite_with_rowid": False},
    )


class VoteEvent(Base):
    """A vote being cast, changed or taken back; rows are only ever added, each in the transaction of its vote.

    Nobody is shown them. They go only where somebody deletes all that they gave.
    """

    __tablename__ = "vote_event"

    id: Mapped[int] = mapped_column(_Id, primary_key=True)
    # No foreign keys: the vote has them, and checking the same ids twice is half the cost of a large import.
    participant_id: Mapped[int]
    statement_id: Mapped[int]
    choice: Mapped[int | None] = mapped_column(SmallInteger)  # none: taken back
    important: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    cast_at: Mapped[datetime]


class Routing(Base):
    """With what weight a statement is drawn next, and why, as the last run left it; without one it has few votes."""

    __tablename__ = "routing"

    statement_id: Mapped[int] = mapped_column(ForeignKey("statement.id"), primary_key=True)
    weight: Mapped[float] = mapped_column(Float)
    why: Mapped[str] = mapped_column(String(16))

    __table_args__ = (CheckConstraint("weight > 0", name="weight_is_above_zero"),)


class Offer(Base):
    """A statement shown to a participant: from which branch of the draw, why, and with what probability.

    probability: of this statement being the one, whichever branch was taken, given what the participant had answered
    and the weights at that moment; none where somebody opened it by their own choice.
    """

    __tablename__ = "offer"

    id: Mapped[int] = mapped_column(_Id, primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id"))
    statement_id: Mapped[int] = mapped_column(ForeignKey("statement.id"))
    nonce: Mapped[str] = mapped_column(String(32), unique=True)
    source: Mapped[str] = mapped_column(String(8))
    why: Mapped[str] = mapped_column(String(16))  # the branch of the draw that chose it, as the card says it
    probability: Mapped[float | None] = mapped_column(Float)
    offered_at: Mapped[datetime]
    # The vote before it was taken back: it comes again, under the same nonce, once that vote is cast again.
    set_aside: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())

    __table_args__ = (Index("ix_offer_participant_id_id", "participant_id", "id"),)


class Reason(Base):
    """Why somebody voted as they did, in their own words; the latest stands."""

    __tablename__ = "reason"

    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id"), primary_key=True)
    statement_id: Mapped[int] = mapped_column(ForeignKey("statement.id"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str | None] = mapped_column(String(16))
    given_at: Mapped[datetime] = mapped_column(default=now)
