"""Courses that nobody can have had: of a drug that did not exist yet, or of more of it than anybody takes."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.checks.findings import findings
from projections.checks.stated_days import years_of
from projections.columns.coded import coded, combined
from registry.catalogue.first_approvals import FIRST_APPROVED, in_use_from
from registry.catalogue.plausible_doses import why_impossible

if TYPE_CHECKING:
    from projections.checks.checked_facts import CheckedFacts

DOSE: Final = ("agent", "dose", "dose_unit", "frequency")


def before_the_drug(checked: CheckedFacts) -> Any:
    """Return the courses that began before anybody can have been given the agent."""
    courses = checked.courses
    first = np.array([in_use_from(name) or 0 for name in courses.agent.words.to_pylist()], dtype=np.int64)
    rows = np.flatnonzero(years_of(courses.started_by) < first[courses.agent.codes])
    doubted = courses.facts.take(pa.array(rows))
    says = [
        f"in {year}; {agent} was approved in {FIRST_APPROVED[agent]}, in trials from {in_use_from(agent)}"
        for year, agent in zip(years_of(courses.started_by[rows]), doubted["agent"].to_pylist())
    ]
    return findings(patient=doubted["patient"], reference=doubted["fact"], on=["started_on"] * len(rows), says=says)


def impossible_doses(checked: CheckedFacts) -> Any:
    """Return the courses whose dose nobody takes."""
    dosed = checked.courses.facts
    dosed = dosed.filter(pc.is_valid(dosed["dose"]))
    _, first, of = np.unique(combined(*(coded(dosed[name]) for name in DOSE)), return_index=True, return_inverse=True)
    why = [_why(**said) for said in dosed.select(list(DOSE)).take(pa.array(first)).to_pylist()]
    rows = np.flatnonzero(np.array([each is not None for each in why], dtype=bool)[of])
    doubted = dosed.take(pa.array(rows))
    told = pc.binary_join_element_wise(
        doubted["dose"], doubted["dose_unit"], doubted["frequency"], " ", null_handling="skip"
    )
    says = [f"{text}; {why[number]}" for text, number in zip(told.to_pylist(), of[rows])]
    return findings(patient=doubted["patient"], reference=doubted["fact"], on=["dose"] * len(rows), says=says)


def _why(*, agent: str, dose: str, dose_unit: str | None, frequency: str | None) -> str | None:
    return why_impossible(agent, Decimal(dose), unit=dose_unit or "", frequency=frequency)
