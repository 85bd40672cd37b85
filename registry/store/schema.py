"""The tables as statements see them; what is in a database comes from `migrations`, and a test compares the two."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TextClause,
    UniqueConstraint,
    Uuid,
    text,
)

metadata: Final = MetaData()
POSITION: Final = BigInteger().with_variant(Integer, "sqlite")  # only INTEGER makes it SQLite's own row number

events: Final = Table(
    "events",
    metadata,
    Column("position", POSITION, primary_key=True, autoincrement=False),
    Column("stream", Uuid().with_variant(LargeBinary, "sqlite"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("topic", Text, nullable=False),
    Column("event_version", Integer, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),  # µs UTC
    Column("payload", Text),
    Column("salt", LargeBinary),
    Column("commitment", LargeBinary, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    UniqueConstraint("stream", "version", name="events_stream_version_key"),
)

freezes: Final = Table(
    "freezes",
    metadata,
    Column("name", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),  # µs UTC
    Column("actor", Text, nullable=False),
    Column("note", Text),
)

tracking: Final = Table(
    "tracking",
    metadata,
    Column("application_name", Text, primary_key=True),
    Column("notification_id", BigInteger, nullable=False),
)

to_overwrite: Final = Table(  # positions of erased events of which files may still keep what they said
    "to_overwrite",
    metadata,
    Column("position", POSITION, primary_key=True, autoincrement=False),
)

EVENT_COLUMNS: Final = tuple(column.name for column in events.columns)


def is_imaging() -> TextClause:
    """Return the condition of the partial index on study codes, word for word: a bound value would hide the index."""
    return text("topic IN ('StudyRecorded', 'StudyAmended')")


def is_merging() -> TextClause:
    """Return the condition of the partial index on merges, word for word."""
    return text("topic IN ('PatientMerged', 'PatientUnmerged')")


ROW_ID_AT_MOST: Final = 64  # characters of the id of a row that are indexed
