"""Releases of a Model Spec, stored byte for byte, and what was found in them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from deliberation.db.base import Base, now


class Release(Base):
    """One release of a spec. Its text never changes."""

    __tablename__ = "release"

    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(String(80), unique=True)
    file_name: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64))
    data: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    imported_at: Mapped[datetime] = mapped_column(default=now)

    sections: Mapped[list["Section"]] = relationship(back_populates="release", order_by="Section.position")
    evaluation_prompts: Mapped[list["EvaluationPrompt"]] = relationship(order_by="EvaluationPrompt.id")


class Section(Base):
    """A section of a release, by its id in the document. The document itself is parsed from the release's bytes."""

    __tablename__ = "section"

    id: Mapped[int] = mapped_column(primary_key=True)
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"))
    key: Mapped[str] = mapped_column(String(255))  # the id that the document gives it
    position: Mapped[int]
    title: Mapped[str]
    level: Mapped[int]
    authority: Mapped[str | None] = mapped_column(String(16))  # one of spec.text.document.Authority

    release: Mapped[Release] = relationship(back_populates="sections")

    __table_args__ = (UniqueConstraint("release_id", "key"),)


class EvaluationPrompt(Base):
    """A prompt of the `examples/` folder beside a spec, tied to the text by a footnote."""

    __tablename__ = "evaluation_prompt"

    id: Mapped[int] = mapped_column(primary_key=True)
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"), index=True)
    focus: Mapped[str] = mapped_column(String(40))
    number: Mapped[int]  # within its focus, from 1
    title: Mapped[str]
    messages: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
