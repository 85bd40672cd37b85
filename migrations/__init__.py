"""The store's schema: how the tables of a registry came about, one revision after another.

The number of the revision that a database has stands in its table `spondyl_schema`. It is not Alembic's usual
`alembic_version`, so that the database of another program is never taken for a registry.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, column, inspect, select, table

REVISIONS: Final = ("0001", "0002", "0003", "0004", "0005", "0006")  # oldest first
HEAD: Final = REVISIONS[-1]
WITHOUT_EVENTS_OF_FREEZES: Final = REVISIONS[
    : REVISIONS.index("0004")
]  # what they froze is listed by the log's next event
VERSION_TABLE: Final = "spondyl_schema"


def current(connection: Connection) -> str | None:
    """Return the revision of a database, None where it has never been a registry."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    revision: str | None = connection.scalar(select(column("version_num")).select_from(table(VERSION_TABLE)))
    return revision


class NoWayBackError(Exception):
    """A migration was asked to run backwards; no program takes a log apart."""

    def __init__(self, revision: str) -> None:
        super().__init__(
            f"revision {revision} is not taken back: that would drop what was recorded; restore a backup made before it"
        )


def upgrade(connection: Connection, revision: str = HEAD) -> None:
    """Bring a database to a revision, by default `HEAD`, within the caller's transaction: all of it, or nothing."""
    from alembic import command  # a tenth of a second to import, and only `spondyl init` needs it
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    command.upgrade(config, revision)
