"""A cohort that is read by every method: possible by every rule, and what else is simulated stands as without."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from projections import contradictions, facts_at, project
from registry import Registry
from registry.catalogue.catalogue import BUILT_IN
from registry.catalogue.imaging.method import ONLY_ITEM
from registry.domain.events import Event, ReadingRecorded, StatementEvent, StudyRecorded
from registry.domain.kinds import KINDS
from registry.domain.notes import Note
from registry.domain.patient import Patient
from registry.domain.rules import Standards
from registry.errors import RefusalError, UnknownCodeError
from registry.intake import ImportOptions, import_batch
from registry.simulation import CohortSize, SimulatedCohort, record_simulated, simulated, write_simulated
from registry.simulation.drawing import Draw
from registry.simulation.imaging import METHODS
from registry.simulation.readers.by_method import READ
from registry.simulation.readers.declared import affected, seen_grades
from registry.simulation.readers.examined import Examined
from registry.simulation.recording import log_order, stream_events
from registry.streams import encoded
from tests.cli.conftest import spondyl as spondyl  # noqa: PLC0414 – a fixture

SMALL = CohortSize(patients=25, years=6, seed=4)
CONTENT_OF_SMALL = "4724f31fc3ce96a15db1aa3a4160596c7d1b1cd7c25bb964551e43f9a8a9e29d"
BEFORE_MNY_SIJ = "a7b13a846094ad3f1f7b1732e9fdba8294953fe020587d79bb2d1e9caa30f8b0"


def events_of(cohort: SimulatedCohort) -> list[Event]:
    return [happened.event for happened in stream_events(cohort, log_order(cohort))]


def content(cohort: SimulatedCohort) -> str:
    happened = (encoded(each).state for each in stream_events(cohort, log_order(cohort)))
    return sha256(b"\n".join(happened)).hexdigest()


def read_in(cohort: SimulatedCohort) -> dict[str, set[str]]:
    """The sessions of each method."""
    found: dict[str, set[str]] = {}
    for event in events_of(cohort):
        if isinstance(event, ReadingRecorded):
            found.setdefault(event.statement.method, set()).add(event.statement.session)
    return found


def test_every_method_of_the_catalogue_can_be_simulated() -> None:
    assert sorted(READ) == sorted(BUILT_IN.methods)
    assert set(read_in(simulated(SMALL, methods=["all"]))) == set(BUILT_IN.methods)


@pytest.mark.parametrize("code", sorted(BUILT_IN.methods))
def test_a_method_without_figures_of_its_own_is_read_as_its_declaration_allows(code: str) -> None:
    method, number = BUILT_IN.methods[code], 60
    days = np.arange(number)
    studies = Examined(days, days // 2, days, days / 30, days, np.zeros(number, bool))

    there = affected(Draw(1, 0), method, number // 2)
    readings = seen_grades(Draw(1, 1), there, studies, method).reshape(number, len(method.items), -1)

    assert readings.max() > 0
    for grades in readings.tolist():
        rows = [[None if grade < 0 else grade for grade in row] for row in grades]
        for item, row in zip(method.items, rows):
            for location, grade in zip(method.locations, row):
                assert grade is None or grade in item.grades_in(location.part)
        method.refuse({item.name or ONLY_ITEM: row for item, row in zip(method.items, rows)})


def test_the_same_seed_gives_the_same_readings_on_every_machine() -> None:
    assert content(simulated(SMALL, methods=["all"])) == CONTENT_OF_SMALL


def test_a_method_that_is_added_leaves_the_readings_of_the_others_as_they_were() -> None:
    others = [code for code in BUILT_IN.methods if code != "mny-sij"]

    assert content(simulated(SMALL, methods=others)) == BEFORE_MNY_SIJ


def test_what_else_is_simulated_stands_as_it_is_without() -> None:
    plain, read = simulated(SMALL), simulated(SMALL, methods=["all"], campaign="all-2026")

    assert len(read.parts) > len(plain.parts)
    for ours, theirs in zip(plain.parts, read.parts):
        assert ours.kind == theirs.kind
        assert all(np.array_equal(column, theirs.columns[name]) for name, column in ours.columns.items())
        assert np.array_equal(ours.reported_on, theirs.reported_on)


def test_a_method_alone_is_read_as_it_is_among_all() -> None:
    def readings_by(code: str, cohort: SimulatedCohort) -> list[object]:
        read = (event.statement for event in events_of(cohort) if isinstance(event, ReadingRecorded))
        return sorted((each for each in read if each.method == code), key=lambda each: (each.study, each.reader))

    among_all = simulated(SMALL, methods=["all"])
    for code in set(READ) - set(METHODS):
        assert readings_by(code, simulated(SMALL, methods=[code])) == readings_by(code, among_all)


def test_every_event_is_what_its_patient_would_have_decided() -> None:
    patients: dict[str, Patient] = {}
    for event in events_of(simulated(SMALL, methods=["all"], campaign="all-2026")):
        patient = patients.setdefault(event.patient, Patient(event.patient))
        note = Note(event.actor, event.source, event.reason)
        kind = KINDS[event.fact.partition("/")[0]]
        if not isinstance(event, StatementEvent):
            patient.retract(event.fact, note)
        elif type(event) is kind.recorded:
            patient.record(event.fact, event.statement, note)
        elif type(event) is kind.ended:
            patient.end(event.fact, event.statement, note)
        else:
            patient.amend(event.fact, event.statement, note)

        assert not list(patient.refusals(Standards(date(2024, 12, 31), BUILT_IN)))
        assert [happened.event for happened in patient.collect_events()] == [event]


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_its_files_are_accepted_and_leave_what_its_log_says(tmp_path: Path, form: str) -> None:
    cohort, folder = simulated(SMALL, methods=["all"], campaign="all-2026"), tmp_path / "files"
    write_simulated(cohort, folder, form=form)
    record_simulated(cohort, str(tmp_path / "log.db"))
    with (
        Registry.create(str(tmp_path / "files.db")) as imported,
        Registry.open(str(tmp_path / "log.db")) as simulated_log,
    ):
        import_batch(imported, folder)
        import_batch(imported, folder / "later", options=ImportOptions(retract_missing=True))

        everyone = [f"SIM-{number:06}" for number in range(SMALL.patients)]
        by_files, by_log = (each.patient_batch.patients(everyone) for each in (imported, simulated_log))
        assert {name: patient.facts for name, patient in by_files.items()} == {
            name: patient.facts for name, patient in by_log.items()
        }


def test_its_readings_are_scored_and_contradict_nothing(tmp_path: Path) -> None:
    record_simulated(simulated(SMALL, methods=["all"]), str(tmp_path / "log.db"))

    with Registry.open(str(tmp_path / "log.db")) as registry:
        facts = facts_at(registry)
        scores = project("scores", facts).to_pandas()
        assert contradictions(facts).empty

    found = scores.dropna(subset=["value"])
    assert set(found["method"].astype(str)) == set(BUILT_IN.methods)
    assert (found.groupby("method", observed=True)["value"].max() > 0).all()


def test_films_and_ct_come_with_the_methods_that_read_them() -> None:
    def modalities(*methods: str) -> set[str]:
        cohort = simulated(SMALL, methods=methods)
        return {event.statement.modality for event in events_of(cohort) if isinstance(event, StudyRecorded)}

    assert modalities() == {"MRI"}
    assert modalities("sparcc-sij") == {"MRI"}
    assert modalities("rasss") == {"MRI", "XR"}
    assert modalities("ctss", "msasss") == {"MRI", "XR", "CT"}


def test_a_campaign_is_the_session_of_its_readings_and_the_three_methods_are_read_anew_for_it() -> None:
    read = read_in(simulated(SMALL, methods=["msasss", "berlin"], campaign="msasss-2026"))

    assert read == {
        "msasss": {"msasss-2026"},
        "berlin": {"", "msasss-2026"},
        "vu-lesions": {""},
        "asspimri": {""},
    }


@pytest.mark.parametrize(
    ("methods", "campaign", "told"),
    [
        (["msass"], "", "methods: 'msass' is not a known method; did you mean 'msasss'?"),
        (["msasss", ""], "", "methods: '' is not a known method"),
        (["all", "msasss"], "", "methods: 'all' is not a known method"),
        (["berlin"], "", "methods: every cohort is read by berlin; name a campaign in which it is read anew"),
        (["msasss"], "Study 1", "campaign: 'Study 1' is not lower-case letters and digits with hyphens"),
        ([], "study-1", "campaign: study-1 has no methods; name those that are read in it"),
    ],
    ids=str,
)
def test_what_nothing_can_be_read_by_or_called_is_refused(methods: list[str], campaign: str, told: str) -> None:
    with pytest.raises((UnknownCodeError, RefusalError), match="^" + told.replace("?", r"\?")):
        simulated(SMALL, methods=methods, campaign=campaign)


@pytest.mark.parametrize("seed", range(3))
def test_the_smallest_cohort_is_read_too(seed: int, tmp_path: Path) -> None:
    write_simulated(simulated(CohortSize(1, 1, seed), methods=["all"]), tmp_path / "one")
    with Registry.create(str(tmp_path / "one.db")) as registry:
        assert import_batch(registry, tmp_path / "one").events > 0


def test_the_command_takes_methods_and_a_campaign(spondyl) -> None:  # type: ignore[no-untyped-def]
    size = ("--patients", 3, "--years", 2)
    written = spondyl("simulate", "files", *size, "--methods", "msasss, sparcc-sij", "--campaign", "reading-1")
    assert written.code == 0
    assert ",msasss,C2 lower," in Path("files/readings.csv").read_text(encoding="utf-8")
    assert ",reading-1," in Path("files/readings.csv").read_text(encoding="utf-8")
    assert spondyl("--db", "log.db", "simulate", "--into-log", *size, "--methods", "all").code == 0
    assert spondyl("--db", "log.db", "verify").code == 0
    assert spondyl("simulate", "other", "--campaign", "reading-1").code == 2
    assert spondyl("simulate", "other", "--methods", "").code == 3
    assert not Path("other").exists()
