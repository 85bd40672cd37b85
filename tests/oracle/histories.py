"""Random histories: a registry in a file, and commands carried out in it through its public side."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from random import Random
from shutil import copy
from tempfile import TemporaryDirectory
from typing import Final

from hypothesis import note
from hypothesis import strategies as st
from msgspec.structs import replace

from registry import Registry
from registry.domain.notes import Note
from registry.domain.patient import Patient
from registry.domain.statements import Study
from registry.errors import HeldFactError, RefusalError
from registry.streams import encoded
from tests.oracle.commands import DAYS, LOST, PATIENTS, VERBS, Command, command

FIRST_INSTANT: Final = 1_767_225_600_000_000  # 2026-01-01, µs UTC: after every clinical day
READ_AGAIN: Final = "read again"
BEGINNING: Final = (  # what lets most of the rest be recorded
    *(
        Command("record", "patients", {"patient": patient, "enrolled_on": DAYS[2 * number].isoformat()})
        for number, patient in enumerate(PATIENTS)
    ),
    Command(
        "record",
        "patients",
        {
            "patient": LOST,
            "enrolled_on": DAYS[0].isoformat(),
            "follow_up_ended_on": DAYS[6].isoformat(),
            "follow_up_end_reason": "lost",
        },
    ),
    *(
        Command(
            "record",
            "imaging",
            {"study": study, "patient": patient, "performed_on": day, "modality": "MRI", "regions": "spine;sij"},
        )
        for study, patient, day in (
            ("MR-1", "P-1", "2018-06-15"),
            ("MR-2", "P-1", "2019-03-31"),
            ("MR-10", "P-1", "2019-03-31"),
            ("mr.3", "P-1", "2020-01-01"),
            ("MR_4", "P-10", "2018-12-31"),
            ("MR-5", "P-10", "2019-11-01"),
        )
    ),
)

History = tuple[int, list[int]]
numbers = st.integers(0, 2**32 - 1)
histories = st.tuples(numbers, st.lists(numbers, min_size=40, max_size=80, unique=True))  # a number each command
NOTHING_MORE: Final[History] = (0, [])
Point = tuple[date | None, int]
points = st.tuples(st.none() | st.sampled_from(DAYS), numbers)


@contextmanager
def empty_registry(template: Path) -> Iterator[Registry]:
    """Open a fresh registry; its clock ticks a second a transaction."""
    with TemporaryDirectory() as folder:
        path = str(copy(template, Path(folder) / "registry.db"))
        ticks = count(FIRST_INSTANT, 1_000_000)
        with Registry.open(path, actor="oracle", clock=lambda: next(ticks)) as registry:
            yield registry


@contextmanager
def registry_with(template: Path, history: History) -> Iterator[Registry]:
    """Open a fresh registry and let a random history happen in it."""
    with empty_registry(template) as registry:
        go_on(registry, history, begin(registry))
        yield registry


@contextmanager
def registry_of_first(template: Path, known_at: int, whole: Registry) -> Iterator[Registry]:
    """Open a registry that has the first events of another one and no more."""
    with empty_registry(template) as registry:
        with closing(sqlite3.connect(registry.place)) as connection, connection:
            connection.execute("ATTACH ? AS whole", (whole.place,))
            chosen = "SELECT * FROM whole.events WHERE position <= ? ORDER BY position"
            connection.execute(f"INSERT INTO events {chosen}", (known_at,))
        yield registry


def begin(registry: Registry) -> list[str]:
    """Enrol the patients, record the first studies, and return their facts."""
    return [carried_out(registry, asked) for asked in BEGINNING]


def go_on(registry: Registry, history: History, facts: list[str], *, verbs: Collection[str] = VERBS) -> list[Command]:
    """Carry out the commands of a history and return those that were news; `facts` grows with them."""
    chance, steps = history
    news = []
    for step in steps:
        asked = command(Random(f"{chance} {step}"), facts)
        if asked.verb in verbs:
            before = registry.head.position
            try:
                fact = carried_out(registry, asked)
            except RefusalError:
                continue
            if registry.head.position > before:
                note(f"@{before + 1} {asked}")
                news.append(
                    asked if fact == asked.about or asked.verb == "record" else resumed_and_ended(registry, fact)
                )
            if fact not in facts:
                facts.append(fact)
    return news


def carried_out(registry: Registry, asked: Command) -> str:
    """Carry out one command and return the reference of its fact."""
    fact, cells = asked.about, asked.cells
    match asked.verb, asked.about.partition("/")[0]:
        case "record", table:
            return registry.record(table, cells)
        case "amend", _:
            return registry.amend(fact, cells, reason=READ_AGAIN)
        case "end", "patient":
            return registry.end_follow_up(fact.partition("/")[2], **cells)
        case "end", "treatment":
            return registry.stop_treatment(fact, **cells)
        case "end", "flare":
            return registry.end_flare(fact, **cells)
        case "end", "condition":
            return registry.end_condition(fact, **cells)
        case "retract", _:
            return registry.retract(fact, reason=READ_AGAIN)
        case "withdraw", _:
            return withdrawn(registry, fact)
        case "postpone", _:
            return postponed(registry, fact, timedelta(days=cells["days"]))
    raise AssertionError(asked)


def resumed_and_ended(registry: Registry, fact: str) -> Command:
    """Return the command that says of a resumption outright what an end of the patient's follow-up came to."""
    _, patient, key = fact.split("/")
    row_id = {"id": key.removeprefix("id=")} if key.startswith("id=") else {}
    return Command(
        "record", "follow_ups", {"patient": patient, **row_id, **(registry.history(fact)[-1].statement or {})}
    )


def withdrawn(registry: Registry, fact: str) -> str:
    """Retract a study or an enrolment and what rests on it in one transaction, itself first, as an import may."""
    patient = holder(registry, fact)
    if patient is None:
        return registry.retract(fact, reason=READ_AGAIN)
    why = Note(registry.actor, registry.source, READ_AGAIN)
    patient.retract(fact, why)
    for _, refusal in list(patient.refusals(registry.patient_batch.standards())):
        assert isinstance(refusal, HeldFactError)
        for resting in refusal.resting:
            patient.retract(resting, why)
    registry.patient_batch.save([*map(encoded, patient.collect_events())])
    return fact


def postponed(registry: Registry, study: str, by: timedelta) -> str:
    """Move all studies of a study's patient in one transaction, one after the other."""
    patient = holder(registry, study)
    if patient is None:
        return registry.retract(study, reason=READ_AGAIN)
    why = Note(registry.actor, registry.source, READ_AGAIN)
    for fact, stated in list(patient.facts.items()):
        if isinstance(stated, Study):
            patient.amend(fact, replace(stated, performed_on=stated.performed_on + by), why)
    for _, refusal in patient.refusals(registry.patient_batch.standards()):
        raise refusal
    registry.patient_batch.save([*map(encoded, patient.collect_events())])
    return study


def holder(registry: Registry, fact: str) -> Patient | None:
    """Return the patient who has a study or is enrolled, None where nobody has it any more."""
    kind, _, code = fact.partition("/")
    is_study = kind == "imaging"
    pseudonym = registry.patient_batch.holders_of_studies([code]).get(code) if is_study else code
    patient = None if pseudonym is None else registry.patient_batch.patients([pseudonym])[pseudonym]
    return patient if patient is not None and fact in patient.facts else None
