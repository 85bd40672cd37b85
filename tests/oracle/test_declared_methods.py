"""The law of methods: what a declaration allows can be templated, stored, decoded, scored, compared and exported.

It holds for every method that is built in and for whatever else somebody may declare, and what comes out of each step
is what the slow oracle says.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.commands.record import cells_of
from projections import facts_at, project
from projections.course.studies import studies
from projections.export import export
from projections.point_in_time import Facts
from registry import Registry
from registry.catalogue.imaging.method import Method
from registry.catalogue.methods import methods
from registry.intake import import_batch, reading_template
from registry.schema.tables import tables_of
from tests.oracle import method_tables as slow
from tests.oracle.declared_methods import declared_methods, read_at_random
from tests.oracle.laws import laws
from tests.oracle.method_tables import Graded
from tests.projections.cohort.defined import by_address, small

DAYS: Final = {"S-1": "2020-01-02", "S-2": "2022-06-01"}
READERS: Final = ("R1", "R2")
Readings = dict[tuple[str, str], Graded]  # by study and reader
COLUMNS: Final = {
    "findings": ("location_number", "location", "segment", "item", "item_number", "grade"),
    "lesion_states": ("location_number", "state", "activity"),
    "readings": ("n_expected", "n_assessed", "complete"),
}


@pytest.mark.parametrize("code", sorted(methods()))
def test_the_law_holds_for_every_method_that_is_built_in(code: str) -> None:
    for seed in range(2):
        hold(methods()[code], seed)


@given(declared_methods(), st.integers(0, 2**32))
@laws(histories=60)
def test_the_law_holds_for_whatever_may_be_declared(method: Method, seed: int) -> None:
    with known(method):
        hold(method, seed)


def hold(method: Method, seed: int) -> None:
    """Hold every step of the law over four readings by a method: two readers, two studies of one patient."""
    read = {
        (study, reader): read_at_random(method, seed + 4 * place + number)
        for place, study in enumerate(DAYS)
        for number, reader in enumerate(READERS)
    }
    with TemporaryDirectory() as folder, Registry.create(f"sqlite:///{folder}/cohort.db") as registry:
        deliver(registry, method, read, Path(folder) / "batch")
        facts = facts_at(registry)
        hold_tables({name: project(name, facts) for name in (*COLUMNS, "lesion_courses", "scores")}, method, read)
        hold_course(facts, method, read)
        hold_agreement(facts, method, read)
        hold_export(registry, method, read, Path(folder) / "export")
        hold_commands(registry, method, read)


@contextmanager
def known(method: Method) -> Iterator[None]:
    """Let a method be built in for a while: it comes after the others, by its code."""
    methods()[method.code] = method
    tables_of.cache_clear()
    try:
        yield
    finally:
        del methods()[method.code]
        tables_of.cache_clear()


def deliver(registry: Registry, method: Method, read: Readings, batch: Path) -> None:
    """Import the patient, the studies, and the readings as the method's template has them, filled in."""
    batch.mkdir()
    (batch / "patients.csv").write_text("patient,enrolled_on\nP-1,2020-01-01\n", encoding="utf-8")
    imaging = [f"{study},P-1,{day},{method.modalities[0]},{method.regions[0]}\n" for study, day in DAYS.items()]
    (batch / "imaging.csv").write_text(
        "".join(("study,patient,performed_on,modality,regions\n", *imaging)), encoding="utf-8"
    )
    (batch / "readings.csv").write_text(filled(method, read), encoding="utf-8")
    import_batch(registry, batch)


def filled(method: Method, read: Readings) -> str:
    """Return the method's template with the grades of readings; what nobody graded stays empty."""
    text = StringIO()
    rows: list[dict[str, str]] = []
    for (study, reader), graded in read.items():
        levels = sorted(slow.levels_of(method, graded)) if method.selects is not None else ()
        template = reading_template(method, levels)
        told = [line for line in template.splitlines() if line.startswith("#")]
        for row in csv.DictReader(line for line in template.splitlines() if not line.startswith("#")):
            grade = graded[row["location"]][[item.name for item in method.items].index(row.get("item"))]
            rows.append({**row, "study": study, "reader": reader, "grade": "" if grade is None else str(grade)})
    text.write("\n".join((*told, "")))
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def hold_tables(tables: dict[str, Any], method: Method, read: Readings) -> None:
    """Hold the tables against the oracle's, row by row in their order."""
    for name, columns in COLUMNS.items():
        found = rows_of(tables[name], "study", "reader", *columns)
        assert found == [(*of, *row) for of, graded in read.items() for row in expected(name, method, graded)]
    series = {reader: [read[study, reader] for study in DAYS] for reader in READERS}
    assert rows_of(tables["lesion_courses"], "reader", "location_number", "from_state", "to_state", "course") == [
        (reader, *row) for reader, pair in series.items() for row in slow.courses(method, *pair)
    ]
    values = ("value", "n_expected", "n_assessed", "n_imputed", "policy")
    found = rows_of(tables["scores"], "study", "reader", "score", *values)
    policies = {score.name: score.policy.name for score in method.scores}
    assert [row[:6] for row in (each[:-2] for each in found)] == [
        (*of, name, None if value.value is None else float(value.value), value.n_expected, value.n_assessed)
        for of, graded in read.items()
        for name, value in sorted(slow.scores(method, graded).items())
    ]
    assert [row[-2] for row in found] == [
        value.n_imputed for graded in read.values() for _, value in sorted(slow.scores(method, graded).items())
    ]
    assert {row[2]: row[-1] for row in found if row[2] in policies} == policies


