"""What a registry's own measures, scores, drugs, conditions and schedule come to, found by hand from a story.

Numbers are fractions, one visit after the other; nothing of the code under test is asked. The rules are those of
docs/protocol.md, docs/exports.md and docs/follow-up.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from fractions import Fraction
from statistics import median
from typing import Any, Final

from registry.catalogue.protocol import MeasureRecord, Protocol, ScoreRecord
from tests.oracle.collecting import CRP, NOTHING, Cell, Step, factors
from tests.projections.followed.slow_schedule import (
    Course,
    Due,
    Edition,
    Patient,
    known_dues,
    lacking,
    wanted,
)

Row = dict[str, Any]
BUILT_IN_AGENTS: Final = {"adalimumab": ("L04AB04", "TNFi"), "etanercept": ("L04AB01", "TNFi")}
UVEITIS: Final = ("manifestation", ["H20", "H22.1"])
UNMEASURED: Final = dict.fromkeys(
    ("captured_value", "captured_unit", "comparator", "rule", "n_expected", "n_present", "code", "text")
)


@dataclass
class Visit:
    """A visit as it stands: its day, what was taken, and the day on which the registry first learnt of it."""

    fact: str
    patient: str
    day: date
    learnt_on: date
    cells: dict[str, Cell] = field(default_factory=dict)


class World:
    """All that a story has told up to a position of the log, as far as it is visible on a clinical day."""

    def __init__(self, story: Sequence[Step], *, known_at: int, as_of: date | None) -> None:
        known = [step for step in news(story) if step.position <= known_at]
        self.today = as_of or (known[-1].on if known else date.min)
        self.editions = [Edition(step.on, step.protocol) for step in known if step.verb == "adopt"]
        self.protocol: Protocol = self.editions[-1].protocol if self.editions else NOTHING
        visible = [step for step in known if is_visible(step, as_of)]
        self.enrolled = {step.patient: step for step in visible if step.verb == "enrol"}
        theirs = [step for step in visible if step.patient in self.enrolled]
        self.courses = [step for step in theirs if step.verb == "treat"]
        self.conditions = [step for step in theirs if step.verb == "condition"]
        self.visits = [
            visit
            for visit in standing_visits(known)
            if visit.patient in self.enrolled and (as_of is None or visit.day <= as_of)
        ]

    @property
    def measures(self) -> dict[str, MeasureRecord]:
        return {each.name: each for each in (CRP, *self.protocol.measures)}

    @property
    def scores(self) -> list[ScoreRecord]:
        """The scores that count: of every name the highest edition."""
        highest: dict[str, ScoreRecord] = {}
        for score in sorted(self.protocol.scores, key=lambda score: score.edition):
            highest[score.name] = score
        return list(highest.values())

    @property
    def ended(self) -> dict[str, date]:
        """By name of a measure or a score that counts, the day from which on it is not taken."""
        ends = {each.name: each.until for each in (*self.protocol.measures, *self.scores)}
        return {name: until for name, until in ends.items() if until is not None}


def news(story: Sequence[Step]) -> list[Step]:
    """Return the steps that were news: an amendment that says what stands stores nothing."""
    before = [0, *(step.position for step in story)]
    return [step for step, position in zip(story, before) if step.position > position]


def is_visible(step: Step, as_of: date | None) -> bool:
    return as_of is None or step.day is None or step.day <= as_of


def standing_visits(known: Sequence[Step]) -> list[Visit]:
    """Return the visits that stand after some steps, each as it was amended last."""
    found: dict[str, Visit] = {}
    for step in (each for one in known for each in (one.rows if one.verb == "import" else (one,))):
        said = {name: cell for name, cell in step.cells.items() if isinstance(cell, Cell)}
        if step.verb == "visit":
            assert step.day is not None
            found[step.fact] = Visit(step.fact, step.patient, step.day, step.on, said)
        elif step.verb == "amend":
            found[step.fact].cells |= said
        elif step.verb == "retract":
            del found[step.fact]
    return sorted(found.values(), key=lambda visit: (visit.patient, visit.day, visit.fact))


def unit_told(measure: MeasureRecord) -> str:
    if measure.holds == "number":
        assert measure.unit is not None
        return measure.unit
    return measure.holds


def number(cell: Cell, measure: MeasureRecord, protocol: Protocol) -> Fraction | None:
    """Return what a cell says in the canonical unit of a measure; None of what is no number."""
    if cell.is_reason or measure.holds not in ("number", "count"):
        return None
    assert cell.unit is not None
    return Fraction(cell.text.strip("<>")) * factors(measure, protocol)[cell.unit]


def mark(cell: Cell | None) -> str | None:
    return cell.text[0] if cell is not None and cell.text[0] in "<>" and not cell.is_reason else None


def measures(world: World) -> list[Row]:
    """One row per value at a visit, captured and computed, of the registry's own measures and scores."""
    rows = [captured(visit, name, world) for visit in world.visits for name in visit.cells]
    for score in world.scores:
        rows += computed(score, world)
    return sorted(
        rows,
        key=lambda row: (*(row[name] for name in ("patient", "visited_on", "visit_id", "measure")), row["derived"]),
    )


