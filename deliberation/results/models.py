"""Runs of the analysis: immutable rows."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from deliberation.db.base import Base, now


class Run(Base):
    """One finished analysis of a deliberation's votes. Rows are only ever added."""

    __tablename__ = "run"

    id: Mapped[int] = mapped_column(primary_key=True)
    deliberation_id: Mapped[int] = mapped_column(ForeignKey("deliberation.id"))
    method: Mapped[str] = mapped_column(String(40))
    digest: Mapped[str] = mapped_column(String(64))  # of the votes that were analysed
    # SHA-256 of all that decides the result: votes, statements, moderation, method, code. The same is not run twice.
    inputs: Mapped[str] = mapped_column(String(64), default="")
    # The newest vote event when the votes were read: what came later is not in this run.
    last_event_id: Mapped[int] = mapped_column(BigInteger, default=0)
    # Votes that stood but did not count: on statements that their senders had not been offered, and on declined ones.
    not_offered: Mapped[int] = mapped_column(default=0)
    on_declined: Mapped[int] = mapped_column(default=0)
    # By statement, how many found it unclear or not relevant, which are no votes. None: nobody could say so yet.
    unclear: Mapped[dict[str, int] | None] = mapped_column(JSON(none_as_null=True))
    result: Mapped[str] = mapped_column(Text)  # the object "analysis/1", as its canonical JSON
    code_version: Mapped[str] = mapped_column(String(40))
    finished_at: Mapped[datetime] = mapped_column(default=now)

    __table_args__ = (Index("ix_run_deliberation_id_id", "deliberation_id", "id"),)
