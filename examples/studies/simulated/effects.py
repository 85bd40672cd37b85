"""What is true of the simulated patients: every number that a table of the ten studies should give back.

Figures that were published are named with their study; the others were chosen for this registry. Hazards are per day and
constant; the response to a drug and how long it is kept are independent of each other, which makes what is expected a
formula. Durations are in days.
"""

from __future__ import annotations

import math
from typing import Final

YEAR: Final = 365

# Who the patients are
WOMEN: Final = 0.42
RADIOGRAPHIC: Final = {"female": 0.55, "male": 0.75}  # share of r-axSpA
HLA_B27: Final = {True: 0.85, False: 0.70}  # positive, by whether radiographic
HLA_B27_UNKNOWN: Final = 0.04

# 1: secukinumab by line, kept after a year (Michelsen 2020)
SECUKINUMAB_KEPT: Final = {0: 0.84, 1: 0.73, 2: 0.66}  # by prior lines, 2 or more together
SECUKINUMAB_RESPONDERS: Final = {0: 0.60, 1: 0.45, 2: 0.35}
PRIOR_LINES: Final = {True: (0.34, 0.34, 0.32), False: (0.16, 0.34, 0.50)}  # 0, 1, 2, by whether radiographic

# 2 and 9: the first TNF inhibitor
MEN_KEEP_TWO_YEARS: Final = 0.69  # with HLA-B27; Hellamand 2023 has it of all men
WOMEN_STOP: Final = 1.7  # hazard ratio
HLA_B27_NEGATIVE_STOP: Final = 1.53  # hazard ratio (Fröhlich 2023)
TNFI_RESPONDERS: Final = {"female": 0.42, "male": 0.58}
WITHOUT_HLA_B27_RESPOND: Final = 0.7  # times as often

# 4: after the switch from the originator
BIOSIMILAR_KEPT: Final = 0.841  # after a year (Glintborg 2017)

# 5 and 7: growth of mSASSS in two years, in women; times more in men
GROWTH: Final = {  # by (radiographic, NSAID index of 50 or more)
    (True, False): 2.4,
    (True, True): 0.7,
    (False, False): 0.6,
    (False, True): 0.5,
}
MEN_GROW: Final = 1.5
HIGH_NSAID: Final = 0.45
READER_ERROR: Final = 0.15  # that a reader is one grade above or below at a corner of grade 1 or 2, each

# 6: what becomes of an inflamed slice (Lambert 2007: spinal score 53.6% lower after 12 weeks)
RESOLVED_WEEK_12: Final = {"adalimumab": 0.536, "placebo": 0.05}
RESOLVED_WEEK_52: Final = 0.65
NEW_UNDER_PLACEBO: Final = 0.05  # that a clear slice is inflamed after 12 weeks
OVERLOOKED: Final = 0.05  # that a reader does not see what a slice has

# 8: without a flare in the 48 weeks after sustained remission (Landewé 2020)
FLARE_FREE: Final = {"full": 0.837, "reduced": 0.790, "withdrawn": 0.202}

# 9: first uveitis per 100 patient-years
UVEITIS: Final = {"positive": 5.0, "negative": 1.5}

# 10: courses of activity over three years, and how many have each (Moltó 2017)
COURSES: Final = {  # share, activity at the start and after a year, 0 to 10
    "moderate": (0.362, 2.4, 2.4),
    "inactive": (0.178, 1.0, 1.0),
    "very high to inactive": (0.078, 7.5, 1.0),
    "high": (0.341, 4.3, 4.3),
    "very high": (0.041, 7.5, 7.5),
}


def hazard(kept: float, days: int = YEAR) -> float:
    """Return the constant hazard a day at which the share `kept` is left after `days`."""
    return -math.log(kept) / days


def secukinumab_hazard(prior_lines: int) -> float:
    """Return the hazard of stopping secukinumab: by the number of lines before alone."""
    return hazard(SECUKINUMAB_KEPT[min(prior_lines, 2)])


def tnfi_hazard(sex: str, positive: bool) -> float:
    """Return the hazard of stopping a first TNF inhibitor, by sex and HLA-B27."""
    men = hazard(MEN_KEEP_TWO_YEARS, 2 * YEAR)
    return men * (WOMEN_STOP if sex == "female" else 1) * (1 if positive else HLA_B27_NEGATIVE_STOP)


def tnfi_responders(sex: str, positive: bool) -> float:
    """Return how many respond to a TNF inhibitor, by sex and HLA-B27."""
    return TNFI_RESPONDERS[sex] * (1 if positive else WITHOUT_HLA_B27_RESPOND)


def growth(sex: str, radiographic: bool, high_nsaid: bool) -> float:
    """Return the mean growth of mSASSS in two years, in units of the score."""
    return GROWTH[radiographic, high_nsaid] * (MEN_GROW if sex == "male" else 1)


def log_crp(activity: float) -> float:
    """Return the mean of ln(CRP + 1), CRP in mg/l, at an activity from 0 to 10."""
    return 0.7 + 0.25 * activity


def asdas(activity: float) -> float:
    """Return the mean ASDAS-CRP at an activity: its four answers are the activity on average, CRP is by log_crp."""
    return (0.12 + 0.06 + 0.11 + 0.07) * activity + 0.58 * log_crp(activity)
