"""Random registries, recorded through the public write side: fact by fact, or as a folder of CSV files."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory
from typing import Final

from registry import Registry
from registry.intake import import_batch
from tests.answers.facts import Enrolment, Facts, Taken, Visit

RECORDED_AT: Final = 1_767_225_600_000_000  # 2026-01-01, µs UTC: after every clinical day
Cells = dict[str, str]


@contextmanager
def empty_registry(template: Path) -> Iterator[Registry]:
    """Open a fresh registry, copied from an empty one; its clock ticks a second a transaction."""
    with TemporaryDirectory() as folder:
        ticks = count(RECORDED_AT, 1_000_000)
        place = str(copy(template, Path(folder) / "registry.db"))
        with Registry.open(place, actor="oracle", clock=lambda: next(ticks)) as registry:
            yield registry


@contextmanager
def registry_of(template: Path, facts: Facts) -> Iterator[Registry]:
    """Open a fresh registry that was told some facts in one import."""
    with empty_registry(template) as registry:
        import_facts(registry, facts)
        yield registry


def record_facts(registry: Registry, facts: Facts) -> None:
    """Record facts one by one, as a person would."""
    for table, rows in tables_of(with_consent(facts)).items():
        for row in rows:
            registry.record(table, row)
    withdraw(registry, facts)


def import_facts(registry: Registry, facts: Facts) -> None:
    """Import facts as a folder of files, quicker than one by one.

    A file has one column for a measure: visits with values in other units are recorded after it.
    """
    in_other_units = [each for each in facts.visits if any(taken.unit for taken in each.values.values())]
    usual = [each for each in facts.visits if each not in in_other_units]
    with TemporaryDirectory() as folder:
        write_files(replace(with_consent(facts), visits=usual), Path(folder))
        import_batch(registry, Path(folder))
    for each in in_other_units:
        registry.record("visits", visit_cells(each))
    withdraw(registry, facts)


def with_consent(facts: Facts) -> Facts:
    """Return the facts as they were before anybody withdrew for good: nothing more is recorded then."""
    return replace(
        facts,
        enrolments=[
            replace(each, ended_on=None, end_reason=None) if has_none(each) else each for each in facts.enrolments
        ],
    )


def withdraw(registry: Registry, facts: Facts) -> None:
    """Record who withdrew consent and did not consent anew."""
    for each in facts.enrolments:
        if has_none(each):
            registry.end_follow_up(each.patient, ended_on=str(each.ended_on), reason="withdrawn")


def has_none(enrolment: Enrolment) -> bool:
    """Return whether consent was withdrawn in the first period, and none was given since."""
    ended_on, given = enrolment.ended_on, enrolment.consented_on
    return enrolment.end_reason == "withdrawn" and ended_on is not None and (given is None or given <= ended_on)


def write_files(facts: Facts, folder: Path) -> None:
    """Write a CSV file for each table that has rows."""
    for table, rows in tables_of(facts).items():
        columns = list(dict.fromkeys(name for row in rows for name in row))
        if columns:
            with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, columns)
                writer.writeheader()
                writer.writerows(rows)


def tables_of(facts: Facts) -> dict[str, list[Cells]]:
    """Return the rows of each table that a registry is fed with, in the order in which they can be recorded."""
    return {
        "patients": [
            cells(
                patient=each.patient,
                enrolled_on=each.enrolled_on,
                consented_on=each.consented_on,
                follow_up_ended_on=each.ended_on,
                follow_up_end_reason=each.end_reason,
            )
            for each in facts.enrolments
        ],
        "follow_ups": [
            cells(patient=each.patient, resumed_on=each.resumed_on, ended_on=each.ended_on, end_reason=each.end_reason)
            for each in facts.follow_ups
        ],
        "visits": [visit_cells(each) for each in facts.visits],
        "treatments": [
            cells(
                patient=each.patient,
                agent=each.agent,
                started_on=each.started_on,
                stopped_on=each.stopped_on,
                stop_reason=each.reason,
                dose=each.dose,
                dose_unit="mg" if each.dose else None,
            )
            for each in facts.courses
        ],
        "flares": [
            cells(patient=each.patient, started_on=each.started_on, ended_on=each.ended_on) for each in facts.flares
        ],
        "adverse_events": [
            cells(
                patient=each.patient,
                term=each.term,
                started_on=each.started_on,
                ended_on=each.ended_on,
                serious=each.serious,
            )
            for each in facts.adverse_events
        ],
        "conditions": [
            cells(
                patient=each.patient,
                condition=each.name,
                started_on=each.started_on,
                ended_on=each.ended_on,
                basis=each.basis,
            )
            for each in facts.conditions
        ],
        "imaging": [
            cells(
                study=each.code, patient=each.patient, performed_on=each.performed_on, modality="MRI", regions="spine"
            )
            for each in facts.studies
        ],
    }


def cells(**given: object) -> Cells:
    """Return the cells that are not empty, as text."""
    return {name: str(value) for name, value in given.items() if value is not None}


def visit_cells(visit: Visit) -> Cells:
    """Return a row of visits: a value in another unit under a column that says so, a mark before its number."""
    row = cells(patient=visit.patient, visited_on=visit.visited_on, visit=visit.label or None)
    for name, taken in visit.values.items():
        row[column(name, taken)] = f"{taken.mark or ''}{taken.text}"
        if taken.version is not None:
            row["basmi_version"] = taken.version
    return row


def column(measure: str, taken: Taken) -> str:
    """Return the column in which a value stands."""
    return measure if taken.unit is None else f"{measure} [{taken.unit}]"
