"""Pages that say what happened and what to do, in place of the one that was asked for; none names a person.

| what happened | status |
|---|---|
| nobody opened the registry in this browser, or the address opens nothing | 401, 403, 429 |
| a request that no page sends | 400, 403, 405, 413, 414, 421, 431 |
| nothing of that name, or no such point in time | 404 |
| erased, or consent withdrawn | 410 |
| what is asked for cannot be: a day that is none, a definition with faults | 422 |
| the registry was migrated, replaced, or does not answer | 503 |
| a defect of spondyl | 500 |
"""

from __future__ import annotations

from typing import Final

from registry.errors import (
    ErasedPatientError,
    MergedPatientError,
    RegistryError,
    StoreError,
    UnknownCodeError,
    UnknownFactError,
    UnknownPointError,
    UnknownStudyError,
)
from views.served.same_registry import RegistryChangedError
from views.served.told import SECONDS, Told
from views.web.live import NotYetError, WithdrawnError

UNKNOWN: Final = (UnknownFactError, UnknownStudyError, UnknownCodeError)


DEFECT: Final = Told(
    500,
    "A defect",
    "spondyl failed to make this page; nothing was changed, and other pages may work",
    "what the terminal shows where the server runs belongs in the report of it",
)
NOWHERE: Final = Told(404, "No such page", "no page stands under this address", links=(("Overview", "/"),))
ERASED: Final = Told(
    410,
    "Erased",
    "this patient was erased: nothing of it is kept, and nothing is shown at any point in time",
    links=(("Patients", "/patients"),),
)
WITHDRAWN: Final = Told(
    410,
    "Consent withdrawn",
    "this patient has withdrawn consent, or was then taken for one person with somebody who has: nothing is shown",
    links=(("Patients", "/patients"),),
)
BEING_COMPUTED: Final = Told(
    202,
    "Being computed",
    "this takes longer than a page may, and is being computed now",
    f"the page looks again every {SECONDS} seconds, and comes as soon as it is there",
    again=True,
)


def told_of(error: Exception) -> Told:
    """Return what is told of what went wrong; what a person cannot mend is a defect."""
    if isinstance(error, NotYetError):
        return BEING_COMPUTED
    if isinstance(error, WithdrawnError):
        return WITHDRAWN
    if isinstance(error, ErasedPatientError):
        return ERASED
    if isinstance(error, RegistryChangedError):
        return Told(503, "The registry changed", error.says, "start `spondyl serve` anew on the registry that is meant")
    return _of_registry(error) if isinstance(error, RegistryError) else DEFECT


def _of_registry(error: RegistryError) -> Told:
    lines = tuple(error.lines)
    if isinstance(error, MergedPatientError):
        links = ((f"Go to {error.into}", f"/patients/{error.into}"),)
        return Told(404, "Another name", lines=lines, links=links)
    if isinstance(error, UnknownPointError):
        return Told(404, "No such point in time", lines=lines, links=(("Where the log ends", "/"),))
    if isinstance(error, UNKNOWN):
        return Told(404, "Not known", lines=lines, links=(("Patients", "/patients"), ("Overview", "/")))
    if isinstance(error, StoreError):
        do = "mend that where the server runs, then load the page again"
        return Told(503, "The registry cannot be read", lines=lines, do=do)
    return Told(422, "Not as asked", lines=lines, links=(("Overview", "/"),))
