"""What is put to the public: deliberations, sample prompts, candidate responses, statements."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from deliberation.db.base import Base, now
from deliberation.spec.models import Release, Section

STOP_AFTER = 20  # votes, where a deliberation says nothing else


class Moderation(StrEnum):
    """The standing of a statement. Pending ones are shown unless the deliberation moderates before showing."""

    ACCEPTED = "accepted"
    PENDING = "pending"
    DECLINED = "declined"


class Deliberation(Base):
    """A question put to the public about sections of one release of a spec."""

    __tablename__ = "deliberation"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str]
    description: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(16), default="en")
    release_id: Mapped[int | None] = mapped_column(ForeignKey("release.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    # Raised by every change of statements, moderation, weights or state: a process whose cache has another version
    # reads it again, so a change takes effect in every worker at the next request.
    version: Mapped[int] = mapped_column(default=1)
    # After so many votes the page says that one may well stop, and asks whether to go on.
    stop_after: Mapped[int] = mapped_column(default=STOP_AFTER, server_default=str(STOP_AFTER))
    # How many of these changes were of weights alone, which no result depends on.
    rerouted: Mapped[int] = mapped_column(default=0, server_default="0")

    release: Mapped[Release | None] = relationship()
    sections: Mapped[list[Section]] = relationship(secondary="deliberation_section", order_by=Section.position)
    prompts: Mapped[list["Prompt"]] = relationship(back_populates="deliberation", order_by="Prompt.position")
    statements: Mapped[list["Statement"]] = relationship(back_populates="deliberation", order_by="Statement.position")

    @property
    def is_open(self) -> bool:
        """Votes are accepted."""
        return self.opened_at is not None and self.closed_at is None


class DeliberationSection(Base):
    """A section of the spec that a deliberation is about."""

    __tablename__ = "deliberation_section"

    deliberation_id: Mapped[int] = mapped_column(ForeignKey("deliberation.id"), primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"), primary_key=True)


class Prompt(Base):
    """A sample prompt: the conversation for which behaviours are proposed."""

    __tablename__ = "prompt"

    id: Mapped[int] = mapped_column(primary_key=True)
    deliberation_id: Mapped[int] = mapped_column(ForeignKey("deliberation.id"), index=True)
    position: Mapped[int]
    title: Mapped[str]
    # Each message: {"role", "content", "attributes": {...}}; roles as in spec.text.document.Message.
    messages: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    section_id: Mapped[int | None] = mapped_column(ForeignKey("section.id"))
    source: Mapped[str | None]  # as in sources.SamplePrompt; none where it was typed in

    deliberation: Mapped[Deliberation] = relationship(back_populates="prompts")
    section: Mapped[Section | None] = relationship()
    responses: Mapped[list["Response"]] = relationship(back_populates="prompt", order_by="Response.position")


class Response(Base):
    """A candidate response to a sample prompt."""

    __tablename__ = "response"

    id: Mapped[int] = mapped_column(primary_key=True)
    prompt_id: Mapped[int] = mapped_column(ForeignKey("prompt.id"))
    key: Mapped[str] = mapped_column(String(40))  # as the source named it, "A"
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text)

    prompt: Mapped[Prompt] = relationship(back_populates="responses")

    __table_args__ = (UniqueConstraint("prompt_id", "key"),)


class Statement(Base):
    """A proposed default behaviour to vote on. Its text never changes once somebody voted."""

    __tablename__ = "statement"

    id: Mapped[int] = mapped_column(primary_key=True)
    deliberation_id: Mapped[int] = mapped_column(ForeignKey("deliberation.id"))
    key: Mapped[str] = mapped_column(String(40))  # as the source wrote it; unique within the deliberation
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str | None] = mapped_column(String(16))  # none: the deliberation's
    prompt_id: Mapped[int | None] = mapped_column(ForeignKey("prompt.id"))
    # The candidate response whose being a good default the statement claims.
    response_id: Mapped[int | None] = mapped_column(ForeignKey("response.id"))
    # Set by hand only; otherwise the section follows from the prompt, or is proposed by similarity.
    section_id: Mapped[int | None] = mapped_column(ForeignKey("section.id"))
    moderation: Mapped[str] = mapped_column(String(16), default=Moderation.ACCEPTED)
    is_seed: Mapped[bool] = mapped_column(Boolean, default=True)
    is_meta: Mapped[bool] = mapped_column(Boolean, default=False)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("participant.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)

    deliberation: Mapped[Deliberation] = relationship(back_populates="statements")
    prompt: Mapped[Prompt | None] = relationship()
    response: Mapped[Response | None] = relationship()
    section: Mapped[Section | None] = relationship()

    __table_args__ = (UniqueConstraint("deliberation_id", "key"),)

    @property
    def is_votable(self) -> bool:
        """Shown to participants and counted."""
        return self.moderation != Moderation.DECLINED
