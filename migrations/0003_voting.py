"""What voting knows of people: their devices, votes taken back, statements found unclear, and why each was shown

A participant's one hash becomes a row for each device, and words can bring another one. A vote may be "unclear", an
event may say that a vote was taken back or marked as important, and an offer says why it was made and whether undoing
has set it aside. A deliberation has a point at which voting pauses.

Revision: 0003, after 0002.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "device",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_device_participant_id_participant")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_device")),
    )
    op.create_index(op.f("ix_device_participant_id"), "device", ["participant_id"])
    op.create_table(
        "passage",
        sa.Column("words_hash", sa.String(length=64), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_passage_participant_id_participant")
        ),
        sa.PrimaryKeyConstraint("words_hash", name=op.f("pk_passage")),
    )
    op.create_index(op.f("ix_passage_participant_id"), "passage", ["participant_id"])
    op.create_table(
        "failed_passage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sender", sa.String(length=64), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_failed_passage")),
    )
    op.create_index("ix_failed_passage_sender_tried_at", "failed_passage", ["sender", "tried_at"])
    op.execute(
        "INSERT INTO device (token_hash, participant_id, since) "
        "SELECT token_hash, id, created_at FROM participant WHERE token_hash IS NOT NULL"
    )
    with _remaking("participant") as batch:
        batch.drop_constraint(op.f("uq_participant_token_hash"), type_="unique")
        batch.drop_column("token_hash")
    op.add_column("deliberation", sa.Column("stop_after", sa.Integer(), nullable=False, server_default="20"))
    op.add_column("run", sa.Column("unclear", sa.JSON(), nullable=True))
    _choose_among("choice_is_a_vote", "choice_is_known", "choice IN (-1, 0, 1, 2)")
    with op.batch_alter_table("vote_event") as batch:
        batch.alter_column("choice", existing_type=sa.SmallInteger(), nullable=True)
        batch.add_column(sa.Column("important", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("offer") as batch:
        batch.alter_column("probability", existing_type=sa.Float(), nullable=True)
        batch.add_column(sa.Column("why", sa.String(length=16), nullable=False, server_default="random"))
        batch.add_column(sa.Column("set_aside", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("offer") as batch:
        batch.alter_column("why", existing_type=sa.String(length=16), server_default=None)


def downgrade() -> None:
    op.execute("DELETE FROM offer WHERE probability IS NULL")
    with op.batch_alter_table("offer") as batch:
        batch.drop_column("set_aside")
        batch.drop_column("why")
        batch.alter_column("probability", existing_type=sa.Float(), nullable=False)
    op.execute("DELETE FROM vote_event WHERE choice IS NULL OR choice = 2")
    with op.batch_alter_table("vote_event") as batch:
        batch.drop_column("important")
        batch.alter_column("choice", existing_type=sa.SmallInteger(), nullable=False)
    op.execute("DELETE FROM vote WHERE choice = 2")
    _choose_among("choice_is_known", "choice_is_a_vote", "choice IN (-1, 0, 1)")
    op.drop_column("run", "unclear")
    op.drop_column("deliberation", "stop_after")
    with _remaking("participant") as batch:
        batch.add_column(sa.Column("token_hash", sa.String(length=64), nullable=True))
        batch.create_unique_constraint(op.f("uq_participant_token_hash"), ["token_hash"])
    # Of several devices one finds its participant again.
    op.execute(
        "UPDATE participant SET token_hash = "
        "(SELECT min(device.token_hash) FROM device WHERE device.participant_id = participant.id)"
    )
    op.drop_table("failed_passage")
    op.drop_table("passage")
    op.drop_table("device")


@contextmanager
def _remaking(table: str) -> Iterator[BatchOperations]:
    """Change a table that others refer to. SQLite makes it anew, and would take its rows for deleted ones."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if is_sqlite:
        op.execute("PRAGMA foreign_keys=OFF")
    with op.batch_alter_table(table) as batch:
        yield batch
    if is_sqlite:
        op.execute("PRAGMA foreign_keys=ON")


def _choose_among(old: str, new: str, condition: str) -> None:
    """Exchange what a vote may be. The table keeps its clustered key where SQLite makes it anew."""
    with op.batch_alter_table("vote", table_kwargs={"sqlite_with_rowid": False}) as batch:
        batch.drop_constraint(op.f(f"ck_vote_{old}"), type_="check")
        batch.create_check_constraint(op.f(f"ck_vote_{new}"), condition)
