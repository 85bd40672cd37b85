"""Who the patients were: as both papers print it, and where something is unknown."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from projections.cohort.members.durations import age, duration
from projections.statistics.rounding import fixed
from registry import Registry
from tests.projections.cohort.defined import by_address, of_paper, small


@pytest.mark.parametrize(
    ("paper", "place", "text"),
    [
        ("baraliakos2013", "symptom duration / enrolment / mean", "13.9 ± 8.4"),
        ("baraliakos2013", "sex: male / enrolment / percent", "17 of 22 (77.3%)"),
        ("baraliakos2013", "crp / baseline / mean", "24.7 ± 25.8"),
        ("baraliakos2013", "esr / baseline / mean", "33.0 ± 24.4"),
        ("anakinra2004", "symptom duration / enrolment / median", "18 (3–33)"),
        ("anakinra2004", "HLA-B27: positive / enrolment / percent", "7 of 8 (87.5%)"),
        ("anakinra2004", "sex: male / enrolment / percent", "9 of 9 (100.0%)"),
    ],
)
def test_characteristics_are_as_printed(published: Registry, paper: str, place: str, text: str) -> None:
    assert by_address(of_paper(paper, published, "characteristics"))[f"characteristics / {place}"].text == text


@pytest.mark.parametrize(
    ("paper", "row", "mean"),
    [("baraliakos2013", "age", "38"), ("anakinra2004", "age", "45"), ("anakinra2004", "symptom duration", "19")],
)
def test_means_round_to_what_the_papers_print(published: Registry, paper: str, row: str, mean: str) -> None:
    found = by_address(of_paper(paper, published, "characteristics"))[
        f"characteristics / {row} / enrolment / mean"
    ].value
    assert found is not None
    assert fixed(found, 0) == mean


def test_what_is_unknown_leaves_the_denominator_and_is_told(published: Registry) -> None:
    found = by_address(of_paper("anakinra2004", published, "characteristics"))

    positive = found["characteristics / HLA-B27: positive / enrolment / percent"]
    assert positive.denominator_note == "8 of 9 patients; 1 of unknown HLA-B27"
    disease = found["characteristics / disease duration / enrolment / mean"]
    assert (disease.value, disease.reason, disease.denominator_note) == (
        None,
        "nothing-given",
        "0 of 9 patients; 9 not recorded",
    )


def test_an_empty_cohort_is_told_as_empty(registry: Registry) -> None:
    found = by_address(small(registry, '[who]\nsex = ["male"]\n[tables.characteristics]\nmeasures = ["crp"]\n'))

    assert found["characteristics / patients / day 0 / n"].value == 0
    assert found["characteristics / age / day 0 / mean"].reason == "nothing-given"
    assert found["characteristics / crp / baseline / median"].reason == "nothing-given"


@pytest.mark.parametrize(
    ("since", "until", "years"),
    [
        (date(2000, 6, 1), date(2003, 5, 31), (2, 3)),
        (date(2000, 6, 1), date(2003, 6, 1), (3, 3)),
        (date(2004, 2, 29), date(2005, 2, 28), (0, 1)),
        (date(2004, 2, 29), date(2005, 3, 1), (1, 1)),
    ],
)
def test_years_are_completed_or_of_the_calendar(since: date, until: date, years: tuple[int, int]) -> None:
    assert tuple(duration(since, until, how) for how in ("whole-years", "calendar-years")) == years


def test_years_as_a_decimal_are_days_over_a_year_and_a_birth_year_its_middle() -> None:
    assert duration(date(2000, 1, 1), date(2004, 1, 1), "years") == 4
    assert age(1980, date(2004, 7, 1), "years") == Fraction(24 * 365 + 6, 1) / Fraction(1461, 4)


def test_an_illness_that_began_after_the_day_has_not_lasted_and_is_told(registry: Registry) -> None:
    registry.enrol_patient("P-2", enrolled_on="2002-01-14", symptom_onset="2002-03")

    found = by_address(small(registry, "[tables.characteristics]\n"))[
        "characteristics / symptom duration / day 0 / mean"
    ]

    assert (found.value, found.reason) == (None, "nothing-given")
    assert found.denominator_note == "0 of 2 patients; 1 not recorded; 1 begun after day 0"


def test_prior_targeted_therapies_are_different_drugs_of_all_classes_begun_before_the_day(registry: Registry) -> None:
    for patient, *courses in (
        ("P-1", ("etanercept", "2000-01-01"), ("etanercept", "2001-06-01"), ("secukinumab", "2001-01-01")),
        ("P-2", ("methotrexate", "2000-01-01"), ("naproxen", "2000-01-01"), ("adalimumab", "2002-01-14")),
        ("P-3", ("adalimumab", "2000-01-01"), ("golimumab", "2000-06-01"), ("tofacitinib", "2001-01-01")),
    ):
        if patient != "P-1":
            registry.enrol_patient(patient, enrolled_on="2002-01-14")
        for agent, started_on in courses:
            registry.start_treatment(patient, agent=agent, started_on=started_on)

    found = by_address(small(registry, "[tables.characteristics]\nprior_therapies = true\n"))

    at = "characteristics / prior targeted therapies"
    shares = [found[f"{at}: {n} / day 0 / percent"].numerator for n in ("none", "1", "2", "3 or more")]
    assert shares == [1, 0, 1, 1]
    assert found[f"{at} / day 0 / median"].text == "2 (0–3)"
