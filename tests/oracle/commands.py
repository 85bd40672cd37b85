"""Random commands: what people, files and programs might ask of a registry, sensible or not.

Few patients, studies, readers and days, so that commands meet: late entries, a second visit on one day, a key recorded
again after its retraction, a reading before its study. Days lie at the beginning, the middle and the end of months,
where partial days begin and end. What a registry refuses is as welcome as what it records.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import date
from random import Random
from typing import Any, Final, NamedTuple

from registry.catalogue.methods import methods

Cells = dict[str, Any]

MONTHS: Final = [(year, month) for year in (2018, 2019, 2020) for month in (1, 2, 6, 12)]
DAYS: Final = [date(year, month, day) for year, month in MONTHS for day in (1, 15, monthrange(year, month)[1])]
BUSY: Final = DAYS[15:19]
EARLY: Final = DAYS[:6]
LATE: Final = DAYS[-4:]
PATIENTS: Final = ("P-1", "P-10", "p-2")
LOST: Final = "P-3"  # whose follow-up ended early, so that it can be resumed
STUDIES: Final = ("MR-1", "MR-2", "MR-10", "mr.3", "MR_4", "MR-5")
PAIRS: Final = (("MR-1", "mr.3"), ("MR-1", "mr.3"), ("MR-2", "mr.3"), ("MR_4", "MR-5"), ("mr.3", "MR-10"))
TEXTS: Final = ("baseline", "week 12", "Woche/12", "50% ödem", 'said "no"', "two\nlines", "ﬀ", "𝔸", "-")
AGENTS: Final = ("infliximab", "Etanercept", "naproxen", "paracetamol", "methotrexate")
CONDITIONS: Final = ("uveitis", "Anterior uveitis", "crohns-disease", "heart-failure", "pregnancy")
PRODUCTS: Final = ("Remsima", "benepali", "Aleve")  # of agents among these
LESIONS: Final = ("1", "2", "10", "01", "a", "B", "3/4")
MEASURES: Final = {  # one column of each group: cells
    "crp": ("<5", "24.7", "0", ">200", "0.10"),
    "crp [mg/dl]": ("2.47", "<0.3", "0.29", "1.005"),
    "esr": ("12", "> 120"),
    "patient_global": ("62", "100"),
    "patient_global [nrs]": ("6.2", "0.7"),
    "basdai_1": ("0", "7", "7.5"),
    "basdai": ("4.35",),
    "basmi": ("3.2", "4"),
    "swollen_joints_44": ("3",),
    "tragus_to_wall": ("123456789012.123456789012", "0.1"),
}
HOW_OFTEN: Final = {
    "patients": 1,
    "follow_ups": 3,
    "visits": 2,
    "treatments": 4,
    "flares": 3,
    "adverse_events": 1,
    "conditions": 3,
    "imaging": 1,
    "readings": 6,
    "lesions": 4,
}
MOVABLE: Final = {  # kind: the day that can be amended where the fact has an id of its own
    "follow-up": "resumed_on",
    "visit": "visited_on",
    "treatment": "started_on",
    "flare": "started_on",
    "adverse-event": "started_on",
    "condition": "started_on",
}
HIGHEST_GRADE: Final = {"asspimri": 6, "berlin": 3, "vu-lesions": 1}


VERBS: Final = ("record", "end", "amend", "retract", "withdraw", "postpone")


class Command(NamedTuple):
    """One thing asked: `record` a row of a table, or `end`, `amend`, `retract`, `withdraw` or `postpone` a fact.

    To withdraw a study or an enrolment is to retract it with all that rests on it; to postpone a study, to move all of
    the patient's studies by some days. Both are one transaction.
    """

    verb: str
    about: str
    cells: Cells


def command(random: Random, facts: Sequence[str]) -> Command:
    """Return a command, by chance about one of the facts that were recorded before."""
    if random.random() < 0.6 or not facts:
        (table,) = random.choices(list(HOW_OFTEN), list(HOW_OFTEN.values()))
        return Command("record", table, ROWS[table](random))
    kind = random.choice(sorted({fact.partition("/")[0] for fact in facts}))
    fact = random.choice([fact for fact in facts if fact.startswith(f"{kind}/")])
    choice = random.random()
    if choice < 0.15:
        return Command("retract", fact, {})
    if choice < (0.25 if kind == "imaging" else 0.2) and kind in ("imaging", "patient"):
        return Command("withdraw", fact, {})
    if choice < 0.4 and kind == "imaging":
        return Command("postpone", fact, {"days": random.choice((-400, 100, 400))})
    if choice < 0.5 and kind in ENDS:
        return Command("end", fact, ENDS[kind](random))
    changes = regraded(random, fact) if kind == "reading" else CHANGES[kind](random)
    if "/id=" in fact and kind in MOVABLE and random.random() < 0.5:
        changes[MOVABLE[kind]] = day(random)
    return Command("amend", fact, changes)


def day(random: Random) -> str:
    """Return a day of the three years, often one of the few on which much happens."""
    return random.choice(random.choice((DAYS, BUSY))).isoformat()


def partial_day(random: Random) -> str:
    """Return a day, a month or a year."""
    return day(random)[: random.choice((4, 7, 10, 10))]


def seldom(random: Random, value: object) -> Cells:
    """Return an id, or none: most rows are known by their key."""
    return {"id": value} if random.random() < 0.25 else {}


def some(random: Random, **cells: object) -> Cells:
    """Return some of the cells."""
    return {name: cell for name, cell in cells.items() if random.random() < 0.5}


def period(random: Random, first: str, last: str) -> Cells:
    """Return the days on which something began and, by chance, was over; seldom the wrong way round."""
    days = day(random), day(random)
    began, ended = days if random.random() < 0.1 else sorted(days)
    return {first: began} | some(random, **{last: ended})


def text(random: Random) -> str:
    """Return text as people write it."""
    return random.choice(TEXTS)


def enrolled(random: Random) -> Cells:
    return {"enrolled_on": random.choice(EARLY).isoformat()} | some(
        random,
        centre=text(random),
        sex=random.choice(("female", "Male")),
        birth_year=random.choice((1950, 1985)),
        symptom_onset=partial_day(random),
        diagnosed_on=partial_day(random),
        criteria=random.choice(("mNY", "ASAS-axSpA;mny", "")),
        hla_b27="positive",
        consented_on=day(random),
        follow_up_ended_on=random.choice((None, *LATE)),
    )


def resumed(random: Random) -> Cells:
    cells = period(random, "resumed_on", "ended_on")
    return cells | (some(random, end_reason=random.choice(("lost", "moved", "died"))) if "ended_on" in cells else {})


def followed(random: Random) -> Cells:
    return some(random, ended_on=random.choice((None, day(random))), end_reason=random.choice((None, "lost", "died")))


def visited(random: Random) -> Cells:
    cells = some(random, **{name: random.choice(values) for name, values in MEASURES.items()})
    if "crp" in cells:
        cells.pop("crp [mg/dl]", None)
    if "patient_global" in cells:
        cells.pop("patient_global [nrs]", None)
    if "basmi" in cells:
        cells |= some(random, basmi_version=random.choice(("linear", "2-STEP")))
    return cells | some(random, visit=text(random))


def treated(random: Random) -> Cells:
    return some(random, dose=random.choice(("40", "2.50", "0.1")), frequency=text(random), route="sc") | {
        "dose_unit": "mg"
    }


def stopped(random: Random) -> Cells:
    return {"stopped_on": partial_day(random)} | some(random, stop_reason=random.choice(("remission", "surgery")))


def flared(random: Random) -> Cells:
    return some(random, basis="patient", severity="mild", trigger="none", note=text(random))


def harmed(random: Random) -> Cells:
    outcome = random.choice(("resolved", "fatal", "ongoing"))
    return some(random, severity="severe", serious="yes", agent=random.choice(AGENTS), outcome=outcome)


def suffered(random: Random) -> Cells:
    return some(random, basis=random.choice(("reported", "Clinician")), side="left", note=text(random))


def examined(random: Random) -> Cells:
    return {"performed_on": day(random)} | some(random, sequences=random.choice(("T1;stir", "")), note=text(random))


def read(random: Random) -> Cells:
    return some(random, read_on=random.choice(LATE).isoformat(), seconds=random.choice((0, 310)))


def judged(random: Random) -> Cells:
    verdict = random.choice(("resolution", "improvement", "unchanged", "deterioration", "new"))
    return {"verdict": verdict} | some(random, location=text(random), read_on=random.choice(LATE).isoformat())


def graded(random: Random, method: str) -> Cells:
    """Return the grades of a reading by their places: of all locations or the first half, with gaps or without."""
    declared = methods()[method]
    n_given = random.choice((1, 1, 1, 0.5)) * len(declared.locations)
    gaps = random.choice((0, 0, 0.05, 0.5))
    positive = random.choice((0.1, 0.5))
    cells: Cells = {}
    for location in declared.locations[: int(n_given)]:
        for item in declared.items:
            grade = random.randint(1, HIGHEST_GRADE[method]) if random.random() < positive else 0
            cells[f"{location.name} {item.name or ''}".strip()] = None if random.random() < gaps else grade
    return cells


def reading(random: Random) -> Cells:
    """Return a reading; the second reader's come with ids of their own, one a key."""
    study = random.choice((*STUDIES, *STUDIES[:4]))  # the first four are, to begin with, one patient's
    method = random.choice(("vu-lesions", "vu-lesions", "vu-lesions", "asspimri", "berlin"))
    session = random.choice(("", "", "", "", "", "second"))
    key = {"study": study, "reader": random.choice(("R1", "R1", "R1", "R2")), "method": method, "session": session}
    row_id = {"id": f"{study} {method} {session}"} if key["reader"] == "R2" else {}
    return key | row_id | read(random) | graded(random, method)


