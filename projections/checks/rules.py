"""The rules by which something is implausible: what each looks at, what it says, its limit, and whence.

Names are for the command line, as `spondyl check --rule two-targeted-at-once`. The order is that of the manual.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pyarrow.compute as pc

from projections.checks import (
    centre_names,
    condition_overlaps,
    course_overlaps,
    implausible_days,
    impossible_courses,
    reading_contradictions,
    visit_days,
)
from projections.checks.findings import findings
from projections.columns.tables import rows
from registry.catalogue.first_approvals import TRIALS_BEFORE_APPROVAL
from registry.catalogue.plausible_days import DAYS_UNDER_ONE_LABEL, LONG_BEFORE_ENROLMENT, OLDEST
from registry.catalogue.plausible_limits import LOST_POINT_FROM, SCALE_PATIENTS, SCALE_VALUES, SUSPECT_UNITS

if TYPE_CHECKING:
    from projections.checks.checked_facts import CheckedFacts

KAHN: Final = "Kahn 2016, temporal plausibility"
OWN: Final = "convention"
SHORT: Final = {  # rule of `reading_contradictions`: its name on the command line
    "an active erosion grades 4-6 in asspimri": "erosion-below-asspimri-4",
    "asspimri 4-6 is an active erosion": "asspimri-without-erosion",
    "a unit is inflamed exactly where asspimri is 1 or more": "asspimri-inflammation",
    "a unit is inflamed exactly where berlin is 1 or more": "berlin-inflammation",
    "asspimri 0-3 and berlin are equal": "asspimri-berlin-unequal",
    "asspimri 4-6 has berlin 1 or more": "asspimri-4-berlin-0",
}


class Rule(NamedTuple):
    """One rule: `says` what is doubted, `limit` and `source` for the manual; `found` gives a table of findings."""

    name: str
    looks_at: str
    says: str
    limit: str
    source: str
    found: Callable[[CheckedFacts], Any]


def _values(name: str, checked: CheckedFacts) -> Any:
    """Return what one of the rules of `implausible` has found."""
    told = rows(checked.values.filter(pc.equal(checked.values["rule"], name)))
    return findings(
        patient=[str(row["patient"]) for row in told],
        reference=[str(row["visit_id"]) for row in told],
        on=[str(row["measure"]) for row in told],
        says=[f"{row['value']:.6g} {row['unit']}; {row['limit']}" for row in told],
    )


def _contradictions(name: str, checked: CheckedFacts) -> Any:
    """Return what one of the rules of `reading_contradictions` has found."""
    told = rows(checked.contradictions.filter(pc.equal(checked.contradictions["rule"], name)))
    return findings(
        patient=[str(row["patient"]) for row in told],
        reference=[checked.study_references[str(row["study"])] for row in told],
        on=[str(row["location"]) for row in told],
        says=[_of_reader(row) for row in told],
    )


def _of_reader(row: dict[str, object]) -> str:
    return f"{row['values']} ({row['reader']}{', ' if row['session'] else ''}{row['session']})"


def _limits(years: Iterable[int]) -> str:
    return f"{min(years)} to {max(years)} years, by field"


RULES: Final = (
    Rule(
        "placeholder-day",
        "days",
        "a day that a program or a person writes where none is known",
        "1900-01-01, 1970-01-01 and others; to the month or year: up to 1900",
        KAHN,
        implausible_days.placeholders,
    ),
    Rule(
        "before-birth",
        "days",
        "a day that lies before the end of the year of birth",
        "the year of birth",
        KAHN,
        implausible_days.before_birth,
    ),
    Rule(
        "age-above-limit",
        "days",
        "a patient who was too old on the latest day that is stated",
        f"{OLDEST} years",
        OWN,
        implausible_days.too_old,
    ),
    Rule(
        "diagnosis-before-symptoms",
        "days",
        "a diagnosis that cannot have followed the first symptoms",
        "the first day that the symptoms can mean",
        KAHN,
        implausible_days.diagnosis_before_symptoms,
    ),
    Rule(
        "long-before-enrolment",
        "days",
        "a day too long before enrolment",
        _limits(LONG_BEFORE_ENROLMENT.values()),
        OWN,
        implausible_days.long_before_enrolment,
    ),
    Rule(
        "visits-on-one-day",
        "visits",
        "a visit on a day on which the patient has another",
        "the same day",
        OWN,
        visit_days.on_one_day,
    ),
    Rule(
        "visits-one-day-apart",
        "visits",
        "a visit on the day after another under the same label",
        f"{DAYS_UNDER_ONE_LABEL} day",
        OWN,
        visit_days.on_following_days,
    ),
    Rule(
        "one-agent-twice-at-once",
        "courses",
        "a course that began while another of the same agent went on",
        "the last day of the earlier course",
        OWN,
        course_overlaps.of_one_agent,
    ),
    Rule(
        "two-targeted-at-once",
        "courses",
        "a course of a targeted therapy that began while one of another went on",
        "the last day of the earlier course",
        OWN,
        course_overlaps.of_two_targeted,
    ),
    Rule(
        "open-course-overtaken",
        "courses",
        "an open course, though a later one of the agent or of another targeted therapy began",
        "the day after its start",
        OWN,
        course_overlaps.overtaken,
    ),
    Rule(
        "drug-before-its-time",
        "courses",
        "a course that began before anybody can have been given the drug",
        f"{TRIALS_BEFORE_APPROVAL} years before its first approval",
        "labels of FDA and EMA; Sneader 2005",
        impossible_courses.before_the_drug,
    ),
    Rule(
        "impossible-dose",
        "courses",
        "a dose that nobody takes",
        "the most that a label gives on one day; never daily where labels say weekly",
        "labels of EMA and FDA; ISMP for methotrexate",
        impossible_courses.impossible_doses,
    ),
    Rule(
        "condition-twice-at-once",
        "conditions",
        "a condition that began while another of the same name and side went on",
        "the last day of the earlier one; an event without an end is over on its day",
        OWN,
        condition_overlaps.twice_at_once,
    ),
    Rule(
        "centre-spelt-otherwise",
        "centres",
        "a centre whose name is nearly that of a larger one",
        "case, blanks, accents, zeros; one letter of a word of 5",
        OWN,
        centre_names.centres_that_seem_one,
    ),
    Rule(
        "beyond-limit",
        "values",
        "a value beyond what needs no second look",
        "by measure",
        OWN,
        partial(_values, "beyond-limit"),
    ),
    Rule(
        "decimal-point-lost",
        "values",
        "a value far above the patient's others, a tenth of which lies among them",
        f"from {LOST_POINT_FROM} mg/l",
        "anakinra study, Ann Rheum Dis 2004",
        partial(_values, "decimal-point-lost"),
    ),
    Rule(
        "reported-total-differs",
        "values",
        "a reported total that is not the one computed from its items",
        "half of the last decimal that was reported",
        OWN,
        partial(_values, "reported-total-differs"),
    ),
    Rule(
        "unit-suspect",
        "values",
        "a value of a centre whose values lie on another scale, or in another unit",
        f"{SCALE_VALUES} values of {SCALE_PATIENTS} patients, none above the limit of the scale; "
        f"CRP: mean above {SUSPECT_UNITS['crp', 'mg/dl']} mg/dl",
        "Linde 2023; Baraliakos 2013",
        partial(_values, "unit-suspect"),
    ),
    *(
        Rule(
            SHORT[rule.name],
            "readings",
            f"readings of one study that break the rule that {rule.name}",
            "any vertebral unit",
            "Baraliakos 2013",
            partial(_contradictions, rule.name),
        )
        for rule in reading_contradictions.RULES
    ),
)
