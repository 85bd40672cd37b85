"""The dictionary of a de-identified release: its columns and what became of each, with centres by their new names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from projections.export.collected import collected
from projections.export.dictionary import described_table
from projections.export.manifest import FORMAT
from projections.export.profiles.new_names import PLACE, new_name
from projections.export.profiles.released_columns import TOLD

if TYPE_CHECKING:
    from projections.columns.tables import Table
    from projections.export.profiles.release_key import ReleaseKey
    from projections.point_in_time import Facts


def released_dictionary(tables: Mapping[str, Table], facts: Facts, key: ReleaseKey) -> dict[str, object]:
    """Return the dictionary of released tables as it stands in the file; of centres neither code, title nor end."""
    catalogue = collected(facts)
    centres = sorted(new_name(key, PLACE, each["code"]) for each in catalogue["centres"])
    told = {name: _described(table, facts, centres) for name, table in tables.items()}
    codes = [{"code": code, "title": None, "until": None} for code in centres]
    return {"format": FORMAT, "tables": told, "catalogue": {**catalogue, "centres": codes}}


def _described(table: Table, facts: Facts, centres: list[str]) -> dict[str, Any]:
    told: dict[str, Any] = described_table(table, facts)
    for column, described in zip(table.columns, told["columns"]):
        described["released"] = TOLD[column.sensitivity]
        if column.sensitivity == "place" and described["codes"]:
            described["codes"] = centres
    return told
