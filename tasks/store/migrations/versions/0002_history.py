"""old registers, imported; documents of the office beside those of cases"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from tasks.store.schema import Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "history",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("batch", sa.String(length=64), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=80), server_default="", nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("noticed_on", sa.Date(), nullable=True),
        sa.Column("channel", sa.String(length=12), server_default="", nullable=False),
        sa.Column("applicant", sa.String(length=16), server_default="", nullable=False),
        sa.Column("opd", sa.String(length=40), server_default="", nullable=False),
        sa.Column("subject", sa.Text(), server_default="", nullable=False),
        sa.Column("result", sa.String(length=12), server_default="", nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("imported_at", Instant(timezone=True), nullable=False),
        sa.Column("imported_by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history")),
        sa.UniqueConstraint("batch", "line", name="uq_history_once"),
    )
    op.create_index(op.f("ix_history_year"), "history", ["year"])
    with op.batch_alter_table("documents") as batch:
        batch.alter_column(
            "case_id",
            existing_type=sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
        )


def downgrade() -> None:
    op.drop_index(op.f("ix_history_year"), table_name="history")
    op.drop_table("history")
