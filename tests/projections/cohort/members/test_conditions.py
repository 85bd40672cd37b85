"""Cohorts of patients with and without conditions before day 0, and first occurrences since."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from projections.cohort.definition_file import parsed
from projections.cohort.figures.figures import Figure
from registry import Registry
from registry.toml_keys import DefinitionError
from tests.projections.cohort.defined import SMALL, by_address, small

BEGIN = date(2003, 1, 1)
UVEITIS = '[tables.rates]\nconditions = ["uveitis"]\n'


def after(days: int) -> date:
    """The day so many days after the beginning."""
    return BEGIN + timedelta(days=days)


def first(registry: Registry, text: str = UVEITIS) -> dict[str, Figure]:
    """The figures of the first uveitis, by statistic."""
    beginning = "rates / first uveitis / from day 0 / "
    found = by_address(small(registry, text)).items()
    return {address.removeprefix(beginning): figure for address, figure in found if address.startswith(beginning)}


@pytest.fixture
def three(registry: Registry) -> Registry:
    """P-1 had uveitis before enrolment, P-2 on that day, P-3 psoriasis since nobody knows when."""
    for patient in ("P-2", "P-3"):
        registry.enrol_patient(patient, enrolled_on="2002-01-14")
    registry.record_condition("P-1", condition="uveitis", started_on="2002-01-13", ended_on="2002-01-13")
    registry.record_condition("P-2", condition="uveitis", started_on="2002-01-14")
    registry.record_condition("P-3", condition="psoriasis")
    return registry


@pytest.mark.parametrize(
    ("who", "members"),
    [
        ('with = ["uveitis"]', ["P-1"]),
        ('without = ["uveitis"]', ["P-2", "P-3"]),
        ('with = ["uveitis", "psoriasis"]', ["P-1", "P-3"]),
        ('without = ["uveitis", "psoriasis"]', ["P-2"]),
        ('with = ["psoriasis"]\nwithout = ["uveitis"]', ["P-3"]),
        ('with = ["pregnancy"]', []),
    ],
)
def test_who_had_a_condition_before_day_0_and_who_had_none(three: Registry, who: str, members: list[str]) -> None:
    assert small(three, f"[who]\n{who}\n").members == members


def test_each_is_a_step_of_the_flow(three: Registry) -> None:
    flow = small(three, '[who]\nwith = ["uveitis", "psoriasis"]\nwithout = ["psoriasis"]\n').flow

    assert [tuple(step) for step in flow[2:]] == [
        ("uveitis or psoriasis before day 0", 2, 1),
        ("no psoriasis before day 0", 1, 1),
    ]


def test_a_condition_that_the_catalogue_lacks_is_no_word_of_a_cohort() -> None:
    with pytest.raises(DefinitionError, match=r"who\.with: 'uveitys' is not one of .*; did you mean 'uveitis'"):
        parsed((SMALL + '[who]\nwith = ["uveitys"]\n').encode())
    with pytest.raises(DefinitionError, match=r"who\.without: excludes all that with asks for; nobody is left"):
        parsed((SMALL + '[who]\nwith = ["uveitis"]\nwithout = ["uveitis"]\n').encode())


def test_a_first_occurrence_is_counted_over_the_time_until_it_came(registry: Registry) -> None:
    registry.record_condition("P-1", condition="uveitis", started_on="2004-01-14")
    registry.record_condition("P-1", condition="uveitis", started_on="2005-01-14")
    registry.end_follow_up("P-1", ended_on="2006-01-14", reason="study-end")

    found = first(registry)

    assert (found["n"].value, found["n"].denominator) == (1, pytest.approx(730 / 365.25))
    assert found["patients"].text == "1 of 1 (100%)"


def test_who_had_it_before_is_not_at_risk_and_is_told(three: Registry) -> None:
    three.record_condition("P-3", condition="uveitis")
    for patient in ("P-1", "P-2", "P-3"):
        three.end_follow_up(patient, ended_on="2006-01-14", reason="study-end")

    found = first(three)

    assert (found["n"].value, found["n"].denominator, found["n"].n_patients) == (1, 0, 1)
    note = found["n"].denominator_note
    assert note is not None
    assert "first uveitis of those without it before, 2 had it, 1 of them nobody knows since when" in note


def test_one_outside_observed_time_ends_the_risk_and_is_told(registry: Registry) -> None:
    registry.end_follow_up("P-1", ended_on="2003-01-14", reason="lost")
    registry.resume_follow_up("P-1", resumed_on="2005-01-14")
    registry.record_condition("P-1", condition="uveitis", started_on="2003")  # counts as July, in the gap
    registry.end_follow_up("P-1", ended_on="2006-01-14", reason="study-end")

    found = first(registry)

    assert (found["n"].value, found["n"].denominator) == (0, pytest.approx(365 / 365.25))
    assert str(found["n"].denominator_note).endswith("; 1 outside observed time")


def test_nothing_is_counted_that_nobody_asked_for(three: Registry) -> None:
    assert first(three, "[tables.rates]\n") == {}


def test_first_occurrences_and_time_at_risk_are_those_of_a_count_day_by_day(registry: Registry) -> None:
    chance = random.Random(11)
    registry.end_follow_up("P-1", ended_on="2002-01-14", reason="study-end")
    n_first = n_days = n_at_risk = 0
    for place in range(15):
        patient, length = f"Q-{place}", chance.randrange(100, 900)
        days = sorted(chance.sample(range(-300, length), chance.randrange(4)))
        registry.enrol_patient(patient, enrolled_on=BEGIN)
        for day in days:
            registry.record_condition(patient, condition="uveitis", started_on=after(day))
        registry.end_follow_up(patient, ended_on=after(length), reason="study-end")
        if any(day < 0 for day in days):
            continue
        n_at_risk += 1
        for day in range(length):
            if day in days:
                n_first += 1
                break
            n_days += 1

    found = first(registry)["n"]

    assert (found.value, found.n_patients) == (n_first, n_at_risk + 1)
    assert found.denominator == pytest.approx(n_days / 365.25)
