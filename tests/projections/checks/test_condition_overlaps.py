"""Conditions that are stated twice at once."""

from __future__ import annotations

import pytest

from registry import Registry
from tests.projections.checks.warned import says, warned

RULE = "condition-twice-at-once"


def condition(registry: Registry, name: str, started_on: str | None, ended_on: str | None = None, **cells: str) -> str:
    return registry.record_condition("P-1", condition=name, started_on=started_on, ended_on=ended_on, **cells)


@pytest.mark.parametrize(
    ("started_on", "doubted"),
    [("2002-05-09", True), ("2002-05-10", False), ("2002-05-11", False), ("2002-05", False), ("2002-04", True)],
)
def test_uveitis_that_begins_before_the_last_day_of_another_in_the_same_eye_is_doubted(
    registry: Registry, started_on: str, doubted: bool
) -> None:
    first = condition(registry, "uveitis", "2002-02-01", "2002-05-10", side="left")
    second = condition(registry, "uveitis", started_on, "2002-08-01", side="left")

    assert warned(registry, RULE) == [(second, "started_on")] * doubted
    assert says(registry, RULE) == [f"{first} had not ended"] * doubted


@pytest.mark.parametrize(
    ("ended_on", "doubted"), [("2002-05", False), ("2002-06", True), ("2002", False), ("2002-06-01", True)]
)
def test_a_partial_end_counts_as_early_as_it_can_be(registry: Registry, ended_on: str, doubted: bool) -> None:
    condition(registry, "uveitis", "2002-02-01", ended_on, side="left")
    second = condition(registry, "uveitis", "2002-05-10", "2002-08-01", side="left")

    assert warned(registry, RULE) == [(second, "started_on")] * doubted


@pytest.mark.parametrize(
    ("side", "other", "doubted"),
    [
        ("left", "right", False),
        ("left", "both", True),
        ("both", "right", True),
        ("both", "both", True),
        ("left", "", False),
        ("", "right", False),
        ("", "", True),
    ],
)
def test_sides_meet_where_they_have_an_eye_in_common(registry: Registry, side: str, other: str, doubted: bool) -> None:
    condition(registry, "uveitis", "2002-02-01", "2002-05-10", side=side)
    second = condition(registry, "uveitis", "2002-03-01", "2002-04-01", side=other)

    assert warned(registry, RULE) == [(second, "started_on")] * doubted


def test_what_has_no_end_goes_on_also_where_nobody_knows_since_when(registry: Registry) -> None:
    first = condition(registry, "psoriasis", None)
    second = condition(registry, "psoriasis", "2002")

    assert warned(registry, RULE) == [(second, "started_on")]
    assert says(registry, RULE) == [f"{first} has no end"]


def test_an_event_without_an_end_is_over_on_its_day(registry: Registry) -> None:
    condition(registry, "joint-replacement", "2001-05-21", side="left", note="hip")
    condition(registry, "joint-replacement", "2002-06-11", side="left", note="knee")

    assert warned(registry, RULE) == []


def test_a_pregnancy_within_another_is_doubted_and_one_after_it_is_not(registry: Registry) -> None:
    condition(registry, "pregnancy", "2001-01", "2001-10-08")
    within = condition(registry, "pregnancy", "2001-03")
    condition(registry, "pregnancy", "2002-05")

    assert warned(registry, RULE) == [(within, "started_on")]


def test_a_spell_within_a_longer_one_is_doubted_though_a_shorter_one_lies_between(registry: Registry) -> None:
    longest = condition(registry, "uveitis", "2001-01-01", "2001-12-31", side="left")
    condition(registry, "uveitis", "2001-02-01", "2001-03-01", side="left")
    condition(registry, "uveitis", "2001-05-01", "2001-06-01", side="left")

    assert says(registry, RULE) == [f"{longest} had not ended"] * 2


def test_other_conditions_and_other_patients_are_nothing_beside_each_other(registry: Registry) -> None:
    registry.enrol_patient("P-2", enrolled_on="2000-01-01")
    condition(registry, "crohns-disease", "1998")
    condition(registry, "ulcerative-colitis", "1999")
    registry.record_condition("P-2", condition="crohns-disease", started_on="1999")

    assert warned(registry, RULE) == []
