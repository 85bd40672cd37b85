"""The counts of the two published studies, from the example cohorts.

Baraliakos et al., J Rheumatol 2013;40:1891-6, 22 patients with two spinal MRI each; and the anakinra study of nine
patients (Ann Rheum Dis 2004), with paired verdicts.
"""

from __future__ import annotations

import pandas as pd
import pytest

from projections import LogColumns, facts_at, lesion_courses, patients, scores
from registry import Registry


@pytest.fixture(scope="module")
def counted(published: Registry) -> pd.DataFrame:
    """The scores of the MRI cohort: one row a patient and score, a column a time point."""
    found = scores(facts_at(published)).astype({"patient": str, "score": str, "method": str})
    found["score"] = found["score"].where(found["score"] != "total", found["method"])
    found["time"] = found.groupby("patient")["performed_on"].rank(method="dense").map({1: "baseline", 2: "2 years"})
    wide = found.pivot_table(index=["patient", "score"], columns="time", values="value", observed=True)
    return wide.reset_index()


@pytest.mark.parametrize(
    ("score", "baseline", "two_years"),
    [
        ("inflammation", 341, 121),
        ("inflammation-only", 251, 84),
        ("active-erosions", 90, 37),
        ("inactive-erosions", 17, 20),
        ("inactive-erosions:cervical", 3, 7),
        ("inactive-erosions:thoracic", 12, 9),
        ("inactive-erosions:lumbar", 2, 4),
        ("erosions", 107, 57),
        ("asspimri", 345, 92),
        ("berlin", 216, 68),
    ],
)
def test_sums_over_the_patients(counted: pd.DataFrame, score: str, baseline: int, two_years: int) -> None:
    of_score = counted[counted["score"] == score]

    assert (of_score["baseline"].sum(), of_score["2 years"].sum()) == (baseline, two_years)


@pytest.mark.parametrize(
    ("score", "baseline", "two_years"),
    [("active-erosions", 16, 7), ("inflammation", 22, 14), ("inactive-erosions", 8, 11)],
)
def test_patients_with_at_least_one(counted: pd.DataFrame, score: str, baseline: int, two_years: int) -> None:
    of_score = counted[counted["score"] == score]

    assert ((of_score["baseline"] > 0).sum(), (of_score["2 years"] > 0).sum()) == (baseline, two_years)


def test_what_became_of_the_90_active_erosions(published: Registry) -> None:
    courses = lesion_courses(facts_at(published))

    of_erosions = courses[(courses["method"] == "vu-lesions") & (courses["from_state"] == "active-erosion")]

    states = of_erosions["to_state"].astype(object).fillna("unknown").value_counts()
    assert states.to_dict() == {
        "none": 56,
        "inflammation": 13,
        "active-erosion": 9,
        "inactive-erosion": 8,
        "unknown": 4,
    }
    counts = of_erosions["course"].astype(str).value_counts()
    assert counts.to_dict() == {"resolved": 68, "improved": 13, "unchanged": 9}


def test_every_location_of_every_pair_has_one_course(published: Registry) -> None:
    courses = lesion_courses(facts_at(published))

    sizes = courses[courses["basis"] == "derived"].groupby("method", observed=True).size()

    assert sizes.to_dict() == {"asspimri": 22 * 23, "berlin": 22 * 23, "vu-lesions": 22 * 46}


@pytest.mark.parametrize(
    ("region", "verdicts"),
    [
        ("sij", {"improved": 6, "unchanged": 1}),
        ("spine", {"resolved": 7, "improved": 10, "unchanged": 11, "worse": 3, "new": 4}),
    ],
)
def test_paired_verdicts_by_region(published: Registry, region: str, verdicts: dict[str, int]) -> None:
    courses = lesion_courses(facts_at(published))

    consensus = courses[(courses["reader"] == "consensus") & (courses["segment"] == region)]

    assert consensus["course"].astype(str).value_counts().to_dict() == verdicts


def test_as_of_the_day_before_the_first_follow_up_scan_there_is_no_course(published: Registry) -> None:
    columns = LogColumns.read(published.log)
    courses = lesion_courses(facts_at(columns))
    first = courses["to_on"].min()

    assert lesion_courses(facts_at(columns, as_of=first)).shape[0] > 0
    assert lesion_courses(facts_at(columns, as_of=first - pd.Timedelta(days=1))).shape[0] == 0
    assert len(patients(facts_at(columns))) == 31
