"""Who the patients were on day 0: age, sex, HLA-B27, criteria, how long they had been ill, and measures.

Rows: `age`, `symptom duration` (since the first symptoms) and `disease duration` (since the diagnosis), in years on day
0 by the definition's convention (`projections.cohort.durations`); `sex: male` and the like, `HLA-B27: positive`,
`criteria: mNY`, each as a percentage of those of whom it is known; `centres`; and the measures that are asked for, at
one time point. A characteristic that was not recorded, or is `unknown`, leaves the denominator, and how many stands
beside. Criteria are known of everyone: what was not recorded as fulfilled is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Final

from projections.cohort.cohort import Cohort
from projections.cohort.comparing import left_out, share
from projections.cohort.describing import described
from projections.cohort.durations import age, duration
from projections.cohort.figures import Figure
from projections.cohort.measured import distributed, measured
from projections.cohort.wanted import Characteristics
from registry.catalogue import codes

AT: Final = "day 0"
EPOCH: Final = date(1970, 1, 1)
UNKNOWN: Final = "unknown"
YEARS: Final = "a"

Enrolment = dict[str, Any]


def figures(cohort: Cohort, wanted: Characteristics) -> Iterator[Figure]:
    """Yield the figures of the patients on day 0, then of the measures at the time point."""
    enrolled = [cohort.enrolment[patient] for patient in cohort.members]
    days = [EPOCH + timedelta(days=day) for day in cohort.day_zero.tolist()]
    yield Figure(
        "patients",
        AT,
        "n",
        value=cohort.n,
        text=str(cohort.n),
        denominator_note=f"of {cohort.flow[0].n_left} in the registry",
        n_patients=cohort.n,
    )
    for row, years in _durations(cohort.choices.duration):
        yield from _lasting(row, cohort, [years(*each) for each in zip(enrolled, days)])
    yield from _shares(cohort, "sex", [row["sex"] for row in enrolled], codes.SEXES)
    yield from _shares(cohort, "HLA-B27", [row["hla_b27"] for row in enrolled], codes.HLA_B27)
    for criterion in codes.CLASSIFICATION_CRITERIA:
        n = sum(criterion in (row["criteria"] or ()) for row in enrolled)
        if n:
            note = f"{left_out(0, cohort.n, '')}; not recorded counts as not fulfilled"
            yield share((f"criteria: {criterion}", AT, "percent"), n, cohort.n, cohort.choices, note=note)
    centres = {row["centre"] for row in enrolled} - {None}
    missing = sum(row["centre"] is None for row in enrolled)
    note = left_out(missing, cohort.n, "without a centre")
    yield Figure(
        "centres", AT, "n", value=len(centres), text=str(len(centres)), denominator_note=note, n_patients=cohort.n
    )
    place = cohort.definition.place(wanted.at)
    for measure in wanted.measures:
        yield from distributed(measured(cohort, measure)[place])


def _durations(convention: str) -> Iterator[tuple[str, Callable[[Enrolment, date], Fraction | None]]]:
    def since(column: str) -> Callable[[Enrolment, date], Fraction | None]:
        return lambda row, day: None if row[column] is None else duration(row[column], day, convention)

    yield "age", lambda row, day: None if row["birth_year"] is None else age(row["birth_year"], day, convention)
    yield "symptom duration", since("symptom_onset")
    yield "disease duration", since("diagnosed_on")


def _lasting(row: str, cohort: Cohort, years: list[Fraction | None]) -> Iterator[Figure]:
    known = [each for each in years if each is not None]
    note = left_out(cohort.n - len(known), cohort.n, "not recorded")
    for figure in described((row, AT), known, note=note, unit=YEARS):
        yield figure._replace(variant="; ".join(filter(None, [figure.variant, cohort.choices.duration])))


def _shares(cohort: Cohort, name: str, words: list[str | None], allowed: tuple[str, ...]) -> Iterator[Figure]:
    """Yield each word as a percentage of the patients of whom it is known; words that nobody has are left out."""
    known = [word for word in words if word not in (None, UNKNOWN)]
    note = left_out(cohort.n - len(known), cohort.n, f"of unknown {name}")
    for word in allowed:
        if word != UNKNOWN and word in known:
            yield share((f"{name}: {word}", AT, "percent"), known.count(word), len(known), cohort.choices, note=note)
    if not known:
        yield share((f"{name}: known", AT, "percent"), 0, 0, cohort.choices, note=note)
