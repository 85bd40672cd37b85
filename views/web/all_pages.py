"""All pages, in the order in which their paths are tried."""

from __future__ import annotations

from typing import Final

from views.web.history import HISTORY
from views.web.overview import OVERVIEW
from views.web.pages import Page
from views.web.patient import PATIENT
from views.web.patients import PATIENTS

PAGES: Final[tuple[Page, ...]] = (OVERVIEW, PATIENTS, PATIENT, HISTORY)
