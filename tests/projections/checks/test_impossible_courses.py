"""Courses that nobody can have had."""

from __future__ import annotations

import pytest

from registry import Registry
from registry.catalogue.agents import AGENTS
from registry.catalogue.first_approvals import APPROVALS, FIRST_APPROVED
from registry.catalogue.plausible_doses import LABELS, MOST_A_DAY, NEVER_DAILY
from registry.catalogue.therapy_lines import TARGETED_CLASSES
from tests.projections.checks.warned import says, warned


def course(registry: Registry, agent: str, started_on: str = "2010-02-01", **cells: object) -> str:
    return registry.start_treatment("P-1", agent=agent, started_on=started_on, **cells)


@pytest.mark.parametrize(
    ("agent", "started_on", "doubted"),
    [  # first approved: adalimumab 2002, secukinumab 2014; five years before for who is in a trial
        ("adalimumab", "1996-12-31", True),
        ("adalimumab", "1996", True),
        ("adalimumab", "1997-01-01", False),
        ("adalimumab", "1997", False),
        ("secukinumab", "2008-12", True),
        ("secukinumab", "2009-01", False),
        ("lornoxicam", "1961", False),
    ],
)
def test_a_course_cannot_begin_before_anybody_had_the_drug(
    registry: Registry, agent: str, started_on: str, doubted: bool
) -> None:
    fact = course(registry, agent, started_on)

    assert warned(registry, "drug-before-its-time") == [(fact, "started_on")] * doubted


def test_the_warning_says_since_when_the_drug_is_there(registry: Registry) -> None:
    course(registry, "secukinumab", "1990")

    assert says(registry, "drug-before-its-time") == ["in 1990; secukinumab was approved in 2014, in trials from 2009"]


@pytest.mark.parametrize(
    ("agent", "dose", "unit", "frequency", "doubted"),
    [
        ("adalimumab", "160", "mg", "every 2 weeks", False),
        ("adalimumab", "160.1", "mg", "every 2 weeks", True),
        ("adalimumab", "0.16", "g", None, False),
        ("adalimumab", "40", "g", None, True),
        ("adalimumab", "40", "mg/kg", None, True),
        ("infliximab", "5", "mg/kg", "every 6 weeks", False),
        ("infliximab", "37.5", "mg/kg", "every 6 weeks", False),
        ("infliximab", "37.51", "mg/kg", "every 6 weeks", True),
        ("meloxicam", "15", "mg", "daily", False),
        ("meloxicam", "15", "mg", "Twice daily", True),
        ("sulfasalazine", "2", "g", "four times daily", False),
        ("sulfasalazine", "2.5", "g", "four times daily", True),
        ("phenylbutazone", "600", "mg", "daily", False),
        ("phenylbutazone", "800", "mg", "daily", True),
        ("acemetacin", "60", "mg", "four times daily", False),
        ("acemetacin", "600", "mg", "daily", True),
        ("triamcinolone", "160", "mg", "daily", False),
        ("dexamethasone", "900", "mg", None, False),
        ("baricitinib", "4", "mg", "daily", False),
        ("baricitinib", "4", "mg", "twice daily", True),
        ("tocilizumab", "800", "mg", "every 4 weeks", False),
        ("tocilizumab", "1200", "mg", "every 4 weeks", True),
        ("methotrexate", "15", "mg", "weekly", False),
        ("methotrexate", "15", "mg", "daily", True),
        ("etanercept", "50", "mg", "daily", True),
        ("anakinra", "100", "mg", "daily", False),
        ("ibuprofen", "0", "mg", "daily", True),
        ("ibuprofen", "5000", "tablets", "daily", False),
        ("ibuprofen", "5000000", "µg", "once daily", True),
        ("ibuprofen", "3200000", "mcg", "once daily", False),
    ],
)
def test_a_dose_is_doubted_where_it_is_more_than_anybody_takes(
    registry: Registry, agent: str, dose: str, unit: str, frequency: str | None, doubted: bool
) -> None:
    fact = course(registry, agent, dose=dose, dose_unit=unit, frequency=frequency)

    assert warned(registry, "impossible-dose") == [(fact, "dose")] * doubted


def test_the_warning_says_what_was_stated_and_what_is_the_most(registry: Registry) -> None:
    course(registry, "adalimumab", dose="400", dose_unit="mg", frequency="every 2 weeks")
    course(registry, "methotrexate", dose="15", dose_unit="mg", frequency="daily")
    course(registry, "naproxen", dose="500", dose_unit="mg", frequency="twice daily")

    assert says(registry, "impossible-dose") == [
        "400 mg every 2 weeks; 160 mg a day is the most",
        "15 mg daily; once a week is the most",
    ]


def test_every_targeted_drug_has_a_year_and_a_limit_and_every_row_is_of_a_drug_of_the_catalogue() -> None:
    targeted = {name for name, agent in AGENTS.items() if agent.drug_class in TARGETED_CLASSES}

    assert targeted <= set(FIRST_APPROVED)
    assert targeted <= set(MOST_A_DAY)
    assert set(FIRST_APPROVED) | set(MOST_A_DAY) | NEVER_DAILY <= set(AGENTS)


def test_every_year_and_every_limit_says_on_what_it_rests() -> None:
    assert [drug for drug, row in (*APPROVALS.items(), *LABELS.items()) if not row.source.strip()] == []
