"""The campaign as its readers sit before it: their cases, and the one way by which a reading of theirs is recorded.

The database is opened so that it refuses to be written; to record a reading it is opened anew, for that alone, with the
reader as actor. At every request the end of the log is asked for, and that it still is the log that was opened; what
happened since, as a lock or an erasure, holds at once.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from threading import RLock
from typing import Final, NamedTuple

from registry import Registry
from registry.campaigns.blinding import Blinding
from registry.campaigns.drafts import Drafts
from registry.campaigns.keys import key_file
from registry.campaigns.read_cases import ReadCase
from registry.campaigns.reader_tokens import ReaderTokens
from registry.campaigns.recording import record_cases
from registry.campaigns.sheet_layout import Layout, Layouts
from registry.campaigns.states import CampaignState, campaign_at
from registry.campaigns.unblinding import key_of
from registry.campaigns.worklists import Case
from registry.errors import BatchRefusedError, RefusalError, RegistryError
from views.readings.grid import Block, blocks
from views.readings.judged import Judged
from views.served.same_registry import RegistryChangedError, SameRegistry

SOURCE: Final = "serve-readings"


class LockedError(Exception):
    """The campaign is locked, and nothing is read in it any more."""


class NoCaseError(Exception):
    """There is no such case of the reader: it never was, was given back, or its patient was erased."""


class RetractedCaseError(Exception):
    """A study of the case was retracted, and it is read no more."""


class AlreadyReadError(Exception):
    """The case was recorded before, and otherwise."""


class OvertakenError(Exception):
    """Another window has saved the draft of the case since it was shown, and otherwise."""


class NotRecordedError(Exception):
    """The registry refuses the reading, for a reason of which a reader must not be told."""


class Sheet(NamedTuple):
    """How a case is laid out: what its cells can hold, and the tables of a page."""

    layout: Layout
    blocks: tuple[Block, ...]


class Desk:
    """One campaign of the registry at a path or a URL; `key` is the file of its key, by default where it is made.

    Raises what opening a registry raises, `UnknownCodeError`, `CampaignKeyError`, and `CampaignStateError` where this
    spondyl has another edition of the method.
    """

    def __init__(self, place: str, campaign: str, *, key: Path | None = None) -> None:
        self._place, self.name = place, campaign
        self._key = (key or key_file(campaign)).absolute()
        self._registry = Registry.open_to_read(place)
        try:
            self._state = campaign_at(self._registry.log, campaign)
            secret = key_of(self._state, self._key)
            self._layouts = Layouts(self._state.begun.campaign, self._registry.catalogue)
        except BaseException:
            self._registry.close()
            raise
        self.blinding, self.tokens, self.drafts = (
            Blinding(secret, campaign),
            ReaderTokens(self._key, campaign),
            Drafts(self._key),
        )
        self._same = SameRegistry(self._registry.log)
        self._lock = RLock()
        self._sheets: dict[int, Sheet] = {}
        self._read_anew()

    def close(self) -> None:
        """Let go of the database."""
        self._registry.close()

    @property
    def state(self) -> CampaignState:
        """What became of the campaign, as far as was looked."""
        return self._state

    @property
    def is_locked(self) -> bool:
        """Whether nothing is read any more, as far as was looked."""
        return self._state.locked is not None

    def check_running(self) -> None:
        """Raise `LockedError` where nothing is read any more, as far as was looked."""
        if self.is_locked:
            raise LockedError

    def look_quietly(self) -> None:
        """See what happened since, as far as that can be seen; the next request tells why it cannot."""
        with suppress(RegistryError, RegistryChangedError):
            self.look()

    def look(self) -> None:
        """See what happened since: a case that is gone takes its draft along. Raises `RegistryChangedError`."""
        with self._lock:
            self._same.check(self._head)
            if self._registry.log.head().position != self._head.position:
                self._read_anew()

    def cases(self, reader: str) -> list[Case]:
        """Return the cases of a reader, in that reader's order."""
        return self._cases.get(reader, [])

    def case(self, reader: str, code: str) -> Case:
        """Return a case of a reader. Raises `NoCaseError`."""
        found = next((case for case in self.cases(reader) if case.code == code), None)
        if found is None:
            raise NoCaseError
        return found

    def open_case(self, reader: str, code: str) -> Case:
        """Return a case that is to be read. Raises `LockedError`, `NoCaseError`, `RetractedCaseError`."""
        self.check_running()
        case = self.case(reader, code)
        if case.assigned.is_retracted:
            raise RetractedCaseError
        return case

    def sheet(self, case: Case) -> Sheet:
        """Return how a case is laid out."""
        studies = len(case.letters)
        with self._lock:
            if studies not in self._sheets:
                layout = self._layouts.of(studies)
                self._sheets[studies] = Sheet(layout, blocks(layout))
            return self._sheets[studies]

    def record(self, case: Case, judged: Judged, *, milliseconds: int) -> None:
        """Record a case that is whole, with its reader as actor, on which so many ms were spent.

        Raises `LockedError`, `NoCaseError`, `RetractedCaseError`, `AlreadyReadError` where it was recorded otherwise
        before, and `NotRecordedError`.
        """
        seconds = round(milliseconds / 1000)
        source = SOURCE if len(case.letters) == 1 else f"{SOURCE}, {seconds} s for the case"
        with Registry.open(self._place, actor=case.reader) as registry:
            read = ReadCase(source, case.code, case, judged.said, registry.today(), seconds)
            try:
                record_cases(registry, self._state, [read])
            except (BatchRefusedError, RefusalError):
                self.look()
                self._say_why(case)
                raise NotRecordedError from None
        self.look()

    def _say_why(self, case: Case) -> None:
        """Raise what became of a case that was not recorded, as far as its reader may know."""
        if self.open_case(case.reader, case.code).assigned.is_read:
            raise AlreadyReadError

    def _read_anew(self) -> None:
        head = self._registry.log.head()
        state = campaign_at(self._registry.log, self.name)
        cases: dict[str, list[Case]] = {}
        for case in self._registry.campaign_cases(self.name, key=self._key):
            cases.setdefault(case.reader, []).append(case)
        self._head, self._state, self._cases = head, state, cases
        self.drafts.keep_only({case.code for of_reader in cases.values() for case in of_reader})
