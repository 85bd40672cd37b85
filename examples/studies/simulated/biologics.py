"""Patients who begin a first TNF inhibitor, or secukinumab after any number of lines, and change when they stop."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Final, NamedTuple

from . import effects
from .activity import visit
from .people import Person
from .tables import Tables

CUT: Final = date(2024, 12, 31)
TNFI: Final = {  # dose in mg and how often
    "adalimumab": (40, "every 2 weeks"),
    "etanercept": (50, "weekly"),
    "golimumab": (50, "monthly"),
    "certolizumab pegol": (200, "every 2 weeks"),
}
SECUKINUMAB: Final = (150, "monthly")
REASONS: Final = ("lack-of-efficacy", "loss-of-efficacy", "adverse-event", "patient-wish"), (40, 25, 25, 10)
SCHEDULE: Final = (0, 91, 182, 365, 546, 730, 1095, 1461, 1826, 2191, 2557, 2922, 3287)
LOSS_A_YEAR: Final = 0.06
RESPONDED: Final = (0.22, 0.38)  # what is left of the activity of a responder, of one
NOT_RESPONDED: Final = 0.85
LINES: Final = 4
MISSED: Final = 0.08  # visits that were missed
ADVERSE: Final = ("injection site reaction", "respiratory infection", "raised liver enzymes", "psoriasiform rash")


class Course(NamedTuple):
    """One treatment in days after enrolment, and what is left of the activity under it."""

    start: float
    stop: float
    left: float


def first_tnfi(draw: Random, tables: Tables, patient: Person) -> None:
    """A first TNF inhibitor from the day of enrolment on, and what followed."""
    _followed(draw, tables, patient, agents=_after_tnfi(draw), prior=0)
    _uveitis(draw, tables, patient)


def secukinumab(draw: Random, tables: Tables, patient: Person) -> None:
    """Secukinumab from the day of enrolment on, after none, one or two TNF inhibitors that ended before it."""
    prior = draw.choices((0, 1, 2), effects.PRIOR_LINES[patient.radiographic])[0]
    history = draw.sample(sorted(TNFI), prior)
    for n, agent in enumerate(history):
        began = 400 * (prior - n) + draw.randint(-60, 60)
        _add(tables, patient, agent=agent, start=-began, stop=-began + draw.randint(120, 280), reason=_reason(draw))
    _followed(draw, tables, patient, agents=iter(["secukinumab", "ixekizumab"]), prior=prior)


def _after_tnfi(draw: Random) -> Iterator[str]:
    first, second, third = draw.sample(sorted(TNFI), 3)
    yield first
    yield from ("secukinumab", second) if draw.random() < 0.4 else (second, "secukinumab")
    yield third


def _followed(draw: Random, tables: Tables, patient: Person, *, agents: Iterator[str], prior: int) -> None:
    last = _last_visit(draw, patient)
    courses: list[Course] = []
    start = 0.0
    for line, agent in enumerate(agents, start=prior):
        kept = draw.expovariate(_hazard(patient, agent, line))
        left = draw.uniform(*RESPONDED) if draw.random() < _responders(patient, agent, line) else NOT_RESPONDED
        courses.append(Course(start, start + kept, left))
        ended = round(start + kept) <= last
        reason = _reason(draw)
        _add(tables, patient, agent=agent, start=start, stop=start + kept if ended else None, reason=reason)
        if ended and reason == "adverse-event":
            _adverse(draw, tables, patient, agent=agent, on=start + kept)
        start = round(start + kept) + draw.randint(14, 60)
        if not ended or start > last or line + 1 >= LINES + prior:
            break
    _visits(draw, tables, patient, courses=courses, last=last)


def _last_visit(draw: Random, patient: Person) -> int:
    """The last scheduled day before the data cut and before the patient was lost; at least the first."""
    seen = min((CUT - patient.enrolled_on).days - 15, draw.expovariate(LOSS_A_YEAR / 365.25))
    return max(day for day in SCHEDULE if day == 0 or day <= seen)


def _hazard(patient: Person, agent: str, line: int) -> float:
    if agent == "secukinumab":
        return effects.secukinumab_hazard(line)
    return effects.tnfi_hazard(patient.sex, patient.positive) * (1 if line == 0 else 1.3)


def _responders(patient: Person, agent: str, line: int) -> float:
    if agent == "secukinumab":
        return effects.SECUKINUMAB_RESPONDERS[min(line, 2)]
    return effects.tnfi_responders(patient.sex, patient.positive) * (1 if line == 0 else 0.8)


def _reason(draw: Random) -> str:
    return draw.choices(*REASONS)[0]


def _add(tables: Tables, patient: Person, *, agent: str, start: float, stop: float | None, reason: str) -> None:
    dose, often = SECUKINUMAB if agent == "secukinumab" else TNFI.get(agent, (80, "every 4 weeks"))
    ended = stop is not None
    tables.add(
        "treatments",
        patient=patient.code,
        agent=agent,
        started_on=patient.on(start),
        stopped_on=patient.on(max(round(start) + 1, round(stop))) if stop is not None else None,
        stop_reason=reason if ended else None,
        dose=dose,
        dose_unit="mg",
        frequency=often,
        route="sc",
    )


def _adverse(draw: Random, tables: Tables, patient: Person, *, agent: str, on: float) -> None:
    tables.add(
        "adverse_events", patient=patient.code, term=draw.choice(ADVERSE), started_on=patient.on(round(on)),
        severity=draw.choice(("moderate", "severe")), serious="yes" if draw.random() < 0.2 else "no", agent=agent,
    )  # fmt: skip


def _visits(draw: Random, tables: Tables, patient: Person, *, courses: list[Course], last: int) -> None:
    before = min(8.5, max(4.0, draw.gauss(6.2, 1.0)))
    for day in _seen(courses, last):
        came = day if day in (0, last) else day + draw.randint(-6, 6)
        if 0 < day < last and draw.random() < MISSED:
            continue
        on = next((course for course in courses if course.start + 28 <= came <= course.stop), None)
        left = on.left if on else 1.0 if came < 28 else 0.9
        label = "baseline" if day == 0 else f"month {round(day / 30.4375)}"
        visit(
            draw, tables, patient, on=patient.enrolled_on + timedelta(days=came), label=label, activity=before * left,
            smoking=patient.smoking, bmi=patient.bmi,
        )  # fmt: skip


def _seen(courses: list[Course], last: int) -> list[int]:
    """The days of visits: at the start of each course and after set times of it, three weeks apart at least."""
    wanted = {round(course.start) + day for course in courses for day in SCHEDULE[:6]} | {*SCHEDULE, last}
    kept = [0]
    for day in sorted(day for day in wanted if 0 < day <= last):
        if day - kept[-1] >= 21:
            kept.append(day)
    return kept if kept[-1] == last else [*kept[:-1], last] if len(kept) > 1 else kept


def _uveitis(draw: Random, tables: Tables, patient: Person) -> None:
    """Some had uveitis before; of the others it comes at a rate by HLA-B27, and is known if the patient was still seen."""
    last = max(row["visited_on"] for row in tables.rows["visits"] if row["patient"] == patient.code)
    if draw.random() < (0.25 if patient.positive else 0.12):
        tables.add("conditions", patient=patient.code, condition="uveitis", started_on=f"{patient.on(-900):%Y-%m}")
        return
    came = patient.on(1 + draw.expovariate(effects.UVEITIS[patient.hla_b27] / 36525))
    if came <= last:
        tables.add("conditions", patient=patient.code, condition="uveitis", started_on=came)
