"""A foreign source whose fields and rows are written in a test, for all that comes after reading one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from registry.intake.sources import mapped_source, opening
from registry.intake.sources.foreign_source import SourceField, SourceRow
from registry.intake.sources.mapping import SourceRule


class GivenRows(NamedTuple):
    """A source with the fields and rows that a test says; it is a `ForeignSource`."""

    fields: Mapping[str, SourceField]
    given: Sequence[SourceRow]
    name: str = "cohort.csv"
    files: tuple[Path, ...] = ()
    events: Mapping[str, str] = {}
    has_typed_days: bool = False

    def rows(self) -> Iterator[SourceRow]:
        """Yield the rows that were given."""
        yield from self.given


def a_sheet(header: str, *lines: str, **said: object) -> GivenRows:
    """Return a source of cells parted by `|`, the first line its header; `said` has fields that say more by name."""
    names = header.split("|")
    fields = {name: said.get(name, SourceField(name)) for name in names}
    rows = [
        SourceRow(
            number, {name: cell for name, cell in zip(names, line.split("|"), strict=True) if cell}, f"row {number}"
        )
        for number, line in enumerate(lines, 2)
    ]
    return GivenRows(fields, rows)  # type: ignore[arg-type]


def opened_as(source: GivenRows, patch: pytest.MonkeyPatch) -> None:
    """Let every source that a mapping names be a given one."""

    def open_given(rule: SourceRule, folder: Path) -> GivenRows:
        return source

    for module in (opening, mapped_source):
        patch.setattr(module, "open_source", open_given)
