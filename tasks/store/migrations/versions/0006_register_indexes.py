"""indexes: the register by stage, channel and OPD, and what is open"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_cases_open", "cases")
    op.create_index("ix_cases_stage", "cases", ["kind", "series", "stage", "year", "id"])
    op.create_index("ix_cases_channel", "cases", ["kind", "series", "channel", "year", "id"])
    _partial("ix_cases_open", "cases", ["kind", "stage", "next_on"], "stage <> 'closed'")
    _partial("ix_cases_next_on", "cases", ["next_on", "id"], "next_on IS NOT NULL")
    _partial("ix_clocks_opd", "clocks", ["key", "case_id"], "kind = 'opd_answer'")


def downgrade() -> None:
    op.drop_index("ix_clocks_opd", "clocks")
    for name in ("ix_cases_next_on", "ix_cases_open", "ix_cases_channel", "ix_cases_stage"):
        op.drop_index(name, "cases")
    op.create_index("ix_cases_open", "cases", ["kind", "stage", "next_on"])


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
