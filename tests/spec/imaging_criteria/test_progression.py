"""Two readings of one patient: progression of the mSASSS, new syndesmophytes, and minimally important improvement."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from registry import Registry
from tests.spec.imaging_criteria.readings import CERVICAL, LUMBAR, Grades, all_said, film, joints, read, said

BASELINE = "2002-06-03"
LATER = "2004-06-02"  # 730 days


def films(registry: Registry, before: Grades, after: Grades, *, on: str = LATER, method: str = "msasss") -> None:
    read(registry, method, before, on=BASELINE)
    read(registry, method, after, on=on)


@pytest.mark.parametrize(
    ("before", "after", "met", "change"),
    [
        ({}, {"L1_lower": 2}, True, 2),
        ({}, {"L1_lower": 1}, False, 1),
        ({"L1_lower": 3}, {"L1_lower": 1}, False, -2),
        ({}, {"L1_lower": 1, "C3_upper": 1}, True, 2),
    ],
)
def test_a_rise_of_2_units_in_2_years_is_progression(
    enrolled: Registry, before: dict[str, Any], after: dict[str, Any], met: bool, change: int
) -> None:
    films(enrolled, film(**before), film(**after))

    for name in ("msasss-progression", "msasss-progression-complete", "msasss-progression-carried"):
        assert said(enrolled, name) == (met, change, 0)


@pytest.mark.parametrize(
    ("on", "days", "met"),
    [
        ("2003-12-02", 547, None),
        ("2003-12-03", 548, True),
        ("2004-12-03", 914, True),
        ("2004-12-04", 915, None),
        ("2008-06-03", 2192, None),
    ],
)
def test_of_films_further_than_half_a_year_from_two_years_apart_nothing_is_said_and_nothing_extrapolated(
    enrolled: Registry, on: str, days: int, met: bool | None
) -> None:
    films(enrolled, film(), film(L1_lower=3, L2_upper=3), on=on)

    (row,) = all_said(enrolled, "msasss-progression")
    assert (row["interval_days"], row["met"], row["value"]) == (days, met, 6)


def test_a_missing_corner_takes_the_mean_of_its_segment_on_its_own_film(enrolled: Registry) -> None:
    films(enrolled, film(), film(T12_lower=None, L1_upper=2))

    assert said(enrolled, "msasss-progression") == (True, pytest.approx(24 / 11), 1)
    assert said(enrolled, "msasss-progression-complete") == (True, None, 0)  # 2 to 5, whatever it is
    assert said(enrolled, "msasss-progression-carried") == (True, 2, 1)


@pytest.mark.parametrize(
    ("before", "after", "change", "met"),
    [
        ({"T12_lower": None, "L1_upper": 1}, {"T12_lower": None, "L1_upper": 1, "C2_lower": 2}, Fraction(2), True),
        ({"T12_lower": None, "L1_upper": 1}, {"L1_upper": 3}, Fraction(21, 11), False),
        (  # 4 over 11 corners, 48/11; 4 over 9 and 1 in the neck, 19/3: 1.9697
            {"T12_lower": None, "L1_upper": 3, "L1_lower": 1},
            {"T12_lower": None, "S1_upper": None, "L5_lower": None, "L1_upper": 3, "L1_lower": 1, "C2_lower": 1},
            Fraction(65, 33),
            False,
        ),
    ],
)  # fmt: skip
def test_an_imputed_rise_just_below_2_is_none(
    enrolled: Registry, before: dict[str, Any], after: dict[str, Any], change: Fraction, met: bool
) -> None:
    films(enrolled, film(**before), film(**after))

    found = said(enrolled, "msasss-progression")
    assert found.value == pytest.approx(float(change), abs=1e-12)
    assert found.met is met


def test_four_missing_corners_of_a_segment_leave_no_total_to_judge(enrolled: Registry) -> None:
    missing: dict[str, Any] = dict.fromkeys(["T12_lower", "L1_upper", "L1_lower", "L2_upper"])
    films(enrolled, film(), film(**missing))

    assert said(enrolled, "msasss-progression") == (None, None, 0)
    assert said(enrolled, "msasss-progression-carried") == (False, 0, 4)


def test_no_total_and_yet_progression_whatever_the_missing_corners_are(enrolled: Registry) -> None:
    missing: dict[str, Any] = dict.fromkeys(["T12_lower", "L1_upper", "L1_lower", "L2_upper"])
    films(enrolled, film(), film(**missing, C2_lower=2))

    assert said(enrolled, "msasss-progression") == (True, None, 0)


def test_a_corner_that_one_film_lacks_is_taken_from_the_other_in_a_carried_change(enrolled: Registry) -> None:
    films(enrolled, film(C2_lower=None, C3_upper=3), film(C2_lower=3, C3_upper=None, L1_upper=1))

    assert said(enrolled, "msasss-progression-carried") == (False, 1, 2)


def test_a_corner_that_both_films_lack_is_imputed_in_both_of_a_carried_change(enrolled: Registry) -> None:
    films(enrolled, film(T12_lower=None), film(T12_lower=None, L1_upper=2))

    assert said(enrolled, "msasss-progression-carried") == (True, pytest.approx(24 / 11), 2)


@pytest.mark.parametrize(
    ("before", "after", "syndesmophytes", "bridging"),
    [
        (0, 2, True, False),
        (1, 2, True, False),
        (0, 3, True, False),
        (1, 3, True, False),
        (2, 3, False, True),
        (0, 1, False, False),
        (2, 2, False, False),
        (3, 2, False, False),
        (None, 2, None, False),  # a 2 that may be new; it is no bridge, whatever it was
        (None, 3, None, None),
        (None, 1, False, False),
        (1, None, None, False),
        (2, None, False, None),
        (3, None, False, False),
        (None, None, None, None),
    ],
)
def test_a_corner_of_0_or_1_that_is_2_or_3_later_is_a_new_syndesmophyte_and_2_to_3_is_bridging(
    enrolled: Registry, before: int | None, after: int | None, syndesmophytes: bool | None, bridging: bool | None
) -> None:
    films(enrolled, film(L1_lower=before), film(L1_lower=after))

    assert said(enrolled, "new-syndesmophyte").met is syndesmophytes
    assert said(enrolled, "new-bridging").met is bridging


def test_a_new_syndesmophyte_is_counted_only_where_both_films_show_the_corner(enrolled: Registry) -> None:
    films(enrolled, film(L1_lower=None, L2_upper=1), film(L1_lower=3, L2_upper=2, L2_lower=2, L3_upper=None))

    assert said(enrolled, "new-syndesmophyte") == (True, 2, 0)
    assert said(enrolled, "new-syndesmophyte-shared") == (True, 2, 0)


def test_shown_corners_alone_say_no_where_at_most_3_of_a_segment_are_not_shown_by_both(enrolled: Registry) -> None:
    films(enrolled, film(T12_lower=None, L1_upper=None), film(S1_upper=None))
    read(enrolled, "msasss", film(T12_lower=None, S1_upper=None, L1_upper=None, L1_lower=None), on="2006-06-01")

    first, from_first, from_second = all_said(enrolled, "new-syndesmophyte-shared")
    assert (first["from_study"], first["met"], first["value"]) == (f"S-{BASELINE}", False, 0)
    assert (from_first["from_study"], from_first["met"], from_first["value"]) == (f"S-{BASELINE}", None, None)
    assert (from_second["from_study"], from_second["met"]) == (f"S-{LATER}", None)
    assert [row["met"] for row in all_said(enrolled, "new-syndesmophyte")] == [None, None, None]


@pytest.mark.parametrize("method", ["msasss", "msasss-ap", "rasss"])
def test_every_score_of_corners_has_syndesmophytes_and_only_the_msasss_progression(
    enrolled: Registry, method: str
) -> None:
    films(enrolled, dict.fromkeys([*CERVICAL, *LUMBAR], 0), {"C2 lower": 2}, method=method)

    assert said(enrolled, "new-syndesmophyte") == (True, 1, 0)
    assert len(all_said(enrolled, "msasss-progression")) == (method == "msasss")


@pytest.mark.parametrize(("fall", "met"), [(2, False), (3, True)])
def test_the_joints_improve_by_2_and_a_half_which_one_readers_whole_numbers_reach_at_3(
    enrolled: Registry, fall: int, met: bool
) -> None:
    inflamed = {f"right_{number}_upper_iliac": 1 for number in range(1, 1 + fall)}
    films(enrolled, joints(**inflamed), joints(), method="sparcc-sij", on="2002-09-03")

    assert said(enrolled, "sparcc-sij-mic") == (met, -fall, 0)


def six_levels(first: int, *, inflamed: int) -> dict[str, int | None]:
    """Six levels from one of the spine's on, with so many inflamed quadrants, all in the first of them."""
    units = ["C2/3", "C3/4", "C4/5", "C5/6", "C6/7", "C7/T1", "T1/2", "T2/3"][first : first + 6]
    items = ("upper anterior", "upper posterior", "lower anterior", "lower posterior", "intensity", "depth")
    places = [f"{unit} slice {number} {item}" for unit in units for number in (1, 2, 3) for item in items]
    quadrants = [place for place in places if "terior" in place][:inflamed]
    return {place: int(place in quadrants) for place in places}


