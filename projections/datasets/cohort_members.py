"""One row per member of a cohort: day 0, when at risk, how the treatment ended, and what was so on day 0.

Where a patient has several days 0, each is a row, numbered by `episode`. Days at risk count from day 0 and are those of
`tables.survival`: from the first stretch under observation to the end of the last. Ages and durations are those of
`tables.characteristics`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.cohort.figures.as_asked import retention_rule
from projections.cohort.figures.drug_survival import drug_survival
from projections.cohort.members.cohort import Cohort
from projections.cohort.members.groups import NO_GROUP, grouped
from projections.cohort.members.years_at_day_zero import YEARS_SINCE, years_at_day_zero
from projections.columns.arrow import ArrowArray, ArrowTable
from projections.columns.catalogue_words import agents, centres, products
from projections.columns.tables import OF_PATIENT, Table, day, declared, number, refers, text, word, words, yes_no
from registry.catalogue import codes
from registry.catalogue.therapy_lines import ends_retention
from registry.domain.days import PRECISIONS

COHORT_MEMBERS: Final[Table] = declared(
    "cohort_members",
    "member of a cohort, of whom a patient with several days 0 is several",
    order="cohort patient episode",
    columns=(
        word("cohort", "name of the cohort's definition"),
        word("patient", "pseudonym"),
        number("episode", "number of the row among the patient's, from 1 by day 0"),
        word("group", "group of the member where the definition has groups, null for none"),
        day("day_zero", "day 0"),
        word("day_zero_precision", "how precisely day 0 is known", *PRECISIONS.values()),
        text("treatment_id", "reference of the course that began on day 0, null where none did"),
        word("agent", "agent of that course", listed=agents),
        word("product", "what is written on its box, null where only the substance was said", listed=products),
        number("line", "number of the line of targeted therapy to which it belongs, null where to none"),
        number("entry", "from which day at risk, null where never observed", type_="int32", unit="d"),
        number("exit", "until which day at risk or kept", type_="int32", unit="d"),
        yes_no("event", "whether the treatment ended then in a way that counts; false where censored"),
        word("reason", "why the treatment ended, null while it goes on", *codes.STOP_REASONS),
        number("age", "age on day 0", type_="double", unit="a"),
        word("sex", "as at enrolment", *codes.SEXES),
        word("hla_b27", "as at enrolment", *codes.HLA_B27),
        words("criteria", "classification criteria that were fulfilled", *codes.CLASSIFICATION_CRITERIA),
        word("centre", "code of the centre", listed=centres),
        number("symptom_duration", "since the first symptoms", type_="double", unit="a"),
        number("disease_duration", "since the diagnosis", type_="double", unit="a"),
    ),
).keyed(
    "cohort patient episode",
    OF_PATIENT,
    refers("patient treatment_id", "treatments"),
    never_null="day_zero day_zero_precision",
    betrays={
        "identifier": "patient",
        "reference": "treatment_id",
        "place": "centre",
        "name": "cohort",
        "day": "day_zero",
        "cut": "entry exit event",
        "open": "group",
        "quasi": "age sex hla_b27 criteria",
        "none": "episode day_zero_precision agent product line reason symptom_duration disease_duration",
    },
)


def cohort_members(cohort: Cohort) -> ArrowTable:
    """Return the members of a cohort as an Arrow table by patient and episode.

    Raises as `observed_spans` and `grouped` do.
    """
    enrolled = [cohort.enrolment[patient] for patient in cohort.members]
    return COHORT_MEMBERS.of(
        {
            "cohort": pa.array([cohort.definition.name] * cohort.n, pa.string()),
            "patient": pa.array(cohort.members, pa.string()),
            "episode": pa.array(episode_numbers(cohort)),
            "group": _group(cohort),
            "day_zero": pa.array(cohort.day_zero.astype(np.int32)).cast(pa.date32()),
            "day_zero_precision": pa.array(cohort.admitted.precisions, pa.string()),
            "treatment_id": pa.array(cohort.admitted.courses, pa.string()),
            **_of_course(cohort),
            "line": pa.array(cohort.lines, pa.int16()),
            **_at_risk(cohort),
            **_years(cohort),
            **{name: pa.array([row[name] for row in enrolled], pa.string()) for name in ("sex", "hla_b27", "centre")},
            "criteria": pa.array([row["criteria"] for row in enrolled], pa.list_(pa.string())),
        }
    )


def episode_numbers(cohort: Cohort) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return the number of each row among those of its patient, from 1."""
    numbers, former = [], None
    for patient in cohort.members:
        numbers.append(numbers[-1] + 1 if patient == former else 1)
        former = patient
    return np.array(numbers, dtype=np.int64)


def _group(cohort: Cohort) -> ArrowArray:
    """Return the group of each member, null of whom is in none and where there are no groups."""
    if cohort.definition.groups is None:
        return pa.nulls(cohort.n, pa.string())
    found = grouped(cohort)
    return pa.array(found.names, pa.string()).take(pa.array(found.of, mask=found.of == NO_GROUP))


def _of_course(cohort: Cohort) -> dict[str, ArrowArray]:
    """Return the agent and the product of the course of each day 0, null where none began."""
    courses = cohort.facts.of("treatments")
    references = courses["fact"].combine_chunks()
    place = pc.index_in(pa.array(cohort.admitted.courses, pa.string()), value_set=references, skip_nulls=True)
    return {name: courses[name].combine_chunks().cast(pa.string()).take(place) for name in ("agent", "product")}


def _at_risk(cohort: Cohort) -> dict[str, ArrowArray]:
    """Return from when to when each member is at risk, and how the treatment ended; null of whom nobody observed."""
    kept = cohort.once("drug survival", lambda: drug_survival(cohort)).stretches
    entry, exit_ = (np.zeros(cohort.n, dtype=np.int32) for _ in range(2))
    why = np.full(cohort.n, None, dtype=object)
    exit_[kept.member], why[kept.member] = kept.exit, kept.why  # the last stretch of a member counts
    entry[kept.member[::-1]] = kept.entry[::-1]
    unseen = np.ones(cohort.n, dtype=bool)
    unseen[kept.member] = False
    return {
        "entry": pa.array(entry, mask=unseen),
        "exit": pa.array(exit_, mask=unseen),
        "event": pa.array(_ended(cohort, why.tolist()), mask=unseen),
        "reason": pa.array(why.tolist(), pa.string()),
    }


def _ended(cohort: Cohort, why: Sequence[str | None]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Return which ends count, as in the definition's table of survival, by its defaults where it has none."""
    rule = retention_rule(cohort.definition)
    return np.array(
        [each is not None and ends_retention(each, censor=rule.censor, death_ends=rule.death_ends) for each in why],
        dtype=bool,
    )


def _years(cohort: Cohort) -> dict[str, ArrowArray]:
    """Return ages and durations on day 0, in the definition's convention; what had not begun by then is null."""
    years = {name: years_at_day_zero(cohort, name) for name in YEARS_SINCE}
    return {
        name: pa.array([None if each is None else float(each) for each in column], pa.float64())
        for name, column in years.items()
    }
