"""What a specification starts from: a recorded clock that stands still, and patients to whom something has happened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final

import pytest

from registry import Registry
from registry.errors import RegistryError
from registry.schema.field_mapping import Grading

TODAY: Final = "2014-06-30"
PATIENT: Final = "BAR1-01"


def instant(text: str) -> int:
    """Return an instant in UTC, written as in ISO 8601, as the recorded clock counts: µs since 1970."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000_000


class StandingClock:
    """A recorded clock that stands at `now` (µs UTC) until somebody sets it.

    It stands at nine in the morning in UTC, which is the same day all over the world.
    """

    def __init__(self) -> None:
        self.now = instant(f"{TODAY}T09:00")

    def __call__(self) -> int:
        return self.now


class InterruptedClock(StandingClock):
    """A standing clock whose reader is interrupted, `times` times, by somebody who does something else.

    A command asks twice: what day it is, between reading the patient and storing what was decided, and what instant
    it is, while it stores. The first question is when others are faster; during the second they have to wait.
    """

    def __init__(self, somebody: Callable[[int], object], *, times: int = 1) -> None:
        super().__init__()
        self.somebody = somebody
        self.times = times
        self.questions = 0

    def __call__(self) -> int:
        self.questions += 1
        time, is_storing = (self.questions + 1) // 2, self.questions % 2 == 0
        if time <= self.times and not is_storing:
            self.somebody(time)
        return super().__call__()


@contextmanager
def refused(
    registry: Registry, error: type[RegistryError], match: str
) -> Iterator[pytest.ExceptionInfo[RegistryError]]:
    """Expect that the block is refused with exactly this error and message, and that nothing is recorded."""
    before = registry.head
    with pytest.raises(error, match=match) as refusal:
        yield refusal
    assert refusal.type is error
    assert registry.head == before


@contextmanager
def nothing_recorded(registry: Registry) -> Iterator[None]:
    """Expect that the block is accepted, and that nothing is recorded."""
    before = registry.head
    yield
    assert registry.head == before


def enrolled(registry: Registry, patient: str = PATIENT, **cells: object) -> str:
    """A patient, born 1961 and enrolled on 14 January 2002 unless said otherwise."""
    return registry.enrol_patient(patient, **{"enrolled_on": "2002-01-14", "birth_year": 1961, **cells})  # type: ignore[arg-type]


def visited(registry: Registry, **measures: object) -> str:
    """The baseline visit of 4 June 2002."""
    return registry.record_visit(PATIENT, visited_on="2002-06-04", visit="baseline", measures=measures)


def infliximab(registry: Registry, started_on: str = "2002-06-04", **cells: object) -> str:
    """A course of infliximab that goes on."""
    return registry.start_treatment(PATIENT, agent="infliximab", started_on=started_on, **cells)


def mri(registry: Registry, study: str, performed_on: str, *, patient: str = PATIENT, regions: str = "spine") -> str:
    """An MRI examination."""
    return registry.record_study(study, patient=patient, performed_on=performed_on, modality="MRI", regions=regions)


def two_mris(registry: Registry) -> tuple[str, str]:
    """MR-0001 at baseline and MR-0002 two years later."""
    return mri(registry, "MR-0001", "2002-06-03"), mri(registry, "MR-0002", "2004-06-07")


def berlin(registry: Registry, grades: Grading | None = None, *, study: str = "MR-0001") -> str:
    """A reading by R1, by the Berlin score, with the grades given or 1 at C2/3."""
    return registry.record_reading(study, reader="R1", method="berlin", grades=grades or {"C2/3": 1})


def verdict(registry: Registry, **cells: object) -> str:
    """The agreed verdict on a Romanus lesion at L2: resolved between MR-0001 and MR-0002."""
    romanus = {"lesion": "1", "region": "spine", "kind": "romanus", "location": "L2", "verdict": "resolution"}
    return registry.record_lesion_verdict("MR-0001", "MR-0002", **{"reader": "consensus", **romanus, **cells})  # type: ignore[arg-type]


def stated(registry: Registry, fact: str) -> dict[str, object]:
    """What is stated of a fact now, as it stands in the log."""
    statement = registry.history(fact)[-1].statement
    assert statement is not None
    return statement


def events_of(registry: Registry, fact: str) -> list[str]:
    """The names of the events that make up the history of a fact."""
    return [version.event for version in registry.history(fact)]
