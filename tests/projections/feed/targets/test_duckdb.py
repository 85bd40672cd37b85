"""What a target in a file of DuckDB costs: its groups of rows are full, and it takes no more memory than it needs."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa

from projections.feed.targets.duckdb_target import DuckdbTarget, _Duckdb
from projections.feed.targets.sql_tables import INCOMING


def test_rows_that_come_in_pieces_of_any_length_fill_the_groups_of_the_file(tmp_path: Path) -> None:
    rows = pa.concat_tables(
        pa.table({"patient": pa.array([f"P-{number % 7}"] * 100_000).dictionary_encode()}) for number in range(3)
    )
    with duckdb.connect(tmp_path / "target.duckdb") as connection:
        session = _Duckdb(connection)
        session.load(rows)
        session.run(f"CREATE TABLE kept AS SELECT * FROM {INCOMING}")
        connection.execute("CHECKPOINT")
        groups = connection.execute(
            "SELECT row_group_id, sum(count) FROM pragma_storage_info('kept') WHERE segment_type = 'VARCHAR' "
            "GROUP BY 1 ORDER BY 1"
        ).fetchall()
        found = connection.execute("SELECT patient, count(*) FROM kept GROUP BY 1 ORDER BY 1").fetchall()

    assert [rows for _, rows in groups] == [122_880, 122_880, 54_240]
    assert found == [("P-0", 100_000), ("P-1", 100_000), ("P-2", 100_000)]


def test_rows_are_given_back_before_the_transaction_ends() -> None:
    with duckdb.connect() as connection:
        session = _Duckdb(connection)
        connection.execute("BEGIN TRANSACTION")
        connection.execute("CREATE TABLE kept (number BIGINT)")
        before = pa.total_allocated_bytes()
        for first in range(0, 1_000_000, 100_000):
            session.load(pa.table({"number": pa.array(range(first, first + 100_000), pa.int64())}))
            session.run(f"INSERT INTO kept SELECT * FROM {INCOMING}")
        held = pa.total_allocated_bytes() - before
        found = session.rows("SELECT count(*) FROM kept")

    assert found == [(1_000_000,)]
    assert held <= 1_000_000


def test_no_more_memory_is_taken_however_much_the_machine_has(tmp_path: Path) -> None:
    target = DuckdbTarget(tmp_path / "target.duckdb")

    [[limit]] = target._connection.execute("SELECT current_setting('memory_limit')").fetchall()
    target.close()

    assert limit == "2.0 GiB"