def regraded(random: Random, fact: str) -> Cells:
    places = ("C2/3 anterior erosion", "T1/2 posterior inflammation") if "vu-lesions" in fact else ("C2/3", "L5/S1")
    return read(random) | {random.choice(places): random.choice((None, 0, 1, 1, 2))}


def paired(random: Random) -> Cells:
    baseline, followup = random.choice(PAIRS)
    key = {
        "baseline_study": baseline,
        "followup_study": followup,
        "reader": random.choice(("consensus", "consensus", "R1")),
    }
    region, kind = random.choice((("spine", "romanus"), ("spine", "facet-joint"), ("sij", "subchondral")))
    own = {"lesion": random.choice(LESIONS), "region": region, "kind": kind}
    return key | own | some(random, session=random.choice(("", "second"))) | judged(random)


def of_patient(random: Random) -> Cells:
    return {"patient": random.choice((*PATIENTS, LOST, "P-1", "P-1"))}


CellsMaker = Callable[[Random], Cells]
ROWS: Final[dict[str, CellsMaker]] = {
    "patients": lambda random: {"patient": random.choice((*PATIENTS, "Q_1", "Q_1"))} | enrolled(random),
    "follow_ups": lambda random: (
        {"patient": random.choice((*PATIENTS, *[LOST] * 9))} | resumed(random) | seldom(random, "21")
    ),
    "visits": lambda random: of_patient(random) | {"visited_on": day(random)} | visited(random) | seldom(random, "17"),
    "treatments": lambda random: (
        of_patient(random)
        | {"agent": random.choice((*AGENTS, *PRODUCTS)), "started_on": partial_day(random)}
        | treated(random)
        | random.choice(({}, stopped(random)))
        | seldom(random, "a/18")
    ),
    "flares": lambda random: (
        of_patient(random) | period(random, "started_on", "ended_on") | flared(random) | seldom(random, "19")
    ),
    "adverse_events": lambda random: (
        of_patient(random)
        | period(random, "started_on", "ended_on")
        | {"term": text(random)}
        | harmed(random)
        | seldom(random, "20")
    ),
    "conditions": lambda random: (
        of_patient(random)
        | {"condition": random.choice(CONDITIONS)}
        | some(random, started_on=partial_day(random), ended_on=partial_day(random))
        | suffered(random)
        | seldom(random, "22")
    ),
    "imaging": lambda random: (
        of_patient(random)
        | {"study": random.choice(STUDIES), "modality": random.choice(("MRI", "MRI", "MRI", "MRI", "XR"))}
        | {"regions": random.choice(("spine", "spine;sij", "sij;lumbar-spine", "sij"))}
        | examined(random)
    ),
    "readings": reading,
    "lesions": paired,
}
CHANGES: Final[dict[str, CellsMaker]] = {
    "patient": lambda random: some(random, **enrolled(random)),
    "follow-up": followed,
    "visit": visited,
    "treatment": lambda random: treated(random) | random.choice(({}, stopped(random), {"stopped_on": None})),
    "flare": lambda random: flared(random) | some(random, ended_on=random.choice((None, day(random)))),
    "adverse-event": lambda random: harmed(random) | some(random, ended_on=random.choice((None, day(random)))),
    "condition": lambda random: suffered(random) | some(random, ended_on=random.choice((None, partial_day(random)))),
    "imaging": examined,
    "lesion": judged,
}
ENDS: Final[dict[str, CellsMaker]] = {
    "patient": lambda random: {"ended_on": random.choice(LATE).isoformat()} | some(random, reason="died"),
    "treatment": stopped,
    "flare": lambda random: {"ended_on": day(random)},
    "condition": lambda random: {"ended_on": partial_day(random)},
}
