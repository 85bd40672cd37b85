"""Erasing one patient leaves nothing of them in what others have, and takes nothing that is the others' own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from inspect import cleandoc
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from projections import facts_at, project
from registry import Registry
from registry.domain.events import PatientErased, stream_of
from registry.erasure import null_payloads
from registry.intake import import_batch
from registry.store.event_rows import EncodedEvent
from registry.store.head import joined_topic
from registry.store.opening import create_database
from registry.store.recorder import SQLApplicationRecorder
from tests.spec import given

WHY = "request, Art. 17 GDPR"
ANNA, BERT = "BAR1-01", "BAR1-02"
PATIENTS = f"patient,enrolled_on\n{ANNA},2002-01-14\n{BERT},2002-01-14"
OLD, SURVIVOR = "P-0102", "P-0041"


@pytest.fixture
def registry(url: str) -> Iterator[Registry]:
    """An empty registry in each of the stores."""
    with Registry.open(url, actor="lindner", clock=given.StandingClock()) as opened:
        yield opened


@pytest.fixture
def deliver(registry: Registry, tmp_path: Path) -> Callable[..., object]:
    """Import tables."""

    def delivered(**tables: str) -> object:
        folder = tmp_path / "batch"
        folder.mkdir(exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
        for table, text in {"patients": PATIENTS, **tables}.items():
            (folder / f"{table}.csv").write_text(cleandoc(text))
        return import_batch(registry, folder)

    return delivered


def visit_of(patient: str, crp: str = "17.31") -> str:
    return f"id,patient,visited_on,crp\nr17,{patient},2003-01-13,{crp}"


def said(registry: Registry) -> str:
    """All that the log says still."""
    return "\n".join(text for chunk in registry.log.columns() for text in chunk.payload if text is not None)


def visits(registry: Registry, known_at: str | None = None) -> list[str]:
    return [str(name) for name in project("visits", facts_at(registry, known_at=known_at))["patient"].to_pylist()]


def is_whole(registry: Registry) -> bool:
    found = registry.verify()
    return (found.problems, found.notes) == ((), ())


def test_a_row_that_was_another_patients_is_that_ones_still_at_every_point_in_time(
    registry: Registry, deliver: Callable[..., object]
) -> None:
    deliver(visits=visit_of(ANNA))
    deliver(visits=visit_of(BERT))
    moved = registry.head.position

    erasure = registry.erase_patient(ANNA, reason=WHY)

    assert (erasure.moved, erasure.anew) == ((), {})
    assert (ANNA in said(registry), is_whole(registry)) == (False, True)
    assert visits(registry) == visits(registry, f"@{moved}") == [BERT]
    assert [version.moved_from for version in registry.history(f"visit/{BERT}/id=r17")] == [
        f"visit/stream={stream_of(ANNA)}/id=r17"
    ]


def test_a_row_that_went_to_who_is_erased_is_erased_where_it_was(
    registry: Registry, deliver: Callable[..., object]
) -> None:
    deliver(visits=visit_of(ANNA))
    registry.amend(f"visit/{ANNA}/id=r17", {"crp": "17.32"}, reason="misread")
    registry.record_visit(ANNA, visited_on="2004-01-12", measures={"crp": "4.5"})
    deliver(visits=visit_of(BERT))

    erasure = registry.erase_patient(BERT, reason=WHY)

    assert (erasure.names, erasure.moved, erasure.anew) == ((BERT,), (ANNA,), {})
    assert [secret for secret in (BERT, "17.31", "17.32", "r17") if secret in said(registry)] == []
    assert is_whole(registry)
    assert (visits(registry, "@4"), visits(registry)) == ([], [ANNA])
    registry.record_visit(ANNA, visited_on="2005-01-10", measures={"crp": 3})


def test_a_study_that_went_to_who_is_erased_is_erased_where_it_was_with_its_reading(
    registry: Registry, deliver: Callable[..., object]
) -> None:
    studies = "id,study,patient,performed_on,modality,regions\ns1,MR-0001,{},2003-02-01,MRI,spine;sij"
    deliver(imaging=studies.format(ANNA))
    given.berlin(registry)
    deliver(imaging=studies.format(BERT))

    assert registry.erase_patient(BERT, reason=WHY).moved == (ANNA,)

    assert [secret for secret in (BERT, "MR-0001") if secret in said(registry)] == []
    assert is_whole(registry)
    assert standing(registry, ANNA) == {f"patient/{ANNA}"}


def test_a_row_that_went_and_came_back_stays(registry: Registry, deliver: Callable[..., object]) -> None:
    for patient in (ANNA, BERT, ANNA):
        deliver(visits=visit_of(patient))

    erasure = registry.erase_patient(BERT, reason=WHY)

    assert (erasure.moved, erasure.anew, BERT in said(registry)) == ((), {}, False)
    assert visits(registry) == [ANNA]
    assert is_whole(registry)


def test_a_row_that_went_on_to_a_third_patient_stays_that_ones(
    registry: Registry, deliver: Callable[..., object]
) -> None:
    deliver(visits=visit_of(ANNA))
    deliver(visits=visit_of(BERT))
    carla = "patient,enrolled_on\nBAR1-03,2002-01-14"
    deliver(patients=carla, visits=visit_of("BAR1-03"))

    registry.erase_patient(BERT, reason=WHY)

    assert visits(registry) == ["BAR1-03"]
    assert visits(registry, "@4") == [ANNA]
    assert (BERT in said(registry), is_whole(registry)) == (False, True)


@pytest.fixture
def two(registry: Registry) -> Registry:
    """A patient of two visits who was taken for another one for a time."""
    for patient in (SURVIVOR, OLD):
        given.enrolled(registry, patient)
    registry.record_visit(OLD, visited_on="2004-01-12", measures={"crp": 5})
    registry.record_visit(OLD, visited_on="2005-01-10", measures={"crp": 6})
    registry.merge_patients(OLD, into=SURVIVOR, reason="one person")
    registry.retract(f"visit/{SURVIVOR}/2005-01-10", reason="never was")
    registry.unmerge_patients(OLD, reason="two persons of one name")
    return registry


OF_OLD = {"patient/P-0102", "visit/P-0102/2004-01-12"}


def standing(registry: Registry, patient: str) -> set[str]:
    return set(registry.patient_batch.patients([patient])[patient].facts)


def test_who_was_taken_for_an_erased_patient_keeps_all_and_no_name(two: Registry) -> None:
    erasure = two.erase_patient(SURVIVOR, reason=WHY)

    assert (erasure.parted, erasure.anew) == ((OLD,), {})
    assert (SURVIVOR in said(two), is_whole(two)) == (False, True)
    assert standing(two, OLD) == OF_OLD


# logs of before, which have pseudonyms


def as_once_stored(registry: Registry, place: str, names: tuple[str, ...]) -> Registry:
    """Write a log as an earlier spondyl stored it: with pseudonyms in the place of streams."""
    database = create_database(place)
    for chunk in registry.log.columns():
        for stream, version, topic, number, payload in zip(
            chunk.stream, chunk.version, chunk.topic, chunk.event_version, chunk.payload
        ):
            text = payload or ""
            for name in names:
                text = text.replace(f"stream={stream_of(name)}", name)
            stored = EncodedEvent(UUID(bytes=stream), version, joined_topic(topic, number), text.encode())
            SQLApplicationRecorder(database, clock=given.StandingClock()).insert_events([stored])
    database.close()
    return Registry.open(place, actor="voss", clock=given.StandingClock())


@pytest.fixture
def once(registry: Registry, vacant_url: str) -> Iterator[Callable[..., Registry]]:
    """What was recorded, as an earlier spondyl would have stored it, once all is recorded."""
    opened: list[Registry] = []

    def stored(*names: str) -> Registry:
        opened.append(as_once_stored(registry, vacant_url, (ANNA, BERT, OLD, SURVIVOR, *names)))
        return opened[-1]

    yield stored
    for each in opened:
        each.close()


def test_a_fact_that_came_from_who_is_erased_is_stated_anew_without_the_name(
    deliver: Callable[..., object], once: Callable[[], Registry], tmp_path: Path
) -> None:
    deliver(visits=visit_of(ANNA))
    deliver(visits=visit_of(BERT))
    registry = once()
    before, history = registry.head.position, registry.history(f"visit/{BERT}/id=r17")
    assert history[0].moved_from == f"visit/{ANNA}/id=r17"

    erasure = registry.erase_patient(ANNA, reason=WHY)

    assert erasure.anew == {f"visit/{BERT}/id=r17": before + 2}
    assert (erasure.position, registry.head.position) == (before + 1, before + 3)
    assert (ANNA in said(registry), is_whole(registry)) == (False, True)
    assert (visits(registry, f"@{before}"), visits(registry)) == ([], [BERT])
    [anew] = registry.history(f"visit/{BERT}/id=r17")
    assert (anew.statement, anew.origin, anew.moved_from) == (history[0].statement, history[0].origin, None)
    assert (anew.actor, anew.reason) == ("voss", "stated anew: an event of it named a patient who was erased")
    (tmp_path / "batch" / "patients.csv").write_text(f"patient,enrolled_on\n{BERT},2002-01-14\n")
    assert import_batch(registry, tmp_path / "batch").events == 0


def test_what_was_amended_since_it_came_is_stated_as_it_stands(
    registry: Registry, deliver: Callable[..., object], once: Callable[[], Registry]
) -> None:
    deliver(visits=visit_of(ANNA))
    deliver(visits=visit_of(BERT))
    registry.amend(f"visit/{BERT}/id=r17", {"crp": "4.5"}, reason="misread")
    amended = registry.head.position
    old = once()

    old.erase_patient(ANNA, reason=WHY)

    assert visits(old, f"@{amended}") == visits(old) == [BERT]
    assert "4.5" in str(old.history(f"visit/{BERT}/id=r17")[-1].statement)
    assert [version.event for version in old.history(f"visit/{BERT}/id=r17")] == ["VisitAmended", "VisitAmended"]


def test_what_is_stated_anew_was_withdrawn_where_it_was_withdrawn(
    registry: Registry, deliver: Callable[..., object], once: Callable[[], Registry]
) -> None:
    deliver(visits=visit_of(ANNA))
    deliver(visits=visit_of(BERT))
    registry.retract(f"visit/{BERT}/id=r17", reason="never was")
    old = once()

    old.erase_patient(ANNA, reason=WHY)

    assert (visits(old), ANNA in said(old), is_whole(old)) == ([], False, True)


def test_a_row_that_went_to_who_is_erased_is_erased_in_an_older_log_too(
    deliver: Callable[..., object], once: Callable[[], Registry]
) -> None:
    deliver(visits=visit_of(ANNA))
    deliver(visits=visit_of(BERT))
    registry = once()

    assert registry.erase_patient(BERT, reason=WHY).moved == (ANNA,)

    assert [secret for secret in (BERT, "17.31") if secret in said(registry)] == []
    assert (visits(registry), is_whole(registry)) == ([], True)


def test_a_row_that_came_back_stays_in_an_older_log_too(
    deliver: Callable[..., object], once: Callable[[], Registry]
) -> None:
    for patient in (ANNA, BERT, ANNA):
        deliver(visits=visit_of(patient))
    registry = once()

    assert list(registry.erase_patient(BERT, reason=WHY).anew) == [f"visit/{ANNA}/id=r17"]

    assert (visits(registry), BERT in said(registry), is_whole(registry)) == ([ANNA], False, True)


def test_who_was_taken_for_an_erased_patient_keeps_all_in_an_older_log_too(
    two: Registry, once: Callable[[], Registry]
) -> None:
    assert standing(two, OLD) == OF_OLD
    registry = once()

    erasure = registry.erase_patient(SURVIVOR, reason=WHY)

    assert (erasure.parted, set(erasure.anew)) == ((OLD,), {*OF_OLD, "visit/P-0102/2005-01-10"})
    assert (SURVIVOR in said(registry), is_whole(registry)) == (False, True)
    assert standing(registry, OLD) == OF_OLD


def test_an_erasure_by_an_earlier_spondyl_is_completed_when_it_is_asked_for_again(
    deliver: Callable[..., object], once: Callable[[], Registry]
) -> None:
    deliver(visits=visit_of(ANNA))
    deliver(visits=visit_of(BERT))
    registry = once()
    database = registry.log.database
    versions = registry.patient_batch.patients([ANNA])[ANNA].version
    with database.writing() as connection:
        null_payloads(database, connection, stream_of(ANNA), None)
    erased = PatientErased(actor="voss", source="python", reason="asked for it", erased=versions)
    stored = EncodedEvent(stream_of(ANNA), versions + 1, "PatientErased", msgspec.json.encode(erased))
    SQLApplicationRecorder(database, clock=given.StandingClock()).insert_events([stored])

    erasure = registry.erase_patient(ANNA, reason=WHY)

    assert list(erasure.anew) == [f"visit/{BERT}/id=r17"]
    assert (ANNA in said(registry), visits(registry), is_whole(registry)) == (False, [BERT], True)
    assert [topic for chunk in registry.log.columns() for topic in chunk.topic].count("PatientErased") == 1
    assert registry.erase_patient(ANNA, reason=WHY).position is None


@pytest.mark.parametrize("name", ["17", "A_1", "a.b-C"])
def test_a_pseudonym_of_any_signs_is_found(
    deliver: Callable[..., object], once: Callable[..., Registry], name: str
) -> None:
    patients = f"patient,enrolled_on\n{name},2002-01-14\n{BERT},2002-01-14"
    deliver(patients=patients, visits=visit_of(name))
    deliver(patients=patients, visits=visit_of(BERT))
    registry = once(name)

    assert list(registry.erase_patient(name, reason="asked for it").anew) == [f"visit/{BERT}/id=r17"]

    assert f"/{name}/" not in said(registry)
