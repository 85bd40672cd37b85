"""An index on the ids of rows; the second revision, after `0001`.

An id names one row of a source, whoever's it is. So it has to be found in the streams of all patients: in the origin of
an event, and in version 1, which had none, in the reference of the fact (`visit/P-001/id=17`), where `/` and `%` are
percent codes. Of long ids only the beginning is indexed; who finds an event reads on. References without an origin, and
texts that look like either, are in the index too, and do no harm.
"""

from __future__ import annotations

from typing import Final

from alembic import op

from migrations import NoWayBackError

revision: Final = "0002"
down_revision: Final = "0001"

SQLITE: Final = """
    CREATE INDEX events_row ON events (
        substr(coalesce(
            json_extract(payload, '$.origin.row'),
            substr(json_extract(payload, '$.fact'), instr(json_extract(payload, '$.fact'), '/id=') + 4)
        ), 1, 64), topic, stream
    ) WHERE instr(payload, '"row":"') > 0 OR (event_version = 1 AND instr(payload, '/id=') > 0)
"""
POSTGRESQL: Final = """
    CREATE INDEX events_row ON events (
        substr(coalesce(
            (payload::jsonb) -> 'origin' ->> 'row', split_part((payload::jsonb) ->> 'fact', '/id=', 2)
        ), 1, 64), topic, stream
    ) WHERE strpos(payload, '"row":"') > 0 OR (event_version = 1 AND strpos(payload, '/id=') > 0)
"""


def upgrade() -> None:
    """Create the index."""
    op.execute({"sqlite": SQLITE, "postgresql": POSTGRESQL}[op.get_context().dialect.name])


def downgrade() -> None:
    """Refuse."""
    raise NoWayBackError(revision)
