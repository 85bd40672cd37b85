"""What commands, exports, Python and the oracle say of the same random registries is the same.

The comparisons that hold so far; those on observed time, responses and cohorts come with the code that they judge.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import count
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry import Registry
from tests import postgres
from tests.answers.asking import Row, asked, at, exported, in_python, on_screen
from tests.answers.facts import Facts, of_patient, renamed
from tests.answers.formulas import INPUTS
from tests.answers.members import present
from tests.answers.recording import RECORDED_AT, empty_registry, import_facts, record_facts, registry_of
from tests.answers.registries import Kind, clinical_days, points, registries
from tests.answers.therapy import dated_courses, episodes, has_failed
from tests.answers.therapy import lines as lines_of
from tests.answers.values import captured, own_inputs, value_at
from tests.oracle.laws import laws

TABLES: Final = ("patients", "visits", "measures", "treatments", "flares", "adverse_events", "imaging", "responses")


@st.composite
def questions(draw: st.DrawFn, *, precise: bool = False) -> tuple[Facts, date | None]:
    """Return a registry and a day at which it is asked."""
    facts = draw(registries(at_most=4, of=Kind(precise=precise)))
    return facts, draw(points(facts))


@st.composite
def repeated_questions(draw: st.DrawFn, *, precise: bool = False) -> tuple[Facts, list[date | None]]:
    """Return a registry, asked on no day and on two, since to make one costs more than to ask it."""
    facts = draw(registries(at_most=8, of=Kind(precise=precise, measured=False)))
    return facts, [None, draw(clinical_days(facts)), draw(clinical_days(facts))]


@laws(histories=10)
@given(questions())
def test_a_table_is_the_same_on_screen_in_an_export_and_in_python(
    sqlite_template: Path, question: tuple[Facts, date | None]
) -> None:
    facts, as_of = question
    with registry_of(sqlite_template, facts) as registry:
        python = in_python(registry, TABLES, as_of)

        assert on_screen(registry.place, TABLES, as_of) == python
        assert exported(registry.place, TABLES, *at(as_of)) == python


@laws(histories=5)
@given(registries(at_most=2))
def test_facts_recorded_one_by_one_and_in_one_import_give_the_same_tables(sqlite_template: Path, facts: Facts) -> None:
    with registry_of(sqlite_template, facts) as registry:
        imported = in_python(registry, TABLES, None)

    with empty_registry(sqlite_template) as registry:
        record_facts(registry, facts)
        assert in_python(registry, TABLES, None) == imported


@pytest.fixture(scope="module")
def shared_registry(postgres_server: str, postgres_template: str) -> Iterator[Registry]:
    """One registry on a server, to which each example brings fresh patients: a database each would cost more."""
    name = postgres.new_database(postgres_server, template=postgres_template)
    ticks = count(RECORDED_AT, 1_000_000)
    with Registry.open(postgres.url_of(postgres_server, name), actor="oracle", clock=lambda: next(ticks)) as opened:
        yield opened
    postgres.drop_database(postgres_server, name)


@laws(histories=6)
@given(question=questions())
def test_fresh_patients_beside_others_on_a_server_give_what_a_file_of_their_own_gives(
    sqlite_template: Path, shared_registry: Registry, question: tuple[Facts, date | None]
) -> None:
    facts, as_of = question
    prefix = f"X{shared_registry.head.position}-"
    fresh = renamed(facts, prefix)
    with registry_of(sqlite_template, fresh) as alone:
        expected = in_python(alone, TABLES, as_of)

    import_facts(shared_registry, fresh)

    beside = in_python(shared_registry, TABLES, as_of)
    own = {name: [row for row in rows if row["patient"].startswith(prefix)] for name, rows in beside.items()}
    assert own == expected


@laws(histories=12)
@given(questions())
def test_who_is_there_is_who_the_oracle_says(sqlite_template: Path, question: tuple[Facts, date | None]) -> None:
    facts, as_of = question
    with registry_of(sqlite_template, facts) as registry:
        kept = exported(registry.place, ("patients",), *at(as_of))
        without = exported(registry.place, ("patients",), *at(as_of), "--withdrawn", "exclude")

    assert [row["patient"] for row in kept["patients"]] == present(facts, as_of)
    assert [row["patient"] for row in without["patients"]] == present(facts, as_of, withdrawn="exclude")


@laws(histories=20)
@given(registries(at_most=4))
def test_what_was_taken_and_what_one_row_computes_is_what_the_oracle_says(sqlite_template: Path, facts: Facts) -> None:
    with registry_of(sqlite_template, facts) as registry:
        given_rows = in_python(registry, ("measures",), None)["measures"]

    taken = {(row["visit_id"], row["measure"], row["version"]): row for row in given_rows if not row["derived"]}
    computed = {(row["visit_id"], row["measure"]): row for row in given_rows if row["derived"]}
    said = {
        (visit.reference, name, value.version): (float(value.number), value.mark)
        for visit in facts.visits
        for name, value in visit.values.items()
    }
    marks = {"<": "<", ">": ">", None: None}
    assert {key: (row["value"], marks[row["comparator"]]) for key, row in taken.items()} == said
    for visit in facts.visits:
        for index, inputs in INPUTS.items():
            if len(own_inputs(visit, index)) == len(inputs):
                expected = value_at(visit, facts.visits, index).value
                assert expected is not None
                assert computed[visit.reference, index]["value"] == pytest.approx(float(expected), abs=1e-8)


@laws(histories=25)
@given(repeated_questions(precise=True))
def test_episodes_of_courses_known_to_the_day_are_those_of_the_oracle(
    sqlite_template: Path, question: tuple[Facts, list[date | None]]
) -> None:
    facts, points_in_time = question
    with registry_of(sqlite_template, facts) as registry:
        for as_of in points_in_time:
            rows = asked(registry.place, "treatments", *at(as_of))
            lines = asked(registry.place, "treatments", "--lines", *at(as_of))
            assert_treatments(facts, as_of, rows, lines)


def assert_treatments(facts: Facts, as_of: date | None, rows: list[Row], lines: list[Row]) -> None:
    """Hold the episodes and the lines of everybody who is there against the oracle."""
    enrolled = present(facts, as_of)
    assert Counter(
        (row["patient"], row["agent"], row["started_on"], row["stopped_on"], row["n_courses"]) for row in rows
    ) == Counter(
        (patient, each.agent, str(each.start), each.stop and str(each.stop), len(each.courses))
        for patient in enrolled
        for each in episodes(dated_courses(facts, patient, as_of=as_of))
    )
    assert Counter((row["patient"], row["agent"], row["started_on"], row["stop_reason"]) for row in lines) == Counter(
        (patient, each.agent, str(each.start), each.reason)
        for patient in enrolled
        for each in lines_of(dated_courses(facts, patient, as_of=as_of))
    )
    for row in lines:
        assert row["failure"] is has_failed(row["stop_reason"])


def test_every_kind_of_nastiness_occurs_among_the_random_registries() -> None:
    seen: set[str] = set()

    @laws(histories=60)
    @given(registries())
    def look(facts: Facts) -> None:
        seen.update(nastiness(facts))

    look()
    assert seen >= {
        "lost",
        "died",
        "withdrawn",
        "prevalent user",
        "bridging steroid",
        "row for each dose",
        "stop known to the year",
        "total beside an item",
        "phone call",
        "two rows on one day",
        "mark",
    }


def nastiness(facts: Facts) -> set[str]:
    """Return which of the things that go wrong in registries occur in one."""
    found = {each.end_reason for each in facts.enrolments if each.end_reason}
    for patient in facts.patients:
        enrolled_on = facts.enrolment(patient).enrolled_on
        dated = dated_courses(facts, patient)
        found |= {"prevalent user" for each in dated if each.start < enrolled_on}
        found |= {"row for each dose" for each in episodes(dated) if len(each.courses) > 1}
        found |= {"bridging steroid" for each in dated if each.course.agent == "prednisolone"}
        found |= {"stop known to the year" for each in dated if len(each.course.stopped_on or "") == 4}
        days = [visit.visited_on for visit in of_patient(facts.visits, patient)]
        found |= {"two rows on one day"} if len(days) > len(set(days)) else set()
        for visit in of_patient(facts.visits, patient):
            found |= {"phone call"} if set(visit.values) == {"patient_global"} else set()
            found |= {"total beside an item"} if {"basdai", "basdai_3"} <= set(visit.values) else set()
            found |= {"mark" for name in visit.values if captured(visit, name).marks}
    return found
