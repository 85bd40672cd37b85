"""The event log, its freezes and the tracking of followers; the first revision.

The database itself keeps the promises of the log. Triggers refuse to change or remove an event, to leave a gap and to
put one event in the place of another. One path is open: payload and salt may become null together, which erases what an
event said and leaves its commitment in the chain. There is no way back from this revision: no program drops a log.
"""

# ruff: noqa: S608 – definitions take no parameters, and every text in them is a constant of this module
from __future__ import annotations

from typing import Final

from alembic import op

from migrations import NoWayBackError

revision: Final = "0001"
down_revision: Final = None

CHANGED: Final = "an event is never changed; record an amendment. Only payload and salt may be erased, both at once"
REMOVED: Final = "an event is never removed; record a retraction"
GAP: Final = "an event has to take the position after the last; let the recorder assign it"
TAKEN: Final = "this version of the stream is recorded already; load the stream again and decide anew"
FROZEN: Final = "a freeze is never changed, replaced or removed; make one with another name"

SQLITE: Final = (
    """
    CREATE TABLE events (
        position INTEGER NOT NULL PRIMARY KEY,
        stream BLOB NOT NULL CHECK (typeof(stream) = 'blob' AND length(stream) = 16),
        version INTEGER NOT NULL CHECK (typeof(version) = 'integer' AND version >= 0),
        topic TEXT NOT NULL CHECK (typeof(topic) = 'text'),
        event_version INTEGER NOT NULL CHECK (typeof(event_version) = 'integer' AND event_version >= 1),
        recorded_at BIGINT NOT NULL CHECK (typeof(recorded_at) = 'integer'),
        payload TEXT CHECK (typeof(payload) IN ('text', 'null')),
        salt BLOB CHECK (length(salt) = 16),
        commitment BLOB NOT NULL CHECK (length(commitment) = 32),
        digest BLOB NOT NULL CHECK (length(digest) = 32),
        CONSTRAINT events_stream_version_key UNIQUE (stream, version),
        CHECK ((payload IS NULL) = (salt IS NULL))
    )
    """,
    """
    CREATE INDEX events_study ON events (json_extract(payload, '$.statement.study'))
    WHERE topic IN ('StudyRecorded', 'StudyAmended')
    """,
    # REPLACE removes the rows in its way without firing the triggers on DELETE: it is refused before it starts.
    f"""
    CREATE TRIGGER events_leave_no_gap BEFORE INSERT ON events
    WHEN NEW.position IS NOT (SELECT coalesce(max(position), 0) + 1 FROM events)
    BEGIN SELECT RAISE(ABORT, '{GAP}'); END
    """,
    f"""
    CREATE TRIGGER events_replace_none BEFORE INSERT ON events
    WHEN EXISTS (SELECT 1 FROM events WHERE stream = NEW.stream AND version = NEW.version)
    BEGIN SELECT RAISE(ABORT, '{TAKEN}'); END
    """,
    f"""
    CREATE TRIGGER events_stay BEFORE UPDATE ON events
    WHEN NOT (
        OLD.payload IS NOT NULL AND OLD.salt IS NOT NULL AND NEW.payload IS NULL AND NEW.salt IS NULL
        AND (NEW.position, NEW.stream, NEW.version, NEW.topic, NEW.event_version, NEW.recorded_at, NEW.commitment,
             NEW.digest)
         IS (OLD.position, OLD.stream, OLD.version, OLD.topic, OLD.event_version, OLD.recorded_at, OLD.commitment,
             OLD.digest)
    )
    BEGIN SELECT RAISE(ABORT, '{CHANGED}'); END
    """,
    f"CREATE TRIGGER events_remain BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, '{REMOVED}'); END",
    """
    CREATE TABLE freezes (
        name TEXT NOT NULL PRIMARY KEY,
        position BIGINT NOT NULL,
        digest BLOB NOT NULL CHECK (length(digest) = 32),
        recorded_at BIGINT NOT NULL,
        actor TEXT NOT NULL,
        note TEXT
    ) WITHOUT ROWID
    """,
    f"""
    CREATE TRIGGER freezes_replace_none BEFORE INSERT ON freezes
    WHEN EXISTS (SELECT 1 FROM freezes WHERE name = NEW.name)
    BEGIN SELECT RAISE(ABORT, '{FROZEN}'); END
    """,
    f"CREATE TRIGGER freezes_stay BEFORE UPDATE ON freezes BEGIN SELECT RAISE(ABORT, '{FROZEN}'); END",
    f"CREATE TRIGGER freezes_remain BEFORE DELETE ON freezes BEGIN SELECT RAISE(ABORT, '{FROZEN}'); END",
    """
    CREATE TABLE tracking (application_name TEXT NOT NULL PRIMARY KEY, notification_id BIGINT NOT NULL) WITHOUT ROWID
    """,
)

