"""Centres that seem to be one."""

from __future__ import annotations

import pytest

from projections.checks.spelling import one_name
from registry import Registry
from tests.projections.checks.warned import says, warned


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lindau", "LINDAU"),
        ("Lindau", "Lindau-"),
        ("Sankt Josef", "Sankt  Josef"),
        ("Sankt Josef", "Sankt-Josef"),
        ("SanktJosef", "Sankt Josef"),
        ("Charité", "Charite"),
        ("C7", "C07"),
        ("Lindau", "Lindqu"),
        ("Lindau", "Linadu"),
        ("Lindau", "Lindauu"),
        ("Lindau", "indau"),
        ("Klinik Lindau 2", "Klinik Lindqu 2"),
        ("Koln", "Koeln"),
    ],
)
def test_names_that_differ_by_case_blanks_accents_zeros_or_a_letter_seem_one(one: str, other: str) -> None:
    assert list(one_name([one, other])) == [tuple(sorted((one, other)))]
    assert list(one_name([other, one])) == [tuple(sorted((one, other)))]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A", "B"),
        ("C01", "C02"),
        ("C1", "C10"),
        ("C1 0", "C10"),
        ("Haus A", "Haus B"),
        ("Bonn", "Born"),
        ("UKB", "UKE"),
        ("Lindau", "Landau 2"),
        ("Lindau", "Lundqu"),
        ("Lindau", "Lindauer"),
        ("Klinik Lindau 2", "Klinik Lindau 3"),
        ("Klinik Lindau 2", "Klinik Lindqu 3"),
        ("-", "+"),
    ],
)
def test_names_that_differ_by_more_or_by_a_number_or_a_letter_that_counts_do_not(one: str, other: str) -> None:
    assert list(one_name([one, other])) == []


def test_names_that_count_through_one_letter_are_a_list_from_three_on() -> None:
    assert list(one_name(["SITEA", "SITEB"])) == [("SITEA", "SITEB")]
    assert list(one_name(["SITEA", "SITEB", "SITEC"])) == []


def test_the_patients_of_the_smaller_centre_are_doubted(registry: Registry) -> None:
    for number, centre in enumerate(("lindau", "Lindau", "Lindau", "Lindau", "Ulm", "lindau"), start=2):
        registry.enrol_patient(f"P-{number}", enrolled_on="2002-01-14", centre=centre)

    assert warned(registry, "centre-spelt-otherwise") == [("patient/P-2", "centre"), ("patient/P-7", "centre")]
    assert says(registry, "centre-spelt-otherwise")[0] == "'lindau' of 2, beside 'Lindau' of 3"
