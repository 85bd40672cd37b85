"""An index on merges; the third revision, after `0002`.

Few events say that two pseudonyms are one patient, or two again, and they stand anywhere. Every import asks which of
its pseudonyms were merged; without the index it would look at all events of its patients.
"""

from __future__ import annotations

from typing import Final

from alembic import op

from migrations import NoWayBackError

revision: Final = "0003"
down_revision: Final = "0002"

INDEX: Final = """
    CREATE INDEX events_merge ON events (position) WHERE topic IN ('PatientMerged', 'PatientUnmerged')
"""


def upgrade() -> None:
    """Create the index."""
    op.execute(INDEX)


def downgrade() -> None:
    """Refuse."""
    raise NoWayBackError(revision)
