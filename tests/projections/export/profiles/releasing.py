"""Releases as tests make and read them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from projections.export import Manifest, export
from projections.export.manifest import Choices
from projections.export.profiles.known import profile
from registry import Registry

KEY: Final = bytes(range(7, 39)).hex()
OTHER_KEY: Final = bytes(range(40, 72)).hex()
Rows = list[dict[str, Any]]


def key_file(file: Path, key: str) -> Path:
    """The file of a key."""
    file.touch(0o600)
    file.write_text(f"{key}\n")
    return file


def release(registry: Registry, out: Path, key: Path, *, tables: list[str] | None = None, **choices: Any) -> Manifest:
    """A de-identified release in a folder."""
    made = profile("deidentified", Choices(**choices), key_file=key)
    return export(registry, out, profile=made, tables=tables)


def rows_in(out: Path) -> dict[str, Rows]:
    """The rows of each table of an export, in their order."""
    return {
        folder.name: [row for part in sorted(folder.iterdir()) for row in pq.read_table(part).to_pylist()]
        for folder in sorted(out.iterdir())
        if folder.is_dir()
    }


def texts_in(out: Path) -> Iterator[tuple[str, str]]:
    """Every text of an export with the file in which it stands: of each page, also words that no row has."""
    for file in sorted(path for path in out.rglob("*") if path.is_file()):
        content = file.read_bytes()
        yield file.name, content.decode("utf-8", errors="replace")
        if file.suffix == ".parquet":
            yield from ((f"{file.parent.name}/{file.name}", text) for text in _texts_of(file))


def _texts_of(file: Path) -> Iterator[str]:
    paths = pq.ParquetFile(file).schema
    names = [paths.column(number).path for number in range(len(paths))]
    for column in pq.read_table(file, read_dictionary=names).columns:
        for chunk in column.chunks:
            yield from (str(value) for value in _values(chunk) if value is not None)


def _values(array: Any) -> list[Any]:
    if pa.types.is_list(array.type):
        return _values(array.values)
    if pa.types.is_dictionary(array.type):
        return [*array.dictionary.to_pylist()]
    return [*array.to_pylist()]
