"""The ASAS score of NSAID intake: 0 for none, 100 for 150 mg of diclofenac or its equivalent on every day.

Dougados M, Simon P, Braun J, Burgos-Vargas R, Maksymowych WP, Sieper J, van der Heijde D. Ann Rheum Dis 2011;70:249-51.
The reference doses were verified. Drugs that overlap are added; the score is not capped at 100, for no cap was found.
A drug without a reference dose, or an intake whose dose or days are unknown, leaves the period without a score.

Unlike the instruments of a visit it is a rule over intakes and a period, and therefore a function.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from registry.catalogue.instruments.instrument import Scores, known_or_0
from registry.catalogue.instruments.values import Values

RULE: Final = "nsaid_score/1"

REFERENCE_DOSES: Final = {  # mg a day that score 100
    "diclofenac": 150,
    "naproxen": 1000,
    "aceclofenac": 200,
    "celecoxib": 400,
    "etodolac": 600,
    "etoricoxib": 90,
    "flurbiprofen": 200,
    "ibuprofen": 2400,
    "indometacin": 150,
    "ketoprofen": 200,
    "meloxicam": 15,
    "phenylbutazone": 400,
    "piroxicam": 20,
    "tenoxicam": 20,
}
DAYS_A_WEEK: Final = {  # of the categories of the form; the midpoints are a convention from memory, not verified
    "<1": Fraction(1, 2),
    "1-3": Fraction(2),
    "3-5": Fraction(4),
    ">=5": Fraction(6),
    "every day": Fraction(7),
}
COMMON_DOSE: Final = math.lcm(*REFERENCE_DOSES.values())


class NsaidIntakes(NamedTuple):
    """One intake a row: its period (from 0), the agent by its name, mg on a day of intake, days of intake."""

    period: NDArray[np.intp]
    agent: Sequence[str | None]
    daily_mg: Values
    days: Values


def nsaid_scores(intakes: NsaidIntakes, *, period_days: NDArray[np.int64]) -> Scores:
    """Return the score of each period, by its length in days (1 or more); a period without an intake scores 0.

    `n_expected` counts a period's intakes, `n_present` those whose agent, dose and days are known.
    """
    equivalent_days = _equivalent_days(intakes)
    periods = len(period_days)
    n_expected = np.bincount(intakes.period, minlength=periods)
    n_present = np.bincount(intakes.period[equivalent_days.known], minlength=periods)
    sums = np.zeros(periods, equivalent_days.numerator.dtype)
    np.add.at(sums, intakes.period, known_or_0(equivalent_days).numerator)
    summed = Values.counted(sums, denominator=equivalent_days.denominator, known=n_present == n_expected)
    return Scores(
        rule=RULE,
        values=summed.each_over(period_days),
        n_expected=n_expected.astype(np.int16),
        n_present=n_present.astype(np.int16),
        marks=np.zeros(periods, np.int8),
    )


def _equivalent_days(intakes: NsaidIntakes) -> Values:
    """Return 100 times the share of the reference dose times the days of each intake."""
    references = [REFERENCE_DOSES.get(agent or "") for agent in intakes.agent]
    weights = np.array([COMMON_DOSE // reference if reference else 0 for reference in references], object)
    return Values.counted(
        intakes.daily_mg.numerator * weights * intakes.days.numerator * 100,
        denominator=intakes.daily_mg.denominator * intakes.days.denominator * COMMON_DOSE,
        known=intakes.daily_mg.known & intakes.days.known & (weights > 0),
    )
