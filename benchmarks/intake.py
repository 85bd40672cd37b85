"""Importing long-form readings: rows a second from file to log, and whether twice the rows take twice the time.

The side by side is with pandas reading the same file into a frame, which neither checks nor stores anything: the ratio
says what parsing, refusals, decisions and the durable log cost on top.
"""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.measuring import in_turn, machine, rate, ratio
from registry import Registry
from registry.catalogue.methods import methods
from registry.intake import ImportOptions, import_batch

SIZES: Final = (25_000, 100_000)  # rows of readings
RUNS: Final = 3


def main() -> None:
    """Print rows a second for both sizes, and beside pandas."""
    print(f"intake: long-form readings from CSV into an SQLite log, {RUNS} runs in turn\n{machine()}")
    with TemporaryDirectory() as folder:
        batches = {size: write_batch(Path(folder) / str(size), size) for size in SIZES}
        small, large, pandas = in_turn(
            RUNS,
            (f"spondyl, {SIZES[0]:,} rows", lambda: _imported(batches[SIZES[0]])),
            (f"spondyl, {SIZES[1]:,} rows", lambda: _imported(batches[SIZES[1]])),
            (f"pandas.read_csv only, {SIZES[1]:,} rows", lambda: _read(batches[SIZES[1]])),
        )
    print(small, large, pandas, sep="\n")
    print(f"rate at {SIZES[1]:,} rows over rate at {SIZES[0]:,}: {ratio(large, small)}")
    print(f"spondyl over pandas: {ratio(large, pandas)}")


def write_batch(folder: Path, rows: int) -> Path:
    """Write patients, studies and at least so many rows of readings by two readers; return the folder."""
    folder.mkdir()
    method = methods()["vu-lesions"]
    places = [(location.name, item.name) for location in method.locations for item in method.items]
    studies = -(-rows // (2 * len(places)))
    patients = -(-studies // 4)
    _write(folder / "patients.csv", "patient,enrolled_on", ((f"P-{n:05}", "2000-01-01") for n in range(patients)))
    days = [date(2001, 1, 1) + timedelta(days=365 * n) for n in range(4)]
    _write(
        folder / "imaging.csv",
        "study,patient,performed_on,modality,regions",
        ((f"MR-{n:06}", f"P-{n // 4:05}", str(days[n % 4]), "MRI", "spine") for n in range(studies)),
    )
    _write(
        folder / "readings.csv",
        "study,reader,method,location,item,grade",
        (
            (f"MR-{n:06}", reader, method.code, location, str(item), str(((n + place) % 7 == 0 and 1) or 0))
            for n in range(studies)
            for reader in ("R1", "R2")
            for place, (location, item) in enumerate(places)
        ),
    )
    return folder


def _write(path: Path, header: str, rows: object) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        file.write(header + "\n")
        csv.writer(file, lineterminator="\n").writerows(rows)  # type: ignore[arg-type]


def _imported(batch: Path) -> float:
    with TemporaryDirectory() as folder, Registry.create(str(Path(folder) / "registry.db")) as registry:
        rows = sum(1 for _ in (batch / "readings.csv").open(encoding="utf-8")) - 1
        measured = rate(rows, lambda: import_batch(registry, [batch], options=ImportOptions()))
        assert registry.verify().is_whole
        return measured


def _read(batch: Path) -> float:
    import pandas as pd

    rows = sum(1 for _ in (batch / "readings.csv").open(encoding="utf-8")) - 1
    return rate(rows, lambda: pd.read_csv(batch / "readings.csv"))


if __name__ == "__main__":
    main()
