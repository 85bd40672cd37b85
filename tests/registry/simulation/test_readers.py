"""Simulated readers agree, and disease progresses, as was published, within the error of the sample.

Each figure comes from one study, or one pair of studies, a patient, so that patients are independent; an interval is of
99%, seeds are fixed. Next to each stands a reader whose rates are others, and who is found out.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from registry.catalogue.catalogue import BUILT_IN
from registry.catalogue.imaging.method import Method
from registry.simulation.cohort import LAST_DAY
from registry.simulation.drawing import Draw
from registry.simulation.imaging import studies
from registry.simulation.people import people
from registry.simulation.readers.by_method import READ, Asked, Imaged, readings_by
from registry.simulation.readers.published import PUBLISHED, Bone, Lesions, Published, Verdicts
from registry.simulation.reporting_delay import Reported
from tests.registry.simulation.agreement import Figure, Numbers, deviation, icc, kappa, mean, share

PATIENTS, YEARS, SEED = 6_000, 6, 20
WRONG = PUBLISHED._replace(
    verdicts=Verdicts(kappa=0.73, differ=0.1),
    sacroiliac_sees=0.6,
    spine_icc=0.8,
    structural={name: Lesions(each.icc - 0.15, each.worst, each.places) for name, each in PUBLISHED.structural.items()},
    bone=PUBLISHED.bone._replace(sees=0.8, progressing=0.42, slips=0.03, thoracic_fastest=0.5),
    thoracic_hidden=(0.15, 0.5),
)


@cache
def invented() -> Imaged:
    first_day = LAST_DAY - 365 * YEARS
    enrolled = people(Draw(SEED, 0), PATIENTS, first_day=first_day, last_day=LAST_DAY)
    return Imaged(SEED, enrolled, studies(Draw(SEED, 5), enrolled, last_day=LAST_DAY), LAST_DAY)


@cache
def read_by(code: str, wrong: bool = False) -> dict[str, Any]:
    """The first version of each reading by a method: `patient`, and grades by reader."""
    published: Published = WRONG if wrong else PUBLISHED
    parts = list(readings_by(invented(), Asked((code,), published=published)))
    first, second = (part for part in parts if part.kind == "reading")
    assert (first.columns["method"] == READ.index(code)).all()
    return {"patient": first.patient[: first.facts], "grades": (_grades(first), _grades(second))}


def _grades(part: Reported) -> Any:
    return part.columns["grades"][: part.facts].astype(float)


def method(code: str) -> Method:
    return BUILT_IN.methods[code]


def items_of(code: str, grades: Any) -> Any:
    """The grades of a method by reading, item and location."""
    declared = method(code)
    return grades.reshape(len(grades), len(declared.items), len(declared.locations))


def totals(code: str, wrong: bool = False, *, items: slice = slice(None)) -> tuple[Numbers, Numbers, Any]:
    """Both readers' sums of grades, nothing where a location was not assessed, and the patients."""
    found = read_by(code, wrong)
    by_reader = []
    for grades in found["grades"]:
        whole = items_of(code, grades)
        absent = (whole < 0).all(axis=1).any(axis=1) & (code != "sparcc-sss")
        by_reader.append(np.where(absent, np.nan, np.maximum(whole[:, items], 0).sum(axis=(1, 2))))
    return by_reader[0], by_reader[1], found["patient"]


def firsts(patient: Any) -> Any:
    return np.flatnonzero(np.r_[True, patient[1:] != patient[:-1]])


def pairs(patient: Any) -> Any:
    """The first study of each patient who has a second, which is the next."""
    first = firsts(patient)
    first = first[first + 1 < len(patient)]
    return first[patient[first + 1] == patient[first]]


def status(code: str, wrong: bool = False, *, items: slice = slice(None)) -> Figure:
    a, b, patient = totals(code, wrong, items=items)
    at = firsts(patient)
    return icc(*_both_there(a[at], b[at]))


def changes(code: str, wrong: bool = False) -> tuple[Numbers, Numbers]:
    a, b, patient = totals(code, wrong)
    at = pairs(patient)
    return a[at + 1] - a[at], b[at + 1] - b[at]


def _both_there(a: Numbers, b: Numbers) -> tuple[Numbers, Numbers]:
    there = ~np.isnan(a) & ~np.isnan(b)
    return a[there], b[there]


def verdicts(wrong: bool = False) -> tuple[Any, Any]:
    found = read_by("asas-mri-sij", wrong)
    at = firsts(found["patient"])
    a, b = (grades[at, 0] for grades in found["grades"])
    said = (a >= 0) & (b >= 0)
    return a[said] > 0, b[said] > 0


def change_of_one_reader(code: str, wrong: bool = False) -> Numbers:
    first, _ = changes(code, wrong)
    return first[~np.isnan(first)]


def hidden_thoracic_corners(wrong: bool = False) -> Any:
    thoracic = [each.number - 1 for each in method("rasss").locations if each.segment == "thoracic"]
    found = read_by("rasss", wrong)
    return (found["grades"][0][firsts(found["patient"])][:, thoracic] < 0).sum(axis=1)


def test_of_verdicts_on_sacroiliac_joints_12_7_percent_differ_and_kappa_is_0_73() -> None:
    a, b = verdicts()
    differ, agreement = share(a != b, 0.127), kappa(a, b)

    assert differ.n > 4_500
    assert differ.agrees_with(0.127)
    assert agreement.agrees_with(0.73)
    assert 2.5758 * differ.error < 0.013
    assert 2.5758 * agreement.error < 0.027


def test_readers_who_differ_about_10_percent_of_verdicts_are_found_out() -> None:
    a, b = verdicts(wrong=True)

    assert not share(a != b, 0.127).agrees_with(0.127)


