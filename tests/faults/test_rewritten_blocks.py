"""Blocks in which somebody rewrote one value and made every digest right: each is named, and misleads no rebuilding."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from projections.export import export, reproduce
from projections.log.blocks import Sealed, sealed_blocks
from projections.log.blocks_check import check_blocks
from registry import Registry
from registry.store.blocks_folder import purge_blocks
from tests.example_cohorts import import_example
from tests.faults.lengths import figure, times
from tests.projections.log import poisoned
from tests.projections.log.poisoned import path_of

REWRITTEN = times(short=6, long=300)


@pytest.fixture
def sealed(sqlite_url: str) -> Iterator[tuple[Registry, Sealed]]:
    """A registry of an example cohort, and the one block that its log is."""
    with Registry.open(sqlite_url, actor="lindner") as registry:
        import_example(registry, "anakinra2004")
        (block,) = sealed_blocks(registry.log, whole=True)
        yield registry, block


def other(value: Any) -> Any:
    """Return another value of the same type."""
    match value:
        case None | bool():
            return not value
        case int():
            return value + 1
        case date():
            return value + timedelta(days=1)
        case bytes():
            return bytes(reversed(value)) + b"\1"
        case str():
            return f"{value}x"
    return [*value, "x"]


def rewrite(block: Path, random: Random) -> tuple[int, str, str]:
    """Rewrite one value of a block; return its position, its kind of fact and its column."""
    file = random.choice([path for path in sorted(block.glob("*.parquet")) if ".measures" not in path.name])
    rows = pq.read_table(file)
    columns = [name for name in rows.column_names if name not in ("position", "n_measures", "patient")]
    while True:
        column, row = random.choice(columns), random.randrange(rows.num_rows)
        values = rows[column].to_pylist()
        if values[row] is not None or rows.schema.field(column).type in (pa.string(), pa.bool_()):
            break
    values[row] = "x" if values[row] is None else other(values[row])
    position = rows["position"][row].as_py()
    poisoned.with_rows(block, file.name, poisoned.with_column(column, values))
    return position, file.name.removesuffix(".parquet"), column


def test_a_rewritten_value_is_named_and_misleads_no_rebuilding(sealed: tuple[Registry, Sealed], tmp_path: Path) -> None:
    registry, block = sealed
    export(registry, tmp_path / "out")
    random = Random(3)
    kept = {file: file.read_bytes() for file in path_of(block).iterdir()}

    for _ in range(REWRITTEN):
        position, kind, column = rewrite(path_of(block), random)

        (found,) = check_blocks(registry.log).problems
        assert found.position == position
        assert f"{kind}: column {column} has another value than the log; " in found.what
        assert reproduce(registry, tmp_path / "out").identical

        for file, content in kept.items():
            file.write_bytes(content)
    assert check_blocks(registry.log) == (1, ())
    purge_blocks(registry.log.database)
    figure("one value rewritten, every digest right", "blocks", REWRITTEN, "each named; no rebuilding misled")
