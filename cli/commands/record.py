"""`spondyl record`: one subcommand a table, cells as COLUMN=VALUE."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import click

from cli.options import opened
from cli.output import say
from cli.pairing import PairedCommand

SINGULAR: Final = {  # the fact that a row of each table is
    "patient": "patients",
    "follow-up": "follow_ups",
    "visit": "visits",
    "treatment": "treatments",
    "flare": "flares",
    "adverse-event": "adverse_events",
    "condition": "conditions",
    "study": "imaging",
    "reading": "readings",
    "lesion": "lesions",
}


@click.group("record")
def command() -> None:
    """Record a single fact, its cells as COLUMN=VALUE, as they would stand in the table.

    \b
    Examples: spondyl record patient patient=P-001 enrolled_on=2024-01-15 sex=female
              spondyl record visit patient=P-001 visited_on=2024-01-15 "crp [mg/dl]=2.47" basdai_1=6
              spondyl record reading study=MR-0001 reader=R1 method=berlin "C2/3=1" "T12/L1=3"
    """


def cells_of(pairs: Iterable[str]) -> dict[str, str]:
    """Return COLUMN=VALUE arguments as cells by column."""
    cells: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise click.UsageError(f"{pair!r} is not COLUMN=VALUE")
        if name in cells:
            raise click.UsageError(f"column {name} is given twice")
        cells[name] = value
    return cells


def _subcommand(singular: str, table_name: str) -> click.Command:
    @click.command(singular, cls=PairedCommand, registry="written", help=_help(singular, table_name))
    @click.argument("cells", nargs=-1, required=True, metavar="COLUMN=VALUE...")
    @click.pass_context
    def record(ctx: click.Context, cells: tuple[str, ...]) -> None:
        say(f"recorded {opened(ctx).record(table_name, cells_of(cells))}")

    return record


def _help(singular: str, table_name: str) -> str:
    from registry.catalogue.catalogue import BUILT_IN
    from registry.schema.tables import ID_COLUMN, tables_of

    columns = [column for column in tables_of(BUILT_IN)[table_name].columns.values() if column.name != ID_COLUMN]
    width = max(len(column.name) for column in columns)
    lines = (
        f"{column.name:<{width}}  {column.meaning}{' (required)' if column.required else ''}" for column in columns
    )
    article = "an" if singular[0] in "aeiou" else "a"
    return f"Record {article} {singular}.\n\n\b\nColumns:\n" + "\n".join(lines)


for _singular, _table_name in SINGULAR.items():
    command.add_command(_subcommand(_singular, _table_name))
