"""A simulated cohort: the same everywhere, possible by every rule, and the same as files and as a log."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from projections import contradictions, facts_at, findings
from projections.stated import visits
from registry import Registry
from registry.catalogue.catalogue import BUILT_IN
from registry.domain.events import Event, StatementEvent, TreatmentStarted
from registry.domain.kinds import KINDS
from registry.domain.notes import Note
from registry.domain.patient import Patient
from registry.domain.rules import Standards
from registry.domain.statements import Statement
from registry.errors import RangeError, RefusalError
from registry.intake import ImportOptions, import_batch
from registry.simulation import CohortSize, SimulatedCohort, record_simulated, simulated, write_simulated
from registry.simulation.recording import log_order, stream_events
from registry.streams import encoded
from tests.cli.conftest import spondyl as spondyl  # noqa: PLC0414 – a fixture

SMALL = CohortSize(patients=40, years=6, seed=4)
CONTENT_WITH_CONDITIONS = "632194794520f409d45e5194dd8b42529e97e342d10d7b603e04dc94f5a6d48d"
CONTENT_OF_SMALL = "c5d4bb5874a747afa56e7671fcbf4e4ba63ba9e4309c1f653329ade6ca31c9a7"


def events_of(cohort: SimulatedCohort) -> list[Event]:
    return [happened.event for happened in stream_events(cohort, log_order(cohort))]


NO_ORIGIN = b',"origin":null}'


def content(size: CohortSize, *, with_conditions: bool = True) -> str:
    """The digest of what happened; without the conditions, which came later, it is what it was before them."""
    cohort = simulated(size)
    parts = tuple(part for part in cohort.parts if with_conditions or part.kind != "condition")
    cohort = cohort._replace(parts=parts)
    happened = (encoded(each).state for each in stream_events(cohort, log_order(cohort)))
    lines = (state.removesuffix(NO_ORIGIN) + b"}" for state in happened)  # as in the first version of the events
    return sha256(b"\n".join(lines)).hexdigest()


def standing(registry: Registry, size: CohortSize) -> dict[str, dict[str, Statement]]:
    patients = registry.patient_batch.patients(f"SIM-{number:06}" for number in range(size.patients))
    return {name: dict(sorted(patient.facts.items())) for name, patient in patients.items()}


def test_the_same_seed_gives_the_same_content_on_every_machine() -> None:
    assert content(SMALL, with_conditions=False) == CONTENT_OF_SMALL
    assert content(SMALL) == CONTENT_WITH_CONDITIONS
    assert content(SMALL._replace(seed=5)) != CONTENT_OF_SMALL


def test_every_event_is_what_its_patient_would_have_decided() -> None:
    patients: dict[str, Patient] = {}
    for event in events_of(simulated(SMALL)):
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


def test_a_cohort_has_late_entries_corrections_and_retractions_of_every_kind_that_can_have_them() -> None:
    cohort = simulated(CohortSize(patients=300, years=6))
    found = {type(event) for event in events_of(cohort)}

    # nobody in it is lost and comes back, and nothing of it is read in a campaign
    told = {name: kind for name, kind in KINDS.items() if name not in ("follow-up", "assignment")}
    assert {kind.amended for kind in told.values()} <= found
    assert {kind.retracted for name, kind in told.items() if name not in ("patient", "imaging")} <= found
    assert all(part.is_late.any() for part in cohort.parts if part.kind != "patient")


def test_two_readers_disagree_about_some_places_and_none_contradicts_himself(tmp_path: Path) -> None:
    record_simulated(simulated(SMALL), str(tmp_path / "log.db"))

    with Registry.open(str(tmp_path / "log.db")) as registry:
        facts = facts_at(registry)
        assert contradictions(facts).empty
        read = findings(facts).astype({"item": str}).dropna(subset=["grade"])

    place = ["study", "method", "location", "item"]
    by_reader = read.set_index([*place, "reader"])["grade"].astype(int).unstack("reader").dropna()
    for method in ("vu-lesions", "asspimri", "berlin"):
        of_method = by_reader.xs(method, level="method")
        assert 0.01 < (of_method["R1"] != of_method["R2"]).mean() < 0.2
    assert set(read[read["method"] == "asspimri"]["grade"]) == set(range(7))
    assert set(read[read["method"] == "berlin"]["grade"]) == set(range(4))


def test_nobody_is_given_a_drug_before_it_was_in_use() -> None:
    begun = {
        (event.statement.agent, int(event.statement.started_on[:4]))
        for event in events_of(simulated(CohortSize(200, 40)))
        if isinstance(event, TreatmentStarted)
    }

    first = {agent: min(year for each, year in begun if each == agent) for agent, _ in begun}
    assert first["upadacitinib"] >= 2014  # five years before its approval in 2019, in a trial
    assert first["secukinumab"] >= 2009
    assert first["etoricoxib"] >= 1997
    assert first["naproxen"] < 1985


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_its_files_are_accepted_and_leave_what_its_log_says(tmp_path: Path, form: str) -> None:
    cohort, folder = simulated(SMALL), tmp_path / "files"
    write_simulated(cohort, folder, form=form)
    record_simulated(cohort, str(tmp_path / "log.db"))
    with (
        Registry.create(str(tmp_path / "files.db")) as imported,
        Registry.open(str(tmp_path / "log.db")) as simulated_log,
    ):
        first = import_batch(imported, folder)
        later = import_batch(imported, folder / "later", options=ImportOptions(retract_missing=True))

        assert first.rows > 10_000
        assert sum(counts.amended for counts in later.tables.values()) > 5
        assert sum(counts.retracted for counts in later.tables.values()) > 5
        assert standing(imported, SMALL) == standing(simulated_log, SMALL)


def test_a_simulated_log_is_whole_and_read_like_any_other(url: str) -> None:
    cohort = simulated(SMALL)

    stored = record_simulated(cohort, url)

    with Registry.open(url) as registry:
        assert registry.verify().is_whole
        assert registry.head.position == stored == cohort.n_events
        assert (
            visits.table(facts_at(registry)).num_rows > visits.table(facts_at(registry, known_at="2020-12-31")).num_rows
        )


def test_a_registry_that_holds_anything_is_left_alone(tmp_path: Path) -> None:
    with Registry.create(str(tmp_path / "full.db")) as registry:
        registry.enrol_patient("P-1", enrolled_on="2020-01-01")

    with pytest.raises(RefusalError, match="holds events already; simulate into a registry of its own"):
        record_simulated(simulated(CohortSize(2, 2)), str(tmp_path / "full.db"))

    with Registry.open(str(tmp_path / "full.db")) as registry:
        assert registry.head.position == 1


def test_a_folder_that_holds_anything_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "visits.csv").write_text("mine", encoding="utf-8")

    with pytest.raises(RefusalError, match="is not empty; write into a new folder"):
        write_simulated(simulated(CohortSize(2, 2)), tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["visits.csv"]


@pytest.mark.parametrize("size", [CohortSize(0, 5), CohortSize(5, 0), CohortSize(5, 41), CohortSize(5, 5, -1)])
def test_a_size_that_no_cohort_has_is_refused(size: CohortSize) -> None:
    with pytest.raises(RangeError, match=" to "):
        simulated(size)


@pytest.mark.parametrize("seed", range(3))
def test_the_smallest_cohort_is_possible(seed: int, tmp_path: Path) -> None:
    write_simulated(simulated(CohortSize(1, 1, seed)), tmp_path / "one")
    with Registry.create(str(tmp_path / "one.db")) as registry:
        assert import_batch(registry, tmp_path / "one").events > 0


def test_the_command_writes_files_and_a_log(spondyl) -> None:  # type: ignore[no-untyped-def]
    assert spondyl("--db", "log.db", "simulate", "files", "--patients", 3, "--years", 2, "--into-log").code == 0
    assert spondyl("--db", "log.db", "verify").code == 0
    assert spondyl("import", "files", "--dry-run").code == 3  # there is no registry yet
    assert spondyl("simulate").code == 2
