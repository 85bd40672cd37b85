"""Readers who do not know which of two studies came first: what they said, turned round where the order was."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.catalogue.codes import VERDICTS
from registry.catalogue.verdicts import NEW, RESPONDING, SCALE, SWAPPED, Comparison, unmasked

MARCH = date(2003, 3, 4)
MAY = date(2003, 5, 26)


@pytest.mark.parametrize(
    ("said", "true"),
    [
        ("resolution", "new"),
        ("new", "resolution"),
        ("improvement", "deterioration"),
        ("deterioration", "improvement"),
        ("unchanged", "unchanged"),
    ],
)
def test_a_verdict_from_the_later_study_to_the_earlier_is_turned_round(said: str, true: str) -> None:
    found = unmasked(Comparison("week-12", "baseline", said), first_on=MAY, second_on=MARCH)

    assert found == Comparison("baseline", "week-12", true)


@pytest.mark.parametrize("said", VERDICTS)
def test_a_verdict_in_the_order_of_the_days_stays(said: str) -> None:
    seen = Comparison("baseline", "week-12", said)

    assert unmasked(seen, first_on=MARCH, second_on=MAY) == seen


def test_two_studies_of_one_day_have_no_order() -> None:
    seen = Comparison("A", "B", "new")

    assert unmasked(seen, first_on=MARCH, second_on=MARCH) == seen


def test_every_verdict_can_be_turned_round() -> None:
    assert tuple(SWAPPED) == VERDICTS
    assert (*SCALE, NEW) == VERDICTS
    assert set(RESPONDING) < set(SCALE)


@given(st.sampled_from(VERDICTS))
def test_turned_round_twice_a_verdict_is_what_it_was(verdict: str) -> None:
    assert SWAPPED[SWAPPED[verdict]] == verdict


@given(st.sampled_from(VERDICTS), st.dates(), st.dates())
def test_what_is_shown_first_makes_no_difference(verdict: str, a_on: date, b_on: date) -> None:
    if a_on == b_on:
        return
    shown_a_first = Comparison("A", "B", verdict)
    shown_b_first = Comparison("B", "A", SWAPPED[verdict])

    assert unmasked(shown_a_first, first_on=a_on, second_on=b_on) == unmasked(
        shown_b_first, first_on=b_on, second_on=a_on
    )
