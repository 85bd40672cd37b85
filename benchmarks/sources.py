"""Foreign sources: rows a second through a mapping, and a whole import beside that of the same intake files.

The source is what hospitals send: semicolons, decimal commas, days as 24.03.2021, a row a visit with all that is known
of the patient. The side by side of the mapping alone is pandas making the same tables, which checks nothing.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.measuring import Contender, in_turn, timed
from benchmarks.records import Benchmark, Compared, Found, Run, Runs, Scale, Target
from benchmarks.running import main
from registry import Registry
from registry.catalogue.catalogue import BUILT_IN
from registry.intake import import_batch
from registry.intake.sources.mapped_import import import_mapped
from registry.intake.sources.mapped_source import MappedSource
from registry.intake.sources.shown_tables import show_tables

VISITS: Final = 10  # of a patient
PART: Final = 10  # one row in so many of the scale's events
SMALLER: Final = 8
SEED: Final = 17
NRS: Final = 16  # columns of BASDAI and BASFI items
HEADER: Final = ["Pat", "Einschluss", "Sex", "Nr", "Datum", "CRP", "BSG", *(f"BD{n}" for n in range(1, 7)),
                 *(f"BF{n}" for n in range(1, 11)), "Ort"]  # fmt: skip
MAPPING: Final = """
format = 1
[source]
kind = "csv"
files = ["visits.csv"]
delimiter = ";"
encoding = "cp1252"
decimal = ","
dates = ["%d.%m.%Y"]
missing = { "k.A." = "" }
[ignore]
Ort = "not collected"
[patient]
field = "Pat"
[[table]]
to = "patients"
when = { field = "Nr", is = "1" }
enrolled_on = { field = "Einschluss" }
sex = { field = "Sex", codes = { "1" = "male", "2" = "female" } }
[[table]]
to = "visits"
key = ["Pat", "Nr"]
visited_on = { field = "Datum" }
crp = { field = "CRP", unit = "mg/l" }
esr = { field = "BSG" }
"basdai_{n}" = { field = "BD{n}" }
"basfi_{n}" = { field = "BF{n}" }
"""


def measure(scale: Scale) -> Found:
    """Measure the mapping alone, the whole import, and the memory of one that is larger."""
    n_rows = max(VISITS * SMALLER, scale.events // PART)
    with TemporaryDirectory(dir=scale.folder) as folder:
        large, small = Path(folder) / "large", Path(folder) / "small"
        for place, rows in ((large, n_rows), (small, n_rows // SMALLER)):
            write_source(place, rows // VISITS)
        alone, pandas = in_turn(
            scale.few,
            Contender("a mapping alone", lambda: scale.apart(mapped, str(large)), n_rows, "rows"),
            Contender("`pandas`, the same tables", lambda: scale.apart(flattened, str(large)), n_rows, "rows"),
        )
        whole, files = in_turn(
            scale.few,
            Contender("import by a mapping", importing(scale, large, "mapping.toml"), n_rows, "rows"),
            Contender("import of the same as intake files", importing(scale, large, "tables"), n_rows, "rows"),
        )
        part, again = "import by a mapping, an eighth of the patients", importing(scale, small, "mapping.toml")
        eighth = in_turn(scale.few, Contender(part, again, n_rows // SMALLER, "rows"))[0]
    compared = Compared(whole, (files,))
    return Found(
        (Compared(alone, (pandas,)), compared, Compared(eighth)),
        (
            Target("a mapping alone", 20_000, alone.rate, "rows/s", at_least=True),
            Target("an import by it, against the same as intake files", 0.8, compared.ratio(files)[0], "×",
                   at_least=True),
            Target("memory, against that of an eighth", 1.2, _peak(whole) / _peak(eighth), "×"),
        ),
    )  # fmt: skip


def _peak(runs: Runs) -> int:
    return runs.peak or 1


def importing(scale: Scale, folder: Path, what: str) -> Callable[[], Run]:
    """Return what imports something of a folder, each time into another registry."""
    numbers = count()
    return lambda: scale.apart(imported, str(folder / f"{what}-{next(numbers)}.db"), str(folder / what))


def write_source(folder: Path, n_patients: int) -> None:
    """Write a source with its mapping, and the same as intake files."""
    folder.mkdir()
    (folder / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    with (folder / "visits.csv").open("w", encoding="cp1252", newline="") as file:
        rows = csv.writer(file, delimiter=";")
        rows.writerow(HEADER)
        rows.writerows(_rows(n_patients))
    show_tables(folder / "mapping.toml", folder / "tables")


def _rows(n_patients: int) -> Iterator[list[str]]:
    random, began = Random(SEED), date(2015, 1, 1)
    for patient in range(n_patients):
        enrolled = began + timedelta(days=random.randrange(1000))
        for visit in range(VISITS):
            day = enrolled + timedelta(days=90 * visit + random.randrange(30))
            crp = random.choice([f"{random.randrange(400) / 10:.1f}".replace(".", ","), "<0,5", "k.A."])
            nrs = [str(random.randrange(11)) for _ in range(NRS)]
            yield [f"P{patient:06}", f"{enrolled:%d.%m.%Y}", str(1 + patient % 2), str(visit + 1), f"{day:%d.%m.%Y}",
                   crp, str(random.randrange(1, 80)), *nrs, "Köln"]  # fmt: skip


def mapped(folder: str) -> tuple[float, list[int]]:
    """Make the rows of ours of a source, and count those of each table."""

    def made() -> list[int]:
        source = MappedSource.open(Path(folder) / "mapping.toml", BUILT_IN)
        n_rows = dict.fromkeys(source.tables, 0)
        for table, _, _ in source.rows():
            n_rows[table] += 1
        return [*n_rows.values()]

    run = timed(made, lambda counts: counts)
    return run.seconds, run.answer


def flattened(folder: str) -> tuple[float, list[int]]:
    """Make the same tables with pandas, and count the rows of each."""
    import pandas as pd

    def made() -> list[int]:
        frame = pd.read_csv(Path(folder) / "visits.csv", sep=";", encoding="cp1252", dtype=str, na_values=["k.A."])
        for name in ("Einschluss", "Datum"):
            frame[name] = pd.to_datetime(frame[name], format="%d.%m.%Y").dt.strftime("%Y-%m-%d")
        frame["CRP"] = frame["CRP"].str.replace(",", ".")
        items = {f"BD{n}": f"basdai_{n}" for n in range(1, 7)} | {f"BF{n}": f"basfi_{n}" for n in range(1, 11)}
        visits = frame.rename(columns={"Pat": "patient", "Datum": "visited_on", "CRP": "crp", "BSG": "esr", **items})
        visits["id"] = visits["patient"] + "/" + visits["Nr"]
        first = frame[frame["Nr"] == "1"]
        patients = first[["Pat", "Einschluss"]].assign(sex=first["Sex"].map({"1": "male", "2": "female"}))
        return [len(patients), len(visits)]

    run = timed(made, lambda counts: counts)
    return run.seconds, run.answer


def imported(place: str, what: str) -> tuple[float, int]:
    """Import a source by its mapping, or a folder of intake files, into a new registry; the answer is its events."""
    with Registry.create(place) as registry:
        record = import_mapped if what.endswith(".toml") else import_batch
        run = timed(lambda: record(registry, what), lambda report: report.events)
    return run.seconds, run.answer


BENCHMARK: Final = Benchmark(
    name="sources",
    title="Foreign sources",
    method="A file of visits as hospitals send them, with a row a visit, is turned into rows of ours by its mapping; "
    "then it is imported by that into an SQLite log, in turn with the import of the same rows as intake files. Beside "
    "the mapping pandas makes the same tables, without a check.",
    packages=("pyarrow", "pandas", "SQLAlchemy"),
    measure=measure,
)

if __name__ == "__main__":
    main(BENCHMARK)