def captured(visit: Visit, name: str, world: World) -> Row:
    measure, cell = world.measures[name], visit.cells[name]
    value = number(cell, measure, world.protocol)
    said: Row = {"missing_reason": cell.text if cell.is_reason else None}
    if value is not None:
        said |= {"captured_value": cell.text.strip("<>"), "captured_unit": cell.unit, "comparator": mark(cell)}
    elif not cell.is_reason:
        said["code" if measure.holds in ("yes-no", "codes") else "text"] = cell.text
    return row_of(visit, name, {"value": None if value is None else float(value), "unit": unit_told(measure), **said})


def row_of(visit: Visit, name: str, said: Row) -> Row:
    place = {"patient": visit.patient, "visited_on": visit.day, "visit_id": visit.fact, "measure": name}
    return {**UNMEASURED, **place, "derived": False, "missing_reason": None, "version": None, **said}


def computed(score: ScoreRecord, world: World) -> Iterator[Row]:
    """Yield the rows of a score: at visits where it has a value, or more than half of its items were taken."""
    for visit, inputs in score_inputs(score, world):
        values = {name: number(cell, world.measures[name], world.protocol) for name, cell in inputs.items()}
        value = by_hand(score, [values.get(name) for name in score.items], world)
        if value is None and 2 * len(inputs) <= len(score.items):
            continue
        marks = [mark(inputs.get(name)) for name in score.items]
        said = {
            "value": None if value is None else float(value),
            "unit": score.unit,
            "derived": True,
            "rule": f"{score.name}/{score.edition}",
            "n_expected": len(score.items),
            "n_present": len(inputs),
            "comparator": next(filter(None, marks), None) if value is not None else None,
        }
        yield row_of(visit, score.name, said)


def score_inputs(score: ScoreRecord, world: World) -> Iterator[tuple[Visit, dict[str, Cell]]]:
    """Yield the visits at which a score could stand, each with the items that count there.

    Where the rows of a day have enough items together, and more than any of them, it stands once: at the row with most
    of them, of several the first; each item is that row's own, else that of the first row that has it.
    """
    days: dict[tuple[str, date], list[Visit]] = {}
    for visit in world.visits:
        if score.until is None or visit.day < score.until:
            days.setdefault((visit.patient, visit.day), []).append(visit)
    required = len(score.items) - (score.missing.at_most if score.missing else 0)
    for rows in days.values():
        own = [(visit, items_at(visit, score, world)) for visit in rows]
        most = max(own, key=lambda each: len(each[1]))
        together: dict[str, Cell] = {}
        for _, items in (most, *own):
            together = {**items, **together}
        if len(together) >= required and len(together) > len(most[1]):
            yield most[0], together
        else:
            yield from own


def items_at(visit: Visit, score: ScoreRecord, world: World) -> dict[str, Cell]:
    return {
        name: cell
        for name, cell in visit.cells.items()
        if name in score.items and number(cell, world.measures[name], world.protocol) is not None
    }


def by_hand(score: ScoreRecord, values: Sequence[Fraction | None], world: World) -> Fraction | None:
    """Return what a score comes to, given its items in their order; None where too many are missing."""
    told = []
    for name, value in zip(score.items, values, strict=True):
        low, high = world.measures[name].range or (None, None)
        turned = name in score.reverse and value is not None and low is not None and high is not None
        told.append(Fraction(low or 0) + Fraction(high or 0) - value if turned and value is not None else value)
    there = [value for value in told if value is not None]
    if not there or len(told) - len(there) > (score.missing.at_most if score.missing else 0):
        return None
    average = sum(there, Fraction(0)) / len(there)
    full = [average if value is None else value for value in told]
    match score.rule:
        case "mean":
            return average
        case "max":
            return max(full)
        case "sum":
            return sum(full, Fraction(0))
    weighted = [Fraction(score.weights[name]) * value for name, value in zip(score.items, full)]
    return sum(weighted, Fraction(score.constant or 0))


def treatments(world: World) -> list[Row]:
    """One row per course."""
    own = {each.name: (each.atc or None, each.drug_class) for each in world.protocol.agents}
    found = []
    for course in world.courses:
        atc, drug_class = {**BUILT_IN_AGENTS, **own}[course.cells["agent"]]
        found.append(
            {
                "patient": course.patient,
                "started_on": course.day,
                "treatment_id": course.fact,
                "agent": course.cells["agent"],
                "atc": atc,
                "drug_class": drug_class,
                "product": course.cells["product"],
                "arm": course.cells["arm"],
            }
        )
    return sorted(found, key=lambda row: (row["patient"], row["started_on"], row["treatment_id"]))