@pytest.mark.parametrize(("fall", "met"), [(4, False), (5, True)])
def test_the_spine_improves_by_5_over_the_same_six_levels(enrolled: Registry, fall: int, met: bool) -> None:
    before, after = six_levels(0, inflamed=6), six_levels(0, inflamed=6 - fall)
    films(enrolled, before, after, method="sparcc-spine-6", on="2002-09-03")

    assert said(enrolled, "sparcc-spine-6-mic") == (met, -fall, 0)


def test_of_readings_of_different_levels_no_change_is_said(enrolled: Registry) -> None:
    films(enrolled, six_levels(0, inflamed=12), six_levels(1, inflamed=0), method="sparcc-spine-6")

    assert said(enrolled, "sparcc-spine-6-mic") == (None, None, 0)


def test_every_later_film_is_judged_against_every_earlier_one_and_neighbours_are_marked(enrolled: Registry) -> None:
    for on in (BASELINE, LATER, "2006-06-01"):
        read(enrolled, "msasss", film(), on=on)

    rows = all_said(enrolled, "new-syndesmophyte")
    assert [(row["from_study"][2:], row["study"][2:], row["consecutive"]) for row in rows] == [
        (BASELINE, LATER, True),
        (BASELINE, "2006-06-01", False),
        (LATER, "2006-06-01", True),
    ]


@pytest.mark.parametrize("other", [{"reader": "R2"}, {"session": "again"}], ids=str)
def test_readings_of_another_reader_or_session_are_no_pair(enrolled: Registry, other: dict[str, str]) -> None:
    read(enrolled, "msasss", film(), on=BASELINE)
    read(enrolled, "msasss", film(L1_lower=3), on=LATER, **other)

    assert all_said(enrolled, "msasss-progression") == []


def test_two_readings_of_one_day_are_no_pair(enrolled: Registry) -> None:
    read(enrolled, "msasss", film(), on=BASELINE)
    enrolled.record_study("S-2", patient="BAR1-01", performed_on=BASELINE, modality="XR", regions="spine")
    enrolled.record_reading("S-2", reader="R1", method="msasss", grades=film(L1_lower=3))

    assert all_said(enrolled, "new-syndesmophyte") == []
