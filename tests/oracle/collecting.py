"""Random stories: editions of a protocol that are adopted, and between them facts that fit what is collected then.

A story is made whole before any registry hears of it, so that what is expected of one is told from the story alone.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory
from typing import Any, Final

from hypothesis import note
from hypothesis import strategies as st

from registry import Registry
from registry.catalogue.protocol import MeasureRecord, Protocol
from registry.intake import import_batch
from tests.oracle.protocols import BEGIN, N_DAYS, days, later, protocols

PATIENTS: Final = ("P-1", "P-2", "P-10")
FIRST_DAY: Final = BEGIN + timedelta(N_DAYS)  # on the recorded clock
CRP: Final = MeasureRecord(name="crp", label="CRP", unit="mg/l", range=(Decimal(0), None), laboratory=True)
NOTHING: Final = Protocol(protocol="north", title="nothing beside what is built in")
FACTORS: Final = {("mg/dl", "mg/l"): Fraction(10), ("nrs", "mm"): Fraction(10), ("min", "s"): Fraction(60)}


@dataclass
class Cell:
    """What a cell of a measure says: its text, and the unit in which a number came."""

    text: str
    unit: str | None = None
    is_reason: bool = False


@dataclass
class Step:
    """One thing that happens on a day of the recorded clock: one event or, of an import, some."""

    verb: str
    on: date
    protocol: Protocol = NOTHING
    fact: str = ""
    patient: str = ""
    day: date | None = None
    cells: dict[str, Any] = field(default_factory=dict)
    rows: list[Step] = field(default_factory=list)
    position: int = 0


def factors(measure: MeasureRecord, protocol: Protocol) -> dict[str, Fraction]:
    """By every unit in which a number of a measure can come, what it is multiplied by."""
    unit = measure.unit or "count"
    built_in = {captured: factor for (captured, canonical), factor in FACTORS.items() if canonical == unit}
    own = {each.name: Fraction(each.to[unit]) for each in protocol.units if unit in each.to}
    return {unit: Fraction(1), **built_in, **own}


@st.composite
def numbers(draw: st.DrawFn, measure: MeasureRecord, protocol: Protocol) -> Cell:
    """A number within the range of a measure, in one of its units."""
    known = factors(measure, protocol)
    unit = draw(st.sampled_from(sorted(known)))
    low, high = measure.range or (None, None)
    least = Fraction(low if low is not None else Decimal(0))
    most = Fraction(high) if high is not None else least + 50
    places = 1 if measure.holds == "count" else 100
    ends = ceil(least / known[unit] * places), floor(most / known[unit] * places)
    if ends[0] > ends[1]:
        unit, ends = measure.unit or "count", (ceil(least * places), floor(most * places))
    value = draw(st.integers(*ends))
    text = str(value // places) if value % places == 0 else f"{Decimal(value) / places:f}"
    return Cell(draw(st.sampled_from(("", "", "<", ">"))) + text if measure.laboratory else text, unit)


@st.composite
def cells(draw: st.DrawFn, measure: MeasureRecord, protocol: Protocol, day: date) -> Cell | None:
    """What a visit of a day says of a measure: nothing, why there is nothing, or a value that is taken then."""
    if draw(st.integers(0, 4)) > 2:
        return None
    if protocol.missing and draw(st.integers(0, 5)) == 5:
        return Cell(draw(st.sampled_from(sorted(protocol.missing))), is_reason=True)
    if measure.until is not None and day >= measure.until:
        return None
    if measure.holds in ("number", "count"):
        return draw(numbers(measure, protocol))
    texts: dict[str, Sequence[str]] = {
        "yes-no": ("yes", "no"),
        "partial-day": ("2001", "2001-05", "2001-05-31"),
        "text": ("clerk", "said \"so\"", "=1+1"),
        "codes": [word for word in measure.codes if day < measure.ended_codes.get(word, date.max)],
    }  # fmt: skip
    return Cell(draw(st.sampled_from(texts[measure.holds]))) if texts[measure.holds] else None


class Known:
    """What a story has said so far, so that it says nothing that would be refused."""

    def __init__(self) -> None:
        self.protocol = NOTHING
        self.enrolled: dict[str, date] = {}
        self.visits: dict[str, Step] = {}
        self.facts: set[str] = set()


def going_on(until: date | None, day: date) -> bool:
    return until is None or day < until


@st.composite
def enrolments(draw: st.DrawFn, on: date, known: Known) -> Step | None:
    waiting = [patient for patient in PATIENTS if patient not in known.enrolled]
    if not waiting:
        return None
    day = draw(days)
    listed = [each.code for each in known.protocol.centres if going_on(each.until, day)]
    centre = draw(st.sampled_from([None, *(listed if known.protocol.centres else ["C2", "C9"])]))
    known.enrolled[waiting[0]] = day
    return Step("enrol", on, patient=waiting[0], day=day, fact=f"patient/{waiting[0]}", cells={"centre": centre})


@st.composite
def visits(draw: st.DrawFn, on: date, known: Known) -> Step | None:
    """A visit, often on a day that has one already, under another label."""
    if not known.enrolled:
        return None
    patient = draw(st.sampled_from(sorted(known.enrolled)))
    seen = [each.day for each in known.visits.values() if each.patient == patient and each.day]
    after = draw(st.sampled_from((0, 84, 181, 365, 730))) + draw(st.integers(-30, 30))
    day = draw(st.sampled_from([*seen[-3:], known.enrolled[patient] + timedelta(after)]))
    if day > on:
        return None
    label = draw(st.sampled_from(("app", "lab", "nurse")))
    fact = f"visit/{patient}/{day}/{label}"
    if fact in known.facts:
        return None
    measures = (CRP, *known.protocol.measures)
    said = {each.name: draw(cells(each, known.protocol, day)) for each in measures}
    taken = {name: cell for name, cell in said.items() if cell is not None}
    step = Step("visit", on, fact=fact, patient=patient, day=day, cells={"visit": label, **taken})
    known.visits[fact] = step
    known.facts.add(fact)
    return step


@st.composite
def amendments(draw: st.DrawFn, on: date, known: Known) -> Step | None:
    """Another value of a measure at a visit that was recorded, by what is collected now."""
    if not known.visits:
        return None
    visit = known.visits[draw(st.sampled_from(sorted(known.visits)))]
    assert visit.day is not None
    measure = draw(st.sampled_from((CRP, *known.protocol.measures)))
    cell = draw(cells(measure, known.protocol, visit.day))
    return None if cell is None else Step("amend", on, fact=visit.fact, cells={measure.name: cell})


@st.composite
def retractions(draw: st.DrawFn, on: date, known: Known) -> Step | None:
    if not known.visits:
        return None
    fact = draw(st.sampled_from(sorted(known.visits)))
    del known.visits[fact]
    return Step("retract", on, fact=fact)


@st.composite
def imports(draw: st.DrawFn, on: date, known: Known) -> Step | None:
    rows = [step for _ in range(draw(st.integers(1, 3))) if (step := draw(visits(on, known))) is not None]
    return Step("import", on, rows=rows) if rows else None


@st.composite
def courses(draw: st.DrawFn, on: date, known: Known) -> Step | None:
    """A course of an agent, given by its name or by that of a product, in an arm where there are arms."""
    if not known.enrolled:
        return None
    patient = draw(st.sampled_from(sorted(known.enrolled)))
    day = min(known.enrolled[patient] + timedelta(draw(st.integers(-60, 400))), on)
    protocol = known.protocol
    agents = ["adalimumab", *(each.name for each in protocol.agents if going_on(each.until, day))]
    products = {each.name: each.agent for each in protocol.products if going_on(each.until, day)}
    given = {name: agent for name, agent in products.items() if agent in agents or agent == "etanercept"}
    word = draw(st.sampled_from([*agents, *given]))
    agent = given.get(word, word)
    if any(fact.startswith(f"treatment/{patient}/{agent}/") for fact in known.facts):
        return None
    arms = [each.code for each in protocol.arms if going_on(each.until, day)]
    fact = f"treatment/{patient}/{agent}/{day}"
    known.facts.add(fact)
    cells = {
        "agent": agent,
        "word": word,
        "product": word if word in given else None,
        "arm": draw(st.sampled_from([None, *arms])),
    }
    return Step("treat", on, fact=fact, patient=patient, day=day, cells=cells)


@st.composite
def conditions(draw: st.DrawFn, on: date, known: Known) -> Step | None:
    if not known.enrolled:
        return None
    patient = draw(st.sampled_from(sorted(known.enrolled)))
    day = draw(st.none() | days)
    own = [each.name for each in known.protocol.conditions if day is None or going_on(each.until, day)]
    name = draw(st.sampled_from(["uveitis", *own]))
    if any(fact.startswith(f"condition/{patient}/{name}") for fact in known.facts):
        return None
    fact = f"condition/{patient}/{name}" + (f"/{day}" if day else "")
    known.facts.add(fact)
    return Step("condition", on, fact=fact, patient=patient, day=day, cells={"condition": name})


@st.composite
def adoptions(draw: st.DrawFn, on: date, known: Known) -> Step | None:
    edition = draw(protocols() if known.protocol is NOTHING else later(known.protocol))
    if edition == known.protocol:
        return None
    known.protocol = edition
    return Step("adopt", on, protocol=edition)


OFTEN: Final = (
    visits,
    visits,
    visits,
    visits,
    amendments,
    retractions,
    imports,
    courses,
    courses,
    conditions,
    enrolments,
)


@st.composite
def stories(draw: st.DrawFn) -> list[Step]:
    """A story of one to three editions; before the first there may be facts of what is built in alone."""
    known, on = Known(), FIRST_DAY
    found: list[Step | None] = [draw(enrolments(on, known)) for _ in range(draw(st.integers(1, 2)))]
    for number in range(draw(st.integers(1, 3))):
        if number or draw(st.booleans()):
            found += [draw(draw(st.sampled_from(OFTEN))(on, known)) for _ in range(draw(st.integers(0, 6)))]
        on += timedelta(draw(st.integers(0, 90)))
        found.append(draw(adoptions(on, known)))
    for _ in range(draw(st.integers(12, 20))):
        on += timedelta(draw(st.integers(0, 40)))
        found.append(draw(draw(st.sampled_from(OFTEN))(on, known)))
    return [step for step in found if step is not None]


class Told:
    """A registry to which a story is told, on the days of the story."""

    def __init__(self, registry: Registry, now: list[int]) -> None:
        self.registry, self._now = registry, now

    def tell(self, steps: Sequence[Step]) -> None:
        """Carry out steps of a story, and write down where in the log each ends."""
        for step in steps:
            self._now[0] = instant(step.on)
            self._carry_out(step)
            step.position = self.registry.head.position
            note(f"@{step.position} {step}")

    def _carry_out(self, step: Step) -> None:
        registry, cells, day = self.registry, step.cells, str(step.day) if step.day else None
        match step.verb:
            case "adopt":
                registry.adopt_protocol(step.protocol)
            case "enrol":
                registry.record("patients", {"patient": step.patient, "enrolled_on": day, **cells})
            case "visit":
                registry.record("visits", {"patient": step.patient, "visited_on": day, **written(cells)})
            case "amend":
                registry.amend(step.fact, written(cells), reason="read again")
            case "retract":
                registry.retract(step.fact, reason="of somebody else")
            case "treat":
                registry.start_treatment(step.patient, agent=cells["word"], started_on=day or "", **arm(cells))
            case "condition":
                registry.record_condition(step.patient, condition=cells["condition"], started_on=day)
            case "import":
                with TemporaryDirectory() as folder:
                    import_batch(registry, delivered(Path(folder), step.rows))


def arm(cells: dict[str, Any]) -> dict[str, Any]:
    return {} if cells["arm"] is None else {"arm": cells["arm"]}


def written(cells: dict[str, Any]) -> dict[str, Any]:
    """Cells as a row of a file has them: a number under its measure, and its unit in the header."""
    return {
        name if not isinstance(cell, Cell) or cell.unit in (None, "count") else f"{name} [{cell.unit}]": (
            cell.text if isinstance(cell, Cell) else cell
        )
        for name, cell in cells.items()
    }


def delivered(folder: Path, rows: Sequence[Step]) -> list[Path]:
    """Write a file for each visit, as units stand in headers."""
    for number, step in enumerate(rows):
        row = {"patient": step.patient, "visited_on": str(step.day), **written(step.cells)}
        (folder / str(number)).mkdir()
        with (folder / str(number) / "visits.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(row))
            writer.writeheader()
            writer.writerow(row)
    return sorted(folder.glob("*/visits.csv"))


@contextmanager
def told(template: Path, story: Sequence[Step]) -> Iterator[Told]:
    """Open a fresh registry and tell it a story."""
    now = [instant(FIRST_DAY)]
    with TemporaryDirectory() as folder:
        place = str(copy(template, Path(folder) / "registry.db"))
        with Registry.open(place, actor="oracle", clock=lambda: now[0]) as registry:
            opened = Told(registry, now)
            opened.tell(story)
            yield opened


def instant(day: date) -> int:
    """Return nine o'clock (UTC) of a day, µs since 1970."""
    return int(datetime(day.year, day.month, day.day, 9, tzinfo=UTC).timestamp()) * 1_000_000
