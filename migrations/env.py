"""What Alembic runs for each command; the connection and its transaction are the caller's."""

from __future__ import annotations

from alembic import context

from migrations import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    version_table=VERSION_TABLE,
    transactional_ddl=True,  # true of SQLite as well, where BEGIN is written out
)
with context.begin_transaction():
    context.run_migrations()
