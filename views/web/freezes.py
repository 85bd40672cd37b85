"""Freezes and exports: the states of knowledge that have a name, and how the tables are exported at each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa

from registry.domain.days import instant
from views.pages.sections import section, table, text
from views.pages.tables import Cell, Table
from views.web.pages import Page, Shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections.columns.arrow import ArrowTable
    from registry.store.freezes import Freeze
    from views.web.asked import Asked

SCHEMA: Final = pa.schema(
    [
        ("name", pa.string()),
        ("position", pa.int64()),
        ("frozen_at", pa.timestamp("us", tz="UTC")),
        ("digest", pa.string()),
        ("actor", pa.string()),
        ("note", pa.string()),
    ]
)
NONE_YET: Final = "No state of knowledge has a name yet. `spondyl freeze NAME` gives the log as it is one, for ever."
EXPORTS: Final = (
    "An export has every table as Parquet with a manifest of their hashes, from which `spondyl reproduce` rebuilds it. "
    "It is written where the registry is kept, by the command of the table."
)


def freezes(asked: Asked) -> Shown:
    """Return the freezes that had been made by the point in time."""
    made = [each for each in asked.live.registry.freezes() if each.position < asked.point.position or asked.is_at_end]
    told = [_row(asked, each) for each in made]
    listed = Table("Freezes", ("Name", "Position", "Frozen", "By", "Note"), told, empty=NONE_YET)
    digests = Table(
        "Digests, to be printed where a freeze is used", ("Name", "Digest"), [_digest(each) for each in made]
    )
    commands = [(each.name, Cell(f"spondyl export FOLDER --known-at {each.name}")) for each in made]
    here = (f"@{asked.point.position}, as of {asked.point.as_of}", Cell(_command(asked)))
    return Shown(
        "Freezes and exports",
        {
            "sections": [
                section("freezes", "Freezes", table(listed), *([table(digests)] if made else [])),
                section("exports", "Exports", text(EXPORTS), table(Table("Commands", ("At", ""), [here, *commands]))),
            ]
        },
        lambda: _table(made),
    )


def _row(asked: Asked, freeze: Freeze) -> list[object]:
    frozen = instant(freeze.recorded_at)
    return [
        Cell(freeze.name, href=asked.to("/", freeze.position, frozen.date())),
        Cell(f"@{freeze.position}"),
        frozen,
        freeze.actor,
        freeze.note,
    ]


def _digest(freeze: Freeze) -> tuple[Cell, Cell]:
    return Cell(freeze.name), Cell(freeze.digest.hex())


def _command(asked: Asked) -> str:
    return f"spondyl export FOLDER --as-of {asked.point.as_of} --known-at @{asked.point.position}"


def _table(made: Sequence[Freeze]) -> ArrowTable:
    rows = [
        {
            "name": each.name,
            "position": each.position,
            "frozen_at": instant(each.recorded_at),
            "digest": each.digest.hex(),
            "actor": each.actor,
            "note": each.note,
        }
        for each in made
    ]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


FREEZES: Final = Page("freezes", "/freezes", freezes)
