"""A freeze names all that was known when it was made; that it was made is known afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from projections import facts_at, project
from projections.export import export, reproduce
from registry import Registry
from registry.audit.proof import check_proof
from registry.errors import UnknownFactError
from tests.spec import given


@pytest.fixture
def frozen(url: str, clock: given.StandingClock) -> Iterator[Registry]:
    """A registry, on each store, of a visit, a freeze called `paper`, and a visit since."""
    with Registry.open(url, actor="lindner", clock=clock) as registry:
        given.enrolled(registry)
        given.visited(registry)
        registry.freeze("paper", note="Table 1")
        registry.record_visit(given.PATIENT, visited_on="2003-06-04", measures={"crp": 3})
        yield registry


def test_the_name_means_what_was_known_before_and_the_freeze_is_the_event_after(frozen: Registry) -> None:
    then = facts_at(frozen, known_at="paper")

    assert (then.at.position, then.count("visits"), facts_at(frozen).count("visits")) == (2, 1, 2)
    assert project("events", then)["event"].to_pylist() == ["PatientEnrolled", "VisitRecorded"]
    assert project("events", facts_at(frozen, known_at="@3"))["event"].to_pylist()[2:] == ["LogFrozen"]


def test_it_is_an_event_without_a_patient_a_fact_and_a_clinical_day(frozen: Registry) -> None:
    row = project("events", facts_at(frozen)).to_pylist()[2]

    assert (row["event"], row["event_version"], row["actor"]) == ("LogFrozen", 1, "lindner")
    assert [name for name, value in row.items() if value is None] == [
        "source",
        "reason",
        "patient",
        "fact",
        "clinical_on",
    ]
    assert row["payload"] == '{"name":"paper","position":2,"actor":"lindner","note":"Table 1"}'


def test_nothing_that_is_known_of_patients_changes_by_it(frozen: Registry) -> None:
    before = facts_at(frozen)
    tables = ("patients", "visits", "measures")
    known = [project(table, before) for table in tables]

    frozen.freeze("thesis")

    assert [project(table, facts_at(frozen)) for table in tables] == known
    assert facts_at(frozen).at.position == before.at.position + 1


def test_no_erasure_reaches_it(frozen: Registry) -> None:
    frozen.erase_patient(given.PATIENT, reason="Art. 17 GDPR")

    assert [freeze.name for freeze in frozen.freezes()] == ["paper"]
    assert project("events", facts_at(frozen)).to_pylist()[2]["payload"] is not None
    assert frozen.verify().problems == frozen.verify().notes == ()
    for name in ("freezes", "paper", "8df3d6ed-3c9a-5e4e-93d7-9843b4de932a"):
        with pytest.raises(UnknownFactError):
            frozen.erase_patient(name, reason="Art. 17 GDPR")


def test_that_somebody_froze_can_be_proved(frozen: Registry) -> None:
    proof = frozen.prove("@3")

    check_proof(proof)
    assert proof.event.topic == "LogFrozen"


def test_an_export_of_what_is_known_now_is_the_same_after_a_freeze_but_for_the_freeze(
    frozen: Registry, tmp_path: Path
) -> None:
    export(frozen, tmp_path / "out")

    frozen.freeze("thesis")

    assert reproduce(frozen, tmp_path / "out" / "manifest.json").identical
