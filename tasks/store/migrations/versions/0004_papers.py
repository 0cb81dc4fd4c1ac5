"""letters on paper"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from tasks.store.schema import Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "papers",
        sa.Column("id", big, autoincrement=True, nullable=False),
        sa.Column("code", sa.String(length=19), nullable=False),
        sa.Column("letter_key", sa.String(length=160), nullable=False),
        sa.Column("case_id", big, nullable=False),
        sa.Column("paper", sa.String(length=32), nullable=False),
        sa.Column("letter_number", sa.String(length=200), nullable=False),
        sa.Column("template", sa.String(length=12), nullable=False),
        sa.Column("case_version", sa.Integer(), nullable=False),
        sa.Column("made_at", Instant(timezone=True), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_papers_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_papers")),
        sa.UniqueConstraint("code", name=op.f("uq_papers_code")),
    )
    op.create_index(op.f("ix_papers_case_id"), "papers", ["case_id"])
    op.create_index(op.f("ix_papers_letter_key"), "papers", ["letter_key"])


def downgrade() -> None:
    op.drop_index(op.f("ix_papers_letter_key"), "papers")
    op.drop_index(op.f("ix_papers_case_id"), "papers")
    op.drop_table("papers")
