"""Pages that say what happened and what to do, in place of the one that was asked for; none quotes what it is about.

| what happened | status |
|---|---|
| this browser is not known, or the token opens nothing | 401, 403, 429 |
| a request that no page sends, or a form that is not of this reader | 400, 403, 405, 408, 411, 413, 415, 421, 431 |
| no such page; no such case of this reader | 404, 410 |
| another window was faster: with a draft, with a submitted case | 409 |
| the campaign is locked | 410 |
| what is entered cannot stand as it is | 422 |
| the registry was migrated, replaced, or does not answer; a draft cannot be kept | 503 |
| a defect of spondyl | 500 |
"""

from __future__ import annotations

from typing import Final

from registry.errors import CampaignKeyError, RegistryError, StoreError, UnreadableError, UnwritableError
from views.readings.desk import LockedError, NoCaseError, NotRecordedError, RetractedCaseError
from views.served.same_registry import RegistryChangedError
from views.served.told import Told

CASES: Final = (("To my cases", "/"),)
CLOSED: Final = Told(
    401,
    "Closed",
    "this browser is not known here, or a working day has passed since the link was opened",
    "open the link that the data manager gave you; what you had typed and was saved is there still",
)
OPENED: Final = Told(200, "Opened", "this browser is known here now", "go on to your cases", (("To my cases", "/"),))
SPENT: Final = Told(
    403,
    "Not opened",
    "this link opens nothing: another one was made since, it was taken away, or it is not whole",
    "ask the data manager for a link",
)
FOREIGN_FORM: Final = Told(
    403,
    "Not taken",
    "this form was not made for you, or you were given another link since",
    "open the case again; what was saved of it is there still",
    CASES,
)
NOT_READ: Final = Told(400, "Not taken", "that is no form of this page; nothing was saved", links=CASES)
TOO_SLOW: Final = Told(408, "Not taken", "the form did not come in time; nothing was saved", "send it again", CASES)
LEFT: Final = Told(200, "Closed", "this browser is not known here any more", "your link opens the page again")
NOWHERE: Final = Told(404, "No such page", "no page stands under this address", links=CASES)
LOCKED: Final = Told(
    410,
    "The campaign is locked",
    "nothing is read in it any more, and no link opens it",
    "what was submitted before is recorded; what was not, is not, and the data manager can tell you more",
)
NO_CASE: Final = Told(
    410,
    "No such case",
    "you have no case of that code: it was taken back, or there is nothing of it any more; nothing is kept of what was "
    "typed",
    "go on with the next one",
    CASES,
)
RETRACTED: Final = Told(
    410,
    "Not to be read any more",
    "a study of this case was withdrawn, and nobody reads it; nothing was recorded",
    "go on with the next one",
    CASES,
)
NOT_RECORDED: Final = Told(
    422,
    "Not recorded",
    "the registry does not take this reading, for a reason that would tell more than a reader may know; the draft is "
    "kept",
    "tell the data manager the code of the case, and go on with the next one",
    CASES,
)
CHANGED: Final = Told(
    503,
    "The registry changed",
    "it was migrated, or another one stands in its place, since this page was started; drafts are kept",
    "tell the data manager, who starts `spondyl serve-readings` anew",
)
NO_REGISTRY: Final = Told(
    503,
    "The registry cannot be read",
    "its database does not answer; nothing was recorded, and drafts are kept",
    "try again in a while, or tell the data manager",
    CASES,
)
NOT_KEPT: Final = Told(
    503,
    "Not saved",
    "files beside the campaign's key cannot be read or written; what was saved before is as it was",
    "leave this window open, and tell the data manager",
    CASES,
)
DEFECT: Final = Told(
    500,
    "A defect",
    "spondyl failed at this page; nothing was recorded, and drafts are kept",
    "tell the data manager; what the terminal shows where it runs belongs in the report of it",
    CASES,
)
TOLD: Final[tuple[tuple[type[Exception], Told], ...]] = (
    (LockedError, LOCKED),
    (NoCaseError, NO_CASE),
    (RetractedCaseError, RETRACTED),
    (NotRecordedError, NOT_RECORDED),
    (RegistryChangedError, CHANGED),
    (UnreadableError, NOT_KEPT),
    (UnwritableError, NOT_KEPT),
    (CampaignKeyError, NOT_KEPT),
    (StoreError, NO_REGISTRY),
    (RegistryError, NOT_RECORDED),
)


def told_of(error: Exception) -> Told:
    """Return what is told of what went wrong: never what an error says, which can name a study or a patient."""
    return next((told for kind, told in TOLD if isinstance(error, kind)), DEFECT)
