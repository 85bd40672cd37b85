"""A row of a freeze goes with its event; the fourth revision, after `0003`.

A freeze at N is a row and the event `LogFrozen` at N + 1, in one transaction, the event first. The database takes a row
only while that event is the last one, and only where the row says what the event says, with the digest at N: no freeze
of the past, none under another name than its event has, none with another digest. The rows that there are already are
listed by one event, which whoever runs this revision appends in its transaction (`registry.store.opening`).
"""

# ruff: noqa: S608 – definitions take no parameters, and every text in them is a constant of this module
from __future__ import annotations

from typing import Final

from alembic import op

from migrations import NoWayBackError

revision: Final = "0004"
down_revision: Final = "0003"

FALSE: Final = (
    "a freeze has to say what the last event says, with the digest of the one before; let `spondyl freeze` make it"
)
STREAM: Final = "8df3d6ed3c9a5e4e93d79843b4de932a"  # of all freezes

# A name that is taken is left to `freezes_replace_none`, which says so.
SQLITE: Final = f"""
    CREATE TRIGGER freezes_follow_their_events BEFORE INSERT ON freezes
    WHEN NOT EXISTS (SELECT 1 FROM freezes WHERE name = NEW.name)
     AND NOT EXISTS (
        SELECT 1 FROM events AS frozen
        WHERE frozen.position = (SELECT max(position) FROM events)
          AND frozen.stream = x'{STREAM}' AND frozen.topic = 'LogFrozen' AND frozen.event_version = 1
          AND json_extract(frozen.payload, '$.position') = NEW.position
          AND (NEW.position, NEW.name, NEW.recorded_at, NEW.actor, NEW.note, NEW.digest)
           IS (
            frozen.position - 1, json_extract(frozen.payload, '$.name'), frozen.recorded_at,
            json_extract(frozen.payload, '$.actor'), json_extract(frozen.payload, '$.note'),
            coalesce((SELECT digest FROM events WHERE position = frozen.position - 1), zeroblob(32))
           )
    )
    BEGIN SELECT RAISE(ABORT, '{FALSE}'); END
"""
POSTGRESQL: Final = (
    f"""
    CREATE FUNCTION spondyl_follows_its_event() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
    BEGIN
        IF NOT EXISTS (
            SELECT FROM events AS frozen
            WHERE frozen.position = (SELECT max(position) FROM events)
              AND frozen.stream = '{STREAM}' AND frozen.topic = 'LogFrozen' AND frozen.event_version = 1
              AND (frozen.payload::json ->> 'position')::bigint = NEW.position
              AND ROW(NEW.position, NEW.name, NEW.recorded_at, NEW.actor, NEW.note, NEW.digest)
                IS NOT DISTINCT FROM ROW(
                frozen.position - 1, frozen.payload::json ->> 'name', frozen.recorded_at,
                frozen.payload::json ->> 'actor', frozen.payload::json ->> 'note',
                coalesce(
                    (SELECT digest FROM events WHERE position = frozen.position - 1), decode(repeat('00', 32), 'hex')
                )
              )
        ) THEN
            RAISE EXCEPTION '{FALSE}' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END
    $$
    """,
    """
    CREATE TRIGGER freezes_follow_their_events BEFORE INSERT ON freezes
    FOR EACH ROW EXECUTE FUNCTION spondyl_follows_its_event()
    """,
)


def upgrade() -> None:
    """Create the trigger."""
    for statement in {"sqlite": (SQLITE,), "postgresql": POSTGRESQL}[op.get_context().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    """Refuse."""
    raise NoWayBackError(revision)
