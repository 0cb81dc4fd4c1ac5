"""indexes: an OPD's running clocks, soonest first"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_clocks_opd_running",
        "clocks",
        ["key", "due_on", "case_id"],
        sqlite_where=sa.text("kind = 'opd_answer' AND running = 1"),
        postgresql_where=sa.text("kind = 'opd_answer' AND running"),
    )


def downgrade() -> None:
    op.drop_index("ix_clocks_opd_running", "clocks")