def conditions(world: World) -> list[Row]:
    """One row per condition, those without a start first."""
    own = {each.name: (each.group, [*each.icd10]) for each in world.protocol.conditions}
    found = []
    for step in world.conditions:
        group, icd10 = {"uveitis": UVEITIS, **own}[step.cells["condition"]]
        row = {"patient": step.patient, "started_on": step.day, "condition_id": step.fact}
        found.append({**row, "condition": step.cells["condition"], "group": group, "icd10": icd10})
    return sorted(found, key=lambda row: (row["patient"], row["started_on"] or date.min, row["condition_id"]))


def taken_at(world: World) -> dict[str, set[str]]:
    """Return by visit what has a value there: a number, a word or a text, or a score that could be computed."""
    found = {visit.fact: {name for name, cell in visit.cells.items() if not cell.is_reason} for visit in world.visits}
    for score in world.scores:
        for row in computed(score, world):
            if row["value"] is not None:
                found[row["visit_id"]].add(score.name)
    return found


def followed(world: World) -> list[Patient]:
    """Return the patients as the slow schedule takes them."""
    taken = taken_at(world)
    patients = {name: Patient(name, step.day or date.min) for name, step in world.enrolled.items()}
    for visit in world.visits:
        patients[visit.patient].visits.setdefault(visit.day, []).append(taken[visit.fact])
    for course in world.courses:
        assert course.day is not None
        patients[course.patient].courses.append(Course(course.cells["agent"], course.day, None))
    return list(patients.values())


def dues(world: World) -> Iterator[tuple[Patient, str, Due]]:
    for patient, anchor, found in known_dues(followed(world), world.editions, world.today):
        yield from ((patient, anchor, due) for due in found)


def rows_on(world: World, patient: str, day: date | None) -> list[Visit]:
    return [visit for visit in world.visits if (visit.patient, visit.day) == (patient, day)]


def expected_visits(world: World) -> list[Row]:
    """One row per patient, anchor and scheduled visit."""
    found = []
    for patient, anchor, due in dues(world):
        came = rows_on(world, patient.name, due.came)
        missing, n_required = lacking(due, patient, world.ended), len(wanted(due, world.ended))
        learnt = min((visit.learnt_on for visit in came), default=None)
        found.append(
            {
                "patient": patient.name,
                "due_on": due.day,
                "schedule": due.name,
                "anchor": anchor,
                "window_from": due.opens,
                "window_to": due.closes,
                "visit_id": came[0].fact if came else None,
                "visited_on": due.came,
                "state": due.state,
                "n_required": n_required,
                "n_taken": None if missing is None else n_required - len(missing),
                "missing": missing,
                "recorded_at": learnt and datetime(learnt.year, learnt.month, learnt.day, 9, tzinfo=UTC),
            }
        )
    return sorted(found, key=lambda row: tuple(row[name] for name in ("patient", "due_on", "schedule", "anchor")))


def completeness(world: World) -> list[Row]:
    """One row per centre, year and thing expected, of visits whose window was over."""
    counted: dict[tuple[str, str, str], list[tuple[bool, bool, int | None]]] = {}
    for patient, _, due in dues(world):
        if due.closes >= world.today or due.is_cut or not due.is_asked:
            continue
        came = rows_on(world, patient.name, due.came)
        delay = (min(visit.learnt_on for visit in came) - came[0].day).days if came else None
        centre = world.enrolled[patient.name].cells["centre"] or ""
        missing = lacking(due, patient, world.ended)
        things = {f"visit:{due.visit.name}": due.came is not None}
        things |= {f"measure:{name}": missing is not None and name not in missing for name in wanted(due, world.ended)}
        for what, is_done in things.items():
            one = (is_done, is_done and due.state == "done", delay if is_done else None)
            counted.setdefault((centre, str(due.day.year), what), []).append(one)
    return [counts_of(key, each) for key, each in sorted(counted.items())]


def counts_of(key: tuple[str, str, str], each: Sequence[tuple[bool, bool, int | None]]) -> Row:
    delays = [delay for _, _, delay in each if delay is not None]
    return {
        **dict(zip(("centre", "period", "what"), key)),
        "n_expected": len(each),
        "n_done": sum(is_done for is_done, _, _ in each),
        "n_in_window": sum(is_in_window for _, is_in_window, _ in each),
        "median_days_to_record": float(median(delays)) if delays else None,
    }


TABLES: Final = {
    "measures": measures,
    "treatments": treatments,
    "conditions": conditions,
    "expected_visits": expected_visits,
    "completeness": completeness,
}
