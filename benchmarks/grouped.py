"""All tables of a cohort of a whole registry, in three groups by line of therapy, and its data set.

The patient bootstrap has a thousand resamples, and once the ten thousand that are the default: as the random numbers
come one after the other, its draws alone take as long as all else.
"""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from benchmarks.cohorts import registry_of
from benchmarks.measuring import Contender, in_turn
from benchmarks.records import Benchmark, Compared, Found, Scale, Target
from benchmarks.running import main
from benchmarks.time_points import TIME_POINTS
from registry import Registry

DEFINITION: Final = f"""
cohort = "lines"

[day0]
event = "course"
of = ["TNFi", "IL-17i"]
which = "last"

{TIME_POINTS}
[tables.characteristics]
measures = ["basdai", "basfi", "crp"]
[tables.lesions]
[tables.scores]
[tables.clinical]
[tables.responders]
[tables.survival]
lundex = "asas20"
[tables.rates]
conditions = ["uveitis"]
[tables.medication]
[tables.safety]
[tables.imaging_criteria]
[tables.progression]

[groups]
by = "line"
levels = {{ naive = "1", "1 prior" = "2", "2+" = "3.." }}
tests = true

[statistics]
resamples = 1000
"""
WANTED: Final = "all tables in three groups"
FORMATS: Final = ("parquet", "csv", "dta", "sav")


def measure(scale: Scale) -> Found:
    """Measure all tables of the cohort, with and without groups, and its data set in every format."""
    place = str(registry_of(scale))
    scale.apart(tables, place, "")  # makes blocks
    asked = {
        WANTED: DEFINITION,
        "the same with 10,000 resamples": DEFINITION.partition("[statistics]")[0],
        "the same without groups": DEFINITION.partition("[groups]")[0],
    }
    made = {what: partial(scale.apart, tables, place, text) for what, text in asked.items()}
    made |= {f"its data set, .{form}": partial(scale.apart, dataset, place, form) for form in FORMATS}
    runs = [in_turn(scale.few, Contender(what, run))[0] for what, run in made.items()]
    grouped, *written = runs[0], *runs[-len(FORMATS) :]
    return Found(
        tuple(Compared(each) for each in runs),
        (
            Target(WANTED, 10, grouped.median, "s"),
            Target("its memory", 700, (grouped.peak or 0) / 2**20, "MiB"),
            *(Target(each.what, 3, each.median, "s") for each in written),
        ),
    )


def tables(place: str, text: str) -> tuple[float, int]:
    """Make the figures of a cohort, from the opening of its registry on; the answer is their number."""
    from projections import facts_at
    from projections.cohort.all_tables import figures
    from projections.cohort.definition_file import parsed
    from projections.cohort.members.cohort import Cohort

    begun = time.perf_counter()
    with Registry.open(place) as registry:
        facts = facts_at(registry)
        n = 0
        if text:
            cohort = Cohort.of(parsed(text.encode(), catalogue=facts.catalogue), facts)
            n = sum(1 for _ in figures(cohort))
    return time.perf_counter() - begun, n


def dataset(place: str, form: Any) -> tuple[float, int]:
    """Write the data set of the cohort, from the opening of its registry on; the answer is the number of its rows."""
    from projections import facts_at
    from projections.cohort.definition_file import parsed
    from projections.cohort.members.cohort import Cohort
    from projections.export.datasets import write_dataset

    text = DEFINITION.encode()
    with TemporaryDirectory() as folder:
        begun = time.perf_counter()
        with Registry.open(place) as registry:
            facts = facts_at(registry)
            cohort = Cohort.of(parsed(text, catalogue=facts.catalogue), facts)
            written = write_dataset(cohort, Path(folder) / "dataset", text=text, form=form)
        return time.perf_counter() - begun, sum(each.rows for each in written)


BENCHMARK: Final = Benchmark(
    name="grouped",
    title="A cohort in groups",
    method="A cohort of all who ever began a TNF or IL-17 inhibitor in a simulated registry on SQLite, with eleven "
    "tables at three time points, in three groups by line of therapy: all figures, tests, ratios and standardised "
    "differences, from the opening of the registry on, in a new process each time; the seconds are without the start "
    "of Python. The patient bootstrap has 1,000 resamples but for one row, a tenth of the default. Its data set has a "
    "row for each member, time point and value; files of Stata and SPSS are written by pyreadstat, cell by cell. "
    "Nothing else is beside them.",
    packages=("pyarrow", "numpy", "scipy", "SQLAlchemy", "pyreadstat"),
    measure=measure,
)

if __name__ == "__main__":
    main(BENCHMARK)
