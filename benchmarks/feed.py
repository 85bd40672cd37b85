"""What a warehouse that follows a registry costs a night, beside all of it again and a merge by key."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from msgspec.structs import replace

from benchmarks.followed import MERGED, NEW, Followed, followed
from benchmarks.measuring import Contender, in_turn
from benchmarks.records import Benchmark, Compared, Found, Run, Runs, Scale, Target
from benchmarks.running import main
from projections import TABLES, feed_apply, feed_init, feed_run, feed_verify, open_target
from projections.export import export
from projections.feed.batch_files import read_batch, read_head
from projections.feed.running import IN_FEEDS
from registry import Registry

RUN_SECONDS, RUN_MEMORY, APPLY_SECONDS, FIRST_BATCH, TEN_TIMES = 2, 700, 2, 1.3, 1.3
TURNS: Final = 2  # of what takes a minute at full scale


def measure(scale: Scale) -> Found:
    """Measure a registry of the scale, and the same night on a tenth of the log, or on ten times it where asked for."""
    with TemporaryDirectory(dir=_made(scale.folder)) as folder:
        night = followed(scale, Path(folder), scale.events, with_targets=True)
        run, first, export = _written(scale, night)
        delta, database = _applied(scale, night, "delta"), _applied(scale, night, "duckdb")
        whole = _verified(scale, night)
    small, large = (_night(scale, events, run) for events in (scale.largest // 10, scale.largest))
    targets = (
        Target("feed run", RUN_SECONDS, run.median, "s"),
        Target("feed run: memory", RUN_MEMORY, (run.peak or 0) / 2**20, "MiB"),
        Target("feed apply to Delta", APPLY_SECONDS, delta.ours.median, "s"),
        Target("the first batch, against a full export", FIRST_BATCH, first.median / export.median, "×"),
        Target("feed run: ten times the log", TEN_TIMES, large.median / small.median, "×"),
    )
    again = replace(export, what="a full export again", items=NEW, of="new events")
    compared = (Compared(run, (again,)), delta, database, Compared(first, (export,)))
    return Found((*compared, *map(Compared, (whole, small, large))), targets)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _written(scale: Scale, night: Followed) -> tuple[Runs, Runs, Runs]:
    """Measure the next batch, a first batch, and an export of the same tables."""
    rows = sum(_rows(night.after).values())
    run, first, export = in_turn(
        TURNS,
        _next_batch(scale, night, "feed run"),
        Contender("the first batch", lambda: _emptied(scale, first_batch, night), rows, "rows"),
        Contender("a full export", lambda: _emptied(scale, exported, night), rows, "rows"),
    )
    return run, first, export


def _next_batch(scale: Scale, night: Followed, what: str) -> Contender:
    return Contender(what, lambda: scale.apart(ran, night.place, night.copied("feed")), NEW, "new events")


def _emptied(scale: Scale, work: Callable[[str, str], tuple[float, int]], night: Followed) -> Run:
    """Have something written into a folder that is not there, and remove it again."""
    out = night.folder / f"anew-{time.monotonic_ns()}"
    run = scale.apart(work, night.place, str(out))
    shutil.rmtree(out)
    return run


def _verified(scale: Scale, night: Followed) -> Runs:
    rows = sum(_rows(night.after).values())
    [runs] = in_turn(1, Contender("feed verify", lambda: scale.apart(verified, str(night.after)), rows, "rows"))
    return runs


def _applied(scale: Scale, night: Followed, kind: str) -> Compared:
    ours, theirs = (f"{name}.duckdb" if kind == "duckdb" else name for name in ("followed", "merged"))
    merge = merged_in_duckdb if kind == "duckdb" else merged_in_delta
    name, out = {"duckdb": "DuckDB", "delta": "Delta"}[kind], str(night.folder / "exported")
    applied_, merged = in_turn(
        TURNS,
        Contender(
            f"feed apply to {name}: every table",
            lambda: scale.apart(applied, str(night.after), f"{kind}:{night.copied(ours)}"),
            NEW,
            "new events",
        ),
        Contender(
            f"{' and '.join(MERGED)} of a full export merged into {name} by key",
            lambda: scale.apart(merge, out, night.copied(theirs)),
            NEW,
            "new events",
        ),
    )
    return Compared(applied_, (merged,))


def _night(scale: Scale, events: int, run: Runs) -> Runs:
    """Measure the night on so many events; `run` is the one that was measured on those of the scale."""
    what = f"feed run, on {events:,} events"
    if events == scale.events:
        return replace(run, what=what)
    with TemporaryDirectory(dir=_made(scale.folder)) as folder:
        night = followed(scale, Path(folder), events, with_targets=False)
        [runs] = in_turn(scale.few, _next_batch(scale, night, what))
    return runs


def _rows(feed: Path) -> dict[str, int]:
    """Return how many rows each table has after the last batch of a feed."""
    last = read_head(feed).batches[-1]
    return {name: table.rows for name, table in read_batch(feed, last).tables.items()}


def first_batch(place: str, feed: str) -> tuple[float, int]:
    """Make a feed with its first batch; the answer is how many rows its tables have."""
    started = time.perf_counter()
    with Registry.open(place) as registry:
        feed_init(registry, feed)
        feed_run(registry, feed)
    return time.perf_counter() - started, sum(_rows(Path(feed)).values())


def ran(place: str, feed: str) -> tuple[float, int]:
    """Write the next batch; the answer is how many rows the tables of the feed have then."""
    started = time.perf_counter()
    with Registry.open(place) as registry:
        feed_run(registry, feed)
    return time.perf_counter() - started, sum(_rows(Path(feed)).values())


def exported(place: str, out: str) -> tuple[float, int]:
    """Export the tables that a feed has, and the events; the answer is how many rows the former have."""
    started = time.perf_counter()
    with Registry.open(place) as registry:
        manifest = export(registry, out, tables=IN_FEEDS)
    return time.perf_counter() - started, sum(table.rows for name, table in manifest.tables.items() if name != "events")


def applied(feed: str, to: str) -> tuple[float, list[int]]:
    """Apply the last batch to a target; the answer is how many rows those tables have that are merged beside it."""
    started = time.perf_counter()
    with closing(open_target(to)) as target:
        feed_apply(feed, target)
    return time.perf_counter() - started, [_rows(Path(feed))[name] for name in MERGED]


def verified(feed: str) -> tuple[float, int]:
    """Check a feed whole, its sums replayed; the answer is how many rows its tables have."""
    started = time.perf_counter()
    found = feed_verify(feed)
    assert not found.problems, found.problems
    return time.perf_counter() - started, sum(found.rows.values())


def merged_in_duckdb(out: str, file: str) -> tuple[float, list[int]]:
    """Merge tables of an export into those of a database by key, so that they are the same."""
    import duckdb

    started = time.perf_counter()
    with duckdb.connect(file) as database:
        for name in MERGED:
            same = " AND ".join(f"old.{column} = new.{column}" for column in TABLES[name].key)
            database.execute(
                f"MERGE INTO {name} AS old USING read_parquet('{out}/{name}/*.parquet') AS new ON {same} "
                "WHEN MATCHED THEN UPDATE WHEN NOT MATCHED THEN INSERT WHEN NOT MATCHED BY SOURCE THEN DELETE"
            )
        rows = [database.table(name).count("*").fetchall()[0][0] for name in MERGED]
    return time.perf_counter() - started, rows


def merged_in_delta(out: str, lake: str) -> tuple[float, list[int]]:
    """Merge tables of an export into Delta tables by key, so that they are the same."""
    import pyarrow.parquet as pq
    from deltalake import DeltaTable

    started, tables = time.perf_counter(), [DeltaTable(f"{lake}/{name}") for name in MERGED]
    for name, table in zip(MERGED, tables):
        same = " AND ".join(f"old.{column} = new.{column}" for column in TABLES[name].key)
        merging = table.merge(pq.read_table(f"{out}/{name}"), same, source_alias="new", target_alias="old")
        merging.when_matched_update_all().when_not_matched_insert_all().when_not_matched_by_source_delete().execute()
    seconds = time.perf_counter() - started
    return seconds, [table.to_pyarrow_dataset().count_rows() for table in tables]


BENCHMARK: Final = Benchmark(
    name="feed",
    title="A warehouse that follows",
    method="A simulated registry gets 1,000 new visits, imported, of as many patients. `feed run` writes the batch, "
    "`feed apply` brings Delta and DuckDB up to date in every table, without history; each in a process of its own, "
    "from opening to the last sync, on copies of what was there before. Beside them: all tables of the feed exported "
    "again, and only two of them, from that export, merged by key into a table of the same kind. Rows are counted and "
    "are as many. The first batch is beside an export of its tables, and the target is the time of the one in that of "
    "the other. At the end what it takes to check the whole feed, and the same night on a tenth of the log, or on ten "
    "times it with `--full`, where the target is the time on the longer log in that on the shorter one.",
    packages=("pyarrow", "numpy", "SQLAlchemy", "duckdb", "deltalake"),
    measure=measure,
)

if __name__ == "__main__":
    main(BENCHMARK)