def expected(name: str, method: Method, graded: Graded) -> list[slow.Row]:
    """Return the oracle's rows of a table for one reading."""
    if name == "readings":
        return [slow.completeness(method, graded)]
    return [*(slow.findings if name == "findings" else slow.states)(method, graded)]


def rows_of(table: Any, *columns: str) -> list[tuple[Any, ...]]:
    """Return some columns of a table as rows."""
    return list(zip(*(table[name].to_pylist() for name in columns)))


def hold_course(facts: Facts, method: Method, read: Readings) -> None:
    """Hold what `spondyl show` tells of each study: the headline scores of each reading by their names."""
    told = {entry.which: entry.details for entry in studies(facts, "P-1")}
    for (study, reader), graded in read.items():
        values = {name: value.value for name, value in slow.scores(method, graded).items()}
        said = [
            f"{name.replace('-', ' ')} {'not complete' if values[name] is None else f'{float(values[name] or 0):g}'}"
            for name in sorted(score.name for score in method.scores if score.headline)
        ]
        assert not said or f"{method.code} by {reader}: {', '.join(said)}" in told[study]


def hold_agreement(facts: Facts, method: Method, read: Readings) -> None:
    """Hold the agreement of the two readers: the same grades of each item, and the bias of each score."""
    figures = by_address(small(facts, f'[tables.agreement]\nmethods = ["{method.code}"]\n'))
    for study, at in zip(DAYS, ("baseline", "2 years")):
        first, second = (read[study, reader] for reader in READERS)
        for place, item in enumerate(method.items):
            graded = [(first[name][place], second[name][place]) for name in first]
            both = [pair for pair in graded if None not in pair]
            found = figures[f"agreement / {method.code} {item.name or 'grade'}: R1 v R2 / {at} / agreement"]
            assert (found.numerator, found.denominator) == (sum(one == other for one, other in both), len(both))
        for score in method.scores:
            one, other = (slow.scores(method, graded)[score.name] for graded in (first, second))
            figure = figures[f"agreement / {method.code} {score.name}: R1 v R2 / {at} / bias"]
            whole = score.policy.name != "assessed" or all(each.n_assessed == each.n_expected for each in (one, other))
            known = None not in (one.value, other.value) and whole
            assert figure.denominator == int(known)


def hold_export(registry: Registry, method: Method, read: Readings, folder: Path) -> None:
    """Hold an export: the same tables as Parquet, and the words of the method in the data dictionary."""
    export(registry, folder)
    names = (*COLUMNS, "lesion_courses", "scores")
    hold_tables({name: pq.read_table(folder / name) for name in names}, method, read)
    dictionary = json.loads((folder / "dictionary.json").read_text("utf-8"))
    words = {column["name"]: column["codes"] for column in dictionary["tables"]["findings"]["columns"]}
    assert method.code in words["method"]
    assert {location.segment for location in method.locations} <= {*words["segment"]}


def hold_commands(registry: Registry, method: Method, read: Readings) -> None:
    """Hold recording and amending by command: with every address that `spondyl history` prints."""
    for study in DAYS:
        first, second = (f"reading/{study}/{reader}/{method.code}" for reader in READERS)
        printed = {which: addresses(registry, which) for which in (first, second)}
        again = [f"study={study}", "reader=R3", f"method={method.code}", *cells(printed[first])]
        recorded = registry.record("readings", cells_of(again))
        assert addresses(registry, recorded) == printed[first]
        cleared = dict.fromkeys(printed[first].keys() - printed[second].keys(), "")
        if cleared or printed[second] != printed[first]:
            registry.amend(recorded, {**cleared, **cells_of(cells(printed[second]))}, reason="re-read")
        assert addresses(registry, recorded) == printed[second]
        stated = registry.history(second)[-1].statement
        assert stated is not None
        assert stated["grades"] == registry.history(recorded)[-1].statement["grades"]  # type: ignore[index]
        assert grades_stated(method, stated["grades"]) == read[study, "R2"]


def addresses(registry: Registry, fact: str) -> dict[str, object]:
    """Return the grades that stand of a reading, by the text that the history prints for each place."""
    printed: dict[str, object] = {}
    for version in registry.history(fact):
        for change in version.changes:
            printed[change.field] = change.after
    own = ("study", "reader", "method", "method_version", "session", "read_on", "seconds")
    return {field: grade for field, grade in printed.items() if field not in own and grade is not None}


def cells(printed: dict[str, object]) -> list[str]:
    """Return grades as a command has them."""
    return [f"{place}={grade}" for place, grade in printed.items()]


def grades_stated(method: Method, stated: Any) -> Graded:
    """Return the grades of a statement by location."""
    rows = [stated[item.name or "grade"] for item in method.items]
    return dict(zip((location.name for location in method.locations), map(tuple, zip(*rows))))
