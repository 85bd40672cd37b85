"""The oracle's facts: what a registry was told of its patients, in plain words, nothing computed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final, TypeVar

DRUG_CLASSES: Final = {  # the few agents that the random registries use
    "adalimumab": "TNFi",
    "etanercept": "TNFi",
    "infliximab": "TNFi",
    "secukinumab": "IL-17i",
    "tofacitinib": "JAKi",
    "methotrexate": "csDMARD",
    "prednisolone": "glucocorticoid",
    "naproxen": "NSAID",
    "paracetamol": "analgesic",
}
TARGETED: Final = ("TNFi", "IL-17i", "JAKi")
SYMPTOMATIC: Final = ("NSAID", "analgesic")


@dataclass(frozen=True)
class Enrolment:
    """Who was enrolled when, with the first period of follow-up."""

    patient: str
    enrolled_on: date
    consented_on: date | None = None
    ended_on: date | None = None
    end_reason: str | None = None


@dataclass(frozen=True)
class FollowUp:
    """A later period of follow-up: somebody came back."""

    patient: str
    resumed_on: date
    ended_on: date | None = None
    end_reason: str | None = None


@dataclass(frozen=True)
class Taken:
    """One value as it came: decimal text, the unit where it is not the canonical one, a mark, a version."""

    text: str
    unit: str | None = None
    mark: str | None = None
    version: str | None = None

    @property
    def number(self) -> Fraction:
        """The value in the canonical unit: mg/l and mm are ten times mg/dl and nrs."""
        return Fraction(Decimal(self.text)) * (10 if self.unit in ("mg/dl", "nrs") else 1)


@dataclass(frozen=True)
class Visit:
    """A row of visits: several of one patient may lie on one day."""

    patient: str
    visited_on: date
    label: str = ""
    values: dict[str, Taken] = field(default_factory=dict)

    @property
    def reference(self) -> str:
        """The name of the row, by which ties are broken."""
        return f"visit/{self.patient}/{self.visited_on}" + (f"/{self.label}" if self.label else "")


@dataclass(frozen=True)
class Course:
    """A row of treatments; its days may be known to the month or the year."""

    patient: str
    agent: str
    started_on: str
    stopped_on: str | None = None
    reason: str | None = None
    dose: str | None = None

    @property
    def reference(self) -> str:
        """The name of the row, by which ties are broken."""
        return f"treatment/{self.patient}/{self.agent}/{self.started_on}"

    @property
    def drug_class(self) -> str:
        """The class of the agent."""
        return DRUG_CLASSES[self.agent]


@dataclass(frozen=True)
class Flare:
    """A reported flare."""

    patient: str
    started_on: date
    ended_on: date | None = None


@dataclass(frozen=True)
class AdverseEvent:
    """An adverse event."""

    patient: str
    term: str
    started_on: date
    ended_on: date | None = None
    serious: str = "no"


@dataclass(frozen=True)
class Condition:
    """A condition; its days may be known to the month or the year, and its first not at all."""

    patient: str
    name: str
    started_on: str | None
    ended_on: str | None
    basis: str | None


@dataclass(frozen=True)
class Study:
    """An imaging day."""

    patient: str
    code: str
    performed_on: date


OfPatient = TypeVar("OfPatient", Enrolment, FollowUp, Visit, Course, Flare, AdverseEvent, Study, Condition)


@dataclass(frozen=True)
class Facts:
    """All that a registry knows, in lists."""

    enrolments: Sequence[Enrolment] = ()
    follow_ups: Sequence[FollowUp] = ()
    visits: Sequence[Visit] = ()
    courses: Sequence[Course] = ()
    flares: Sequence[Flare] = ()
    adverse_events: Sequence[AdverseEvent] = ()
    studies: Sequence[Study] = ()
    conditions: Sequence[Condition] = ()

    @property
    def patients(self) -> list[str]:
        """The pseudonyms, in order."""
        return sorted(each.patient for each in self.enrolments)

    def enrolment(self, patient: str) -> Enrolment:
        """Return the only enrolment of a patient."""
        (found,) = of_patient(self.enrolments, patient)
        return found


def of_patient(rows: Sequence[OfPatient], patient: str) -> list[OfPatient]:
    """Return the rows of one patient, in the order given."""
    return [row for row in rows if row.patient == patient]


def renamed(facts: Facts, prefix: str) -> Facts:
    """Return the same facts of patients with other pseudonyms, to be recorded beside others in one registry."""
    return Facts(
        [replace(each, patient=prefix + each.patient) for each in facts.enrolments],
        [replace(each, patient=prefix + each.patient) for each in facts.follow_ups],
        [replace(each, patient=prefix + each.patient) for each in facts.visits],
        [replace(each, patient=prefix + each.patient) for each in facts.courses],
        [replace(each, patient=prefix + each.patient) for each in facts.flares],
        [replace(each, patient=prefix + each.patient) for each in facts.adverse_events],
        [replace(each, patient=prefix + each.patient, code=prefix + each.code) for each in facts.studies],
        [replace(each, patient=prefix + each.patient) for each in facts.conditions],
    )
