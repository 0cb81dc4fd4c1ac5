"""the lists of public and of exempt information"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from tasks.store.schema import Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "listings",
        sa.Column("id", _id(), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=3), nullable=False),
        sa.Column("opd", sa.String(length=40), server_default="", nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=40), server_default="", nullable=False),
        sa.Column("item_no", sa.Integer(), server_default="0", nullable=False),
        sa.Column("set_on", sa.Date(), nullable=False),
        sa.Column("changed_at", Instant(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listings")),
    )
    op.create_index("ix_listings_kind", "listings", ["kind", "status", "id"])
    op.create_index("ix_listings_source", "listings", ["source"])
    waiting = sa.text("next_on IS NOT NULL")
    op.create_index(
        "ix_listings_next_on", "listings", ["next_on"], sqlite_where=waiting, postgresql_where=waiting
    )
    op.create_table(
        "listing_events",
        sa.Column("id", _id(), autoincrement=True, nullable=False),
        sa.Column("listing_id", _id(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("action", sa.String(length=24), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listings.id"], name=op.f("fk_listing_events_listing_id_listings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_events")),
    )
    op.create_index(op.f("ix_listing_events_listing_id"), "listing_events", ["listing_id"])


def downgrade() -> None:
    op.drop_table("listing_events")
    op.drop_table("listings")
