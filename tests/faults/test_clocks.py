"""A clock that jumps, forwards and back: recorded time never goes back, whoever records."""

from __future__ import annotations

from random import Random

from registry import Registry
from tests.faults.lengths import figure, times

JUMPS = times(short=50, long=2_000)
NOW = 1_700_000_000_000_000  # µs
DAY = 86_400_000_000  # µs


def test_recorded_time_never_goes_back(url: str) -> None:
    random = Random("clocks")

    def jumping() -> int:
        return NOW + random.randint(-1000 * DAY, 1000 * DAY)

    people = [Registry.open(url, actor=name, clock=jumping) for name in ("ines", "lindner")]
    people[0].enrol_patient("P-1", enrolled_on="2000-01-01")
    for number in range(JUMPS):
        people[number % 2].record_visit("P-1", visited_on="2001-01-01", visit=f"visit {number}")
        if number % 10 == 0:
            people[number % 2].freeze(f"freeze-{number}")

    [*chunks] = people[0].log.columns()
    recorded = [instant for chunk in chunks for instant in chunk.recorded_at]
    freezes = people[0].freezes()
    assert recorded == sorted(recorded)
    assert len(set(recorded)) > 1
    assert all(freeze.recorded_at >= recorded[freeze.position - 1] for freeze in freezes)
    assert people[0].verify().is_whole
    for person in people:
        person.close()
    where = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[url.partition(":")[0]]
    figure("clock jumped by up to 1,000 days", where, JUMPS, "recorded time never went back")
