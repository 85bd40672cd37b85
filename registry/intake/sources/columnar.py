"""Parquet files: typed columns, read as the intake reads its own; days and numbers need no way of writing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import pyarrow as pa

from registry.intake.found_tables import names_in_places
from registry.intake.lines import Line, Lines
from registry.intake.parquet import column_types, parquet_lines
from registry.intake.sources.foreign_source import Holds
from registry.intake.sources.mapping import SourceRule
from registry.intake.sources.tabular import TableFile, Tabular


def open_parquet(rule: SourceRule, files: Sequence[Path]) -> Tabular:
    """Return the table that Parquet files hold. Raises `UnreadableError`, `OSError`."""
    named = zip(names_in_places(files), files, strict=True)
    tables = [TableFile(name, file, partial(_lines, file)) for name, file in named]
    source = Tabular(tables, rule, typed_days=True)
    kinds = {" ".join(name.split()): _holds(kind) for name, kind in column_types(files[0]).items()}
    typed = {name: kinds.get(name, "text") for name in source.fields}
    source.fields = {
        name: field._replace(holds=typed[name], decimal="." if typed[name] == "number" else field.decimal)
        for name, field in source.fields.items()
    }
    return source


def _lines(file: Path, first: int) -> Lines:
    """Yield the names of the columns, and the rows; none of them is passed over."""
    lines: Iterator[Line] = parquet_lines(file)
    return lines


def _holds(kind: pa.DataType) -> Holds:
    if pa.types.is_dictionary(kind):
        return _holds(kind.value_type)
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return "number"
    if pa.types.is_boolean(kind):
        return "yes-no"
    return "day" if pa.types.is_date(kind) or pa.types.is_timestamp(kind) else "text"
