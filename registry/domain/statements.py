"""What can be stated of a patient: one class a kind of fact.

A statement is the whole of a fact as it is known at one time; an amendment is a new statement. Values are
kept as they came: numbers as decimal text, partial days as text, None where nothing was recorded. All days
are on the clinical clock. Statements hold nothing that could refer back to them, so the garbage collector need not look
at them (`gc=False`).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec


class Statement(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The whole of one fact, as it is known at one time."""


class Enrolment(Statement, frozen=True, kw_only=True, gc=False):
    """A patient's entry into the registry, with consent and the end of follow-up."""

    enrolled_on: date
    centre: str | None
    sex: str | None
    birth_year: int | None
    symptom_onset: str | None
    diagnosed_on: str | None
    criteria: tuple[str, ...]
    hla_b27: str | None
    consented_on: date | None
    follow_up_ended_on: date | None
    follow_up_end_reason: str | None


class Resumption(Statement, frozen=True, kw_only=True, gc=False):
    """A later span of a patient's follow-up, after an end of it; it goes on while `ended_on` is None."""

    resumed_on: date
    ended_on: date | None
    end_reason: str | None


class Measurement(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """One value as it was captured: decimal text in `unit`; `comparator` is `<` or `>` where the laboratory gave one.

    `version` names the edition of a reported total, where the source said which. Of what is no number `value` is None:
    it is a `code` of a list, a `text` (a partial day too), or the reason why it is `missing`; its `unit` is then the
    measure's own.
    """

    measure: str
    value: str | None
    unit: str
    comparator: str | None = None
    version: str | None = None
    code: str | None = None
    text: str | None = None
    missing: str | None = None

    @property
    def number(self) -> Decimal:
        """The value, exactly, in `unit`; of what is a number."""
        assert self.value is not None, f"{self.measure} is no number here"
        return Decimal(self.value)

    @property
    def said(self) -> str:
        """What a cell of a file would hold of it: `<5`, `never`, `NASK`."""
        if self.value is not None:
            return f"{self.comparator or ''}{self.value}"
        return self.code or self.text or self.missing or ""

    @property
    def told(self) -> str:
        """What it says to a reader: a number with its unit, all else as it stands."""
        return self.said if self.value is None else f"{self.said} {self.unit}"


class Visit(Statement, frozen=True, kw_only=True, gc=False):
    """A clinical visit and what was measured at it, in the catalogue's order of measures."""

    visited_on: date
    visit: str | None
    measures: tuple[Measurement, ...]


class Treatment(Statement, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """A course of one agent; it goes on while `stopped_on` is None. Days may be partial.

    `product` is what is written on the box, None where only the substance was said; `arm` the arm of a trial to which
    the course belongs, None outside of one. What was stated before there were these says neither.
    """

    agent: str
    started_on: str
    stopped_on: str | None
    stop_reason: str | None
    dose: str | None
    dose_unit: str | None
    frequency: str | None
    route: str | None
    product: str | None = None
    arm: str | None = None


class Flare(Statement, frozen=True, kw_only=True, gc=False):
    """A reported flare."""

    started_on: date
    ended_on: date | None
    basis: str | None
    severity: str | None
    trigger: str | None
    note: str | None


class AdverseEvent(Statement, frozen=True, kw_only=True, gc=False):
    """An adverse event; `agent` is the suspected drug."""

    term: str
    started_on: date
    ended_on: date | None
    severity: str | None
    serious: str | None
    agent: str | None
    outcome: str | None


class Condition(Statement, frozen=True, kw_only=True, gc=False):
    """A manifestation, an illness or an event, of whenever: from `started_on` to `ended_on`, both may be partial.

    `started_on` is None where nobody knows since when; `basis` is who or what says that it is so.
    """

    condition: str
    started_on: str | None
    ended_on: str | None
    basis: str | None
    side: str | None
    note: str | None


class Study(Statement, frozen=True, kw_only=True, gc=False):
    """One imaging examination, by its code."""

    study: str
    performed_on: date
    modality: str
    regions: tuple[str, ...]
    sequences: tuple[str, ...]
    note: str | None


class Assignment(Statement, frozen=True, kw_only=True, gc=False):
    """That one reader is to read one study in a campaign, within the `unit` that is shown together.

    `repeat` is whether it comes to the reader a second time; `role` is `reader` or `adjudicator`.
    """

    campaign: str
    reader: str
    study: str
    unit: str
    repeat: bool
    role: str


class Reading(Statement, frozen=True, kw_only=True, gc=False):
    """One reader's scoring of one study by one edition of one method.

    `grades` holds, for each item of the method, a grade a location in the method's order; None where the location
    could not be assessed. The only item of a method that grades one thing is called `grade`. `seconds` is how long
    the whole reading took.
    """

    study: str
    reader: str
    method: str
    method_version: int
    session: str
    read_on: date | None
    seconds: int | None
    grades: dict[str, tuple[int | None, ...]]


class LesionVerdict(Statement, frozen=True, kw_only=True, gc=False):
    """What a reader who saw two studies side by side says became of one lesion."""

    baseline_study: str
    followup_study: str
    reader: str
    session: str
    lesion: str
    region: str
    kind: str
    location: str | None
    verdict: str
    read_on: date | None
