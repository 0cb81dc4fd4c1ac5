"""The tables. Cases, journal, clocks, ledger and letters are the truth; a Prefect run is only a view.

Personal data stands only in columns named `sealed`, encrypted under a key per person.
Dates are days in Jakarta, instants are aware UTC.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import TypeDecorator

metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

#: SQLite counts up only an INTEGER primary key; PostgreSQL gets 64 bits.
Id = BigInteger().with_variant(Integer(), "sqlite")


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept as UTC; SQLite would hand it back naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The instant as UTC.

        Raises:
            ValueError: a naive datetime.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime never reaches the store")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The instant, aware."""
        if value is not None and value.tzinfo is None:
            return value.replace(tzinfo=UTC)
        return value


cases = Table(
    "cases",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("number", String(40), nullable=False, unique=True),
    Column("kind", String(12), nullable=False),
    Column("root_id", Id, nullable=True, index=True, doc="the request (or lone objection) of the family"),
    Column("series", String(16), nullable=False),
    Column("year", Integer, nullable=False),
    Column("stage", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("person_id", String(32), nullable=False, index=True),
    Column("channel", String(12), nullable=False),
    Column("applicant", String(16), nullable=False),
    Column("received_on", Date, nullable=False),
    Column("registered_at", Instant, nullable=False),
    Column("subject", Text, nullable=False),
    Column("opds", Text, nullable=False, server_default=""),
    Column("next_on", Date, nullable=True, doc="the soonest running date, for lists"),
    Column("next_kind", String(24), nullable=False, server_default=""),
    Column("state", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=True),
    Column("head_seq", Integer, nullable=False, server_default="0"),
    Column("head_hash", String(64), nullable=False, server_default=""),
    Index("ix_cases_year", "kind", "series", "year", "id"),
    Index("ix_cases_stage", "kind", "series", "stage", "year", "id"),
    Index("ix_cases_channel", "kind", "series", "channel", "year", "id"),
    Index(
        "ix_cases_open",
        "kind",
        "stage",
        "next_on",
        sqlite_where=text("stage <> 'closed'"),
        postgresql_where=text("stage <> 'closed'"),
    ),
    Index(
        "ix_cases_next_on",
        "next_on",
        "id",
        sqlite_where=text("next_on IS NOT NULL"),
        postgresql_where=text("next_on IS NOT NULL"),
    ),
)

clocks = Table(
    "clocks",
    metadata,
    Column("case_id", Id, ForeignKey("cases.id"), primary_key=True),
    Column("kind", String(24), primary_key=True),
    Column("key", String(40), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("start_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("running", Boolean, nullable=False),
    Column("met_at", Instant, nullable=True),
    Column("next_rung_on", Date, nullable=True),
    Index(
        "ix_clocks_next_rung_on",
        "next_rung_on",
        sqlite_where=text("next_rung_on IS NOT NULL"),
        postgresql_where=text("next_rung_on IS NOT NULL"),
    ),
    Index(
        "ix_clocks_opd",
        "key",
        "case_id",
        sqlite_where=text("kind = 'opd_answer'"),
        postgresql_where=text("kind = 'opd_answer'"),
    ),
    Index(
        "ix_clocks_opd_running",
        "key",
        "due_on",
        "case_id",
        sqlite_where=text("kind = 'opd_answer' AND running = 1"),
        postgresql_where=text("kind = 'opd_answer' AND running"),
    ),
)

ledger = Table(
    "ledger",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False),
    Column("clock", String(24), nullable=False),
    Column("clock_key", String(40), nullable=False),
    Column("rung", Integer, nullable=False),
    Column("clock_version", Integer, nullable=False),
    Column("fired_at", Instant, nullable=False),
    Column("effect", String(24), nullable=False),
    Column("outcome", Text, nullable=False, server_default=""),
    Column("letter_key", String(160), nullable=False, server_default=""),
    UniqueConstraint("case_id", "clock", "clock_key", "rung", "clock_version", name="uq_ledger_once"),
    Index("ix_ledger_letter_key", "letter_key"),
)

letters = Table(
    "letters",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("key", String(160), nullable=False, unique=True),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=True, index=True),
    Column("number", String(40), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("recipients", Text, nullable=False),
    Column("opd", String(40), nullable=False, server_default=""),
    Column("facts", Text, nullable=False),
    Column("documents", Text, nullable=False, server_default="[]"),
    Column("meets", String(24), nullable=True),
    Column("by_hand", Boolean, nullable=False),
    Column("state", String(16), nullable=False),
    Column("owed_at", Instant, nullable=False),
    Column("sent_at", Instant, nullable=True),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_try_at", Instant, nullable=True),
    Column("error", Text, nullable=False, server_default=""),
    Column("reply", Text, nullable=False, server_default=""),
    Column("message_id", String(200), nullable=False, server_default="", index=True),
    Column("sealed", LargeBinary, nullable=True, doc="free text it will tell; once sent, the whole message"),
    Index(
        "ix_letters_waiting",
        "next_try_at",
        "id",
        sqlite_where=text("state = 'ready'"),
        postgresql_where=text("state = 'ready'"),
    ),
    Index(
        "ix_letters_stuck",
        "state",
        sqlite_where=text("state IN ('undeliverable', 'kept')"),
        postgresql_where=text("state IN ('undeliverable', 'kept')"),
    ),
)

journal = Table(
    "journal",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("number", String(40), nullable=False),
    Column("at", String(32), nullable=False, doc="ISO instant, kept as text so that the hash covers it"),
    Column("action", String(32), nullable=False),
    Column("role", String(16), nullable=False),
    Column("actor", String(80), nullable=False),
    Column("stage_before", String(16), nullable=False),
    Column("stage_after", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("facts", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=True),
    Column("state_hash", String(64), nullable=False),
    Column("prev_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    UniqueConstraint("case_id", "seq", name="uq_journal_case_id"),
    sqlite_autoincrement=True,
)

seals = Table(
    "seals",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("entries", Text, nullable=False, doc="ids of the journal entries of one commit"),
    Column("prev_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    sqlite_autoincrement=True,
)

runs = Table(
    "runs",
    metadata,
    Column("root_id", Id, ForeignKey("cases.id"), primary_key=True),
    Column("number", String(40), nullable=False, unique=True),
    Column("run_id", String(36), nullable=True),
    Column("wanted", Integer, nullable=False, doc="rises with each act of the family"),
    Column("projected", Integer, nullable=False, server_default="0"),
    Column("seen", Integer, nullable=False, server_default="0", doc="what the last pass saw"),
    Column("woken_at", Instant, nullable=False),
    Index(
        "ix_runs_behind",
        "woken_at",
        sqlite_where=text("wanted > projected"),
        postgresql_where=text("wanted > projected"),
    ),
)

counters = Table(
    "counters",
    metadata,
    Column("kind", String(12), primary_key=True),
    Column("series", String(16), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("last", Integer, nullable=False),
)

persons = Table(
    "persons",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("wrapped_key", LargeBinary, nullable=True, doc="empty once the person is erased"),
    Column("nik_index", String(64), nullable=True, index=True),
    Column("email_index", String(64), nullable=True, index=True),
    Column("erased_at", Instant, nullable=True),
)

documents = Table(
    "documents",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=True, index=True, doc="empty: the office's own"),
    Column("name", String(200), nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("stored_at", Instant, nullable=False),
)

papers = Table(
    "papers",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("code", String(19), nullable=False, unique=True, doc="by which anybody may ask about it"),
    Column("letter_key", String(160), nullable=False, index=True),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False, index=True),
    Column("paper", String(32), nullable=False),
    Column("letter_number", String(200), nullable=False),
    Column("template", String(12), nullable=False, doc="version of the templates it was set with"),
    Column("case_version", Integer, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("sealed", LargeBinary, nullable=False, doc="the PDF itself"),
)

mailroom = Table(
    "mailroom",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("source", String(64), nullable=False, unique=True, doc="sha256 of the message: filed once"),
    Column("number", String(40), nullable=False, server_default=""),
    Column("kind", String(20), nullable=False),
    Column("read_at", Instant, nullable=False),
    Column("document", String(32), nullable=False, server_default=""),
    Column("sealed", LargeBinary, nullable=True, doc="the message itself, encrypted"),
)

leases = Table(
    "leases",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("holder", String(120), nullable=False),
    Column("until", Instant, nullable=False),
)

marks = Table(
    "marks",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

history = Table(
    "history",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("batch", String(64), nullable=False, doc="sha256 of the file: imported once"),
    Column("line", Integer, nullable=False),
    Column("year", Integer, nullable=False, index=True),
    Column("requests", Integer, nullable=False, doc="a yearly total, or 1 for a row of an old register"),
    Column("number", String(80), nullable=False, server_default=""),
    Column("received_on", Date, nullable=True),
    Column("noticed_on", Date, nullable=True),
    Column("channel", String(12), nullable=False, server_default=""),
    Column("applicant", String(16), nullable=False, server_default=""),
    Column("opd", String(40), nullable=False, server_default=""),
    Column("subject", Text, nullable=False, server_default=""),
    Column("result", String(12), nullable=False, server_default=""),
    Column("source", Text, nullable=False),
    Column("imported_at", Instant, nullable=False),
    Column("imported_by", String(80), nullable=False),
    UniqueConstraint("batch", "line", name="uq_history_once"),
)

listings = Table(
    "listings",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("kind", String(3), nullable=False, doc="dip or dik"),
    Column("opd", String(40), nullable=False, server_default=""),
    Column("title", Text, nullable=False),
    Column("content", Text, nullable=False, doc="what else the list tells, as JSON; nothing personal"),
    Column("status", String(10), nullable=False, doc="in_force, or opened (dik)"),
    Column("until", Date, nullable=True, doc="last day of an exemption"),
    Column("next_on", Date, nullable=True, doc="when the sweep looks at it again"),
    Column("source", String(40), nullable=False, server_default="", doc="the request it comes from"),
    Column("item_no", Integer, nullable=False, server_default="0"),
    Column("set_on", Date, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("changed_by", String(80), nullable=False),
    Index("ix_listings_kind", "kind", "status", "id"),
    Index("ix_listings_source", "source"),
    Index(
        "ix_listings_next_on",
        "next_on",
        sqlite_where=text("next_on IS NOT NULL"),
        postgresql_where=text("next_on IS NOT NULL"),
    ),
)

listing_events = Table(
    "listing_events",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("listing_id", Id, ForeignKey("listings.id"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("action", String(24), nullable=False),
    Column("actor", String(80), nullable=False),
    Column("facts", Text, nullable=False),
)

users = Table(
    "users",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("role", String(16), nullable=False),
    Column("opd", String(40), nullable=False, server_default=""),
    Column("created_at", Instant, nullable=False),
    Column("disabled_at", Instant, nullable=True),
)
