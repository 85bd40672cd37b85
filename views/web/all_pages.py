"""All pages, in the order in which their paths are tried."""

from __future__ import annotations

from typing import Final

from views.web.cohorts import COHORT, COHORTS
from views.web.follow_up import FOLLOW_UP
from views.web.freezes import FREEZES
from views.web.history import HISTORY
from views.web.implausible import WARNINGS
from views.web.log_tail import LOG
from views.web.overview import OVERVIEW
from views.web.pages import Page
from views.web.patient import PATIENT
from views.web.patients import PATIENTS
from views.web.study import STUDY

PAGES: Final[tuple[Page, ...]] = (
    OVERVIEW,
    PATIENTS,
    PATIENT,
    STUDY,
    HISTORY,
    COHORTS,
    COHORT,
    FOLLOW_UP,
    WARNINGS,
    FREEZES,
    LOG,
)
