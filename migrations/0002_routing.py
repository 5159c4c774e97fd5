"""Each statement's weight in the draw, and how many versions of a deliberation changed weights alone

Revision: 0002, follows 0001. Until its next run a deliberation draws uniformly, as before.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "routing",
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.Column("why", sa.String(length=16), nullable=False),
        sa.CheckConstraint("weight > 0", name=op.f("ck_routing_weight_is_above_zero")),
        sa.ForeignKeyConstraint(["statement_id"], ["statement.id"], name=op.f("fk_routing_statement_id_statement")),
        sa.PrimaryKeyConstraint("statement_id", name=op.f("pk_routing")),
    )
    with op.batch_alter_table("deliberation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rerouted", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("deliberation", schema=None) as batch_op:
        batch_op.drop_column("rerouted")
    op.drop_table("routing")
