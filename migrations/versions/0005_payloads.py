"""A payload is a JSON object in one line; the fifth revision, after `0004`.

Somebody who may only append, and does so with another program, could record what no projection can read: one such event
and no table is made any more. The database refuses it. On a server it is the type `json` that decides and not `jsonb`,
which knows fewer texts and is slower; SQLite adds no constraint to a table that stands, so there it is a trigger.

Should a payload that is none be there already, as the server's own tools let in, new ones are refused all the same: the
constraint is then left as not valid, which verification tells, with the events.
"""

from __future__ import annotations

from typing import Final

from alembic import op

from migrations import NoWayBackError

revision: Final = "0005"
down_revision: Final = "0004"

NO_OBJECT: Final = "a payload has to be a JSON object in one line; record with spondyl"
SQLITE: Final = f"""
    CREATE TRIGGER events_are_json BEFORE INSERT ON events
    WHEN NEW.payload IS NOT NULL AND NOT (
        json_valid(NEW.payload) AND json_type(NEW.payload) = 'object' AND instr(NEW.payload, char(10)) = 0
    )
    BEGIN SELECT RAISE(ABORT, '{NO_OBJECT}'); END
"""
ADDED: Final = """
        ALTER TABLE events ADD CONSTRAINT events_payload_json
        CHECK (json_typeof(payload::json) = 'object' AND strpos(payload, chr(10)) = 0)
"""
POSTGRESQL: Final = f"""
    DO $$ BEGIN
        {ADDED.strip()};
    EXCEPTION WHEN check_violation OR data_exception OR statement_too_complex THEN
        {ADDED.strip()} NOT VALID;
    END $$
"""


def upgrade() -> None:
    """Add the constraint, or the trigger."""
    op.execute({"sqlite": SQLITE, "postgresql": POSTGRESQL}[op.get_context().dialect.name])


def downgrade() -> None:
    """Refuse."""
    raise NoWayBackError(revision)
