"""The tables that statements are written for are the tables that the migrations make."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import migrations
from registry.store.database import Database
from registry.store.schema import metadata

INDICES = {("index", name) for name in ("events_study", "events_row", "events_merge")}  # on parts of the log


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
def test_migrations_and_statements_agree(database: Database) -> None:
    with database.reading() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "version_table": migrations.VERSION_TABLE,
                "include_name": lambda name, kind, _: (kind, name) not in INDICES,
            },
        )
        differences = compare_metadata(context, metadata)

    assert differences == []


def test_the_columns_stand_in_the_order_in_which_rows_are_written(database: Database) -> None:
    with database.reading() as connection:
        stored = connection.exec_driver_sql("SELECT * FROM events").keys()

    assert list(stored) == [column.name for column in metadata.tables["events"].columns]


def test_every_revision_is_listed_oldest_first() -> None:
    scripts = ScriptDirectory(str(Path(migrations.__file__).parent))

    assert tuple(script.revision for script in scripts.walk_revisions())[::-1] == migrations.REVISIONS
    assert scripts.get_current_head() == migrations.HEAD
