"""A simulated cohort of a registry that has a protocol: filled with all that it declares, and with nothing it ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

import pytest
from msgspec.structs import replace

from projections import facts_at
from projections.followed import expected_visits
from registry import Registry
from registry.catalogue.catalogue import BUILT_IN
from registry.catalogue.extended import extended
from registry.catalogue.protocol import (
    AgentRecord,
    CodeRecord,
    ConditionRecord,
    FollowUpRule,
    MeasureRecord,
    ProductRecord,
    Protocol,
    ScheduledVisit,
)
from registry.domain.events import Event, StatementEvent
from registry.domain.kinds import KINDS
from registry.domain.notes import Note
from registry.domain.patient import Patient
from registry.domain.rules import Standards
from registry.domain.statements import Condition, Enrolment, Measurement, Statement, Treatment, Visit
from registry.errors import RefusalError
from registry.intake import ImportOptions, import_batch
from registry.simulation import CohortSize, SimulatedCohort, record_simulated, simulated, write_simulated
from registry.simulation.recording import log_order, stream_events
from registry.toml_keys import DefinitionError
from tests.cli.conftest import spondyl as spondyl  # noqa: PLC0414 – a fixture
from tests.spec.own_measures import HAQ, REAL_LIFE

SIZE = CohortSize(patients=60, years=6, seed=4)
ENDED = date(2020, 1, 1)
OWN = replace(
    REAL_LIFE,
    measures=(
        *REAL_LIFE.measures,
        MeasureRecord(name="tried_once", label="tried once", holds="yes-no", until=ENDED),
        MeasureRecord(
            name="setting", label="setting", codes={"home": "home", "clinic": "clinic", "fax": "by fax"}, holds="codes",
            ended_codes={"fax": ENDED},
        ),
    ),
    agents=(
        AgentRecord(name="study-drug-7", drug_class="IL-17i"),
        AgentRecord(name="sugar", drug_class="placebo"),
        AgentRecord(name="study-drug-1", drug_class="TNFi", until=ENDED),
    ),
    products=(
        ProductRecord(name="Newmab", agent="adalimumab", kind="biosimilar"),
        ProductRecord(name="Othermab", agent="adalimumab", kind="biosimilar"),
        ProductRecord(name="Seven", agent="study-drug-7", kind="originator"),
        ProductRecord(name="Napronew", agent="naproxen", kind="generic"),
    ),
    arms=(CodeRecord(code="A", title="active"), CodeRecord(code="B", title="placebo")),
    conditions=(
        ConditionRecord(name="sjogren", label="Sjögren's disease", icd10=("M35.0",), group="comorbidity"),
        ConditionRecord(name="tooth-loss", label="loss of a tooth", icd10=("K08.1",), group="event"),
        ConditionRecord(name="neurasthenia", label="neurasthenia", icd10=("F48.0",), group="comorbidity", until=ENDED),
    ),
    centres=(
        CodeRecord(code="North", title="Northtown"),
        CodeRecord(code="South", title="Southtown"),
        CodeRecord(code="Closed", title="Closed", until=ENDED),
    ),
    schedule=(
        ScheduledVisit(name="baseline", anchor="enrolment", day=0, window=(-30, 14), requires=("haq", "bmi")),
        ScheduledVisit(name="year {n}", anchor="enrolment", every="1 year", window=(-60, 60), requires=("haq",)),
        ScheduledVisit(name="week 12", anchor="course", of=("study-drug-7",), day=84, window=(-10, 10)),
        ScheduledVisit(name="after {n} months", anchor="line", of=("TNFi",), every="5 months", window=(-9, 9)),
    ),
    follow_up=FollowUpRule(lost_after="18 months"),
)  # fmt: skip


@cache
def cohort() -> SimulatedCohort:
    return simulated(SIZE, OWN)


@cache
def events() -> tuple[Event, ...]:
    return tuple(happened.event for happened in stream_events(cohort(), log_order(cohort())))


S = TypeVar("S", bound=Statement)


def stated(kind: type[S]) -> Iterator[S]:
    for event in events():
        if isinstance(event, StatementEvent) and isinstance(event.statement, kind):
            yield event.statement


def taken(name: str) -> list[Measurement]:
    return [each for visit in stated(Visit) for each in visit.measures if each.measure == name]


def content(size: CohortSize, protocol: Protocol | None) -> str:
    of = simulated(size, protocol)
    return sha256(repr([each.event for each in stream_events(of, log_order(of))]).encode()).hexdigest()


def test_every_event_is_what_its_patient_would_have_decided_under_the_protocol() -> None:
    patients: dict[str, Patient] = {}
    catalogue = extended(BUILT_IN, OWN, edition=1)
    for event in events():
        patient = patients.setdefault(event.patient, Patient(event.patient))
        note, kind = Note(event.actor, event.source, event.reason), KINDS[event.fact.partition("/")[0]]
        if not isinstance(event, StatementEvent):
            patient.retract(event.fact, note)
        elif type(event) is kind.recorded:
            patient.record(event.fact, event.statement, note)
        elif type(event) is kind.ended:
            patient.end(event.fact, event.statement, note)
        else:
            patient.amend(event.fact, event.statement, note)

        assert not list(patient.refusals(Standards(date(2024, 12, 31), catalogue)))
        assert [happened.event for happened in patient.collect_events()] == [event]


def test_the_same_seed_and_protocol_give_the_same_content() -> None:
    small = CohortSize(patients=5, years=3, seed=2)

    assert content(small, OWN) == content(small, OWN)
    assert content(small, OWN) != content(small._replace(seed=3), OWN)


@pytest.mark.parametrize("measure", [each.name for each in OWN.measures if each.until is None])
def test_every_measure_of_the_protocol_is_taken_with_different_values(measure: str) -> None:
    said = {each.said for each in taken(measure) if each.missing is None}

    assert len(said) > 1


def test_words_are_those_of_the_list_and_numbers_lie_where_they_are_plausible() -> None:
    assert {each.code for each in taken("smoking")} - {None} == {"never", "former", "current"}
    assert {each.code for each in taken("employed")} - {None} == {"yes", "no"}
    assert all(14 <= each.number <= 60 for each in taken("bmi") if each.value)
    assert all(each.number == int(each.number) <= 28 for each in taken("swollen_joints_28") if each.value)
    assert {each.comparator for each in taken("calprotectin")} >= {None, "<"}
    assert {len(each.text) for each in taken("last_dxa") if each.text} == {4, 7, 10}


def test_of_some_values_that_were_not_taken_is_told_why_of_built_in_measures_too() -> None:
    assert {each.missing for each in taken("smoking")} == {None, "NASK", "UNK"}
    assert {each.missing for each in taken("crp")} == {None, "NASK", "UNK"}
    assert not any(each.value for each in taken("crp") if each.missing)


def test_what_a_scheduled_visit_requires_is_taken_there_and_nowhere_else() -> None:
    by_label: dict[str, list[Visit]] = {}
    for visit in stated(Visit):
        by_label.setdefault((visit.visit or "").split(" ")[0], []).append(visit)

    assert set(by_label) == {"baseline", "year", "week", "after"}
    with_bmi = {label for label, some in by_label.items() if any(names(each) & {"bmi"} for each in some)}
    with_haq = {label for label, some in by_label.items() if any(names(each) & set(HAQ) for each in some)}
    assert (with_bmi, with_haq) == ({"baseline"}, {"baseline", "year"})
    assert all(any("smoking" in names(each) for each in some) for some in by_label.values())  # required nowhere


def names(visit: Visit) -> set[str]:
    return {each.measure for each in visit.measures}


def test_drugs_boxes_arms_centres_and_conditions_of_the_protocol_are_named() -> None:
    courses = list(stated(Treatment))

    assert {"study-drug-7", "sugar"} <= {each.agent for each in courses}
    assert {(each.agent, each.product) for each in courses if each.product} == {
        ("adalimumab", "Newmab"), ("adalimumab", "Othermab"), ("study-drug-7", "Seven"), ("naproxen", "Napronew"),
    }  # fmt: skip
    assert {each.arm for each in courses} == {None, "A", "B"}
    assert {each.centre for each in stated(Enrolment)} == {"North", "South"}
    assert {"sjogren", "tooth-loss", "uveitis"} <= {each.condition for each in stated(Condition)}


def test_what_the_protocol_has_ended_is_said_nowhere() -> None:
    assert not taken("tried_once")
    assert {each.code for each in taken("setting")} - {None} == {"home", "clinic"}
    assert "study-drug-1" not in {each.agent for each in stated(Treatment)}
    assert "neurasthenia" not in {each.condition for each in stated(Condition)}


def test_a_protocol_of_which_all_centres_have_ended_names_none() -> None:
    closed = replace(OWN, centres=(CodeRecord(code="Closed", title="Closed", until=ENDED),))

    enrolled = simulated(SIZE, closed).parts[0]

    assert set(enrolled.columns["centre"].tolist()) == {1}
    assert simulated(SIZE, closed).collected.centres == (None,)


def test_most_come_in_the_window_some_outside_of_it_and_some_not_at_all(tmp_path: Path) -> None:
    place = str(tmp_path / "log.db")
    record_simulated(simulated(CohortSize(patients=200, years=8), OWN), place)

    with Registry.open(place) as registry:
        rows = expected_visits.table(facts_at(registry, as_of=date(2023, 12, 31))).to_pylist()

    states = Counter(row["state"] for row in rows if row["schedule"].startswith("year"))
    assert states["done"] > 5 * states["outside-window"] > 0
    assert states["missed"] > 0
    late = [(row["visited_on"] - row["due_on"]).days for row in rows if row["state"] == "done"]
    assert any(abs(days) > 14 for days in late)
    kept = {row["schedule"].split()[0] for row in rows if row["state"] == "done"}
    assert kept == {"baseline", "year", "week", "after"}


def test_nobody_comes_before_enrolment_nor_twice_on_a_day() -> None:
    enrolled = {event.patient: event.statement for event in events() if event.fact == f"patient/{event.patient}"
                and isinstance(event, StatementEvent)}  # fmt: skip
    recorded = [event for event in events() if type(event) is KINDS["visit"].recorded]
    days = [(event.patient, event.clinical_on) for event in recorded]

    assert len(set(days)) == len(days)
    assert all(day >= enrolled[patient].enrolled_on for patient, day in days)


def test_a_since_in_the_simulated_years_is_kept_and_one_after_them_is_not() -> None:
    def first_visit(since: date) -> date:
        yearly = ScheduledVisit(name="year {n}", anchor="enrolment", every="1 year", window=(0, 9), since=since)
        return min(visit.visited_on for visit in visits_of(Protocol(protocol="p", title="P", schedule=(yearly,))))

    enrolled_from = date(2023, 12, 31) - timedelta(days=365 * SIZE.years)
    assert first_visit(date(2022, 7, 1)) >= date(2022, 7, 1)
    assert first_visit(date(2024, 1, 1)) < enrolled_from + timedelta(days=2 * 365)


def visits_of(protocol: Protocol) -> list[Visit]:
    of = simulated(SIZE, protocol)
    found = (each.event for each in stream_events(of, log_order(of)))
    return [each.statement for each in found if type(each) is KINDS["visit"].recorded]


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_its_files_are_accepted_under_the_protocol_and_leave_what_its_log_says(tmp_path: Path, form: str) -> None:
    write_simulated(cohort(), tmp_path / "files", form=form)
    record_simulated(cohort(), str(tmp_path / "log.db"))
    with (
        Registry.create(str(tmp_path / "files.db")) as imported,
        Registry.open(str(tmp_path / "log.db")) as simulated_log,
    ):
        imported.adopt_protocol(OWN)
        import_batch(imported, tmp_path / "files")
        later = import_batch(imported, tmp_path / "files" / "later", options=ImportOptions(retract_missing=True))

        assert sum(counts.amended for counts in later.tables.values()) > 5
        assert standing(imported) == standing(simulated_log)


def standing(registry: Registry) -> dict[str, dict[str, Statement]]:
    patients = registry.patient_batch.patients(f"SIM-{number:06}" for number in range(SIZE.patients))
    return {name: dict(sorted(patient.facts.items())) for name, patient in patients.items()}


def test_a_log_begins_with_the_adoption_and_is_whole(url: str) -> None:
    stored = record_simulated(cohort(), url)

    with Registry.open(url) as registry:
        (adoption,) = registry.protocols()
        assert (adoption.position, adoption.adopted.edition, adoption.adopted.protocol) == (1, 1, OWN)
        assert registry.head.position == stored + 1
        assert registry.verify().is_whole


def test_a_registry_that_holds_anything_adopts_nothing(tmp_path: Path) -> None:
    with Registry.create(str(tmp_path / "full.db")) as registry:
        registry.enrol_patient("P-1", enrolled_on="2020-01-01")

    with pytest.raises(RefusalError, match="holds events already; simulate into a registry of its own"):
        record_simulated(cohort(), str(tmp_path / "full.db"))

    with Registry.open(str(tmp_path / "full.db")) as registry:
        assert (registry.head.position, registry.protocols()) == (1, [])


@pytest.mark.parametrize(
    ("low", "high", "holds"),
    [(None, None, "number"), (None, "5", "number"), ("0", None, "count"), ("1e-90", "1", "number"),
     ("1e29", "1e29", "number"), ("-0.5", "0.35", "number"), ("0", "1e12", "count"), ("7", "7", "count")],
)  # fmt: skip
def test_numbers_of_any_range_are_values_that_the_intake_takes(
    low: str | None, high: str | None, holds: str, tmp_path: Path
) -> None:
    limits = tuple(None if each is None else Decimal(each) for each in (low, high))
    unit = "score" if holds == "number" else None
    odd = MeasureRecord(name="odd", label="odd", holds=holds, unit=unit, range=limits)  # type: ignore[arg-type]
    protocol = Protocol(protocol="p", title="P", measures=(odd,))
    write_simulated(simulated(CohortSize(3, 2), protocol), tmp_path / "files")

    with Registry.create(str(tmp_path / "registry.db")) as registry:
        registry.adopt_protocol(protocol)
        assert import_batch(registry, tmp_path / "files").events > 0


def test_the_command_takes_the_file_of_a_protocol(spondyl, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file = Path(__file__).parents[3] / "examples" / "protocol.toml"

    small = ("--patients", 3, "--years", 2)
    answer = spondyl("--db", "log.db", "simulate", "files", *small, "--into-log", "--protocol", file)

    assert answer.code == 0
    assert f"before these are imported: spondyl protocol adopt {file}\n" in answer.err
    assert "axspa-north" in spondyl("--db", "log.db", "protocol", "show").out
    assert "bmi" in spondyl("--db", "log.db", "table", "measures", "--csv").out
    assert "bmi" in (tmp_path / "files" / "visits.csv").read_text("utf-8").partition("\n")[0]


def test_a_protocol_with_problems_is_refused_with_all_of_them_and_nothing_is_written(spondyl, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "wrong.toml").write_text('format = 1\nprotocol = "P!"\ntitle = "P"\nmesures = []\n', encoding="utf-8")

    answer = spondyl("simulate", "files", "--patients", 1, "--years", 1, "--protocol", "wrong.toml")

    assert answer.code == 3
    assert "protocol: 'P!'" in answer.err
    assert "mesures" in answer.err
    assert not (tmp_path / "files").exists()
    with pytest.raises(DefinitionError, match="protocol: 'P!'"):
        simulated(SIZE, Protocol(protocol="P!", title="P"))