POSTGRESQL: Final = (
    """
    CREATE TABLE events (
        position BIGINT NOT NULL PRIMARY KEY,
        stream UUID NOT NULL,
        version INTEGER NOT NULL CHECK (version >= 0),
        topic TEXT NOT NULL,
        event_version INTEGER NOT NULL CHECK (event_version >= 1),
        recorded_at BIGINT NOT NULL,
        payload TEXT,
        salt BYTEA CHECK (length(salt) = 16),
        commitment BYTEA NOT NULL CHECK (length(commitment) = 32),
        digest BYTEA NOT NULL CHECK (length(digest) = 32),
        CONSTRAINT events_stream_version_key UNIQUE (stream, version),
        CHECK ((payload IS NULL) = (salt IS NULL))
    )
    """,
    """
    CREATE INDEX events_study ON events (((payload::jsonb) -> 'statement' ->> 'study'))
    WHERE topic IN ('StudyRecorded', 'StudyAmended')
    """,
    """
    CREATE FUNCTION spondyl_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'integrity_constraint_violation';
    END
    $$
    """,
    # Once a statement and not once a row: a trigger on each row would make COPY insert them one by one.
    f"""
    CREATE FUNCTION spondyl_leaves_no_gap() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
    DECLARE
        first_added BIGINT;
        last_added BIGINT;
        added_events BIGINT;
        last_before BIGINT;
    BEGIN
        SELECT min(position), max(position), count(*) INTO first_added, last_added, added_events FROM added;
        SELECT coalesce(max(position), 0) INTO last_before FROM events WHERE position < first_added;
        IF first_added <> last_before + 1 OR last_added - first_added + 1 <> added_events THEN
            RAISE EXCEPTION '{GAP}' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER events_leave_no_gap AFTER INSERT ON events REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION spondyl_leaves_no_gap()
    """,
    f"""
    CREATE TRIGGER events_stay BEFORE UPDATE ON events FOR EACH ROW
    WHEN (NOT (
        OLD.payload IS NOT NULL AND OLD.salt IS NOT NULL AND NEW.payload IS NULL AND NEW.salt IS NULL
        AND (NEW.position, NEW.stream, NEW.version, NEW.topic, NEW.event_version, NEW.recorded_at, NEW.commitment,
             NEW.digest)
          = (OLD.position, OLD.stream, OLD.version, OLD.topic, OLD.event_version, OLD.recorded_at, OLD.commitment,
             OLD.digest)
    ))
    EXECUTE FUNCTION spondyl_refuses('{CHANGED}')
    """,
    f"""
    CREATE TRIGGER events_remain BEFORE DELETE ON events
    FOR EACH ROW EXECUTE FUNCTION spondyl_refuses('{REMOVED}')
    """,
    f"""
    CREATE TRIGGER events_are_not_truncated BEFORE TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION spondyl_refuses('{REMOVED}')
    """,
    """
    CREATE TABLE freezes (
        name TEXT NOT NULL PRIMARY KEY,
        position BIGINT NOT NULL,
        digest BYTEA NOT NULL CHECK (length(digest) = 32),
        recorded_at BIGINT NOT NULL,
        actor TEXT NOT NULL,
        note TEXT
    )
    """,
    f"""
    CREATE TRIGGER freezes_stay BEFORE UPDATE OR DELETE ON freezes
    FOR EACH ROW EXECUTE FUNCTION spondyl_refuses('{FROZEN}')
    """,
    f"""
    CREATE TRIGGER freezes_are_not_truncated BEFORE TRUNCATE ON freezes
    FOR EACH STATEMENT EXECUTE FUNCTION spondyl_refuses('{FROZEN}')
    """,
    "CREATE TABLE tracking (application_name TEXT NOT NULL PRIMARY KEY, notification_id BIGINT NOT NULL)",
)


def upgrade() -> None:
    """Create the tables and their triggers in an empty database."""
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[op.get_context().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    """Refuse."""
    raise NoWayBackError(revision)
