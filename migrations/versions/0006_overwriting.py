"""What an erasure still owes, and no statistics of what events say; the sixth revision, after `0005`.

An erasure nulls payloads, and writes the pages anew afterwards; in between a process can be killed. So the transaction
that nulls payloads notes their positions, by a trigger, whoever does it; the rows go when the pages have been written.
What was erased before this revision is noted too, for nobody can tell any more whether that was finished.

A server keeps values of columns, and of what is indexed, in its statistics. It keeps none any more of payloads and
salts. Statistics that it has go when a column gets its type anew, which no trigger may name meanwhile.
"""

from __future__ import annotations

from typing import Final

from alembic import op

from migrations import NoWayBackError

revision: Final = "0006"
down_revision: Final = "0005"

NOTE_ERASED: Final = "INSERT INTO to_overwrite SELECT position FROM events WHERE payload IS NULL"

SQLITE: Final = (
    "CREATE TABLE to_overwrite (position INTEGER NOT NULL PRIMARY KEY)",
    NOTE_ERASED,
    """
    CREATE TRIGGER events_are_overwritten AFTER UPDATE ON events
    BEGIN INSERT OR IGNORE INTO to_overwrite VALUES (NEW.position); END
    """,
)

POSTGRESQL: Final = (
    "CREATE TABLE to_overwrite (position BIGINT NOT NULL PRIMARY KEY)",
    NOTE_ERASED,
    """
    CREATE FUNCTION spondyl_notes_erased() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
    BEGIN
        INSERT INTO to_overwrite SELECT position FROM erased ON CONFLICT DO NOTHING;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER events_are_overwritten AFTER UPDATE ON events REFERENCING NEW TABLE AS erased
    FOR EACH STATEMENT EXECUTE FUNCTION spondyl_notes_erased()
    """,
    # Whoever may read the events may know that an erasure is not finished.
    """
    DO $$
    DECLARE
        reader OID;
    BEGIN
        FOR reader IN
            SELECT DISTINCT granted.grantee FROM pg_class, aclexplode(relacl) AS granted
            WHERE pg_class.oid = 'events'::regclass AND granted.privilege_type = 'SELECT'
        LOOP
            EXECUTE format('GRANT SELECT ON to_overwrite TO %s',
                           CASE WHEN reader = 0 THEN 'PUBLIC' ELSE reader::regrole::text END);
        END LOOP;
    END
    $$
    """,
    """
    DO $$
    DECLARE
        stay TEXT := (SELECT pg_get_triggerdef(oid) FROM pg_trigger
                      WHERE tgrelid = 'events'::regclass AND tgname = 'events_stay');
    BEGIN
        DROP TRIGGER events_stay ON events;
        ALTER TABLE events ALTER COLUMN payload TYPE TEXT, ALTER COLUMN salt TYPE BYTEA;
        EXECUTE stay;
    END
    $$
    """,
    "ALTER TABLE events ALTER COLUMN payload SET STATISTICS 0, ALTER COLUMN salt SET STATISTICS 0",
    "ALTER INDEX events_study ALTER COLUMN 1 SET STATISTICS 0",
    "ALTER INDEX events_row ALTER COLUMN 1 SET STATISTICS 0",
)


def upgrade() -> None:
    """Create the table and its trigger, and let a server forget its statistics of what events say."""
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[op.get_context().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    """Refuse."""
    raise NoWayBackError(revision)
