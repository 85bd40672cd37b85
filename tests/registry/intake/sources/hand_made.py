"""Sources made by hand, and what a mapping makes of them: tables of ours, and what it could not read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from inspect import cleandoc
from pathlib import Path

from registry.catalogue.catalogue import BUILT_IN, Catalogue
from registry.intake.sources.findings import in_words
from registry.intake.sources.foreign_source import SourceField, SourceRow
from registry.intake.sources.mapped_source import MappedSource
from registry.intake.sources.mapping_file import mapping_of

HEAD = """
format = 1
[source]
kind = "csv"
files = ["visits.csv"]
{source}
[patient]
field = "pat"
"""


class HandMade:
    """A source of rows in memory; a field is a name, or a field with all that a source may say of one."""

    name = "visits.csv"
    files: tuple[Path, ...] = ()
    events: Mapping[str, str] = {}

    def __init__(self, rows: Sequence[Mapping[str, str]], *fields: SourceField, typed_days: bool = False) -> None:
        self._rows, self.has_typed_days = rows, typed_days
        named = {name: SourceField(name) for row in rows for name in row}
        self.fields: Mapping[str, SourceField] = named | {field.name: field for field in fields}

    def rows(self) -> Iterator[SourceRow]:
        for number, row in enumerate(self._rows, 2):
            yield SourceRow(number, {name: value for name, value in row.items() if value})


def mapped(source: HandMade, tables: str, *, said: str = "", catalogue: Catalogue = BUILT_IN) -> MappedSource:
    """What a mapping makes of a source: `tables` in TOML, and what is `said` under [source]."""
    text = HEAD.format(source=cleandoc(said)) + cleandoc(tables)
    rule = mapping_of(text.encode(), "mapping.toml", catalogue)
    return MappedSource(rule, source, catalogue, file=Path("mapping.toml"), digest="")


def rows_of(source: MappedSource) -> list[dict[str, str]]:
    """The rows that come of a source, by column, without empty cells."""
    return [
        {column: cell for column, cell in zip(table.headers, cells, strict=True) if cell}
        for table, _, cells in source.rows()
    ]


def found(source: MappedSource) -> list[str]:
    """What could not be read, in words, with its field."""
    list(source.rows())
    return [f"{each.field}: {in_words(each)}" for each in source.findings.all]
