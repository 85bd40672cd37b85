"""A registry with a feed and targets that follow it, and new events that these do not have yet."""

from __future__ import annotations

import csv
import os
import shutil
from contextlib import closing
from pathlib import Path
from typing import Final, NamedTuple

import pyarrow.parquet as pq

from benchmarks.cohorts import registry_of
from benchmarks.records import Scale
from projections import facts_at, feed_apply, feed_init, feed_run, open_target, project
from projections.export import export
from registry import Registry
from registry.intake import import_batch

NEW: Final = 1_000  # events
MERGED: Final = ("visits", "measures")  # what most of the new events change
VISIT: Final = "visits.csv"


class Followed(NamedTuple):
    """Where everything is: the registry with its new events; the feed and the targets as they were before them."""

    folder: Path

    @property
    def place(self) -> str:
        """The registry."""
        return str(self.folder / "registry.db")

    @property
    def feed(self) -> Path:
        """The folder of the feed up to the new events."""
        return self.folder / "feed"

    @property
    def after(self) -> Path:
        """The folder of the feed with them."""
        return self.folder / "after"

    def copied(self, name: str) -> str:
        """Return a fresh copy of a folder or file, to be changed; files that are only ever replaced are linked."""
        source, copy = self.folder / name, self.folder / f"copy-of-{name}"
        if source.is_file():
            return str(shutil.copy(source, copy))
        shutil.rmtree(copy, ignore_errors=True)
        return str(shutil.copytree(source, copy, copy_function=os.link))


def followed(scale: Scale, folder: Path, events: int, *, with_targets: bool) -> Followed:
    """Make one in a folder of a registry of about so many events."""
    made = Followed(folder)
    scale.apart(_made, str(registry_of(scale, events)), str(folder), with_targets)
    return made


def _made(source: str, folder: str, with_targets: bool) -> tuple[float, None]:
    made = Followed(Path(folder))
    shutil.copy(source, made.place)
    with Registry.open(made.place) as registry:
        feed_init(registry, made.feed)
        feed_run(registry, made.feed)
        if with_targets:
            for to in (f"duckdb:{folder}/followed.duckdb", f"delta:{folder}/followed"):
                with closing(open_target(to)) as target:
                    feed_apply(made.feed, target)
            export(registry, made.folder / "before", tables=MERGED)
            _merged_into(made.folder)
        import_batch(registry, _visits(registry, made.folder))
        shutil.copytree(made.feed, made.after, copy_function=os.link)
        feed_run(registry, made.after)
        if with_targets:
            export(registry, made.folder / "exported", tables=MERGED)
    return 0.0, None


def _merged_into(folder: Path) -> None:
    """Make the targets of a merge by key, from an export."""
    import duckdb
    from deltalake import write_deltalake

    with duckdb.connect(folder / "merged.duckdb") as database:
        for table in MERGED:
            parts = folder / "before" / table
            database.execute(f"CREATE TABLE {table} AS SELECT * FROM read_parquet('{parts}/*.parquet')")
            write_deltalake(folder / "merged" / table, pq.read_table(parts))


def _visits(registry: Registry, folder: Path) -> Path:
    """Write visits, of a thousand patients or of all, each on the day on which the patient was last seen."""
    patients = project("patients", facts_at(registry)).to_pylist()
    here = [each for each in patients if each["follow_up_ended_on"] is None]
    (folder / "new").mkdir()
    with (folder / "new" / VISIT).open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("patient", "visited_on", "visit", "crp"))
        for number in range(NEW):
            patient = here[number * len(here) // NEW]
            writer.writerow((patient["patient"], patient["last_seen_on"], f"night {number}", number % 40))
    return folder / "new"
