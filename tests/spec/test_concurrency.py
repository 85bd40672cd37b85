"""Commands at the same time: nothing is lost, nothing contradicts, on a file as on a server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest

from registry import Registry
from registry.domain.notes import Note
from registry.errors import AlreadyEndedError, AlreadyRecordedError, ConcurrentChangeError, UnknownStudyError
from registry.streams import encoded
from tests.spec import given
from tests.spec.given import refused


@pytest.fixture
def registry(url: str) -> Iterator[Registry]:
    """A registry with BAR1-01 and the studies MR-0001 and MR-0002, in each of the stores."""
    with Registry.open(url, actor="lindner", clock=given.StandingClock()) as opened:
        given.enrolled(opened)
        given.two_mris(opened)
        yield opened


@pytest.fixture
def interrupted(url: str) -> Iterator[Callable[..., Registry]]:
    """Open the registry for somebody who is interrupted before storing: `interrupted(somebody, times=1)`."""
    opened: list[Registry] = []

    def somebody_else(somebody: Callable[[int], object], *, times: int = 1) -> Registry:
        opened.append(Registry.open(url, actor="voss", clock=given.InterruptedClock(somebody, times=times)))
        return opened[-1]

    yield somebody_else
    for each in opened:
        each.close()


def test_a_command_is_decided_again_where_somebody_was_faster(
    registry: Registry, interrupted: Callable[..., Registry]
) -> None:
    slower = interrupted(lambda _: registry.record_visit("BAR1-01", visited_on="2002-06-04"))

    slower.record_visit("BAR1-01", visited_on="2002-06-05")

    visits = [
        fact for fact in registry.patient_batch.patients(["BAR1-01"])["BAR1-01"].facts if fact.startswith("visit/")
    ]
    assert visits == ["visit/BAR1-01/2002-06-04", "visit/BAR1-01/2002-06-05"]
    assert registry.verify().is_whole


def test_the_same_command_at_the_same_time_is_recorded_once(
    registry: Registry, interrupted: Callable[..., Registry]
) -> None:
    slower = interrupted(lambda _: given.visited(registry, crp=24))

    visit = given.visited(slower, crp=24)

    assert given.events_of(registry, visit) == ["VisitRecorded"]


def test_a_second_stop_at_the_same_time_is_refused(registry: Registry, interrupted: Callable[..., Registry]) -> None:
    course = given.infliximab(registry)
    slower = interrupted(lambda _: registry.stop_treatment(course, stopped_on="2003-02-11"))

    with pytest.raises(AlreadyEndedError, match="has ended already, on 2003-02-11"):
        slower.stop_treatment(course, stopped_on="2003-03-01")

    assert given.events_of(registry, course) == ["TreatmentStarted", "TreatmentStopped"]


def test_a_reading_of_a_study_that_is_retracted_at_the_same_time_is_refused(
    registry: Registry, interrupted: Callable[..., Registry]
) -> None:
    slower = interrupted(lambda _: registry.retract("imaging/MR-0001", reason="test image"))

    with pytest.raises(UnknownStudyError, match=r"^study: no imaging study 'MR-0001' of this patient is recorded"):
        given.berlin(slower)

    assert "reading/MR-0001/R1/berlin" not in registry.patient_batch.patients(["BAR1-01"])["BAR1-01"].facts


def test_two_patients_cannot_get_the_same_study_code_at_the_same_time(
    registry: Registry, interrupted: Callable[..., Registry]
) -> None:
    given.enrolled(registry, "BAR1-02")
    slower = interrupted(lambda _: given.mri(registry, "MR-0003", "2005-06-06"))

    with pytest.raises(AlreadyRecordedError, match=r"^imaging/MR-0003 is recorded .* another patient has it"):
        given.mri(slower, "MR-0003", "2005-06-06", patient="BAR1-02")

    assert registry.patient_batch.holders_of_studies(["MR-0003"]) == {"MR-0003": "BAR1-01"}


def test_two_patients_cannot_get_the_same_study_code_in_one_batch(registry: Registry) -> None:
    given.enrolled(registry, "BAR1-02")
    patients = registry.patient_batch.patients(["BAR1-01", "BAR1-02"])
    study = msgspec.structs.replace(patients["BAR1-01"].standing("imaging/MR-0001"), study="MR-0003")
    for row_id, patient in enumerate(patients.values(), start=1):
        patient.record(f"imaging/id={row_id}", study, Note(actor="lindner", source=f"imaging.csv:{row_id + 1}"))

    with refused(registry, AlreadyRecordedError, "another patient has it"):
        registry.patient_batch.save(
            [encoded(event) for patient in patients.values() for event in patient.collect_events()]
        )


def test_somebody_who_is_always_slower_is_told_and_nothing_of_theirs_is_stored(
    registry: Registry, interrupted: Callable[..., Registry]
) -> None:
    def faster(time: int) -> None:
        registry.record_visit("BAR1-01", visited_on=f"2003-01-{time:02}")

    slower = interrupted(faster, times=100)

    with pytest.raises(
        ConcurrentChangeError, match=r"^somebody else recorded about the same patients at the same time"
    ):
        slower.record_visit("BAR1-01", visited_on="2002-06-05")

    assert "visit/BAR1-01/2002-06-05" not in registry.patient_batch.patients(["BAR1-01"])["BAR1-01"].facts


def test_facts_of_other_patients_do_not_disturb(registry: Registry, interrupted: Callable[..., Registry]) -> None:
    slower = interrupted(lambda time: given.enrolled(registry, f"OTHER-{time}"), times=1)

    slower.record_visit("BAR1-01", visited_on="2002-06-05")

    assert registry.history("visit/BAR1-01/2002-06-05")[0].position == registry.history("OTHER-1")[0].position + 1


def test_many_people_record_at_once_and_the_log_is_whole(registry: Registry, url: str) -> None:
    def record(number: int) -> str:
        with Registry.open(url, actor=f"R{number}", clock=given.StandingClock()) as opened:
            opened.enrol_patient(f"P-{number}", enrolled_on="2002-01-14")
            return opened.record_visit(f"P-{number}", visited_on="2002-06-04", measures={"crp": number})

    before = registry.head.position
    with ThreadPoolExecutor(max_workers=4) as people:
        visits = list(people.map(record, range(12)))

    assert registry.head.position == before + 24
    assert registry.verify().is_whole
    assert [registry.history(visit)[0].actor for visit in visits] == [f"R{number}" for number in range(12)]
