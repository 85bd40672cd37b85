"""Which days are hardly ever true, though nothing forbids them: limits for warnings, never for refusals.

The questions are those of temporal plausibility in the framework of Kahn et al. (eGEMs 2016;4(1):1244), as the Data
Quality Dashboard of OHDSI asks them (`plausibleAfterBirth`, `plausibleStartBeforeEnd`, `plausibleValueLow` of years).
The limits are conventions of this registry.
"""

from __future__ import annotations

from datetime import date
from typing import Final

# What programs write where no day was given: the first day that each can count, and what people type instead.
PLACEHOLDERS: Final = {
    date(1, 1, 1): "the first day of .NET and of Go",
    date(1111, 11, 11): "typed for want of a day",
    date(1582, 10, 14): "the first day of SPSS",
    date(1582, 10, 15): "the first day of the Gregorian calendar",
    date(1753, 1, 1): "the first day of SQL Server",
    date(1800, 1, 1): "typed for want of a day",
    date(1858, 11, 17): "the first day of the modified Julian day",
    date(1899, 12, 30): "the first day of Excel and Access",
    date(1899, 12, 31): "the first day of Excel",
    date(1900, 1, 1): "the first day of Excel and SQL Server",
    date(1904, 1, 1): "the first day of Excel on a Macintosh",
    date(1911, 11, 11): "typed for want of a day",
    date(1960, 1, 1): "the first day of SAS and Stata",
    date(1970, 1, 1): "the first day of Unix",
}
PLACEHOLDER_YEARS_TO: Final = 1900  # a day known to the month or the year only is a placeholder up to this year

OLDEST: Final = 110  # a; a patient who was older on any day is doubted

LONG_BEFORE_ENROLMENT: Final = {  # table, field: years before enrolment up to which it needs no second look
    ("patients", "symptom_onset"): 70,
    ("patients", "diagnosed_on"): 70,
    ("patients", "consented_on"): 10,
    ("visits", "visited_on"): 10,
    ("treatments", "started_on"): 40,
    ("treatments", "stopped_on"): 40,
    ("flares", "started_on"): 20,
    ("flares", "ended_on"): 20,
    ("adverse_events", "started_on"): 40,
    ("adverse_events", "ended_on"): 40,
    ("conditions", "started_on"): 70,
    ("conditions", "ended_on"): 70,
    ("imaging", "performed_on"): 20,
}

DAYS_UNDER_ONE_LABEL: Final = 1  # d; two visits of one label so few days apart are one whose day was corrected
