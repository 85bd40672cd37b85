"""`spondyl roles`."""

from __future__ import annotations

import click

from cli.output import give_document
from cli.pairing import PairedCommand


@click.command("roles", cls=PairedCommand, registry="none")
@click.option("--writer", default="spondyl_writer", show_default=True, help="The role that only appends.")
@click.option("--reader", default="spondyl_reader", show_default=True, help="The role that only reads.")
def command(*, writer: str, reader: str) -> None:
    """Print the SQL that makes the roles of a registry on PostgreSQL: a writer and a reader.

    The writer appends, and can neither change nor remove nor erase; the reader reads. Migrating and erasing are left to
    the owner of the tables. Nothing is run, and there is no password in it.

    Example: spondyl roles | psql "$DATABASE"
    """
    from registry.store.roles import roles_sql

    give_document(roles_sql(writer=writer, reader=reader))
