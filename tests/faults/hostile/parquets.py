"""Hostile Parquet files that a library writes: little bytes, much text, many rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from tests.faults.hostile.kinds import hostile

MILLION: Final = 1_000_000


def _patients(folder: Path, columns: dict[str, Any], **how: Any) -> None:
    pq.write_table(pa.table(columns), folder / "patients.parquet", **how)


def _constant(text: str, rows: int) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.repeat(pa.scalar(0, pa.int32()), rows), [text])


@hostile("Parquet: a text of 1 MB in 200,000 rows", "patients.parquet:2:")
def dictionary_text(folder: Path) -> None:
    columns = {"patient": _constant("P-1", 200_000), "enrolled_on": _constant("2020-01-01", 200_000)}
    _patients(folder, {**columns, "centre": _constant("x" * MILLION, 200_000)})


@hostile("Parquet: a text of 1 MB, written as changes of the one before", "patients.parquet:2:")
def prefixed_texts(folder: Path) -> None:
    writer_options = {"use_dictionary": False, "column_encoding": {"centre": "DELTA_BYTE_ARRAY"}}
    schema = pa.schema({"patient": pa.string(), "enrolled_on": pa.string(), "centre": pa.string()})
    with pq.ParquetWriter(folder / "patients.parquet", schema, data_page_size=2**30, **writer_options) as writer:
        rows = {"patient": ["P-1"] * 100, "enrolled_on": ["2020-01-01"] * 100, "centre": ["x" * MILLION] * 100}
        writer.write_table(pa.table(rows, schema), row_group_size=100)


@hostile("Parquet: texts that are written as changes of the one before", "stored")
def sound_prefixed_texts(folder: Path) -> None:
    columns = {"patient": ["P-1", "P-2"], "enrolled_on": ["2020-01-01"] * 2}
    _patients(folder, columns, use_dictionary=False, column_encoding=dict.fromkeys(columns, "DELTA_BYTE_ARRAY"))


@hostile("Parquet: texts whose lengths stand before them", "stored")
def sound_texts_after_their_lengths(folder: Path) -> None:
    columns = {"patient": ["P-1", "P-2"], "enrolled_on": ["2020-01-01"] * 2}
    encoding = dict.fromkeys(columns, "DELTA_LENGTH_BYTE_ARRAY")
    _patients(folder, columns, use_dictionary=False, column_encoding=encoding, data_page_version="2.0")


@hostile("Parquet: a row group without rows", "stored")
def a_group_without_rows(folder: Path) -> None:
    schema = pa.schema({"patient": pa.string(), "enrolled_on": pa.string()})
    with pq.ParquetWriter(folder / "patients.parquet", schema) as writer:
        for rows in (["P-1"], [], ["P-2"]):
            writer.write_table(pa.table({"patient": rows, "enrolled_on": ["2020-01-01"] * len(rows)}, schema))


@hostile("Parquet: 3,000 cells of 1 MB, each another", "patients.parquet:2:", is_large=True)
def long_cells(folder: Path) -> None:
    schema = pa.schema({"patient": pa.string(), "enrolled_on": pa.string(), "centre": pa.string()})
    with pq.ParquetWriter(folder / "patients.parquet", schema, use_dictionary=False) as writer:
        for number in range(3_000):
            rows = {"patient": ["P-1"], "enrolled_on": ["2020-01-01"], "centre": [f"{number}{'x' * MILLION}"]}
            writer.write_table(pa.table(rows, schema))


@hostile("Parquet: ten million rows that are alike", "patients.parquet:1: 10,000,000 rows in ")
def alike_rows(folder: Path) -> None:
    rows = 10 * MILLION
    _patients(folder, {"patient": _constant("P-1", rows), "enrolled_on": _constant("2020-01-01", rows)})


@hostile("Parquet: ten million rows of nothing", "patients.parquet:1: 10,000,000 rows in ")
def rows_of_nothing(folder: Path) -> None:
    rows = 10 * MILLION
    _patients(folder, {"patient": pa.nulls(rows, pa.string()), "enrolled_on": pa.nulls(rows, pa.string())})


@hostile("Parquet: a list of 20 million nothings", "patients.parquet:1: ")
def long_list(folder: Path) -> None:
    items = pa.nulls(20 * MILLION, pa.string())
    lists = pa.ListArray.from_arrays(pa.array([0, 20 * MILLION], pa.int32()), items)
    _patients(folder, {"patient": ["P-1"], "enrolled_on": ["2020-01-01"], "criteria": lists})


@hostile("Parquet: a list of 10 million words", "patients.parquet:2: column criteria: a list of 10,000,000 values")
def list_of_words(folder: Path) -> None:
    number = 10 * MILLION
    lists = pa.ListArray.from_arrays(pa.array([0, number], pa.int32()), _constant("mNY", number).cast(pa.string()))
    _patients(folder, {"patient": ["P-1"], "enrolled_on": ["2020-01-01"], "criteria": lists})


@hostile("Parquet: lists of texts of 200 kB, in every row", "patients.parquet:2:")
def lists_of_long_texts(folder: Path) -> None:
    lists = pa.ListArray.from_arrays(pa.array(range(501), pa.int32()), pa.array(["x" * 200_000] * 500))
    _patients(folder, {"patient": ["P-1"] * 500, "enrolled_on": ["2020-01-01"] * 500, "criteria": lists})


@hostile("Parquet: 20,000 columns", "patients.parquet:1: ")
def many_columns(folder: Path) -> None:
    _patients(folder, {"patient": ["P-1"], "enrolled_on": ["2020-01-01"], **{f"x{n}": [1] for n in range(20_000)}})


@hostile("Parquet: 50,000 row groups", "patients.parquet:1: ", is_large=True)
def many_groups(folder: Path) -> None:
    schema = pa.schema({"patient": pa.string(), "enrolled_on": pa.string()})
    with pq.ParquetWriter(folder / "patients.parquet", schema) as writer:
        batch = pa.record_batch([pa.array(["P-1"]), pa.array(["2020-01-01"])], schema=schema)
        for _ in range(50_000):
            writer.write_batch(batch)


@hostile("Parquet: columns within columns", "patients.parquet:1: ")
def nested(folder: Path) -> None:
    kind: pa.DataType = pa.string()
    for _ in range(60):
        kind = pa.struct({"a": kind})
    _patients(folder, {"patient": ["P-1"], "enrolled_on": ["2020-01-01"], "centre": pa.nulls(1, kind)})


@hostile("Parquet: a page of 500 MiB of one text, ZSTD", "patients.parquet:1: ", is_large=True)
def zstd_page(folder: Path) -> None:
    _long_text(folder, "zstd")


@hostile("Parquet: a page of 500 MiB of one text, BROTLI", "patients.parquet:1: ", is_large=True)
def brotli_page(folder: Path) -> None:
    _long_text(folder, "brotli")


@hostile("Parquet: a page of 500 MiB of one text, GZIP", "patients.parquet:1: ", is_large=True)
def gzip_page(folder: Path) -> None:
    _long_text(folder, "gzip")


@hostile("Parquet: a page of 500 MiB of one text, SNAPPY", "patients.parquet:1: ", is_large=True)
def snappy_page(folder: Path) -> None:
    _long_text(folder, "snappy")


def _long_text(folder: Path, compression: str) -> None:
    columns = {"patient": ["P-1"], "enrolled_on": ["2020-01-01"], "centre": ["x" * (500 * 2**20)]}
    _patients(folder, columns, compression=compression, use_dictionary=False, write_statistics=False)
