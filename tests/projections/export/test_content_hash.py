"""The content hash: the same for the same content, however it is stored; another for any other."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from projections import TABLES, facts_at, project
from projections.export import content_hash
from projections.export.stored_rows import Stored
from registry import Registry
from tests.projections.export.slow_content_hash import slow_content_hash

TYPES = ("string", "date32", "timestamp[us, UTC]", "int16", "int32", "int64", "double", "bool", "list<string>")
ROWS = {
    "string": ["β", None, "", "abc"],
    "date32": [date(1969, 12, 31), date(2004, 6, 7), None, date(1, 1, 1)],
    "timestamp[us, UTC]": [None, datetime(2014, 6, 30, 9, 0, 0, 1, tzinfo=UTC), None, datetime(1960, 1, 1, tzinfo=UTC)],
    "int16": [-1, 32767, None, 0],
    "int32": [-1, None, 2**31 - 1, 0],
    "int64": [-(2**63), 2**63 - 1, None, 0],
    "double": [24.7, None, -0.0, 1e300],
    "bool": [True, None, False, True],
    "list<string>": [["T1", "STIR"], [], None, [""]],
}
ARROW = (
    pa.string(), pa.date32(), pa.timestamp("us", tz="UTC"), pa.int16(), pa.int32(), pa.int64(), pa.float64(),
    pa.bool_(), pa.list_(pa.string()),
)  # fmt: skip


def a_table() -> pa.Table:
    return pa.table({kind: pa.array(ROWS[kind], arrow) for kind, arrow in zip(TYPES, ARROW)})


def test_an_independent_implementation_agrees_on_every_type() -> None:
    rows = {**ROWS, "double": [24.7, None, 0.0, 1e300]}
    table = pa.table({kind: pa.array(rows[kind], arrow) for kind, arrow in zip(TYPES, ARROW)})

    assert content_hash(a_table()) == slow_content_hash(table, TYPES)


@pytest.mark.parametrize("name", TABLES)
def test_an_independent_implementation_agrees_on_every_table(published: Registry, name: str) -> None:
    table = project(name, facts_at(published)).slice(3, 500)

    assert content_hash(table) == slow_content_hash(table, [column.type for column in TABLES[name].columns])


def test_the_hash_of_a_small_table_stays_what_it_was() -> None:
    assert content_hash(a_table()) == "734ced057e7e6bfa2abb8cb5ada1f63b6d5dc45829b9ba287a74478ac6fc317d"


def test_chunks_offsets_dictionaries_and_widths_do_not_matter(tmp_path: Path) -> None:
    table = a_table()
    sliced = pa.concat_tables([table, table, table]).slice(4, 4)
    chunked = pa.concat_tables([table.slice(0, 1), table.slice(1, 0), table.slice(1, 3)])
    encoded = table.set_column(0, "string", table["string"].dictionary_encode())
    wide = table.set_column(0, "string", table["string"].cast(pa.large_string()))
    pq.write_table(encoded, tmp_path / "rows.parquet", row_group_size=2, compression="gzip")

    stored = (sliced, chunked, encoded, wide, pq.read_table(tmp_path / "rows.parquet"))

    assert {content_hash(each) for each in stored} == {content_hash(table)}


def test_what_lies_in_the_slot_of_a_null_does_not_matter() -> None:
    missing = pa.py_buffer(bytes([0b10]))
    numbers = pa.Array.from_buffers(pa.int16(), 2, [missing, pa.array([7, 1], pa.int16()).buffers()[1]])
    texts = pa.Array.from_buffers(pa.string(), 2, [missing, *pa.array(["gone", "a"]).buffers()[1:]])

    hidden = pa.table({"n": numbers, "s": texts})

    assert content_hash(hidden) == content_hash(pa.table({"n": pa.array([None, 1], pa.int16()), "s": [None, "a"]}))


@pytest.mark.parametrize(
    "other",
    [
        {"a": ["x", "y"], "b": ["z", None]},
        {"a": ["xy", ""], "b": ["z", ""]},
        {"a": ["x", "y"], "c": ["z", ""]},
        {"b": ["z", ""], "a": ["x", "y"]},
        {"a": ["y", "x"], "b": ["", "z"]},
        {"a": ["x", "y"]},
        {"a": [["x"], ["y"]], "b": ["z", ""]},
    ],
)
def test_other_content_has_another_hash(other: dict[str, list[object]]) -> None:
    assert content_hash(pa.table(other)) != content_hash(pa.table({"a": ["x", "y"], "b": ["z", ""]}))


def test_what_is_no_number_has_no_hash() -> None:
    with pytest.raises(ValueError, match="a double that is no number has no content hash; a missing value is null"):
        content_hash(pa.table({"a": pa.array([float("nan")])}))


def test_a_type_that_no_table_has_is_refused() -> None:
    with pytest.raises(ValueError, match="int8 is no type of an exported table"):
        content_hash(pa.table({"a": pa.array([1], pa.int8())}))


def test_texts_that_are_gone_through_a_few_at_a_time_have_the_same_hash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = pa.table({"s": ["β", None, "abc", "β", ""], "l": [["T1", "T1"], None, [], ["STIR", None], ["T1"]]})
    pq.write_table(table, tmp_path / "rows.parquet", use_dictionary=True)
    monkeypatch.setattr("projections.export.content.TEXT_BYTES_AT_ONCE", 3)

    assert Stored([tmp_path / "rows.parquet"]).content_hash() == slow_content_hash(table, ["string", "list<string>"])


def test_a_file_in_longer_pieces_than_any_export_has_is_not_read(tmp_path: Path) -> None:
    rows = pa.table({"n": pa.nulls((1 << 20) + 1, pa.int16())})
    pq.write_table(rows, tmp_path / "rows.parquet", row_group_size=1 << 21)

    with pytest.raises(pa.ArrowInvalid, match="a row group has 1,048,577 rows, those of an export 1,048,576 at most"):
        Stored([tmp_path / "rows.parquet"])
