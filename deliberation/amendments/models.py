"""Amendments: an edit of the spec's own text, its revisions, and the evidence for it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from deliberation.db.base import Base, now
from deliberation.deliberations.models import Deliberation, Statement
from deliberation.spec.models import Release, Section


class State(StrEnum):
    """Where an amendment stands."""

    DRAFT = "draft"
    APPROVED = "approved"
    SUPERSEDED = "superseded"  # a draft whose statement is now placed elsewhere, or no longer agreed on


class Kind(StrEnum):
    """What an amendment adds."""

    RULE = "rule"
    EXAMPLE = "example"


class Amendment(Base):
    """A proposed change of one section of one release."""

    __tablename__ = "amendment"

    id: Mapped[int] = mapped_column(primary_key=True)
    deliberation_id: Mapped[int] = mapped_column(ForeignKey("deliberation.id"), index=True)
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"))
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"))
    kind: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16), default=State.DRAFT)
    placed: Mapped[str] = mapped_column(String(16))  # "by hand", "prompt" or "similarity"
    score: Mapped[float | None]
    created_at: Mapped[datetime] = mapped_column(default=now)

    deliberation: Mapped[Deliberation] = relationship()
    release: Mapped[Release] = relationship()
    section: Mapped[Section] = relationship()
    revisions: Mapped[list["Revision"]] = relationship(back_populates="amendment", order_by="Revision.number")
    evidence: Mapped[list["Evidence"]] = relationship(back_populates="amendment", order_by="Evidence.position")


class Revision(Base):
    """One wording of an amendment: an exact edit of the release's text. The newest stands."""

    __tablename__ = "revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    amendment_id: Mapped[int] = mapped_column(ForeignKey("amendment.id"))
    number: Mapped[int]
    start: Mapped[int]  # offsets into the release's text, in characters
    end: Mapped[int]
    old: Mapped[str] = mapped_column(Text)
    new: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)

    amendment: Mapped[Amendment] = relationship(back_populates="revisions")

    __table_args__ = (UniqueConstraint("amendment_id", "number"),)


class Evidence(Base):
    """A statement that supports an amendment, with its figures as they stood in one run."""

    __tablename__ = "evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    amendment_id: Mapped[int] = mapped_column(ForeignKey("amendment.id"))
    statement_id: Mapped[int] = mapped_column(ForeignKey("statement.id"))
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    position: Mapped[int]  # 0 is the statement that gave the wording
    direction: Mapped[str] = mapped_column(String(8))  # "agree" or "disagree"
    # Frozen: statement verbatim, votes overall and by group, method, digest, dissent in its own words.
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)

    amendment: Mapped[Amendment] = relationship(back_populates="evidence")
    statement: Mapped[Statement] = relationship()

    __table_args__ = (UniqueConstraint("amendment_id", "statement_id"),)


class Suggestion(Base):
    """What one round of suggesting found beside its drafts: questions, rejected, left open, below the bar, unplaced."""

    __tablename__ = "suggestion"

    id: Mapped[int] = mapped_column(primary_key=True)
    deliberation_id: Mapped[int] = mapped_column(ForeignKey("deliberation.id"), index=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    report: Mapped[dict[str, Any]] = mapped_column(JSON)
