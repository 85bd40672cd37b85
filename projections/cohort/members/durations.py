"""How long something has lasted, in years: a disease, or a life of which only the birth year is known.

The convention is one of `statistical_options.DURATIONS`. A partial date is its first day everywhere. Years as a decimal
are days / 365.25, and a birth year is then its 1 July; in completed years a birth year is its first day, as a partial
date is, so that someone born in 1972 is 31 throughout 2003. Somebody born, or ill since, a 29 February completes a year
on 1 March of a year without one.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from projections.cohort.definition.statistical_options import Duration

DAYS_A_YEAR = Fraction(1461, 4)


def duration(since: date, until: date, convention: Duration) -> Fraction:
    """Return the years from one day to a later one; `convention` is one of `statistical_options.DURATIONS`.

    >>> [str(duration(date(1996, 7, 15), date(2002, 5, 13), how)) for how in ("whole-years", "calendar-years")]
    ['5', '6']
    """
    if convention == "calendar-years":
        return Fraction(until.year - since.year)
    if convention == "whole-years":
        return Fraction(until.year - since.year - ((until.month, until.day) < (since.month, since.day)))
    return (until - since).days / DAYS_A_YEAR


def age(birth_year: int, on: date, convention: Duration) -> Fraction:
    """Return the age on a day of somebody whose birth year is known.

    >>> [str(age(1972, date(2003, 3, 4), how)) for how in ("whole-years", "calendar-years")]
    ['31', '31']
    """
    return duration(date(birth_year, 7 if convention == "years" else 1, 1), on, convention)
