"""How much of a drug a course gives a day: the amount a time, by how often it is given.

How often is what a source wrote. The words and patterns here are understood; of all others nothing is said, and no
frequency is supposed where none was written. A month is a twelfth of 365.25 days, so that `monthly` is a little less
than `every 4 weeks`.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Final

from registry.catalogue.plausible_doses import TIMES_A_DAY, UNITS

DAYS: Final = {"day": Fraction(1), "week": Fraction(7), "month": Fraction(1461, 48)}  # days in one
TIMES: Final = {"once": 1, "twice": 2, "three times": 3, "four times": 4}
EACH: Final = {
    "daily": "day",
    "a day": "day",
    "weekly": "week",
    "a week": "week",
    "monthly": "month",
    "a month": "month",
}
EVERY: Final = re.compile(r"every (?:(?P<other>other) |(?P<n>[1-9]\d{0,2}) )?(?P<unit>day|week|month)s?")
MILLIGRAMS: Final = {unit: amount for unit, amount in UNITS.items() if "kg" not in unit}
OFTEN: Final = {
    **{word: Fraction(times) for word, times in TIMES_A_DAY.items()},
    **{word: 1 / DAYS[unit] for word, unit in EACH.items() if " " not in word},
    **{f"{said} {word}": times / DAYS[unit] for said, times in TIMES.items() for word, unit in EACH.items()},
}


def times_a_day(frequency: str | None) -> Fraction | None:
    """Return how many times a day something is given, None where its frequency does not say.

    >>> times_a_day("twice daily"), times_a_day("Every 2 weeks"), times_a_day("every other day")
    (Fraction(2, 1), Fraction(1, 14), Fraction(1, 2))
    >>> times_a_day("as needed"), times_a_day(None)
    (None, None)
    """
    said = " ".join((frequency or "").casefold().split())
    if said in OFTEN:
        return OFTEN[said]
    found = EVERY.fullmatch(said)
    if found is None:
        return None
    return 1 / (DAYS[found["unit"]] * (2 if found["other"] else int(found["n"] or 1)))


def daily_amount(dose: str | None, frequency: str | None) -> Fraction | None:
    """Return the amount a day in the unit of the dose, None where the dose or its frequency is not known.

    >>> daily_amount("40", "every 2 weeks")
    Fraction(20, 7)
    """
    times = times_a_day(frequency)
    return None if dose is None or times is None else Fraction(Decimal(dose)) * times


def milligrams(unit: str | None) -> Fraction | None:
    """Return how many mg one of a unit is, None of a unit by the kilogram or of one that is not known.

    >>> milligrams("g"), milligrams("mg/kg")
    (Fraction(1000, 1), None)
    """
    amount = MILLIGRAMS.get((unit or "").strip().casefold().replace("\u03bc", "µ"))
    return None if amount is None else Fraction(amount)
