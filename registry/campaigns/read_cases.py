"""The cases that readers' files have: what each says, which nobody began, and all that is wrong with the files.

Nothing is decided here about patients: a case is known by its code, and what it says by the letters of its studies.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Final, Literal, NamedTuple

import msgspec

from registry.campaigns.blinding import Blinding
from registry.campaigns.returned_sheets import HEADING, ReturnedFile, ReturnedSheet, returned_files
from registry.campaigns.sheet_layout import Layouts
from registry.campaigns.sheets import FORMAT, seal_of
from registry.campaigns.typed_cells import TypedSheet
from registry.campaigns.unblinded import Grades, SeenLesion, grades_by_letter, lesions_seen
from registry.campaigns.worklists import Case
from registry.errors import UnreadableError
from registry.places import Place, Problem
from registry.wording import shown

GONE: Final = "was given back or its patient erased since; clear its cells, and it is passed over"
RETRACTED: Final = "a study of this case was retracted since; clear its cells, and it is passed over"


class ReturnedCase(msgspec.Struct, frozen=True):
    """A case that came back, and what became of it: recorded, unchanged as it was known, or not begun."""

    file: str
    reader: str
    case: str
    what: Literal["recorded", "unchanged", "not-begun"]


class ReadCase(NamedTuple):
    """A case that was read: whence it came, its place there, and what the reader says by the studies' letters.

    A sheet does not say on which day it was read, `read_on`, nor how many `seconds` the case took; a page does.
    """

    source: str
    place: str
    case: Case
    said: dict[str, Grades] | list[SeenLesion]
    read_on: date | None = None
    seconds: int | None = None


class CaseReader:
    """Reads files: the cases that were `read` by their codes, those `found` that nobody began, and all `problems`."""

    def __init__(self, campaign: str, blinding: Blinding, layouts: Layouts, cases: Iterable[Case]) -> None:
        self.problems: list[Problem] = []
        self.read: dict[str, ReadCase] = {}
        self.found: list[ReturnedCase] = []
        self._name, self._blinding, self._layouts = campaign, blinding, layouts
        self._cases = {case.code: case for case in cases}

    def take(self, path: Path, name: str) -> None:
        """Read a file, as it is called in messages."""
        try:
            for file in returned_files(path, name):
                if self._is_ours(file):
                    self._take_file(file)
        except UnreadableError as error:
            self._wrong(error.file or name, str(error), line=error.line)
        except OSError as error:
            self._wrong(name, error.strerror or str(error))

    def _wrong(self, place: str, why: str, *, line: int = 1) -> None:
        self.problems.append(Problem(Place(place, line), why))

    def _is_ours(self, file: ReturnedFile) -> bool:
        """Return whether a file is one of this campaign, as it was handed out."""
        said = file.heading
        if lacking := [name for name in HEADING if not said.get(name)]:
            self._wrong(file.name, f"does not say its {lacking[0]}; take the file as it was handed out")
        elif said["format"] != str(FORMAT):
            self._wrong(file.name, f"has format {shown(said['format'])}; this spondyl reads {FORMAT}")
        elif said["campaign"] != self._name:
            self._wrong(file.name, f"is of campaign {shown(said['campaign'])}, not of {self._name}")
        elif not said["file"].isdecimal() or said["seal"] != self._seal(file):
            why = "its campaign, reader, number or list of cases was changed; take it as it was handed out"
            self._wrong(file.name, f"seal: does not fit the file: {why}")
        else:
            return True
        return False

    def _seal(self, file: ReturnedFile) -> str:
        said = file.heading
        return seal_of(self._blinding, said["reader"], int(said["file"]), file.codes)

    def _take_file(self, file: ReturnedFile) -> None:
        there = [sheet.code for sheet in file.sheets]
        for code in file.codes:
            if code not in there:
                self._wrong(file.name, f"the sheet of case {code} is gone; take the file as it was handed out")
        for sheet in file.sheets:
            if sheet.code is None or sheet.code not in file.codes:
                if not sheet.is_blank:
                    self._wrong(sheet.place, "is no sheet of this file; remove it")
            elif there.count(sheet.code) > 1:
                self._wrong(sheet.place, f"case {sheet.code} has another sheet; keep one")
            else:
                self._take_sheet(file, sheet, sheet.code)

    def _take_sheet(self, file: ReturnedFile, sheet: ReturnedSheet, code: str) -> None:
        case, reader = self._cases.get(code), file.heading["reader"]
        layout = self._layouts.of(len(case.letters) if case else self._studies_on(sheet))
        typed = TypedSheet(sheet, layout, f"{self._name}, reader {reader}, ")
        if typed.is_whole and not typed.is_begun:
            self.found.append(ReturnedCase(file.name, reader, code, "not-begun"))
        elif case is None or case.assigned.is_retracted:
            self._wrong(sheet.place, f"case {code} {GONE}" if case is None else RETRACTED)
        elif typed.is_whole:
            said = lesions_seen(typed) if layout.method is None else grades_by_letter(typed)
            self._keep(ReadCase(file.name, sheet.place, case, said))
        self.problems += typed.problems

    def _studies_on(self, sheet: ReturnedSheet) -> int:
        """Return of how many studies a sheet is whose case is not there any more."""
        widest = max((len(row.cells) for row in sheet.rows), default=1) - 1
        return max(widest // self._layouts.n_columns_of_study, 1)

    def _keep(self, read: ReadCase) -> None:
        """Keep what a case says, once: of two sheets of one case that say the same, one is enough."""
        before = self.read.setdefault(read.case.code, read)
        if before.said != read.said:
            self._wrong(read.place, f"says otherwise than {before.place}; keep one")