def test_the_msasss_changes_by_0_9_with_a_deviation_of_2_5_in_two_years() -> None:
    change = change_of_one_reader("msasss")

    assert len(change) > 4_000
    assert mean(change).is_one_of(0.9, rounded_to=0.1)
    assert deviation(change).is_one_of(2.5, rounded_to=0.1)
    assert 2.5758 * mean(change).error < 0.11


def test_the_rasss_changes_by_1_6_with_a_deviation_of_2_8_in_two_years() -> None:
    change = change_of_one_reader("rasss")

    assert len(change) > 400  # both films show all four thoracic corners
    assert mean(change).is_one_of(1.6, rounded_to=0.1)
    assert deviation(change).is_one_of(2.8, rounded_to=0.1)


def test_progression_of_more_patients_is_found_out() -> None:
    assert not mean(change_of_one_reader("msasss", wrong=True)).is_one_of(0.9, rounded_to=0.1)
    assert not mean(change_of_one_reader("rasss", wrong=True)).is_one_of(1.6, rounded_to=0.1)


def test_a_rasss_can_be_had_of_78_percent_of_films_with_corners_imputed_in_58_percent_of_these() -> None:
    hidden = hidden_thoracic_corners()

    assert share(hidden < 4, 0.78).agrees_with(0.78)
    assert share(hidden[hidden < 4] >= 2, 0.58).agrees_with(0.58)
    assert not share(hidden_thoracic_corners(wrong=True) < 4, 0.78).agrees_with(0.78)


@pytest.mark.parametrize(
    ("code", "published"), [("sparcc-spine-23", 0.91), ("sparcc-sij", 0.90), ("msasss", 0.95)], ids=str
)
def test_the_status_scores_of_single_readers_agree_as_published_or_chosen(code: str, published: float) -> None:
    # `upper-only` of the sacroiliac joints is no point
    items = slice(0, 6) if code == "sparcc-sij" else slice(None)
    found = status(code, items=items)

    assert found.n > 4_000
    assert found.is_one_of(published, rounded_to=0.01)
    assert not status(code, wrong=True, items=items).is_one_of(published, rounded_to=0.01)


@pytest.mark.parametrize(("code", "published"), [("sparcc-spine-23", 0.88), ("msasss", 0.82)], ids=str)
def test_the_changes_of_scores_agree_as_published_or_chosen(code: str, published: float) -> None:
    assert icc(*_both_there(*changes(code))).is_one_of(published, rounded_to=0.01)
    assert not icc(*_both_there(*changes(code, wrong=True))).is_one_of(published, rounded_to=0.01)


@pytest.mark.parametrize(
    ("lesion", "published"), [("fat", 0.78), ("erosion", 0.62), ("backfill", 0.66), ("ankylosis", 0.98)], ids=str
)
def test_structural_lesions_agree_each_as_published(lesion: str, published: float) -> None:
    place = [item.name for item in method("sparcc-sss").items].index(lesion)
    items = slice(place, place + 1)

    assert status("sparcc-sss", items=items).is_one_of(published, rounded_to=0.01)
    assert not status("sparcc-sss", wrong=True, items=items).is_one_of(published, rounded_to=0.01)


def test_no_reader_finds_less_of_the_disease_than_another() -> None:
    for code in ("sparcc-spine-23", "sparcc-sij", "berlin-sij", "msasss", "ctss"):
        a, b = _both_there(*totals(code)[:2])
        between = mean(a - b)
        assert abs(between.value) < 4 * between.error, code


def test_bone_never_goes_for_a_reader_who_never_slips() -> None:
    steady: Bone = PUBLISHED.bone._replace(slips=0.0)
    [_, first, _] = readings_by(invented(), Asked(("msasss",), published=PUBLISHED._replace(bone=steady)))
    grades, patient = _grades(first), first.patient[: first.facts]
    at = pairs(patient)
    seen = (grades[at] >= 0) & (grades[at + 1] >= 0)

    assert (grades[at + 1][seen] >= grades[at][seen]).all()
    assert (grades[at + 1][seen] > grades[at][seen]).any()


def test_a_bridge_has_grade_3_at_both_corners_of_its_disc() -> None:
    grades = read_by("msasss")["grades"][0]
    corners = {location.name: location.number - 1 for location in method("msasss").locations}
    lower, upper = grades[:, corners["C5 lower"]], grades[:, corners["C6 upper"]]
    assessed = (lower >= 0) & (upper >= 0)

    assert (lower == 3).sum() > 50
    assert ((lower == 3) == (upper == 3))[assessed].all()


def test_a_positive_verdict_is_two_inflamed_quadrants_or_more_of_the_same_reader() -> None:
    said = read_by("asas-mri-sij")["grades"][0]
    quadrants = items_of("sparcc-sij", read_by("sparcc-sij")["grades"][0])[:, :4]
    whole = ~(quadrants < 0).all(axis=1).any(axis=1) & (said[:, 0] >= 0)
    inflamed = np.maximum(quadrants, 0).sum(axis=(1, 2))[whole]

    assert (inflamed == said[whole, 1]).all()
    assert ((inflamed >= 2) == (said[whole, 0] == 1)).all()


def test_the_same_six_levels_are_read_in_all_studies_of_a_patient() -> None:
    found = read_by("sparcc-spine-6")
    read = (found["grades"][0].reshape(-1, 6, 23, 3) >= 0).any(axis=(1, 3))
    patient = found["patient"]
    again = np.flatnonzero(patient[1:] == patient[:-1])

    assert (read.sum(axis=1) == 6).all()
    assert (read[again] == read[again + 1]).all()
