"""Whatever happened, whoever loads the tables can rely on their keys, at every point in time."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from projections import LogColumns, facts_at, project
from projections.consent import POLICIES
from projections.export.dictionary import DECLARED
from projections.stated.events import excluded_names
from projections.tables import TABLES
from projections.versions.known_versions import KnownVersions
from projections.versions.tables import VERSIONS, versions_table
from tests.answers.facts import Facts as AllFacts
from tests.answers.recording import registry_of
from tests.answers.registries import OPENED, registries
from tests.oracle.commands import PATIENTS
from tests.oracle.histories import History, Point, histories, numbers, points, registry_with
from tests.oracle.laws import laws

Rows = list[dict[str, Any]]
days = st.none() | st.integers(-400, 1200).map(lambda days: OPENED + timedelta(days))


def values(rows: Rows, columns: tuple[str, ...]) -> list[tuple[Any, ...]]:
    """Return what the rows have in some columns."""
    return [tuple(row[column] for column in columns) for row in rows]


def broken(tables: dict[str, Rows]) -> list[str]:
    """Return which promises some tables do not keep: of keys, of columns that are never null, of foreign keys."""
    found = []
    for name, rows in tables.items():
        declared = DECLARED[name]
        found += [f"{name}: {key} {n} times" for key, n in Counter(values(rows, declared.key)).items() if n > 1]
        for column in declared.never_null:
            found += [f"{name}: {column} is null in {row}" for row in rows if row[column] is None]
        for foreign in declared.foreign_keys:
            there = set(values(tables[foreign.table], foreign.references))
            named = [each for each in values(rows, foreign.columns) if None not in each]
            found += [f"{name}: {each} is not in {foreign.table}" for each in named if each not in there]
    return found


def tables_at(columns: LogColumns, as_of: date | None, place: int, *, withdrawn: str = "keep") -> dict[str, Rows]:
    """Return the rows of every table at a point in time, known at some position."""
    known_at = f"@{place % (columns.head.position + 1)}"
    facts = facts_at(columns, as_of=as_of, known_at=known_at, withdrawn=withdrawn)
    known = KnownVersions(facts, excluded_names(facts))
    tables = {name: project(name, facts).to_pylist() for name in TABLES}
    return tables | {name: versions_table(name, known).to_pylist() for name in VERSIONS}


@laws(histories=20, long=40)
@given(histories, st.lists(points, min_size=8, max_size=8), st.sampled_from((None, None, None, *PATIENTS)))
def test_keys_and_foreign_keys_hold_at_every_point_in_time(
    sqlite_template: Path, history: History, asked: list[Point], erased: str | None
) -> None:
    with registry_with(sqlite_template, history) as registry:
        if erased is not None:
            registry.erase_patient(erased, reason="asked for it")
        columns = LogColumns.read(registry.log)
        for as_of, place in (*asked, (None, columns.head.position)):
            assert broken(tables_at(columns, as_of, place)) == [], f"as of {as_of}, known at {place}"


@laws(histories=20, long=40)
@given(registries(at_most=3), st.lists(st.tuples(days, numbers), min_size=6, max_size=6), st.sampled_from(POLICIES))
def test_keys_and_foreign_keys_hold_of_who_is_treated_and_who_withdrew(
    sqlite_template: Path, facts: AllFacts, asked: list[Point], withdrawn: str
) -> None:
    with registry_of(sqlite_template, facts) as registry:
        columns = LogColumns.read(registry.log)
        for as_of, place in (*asked, (None, columns.head.position)):
            found = broken(tables_at(columns, as_of, place, withdrawn=withdrawn))

            assert found == [], f"as of {as_of}, known at {place}"


def test_two_rows_alike_a_row_without_a_value_and_one_about_nothing_break_the_promises() -> None:
    visit = {"patient": "P-1", "visit_id": "visit/P-1/2018-01-01", "visited_on": None, "visit": "baseline"}
    visit |= {"before_enrolment": False}

    assert broken({"patients": [], "visits": [visit, visit]}) == [
        "visits: ('P-1', 'visit/P-1/2018-01-01') 2 times",
        *[f"visits: visited_on is null in {visit}"] * 2,
        *["visits: ('P-1',) is not in patients"] * 2,
    ]
