"""Days that are hardly ever true: placeholders, before birth, of a great age, long before enrolment, out of order."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.checks.findings import findings
from projections.checks.stated_days import FIELDS, years_of
from projections.columns.arrow import truth
from projections.columns.coded import day_numbers
from projections.columns.partial_days import Days, latest_days
from registry.catalogue.plausible_days import (
    LONG_BEFORE_ENROLMENT,
    OLDEST,
    PLACEHOLDER_YEARS_TO,
    PLACEHOLDERS,
)

if TYPE_CHECKING:
    from projections.checks.checked_facts import CheckedFacts
    from projections.checks.stated_days import StatedDays

EPOCH: Final = date(1970, 1, 1)
NO_LIMIT: Final = 10_000  # a, before every day


def placeholders(checked: CheckedFacts) -> Any:
    """Return the days that a program or a person writes where none is known."""
    days = checked.days
    known = {(day - EPOCH).days: why for day, why in PLACEHOLDERS.items()}
    partial = ~days.whole & (years_of(days.last) <= PLACEHOLDER_YEARS_TO)
    rows = np.flatnonzero((days.whole & np.isin(days.first, list(known))) | partial)
    why = [
        known[int(days.first[row])] if days.whole[row] else f"in {int(years_of(days.first[row : row + 1])[0])}"
        for row in rows
    ]
    return _found(days, rows, [f"{_shown(days, row)}, {each}" for row, each in zip(rows, why)])


def before_birth(checked: CheckedFacts) -> Any:
    """Return the days that cannot lie after the year of birth."""
    days = checked.days
    born = _birth_years(checked)
    rows = np.flatnonzero((born > 0) & (years_of(days.last) <= born))
    return _found(days, rows, [f"{_shown(days, row)}, born in {born[row]}" for row in rows])


def too_old(checked: CheckedFacts) -> Any:
    """Return the patients who were older than anybody on the latest day that is stated of them."""
    days = checked.days
    latest = np.full(len(days.patient.words), np.iinfo(np.int64).min)
    np.maximum.at(latest, days.patient.codes, days.first)
    enrolled = np.flatnonzero(days.field == FIELDS.index(("patients", "enrolled_on")))
    born, last = _birth_years(checked)[enrolled], latest[days.patient.codes[enrolled]]
    old = (born > 0) & (years_of(last) - born > OLDEST)
    says = [
        f"born in {year}, {int(years_of(day[None])[0]) - year} years old on {_day(day)}; {OLDEST} at the most"
        for year, day in zip(born[old], last[old])
    ]
    return _found(days, enrolled[old], says, on="birth_year")


def diagnosis_before_symptoms(checked: CheckedFacts) -> Any:
    """Return the patients whose diagnosis cannot have followed their first symptoms."""
    both = checked.patients.filter(
        pc.and_(pc.is_valid(checked.patients["diagnosed_on"]), pc.is_valid(checked.patients["symptom_onset"]))
    )
    diagnosed = latest_days(day_numbers(both["diagnosed_on"]).astype(np.int64), both["diagnosed_on_precision"])
    onset = day_numbers(both["symptom_onset"]).astype(np.int64)
    rows = np.flatnonzero(diagnosed < onset)
    doubted = both.take(pa.array(rows))
    says = [f"by {_day(diagnosed[row])}, first symptoms from {_day(onset[row])}" for row in rows]
    on = ["diagnosed_on"] * len(rows)
    return findings(patient=doubted["patient"], reference=doubted["fact"], on=on, says=says)


def long_before_enrolment(checked: CheckedFacts) -> Any:
    """Return the days that lie longer before enrolment than needs no second look."""
    days = checked.days
    enrolled_on = days.of_patients(checked.patients, "enrolled_on")
    enrolled = day_numbers(enrolled_on).astype(np.int64)
    years = np.array([LONG_BEFORE_ENROLMENT.get(field, NO_LIMIT) for field in FIELDS])[days.field]
    known = truth(pc.is_valid(enrolled_on))
    rows = np.flatnonzero(known & (days.last < _years_before(enrolled, years)))
    says = [
        f"{_shown(days, row)}, enrolled on {_day(enrolled[row])}; {years[row]} years before at the most" for row in rows
    ]
    return _found(days, rows, says)


def _birth_years(checked: CheckedFacts) -> Any:
    return checked.days.of_patients(checked.patients, "birth_year").fill_null(0).to_numpy(zero_copy_only=False)


def _found(days: StatedDays, rows: Any, says: list[str], *, on: str | None = None) -> Any:
    return findings(
        patient=days.patient.words.take(pa.array(days.patient.codes[rows])),
        reference=days.reference.take(pa.array(rows)),
        on=[on or FIELDS[field][1] for field in days.field[rows]],
        says=says,
    )


def _years_before(days: Days, years: Any) -> Days:
    """Return the same day of the month so many years earlier; 29 February becomes 1 March where there is none."""
    months = days.astype("datetime64[D]").astype("datetime64[M]")
    in_month = days - months.astype("datetime64[D]").astype(np.int64)
    earlier: Days = (months - 12 * years).astype("datetime64[D]").astype(np.int64) + in_month
    return earlier


def _day(number: Any) -> str:
    return str(np.datetime64(int(number), "D"))


def _shown(days: StatedDays, row: Any) -> str:
    """Return a day as precisely as it is known."""
    first, last = _day(days.first[row]), _day(days.last[row])
    if days.whole[row]:
        return first
    return first[:4] if first[:7] != last[:7] else first[:7]
