"""Importing visits with as many measures of a registry's own as there are built-in ones, and with these.

Both files have the same values in the same columns' places; the own measures have the units and ranges of the built-in
ones, under names that the registry's protocol declares.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.measuring import Contender, in_turn, timed
from benchmarks.records import Benchmark, Compared, Found, Run, Scale, Target
from benchmarks.running import main
from registry import Registry
from registry.catalogue.catalogue import BUILT_IN
from registry.catalogue.measures import Measure
from registry.catalogue.protocol import MeasureRecord, Protocol, Range
from registry.intake import import_batch

PART: Final = 100  # one in so many of the scale's events
VISITS: Final = 10  # of a patient
LEAST: Final = 0.8  # of the rate of built-in measures
TAKEN: Final = tuple(BUILT_IN.measures.values())
OWN: Final = "own_"


def measure(scale: Scale) -> Found:
    """Measure the import of the same visits under own and under built-in names."""
    with TemporaryDirectory(dir=scale.folder) as folder:
        patients = max(1, scale.events // PART // VISITS)
        batch = Path(folder)
        _write(batch / "patients.csv", ["patient", "enrolled_on"], ([_name(n), "2000-01-01"] for n in range(patients)))
        own, built_in = in_turn(
            scale.few,
            Contender("own measures", _importing(scale, batch, patients, OWN), patients * VISITS, "visits"),
            Contender("built-in measures", _importing(scale, batch, patients, ""), patients * VISITS, "visits"),
        )
    compared = Compared(own, (built_in,))
    rate = compared.ratio(built_in)[0]
    return Found((compared,), (Target("own measures, against built-in ones", LEAST, rate, "×", at_least=True),))


def _importing(scale: Scale, batch: Path, patients: int, prefix: str) -> Callable[[], Run]:
    """Return what imports visits, each time into another registry; `prefix` stands before the names of measures."""
    folder, numbers = batch / (prefix or "built_in"), count()
    folder.mkdir()
    header = ["patient", "visited_on", *(f"{prefix}{each.name}" for each in TAKEN)]
    _write(folder / "visits.csv", header, _visits(patients))
    files = (str(batch / "patients.csv"), str(folder / "visits.csv"))
    return lambda: scale.apart(imported, str(folder / f"registry-{next(numbers)}.db"), *files)


def imported(place: str, patients: str, visits: str) -> tuple[float, int]:
    """Import visits into a new registry that has adopted the own measures; the answer is the number of its events."""
    with Registry.create(place, actor="benchmark") as registry:
        registry.adopt_protocol(protocol())
        import_batch(registry, patients)
        run = timed(lambda: import_batch(registry, visits), lambda report: report.events)
    return run.seconds, run.answer


def protocol() -> Protocol:
    """Return the protocol that declares each built-in measure once more, under another name."""
    return Protocol(protocol="benchmark", title="As many own measures", measures=tuple(map(_declared, TAKEN)))


def _declared(measure: Measure) -> MeasureRecord:
    return MeasureRecord(
        name=f"{OWN}{measure.name}",
        label=measure.label,
        holds=measure.holds,
        unit=measure.unit,
        range=_range(measure),
        laboratory=measure.laboratory,
    )


def _range(measure: Measure) -> Range:
    low, high = (None if limit is None else Decimal(limit) for limit in (measure.low, measure.high))
    return low, high


def _visits(patients: int) -> Iterator[list[str]]:
    for number in range(patients * VISITS):
        day = date(2000, 1, 1) + timedelta(days=30 * (number % VISITS))
        values = (str((number * 7 + place) % 10) for place in range(len(TAKEN)))
        yield [_name(number // VISITS), day.isoformat(), *values]


def _name(patient: int) -> str:
    return f"P-{patient:06}"


def _write(path: Path, header: list[str], rows: Iterator[list[str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


BENCHMARK: Final = Benchmark(
    name="own_measures",
    title="Measures of a registry's own",
    method="The same visits are imported under the names of all built-in measures and under as many names that the "
    "registry's protocol declares, with the same units and ranges, each time into a new SQLite log.",
    packages=("SQLAlchemy",),
    measure=measure,
)

if __name__ == "__main__":
    main(BENCHMARK)
