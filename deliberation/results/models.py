"""Runs of the analysis: immutable rows."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from deliberation.db.base import Base, now


class Run(Base):
    """One finished analysis of a deliberation's votes. Rows are only ever added."""

    __tablename__ = "run"

    id: Mapped[int] = mapped_column(primary_key=True)
    deliberation_id: Mapped[int] = mapped_column(ForeignKey("deliberation.id"))
    method: Mapped[str] = mapped_column(String(40))
    digest: Mapped[str] = mapped_column(String(64))  # of the votes that were analysed
    result: Mapped[str] = mapped_column(Text)  # the object "analysis/1", as its canonical JSON
    code_version: Mapped[str] = mapped_column(String(40))
    finished_at: Mapped[datetime] = mapped_column(default=now)

    __table_args__ = (Index("ix_run_deliberation_id_id", "deliberation_id", "id"),)
