"""What readers have typed on the page of a campaign and not submitted yet: a file a case, beside the campaign's key.

A draft holds the case's code, what stands in its cells, and how long was spent on it: no study, no reader, no day. It
is for its owner alone, and goes when the case is submitted, when its reader discards it, and when there is no such case
any more, as after an erasure.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final

import msgspec

from registry.campaigns.beside_key import put, writing_beside
from registry.errors import UnreadableError
from registry.given_files import given_bytes
from registry.new_files import made_folder, writing_at

FORMAT: Final = 1
ENDING: Final = ".json"
FILE_AT_MOST: Final = 2_000_000  # bytes
Typed = Mapping[str, Mapping[str, str]]  # what stands in the cells, by row and column


class Draft(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was typed of a case by row and column, empty cells left out; `milliseconds` were spent on the case so far.

    `revision` counts how often it was saved.
    """

    format: int = FORMAT
    case: str
    revision: int = 0
    milliseconds: int = 0
    typed: dict[str, dict[str, str]] = {}


class Drafts:
    """The drafts of a campaign, in a folder beside its key."""

    def __init__(self, key_file: Path) -> None:
        self._key_file = key_file
        self.folder = key_file.with_name(f"{key_file.name}.drafts")

    def of(self, case: str) -> Draft:
        """Return the draft of a case, an empty one where there is none. Raises `UnreadableError` for a damaged file."""
        place = self._place(case)
        try:
            draft = msgspec.json.decode(given_bytes(place, at_most=FILE_AT_MOST), type=Draft)
        except FileNotFoundError:
            return Draft(case=case)
        except OSError as failure:
            raise UnreadableError(1, f"the draft of {case}: {failure.strerror or failure}") from None
        except msgspec.DecodeError:
            raise UnreadableError(1, f"the draft of {case} is damaged") from None
        if draft.format != FORMAT or draft.case != case:
            raise UnreadableError(1, f"the draft of {case} is of another case, or of another edition of spondyl")
        return draft

    def keep(self, case: str, typed: Typed, *, milliseconds: int, after: int | None = None) -> Draft | None:
        """Keep what was typed of a case, in place of what was kept, and so many more ms spent on it.

        `after` is the revision that was shown to whoever typed it: where somebody else, as another window, has saved
        another one since that says otherwise, that stays, and None is returned. Raises `UnwritableError`.
        """
        with writing_beside(self._key_file):
            before = self.of(case)
            said = {row: dict(cells) for row, cells in typed.items() if cells}
            if after not in (None, before.revision) and before.typed != said:
                return None
            spent = before.milliseconds + milliseconds
            draft = Draft(case=case, revision=before.revision + 1, milliseconds=spent, typed=said)
            put(made_folder(self.folder) / f"{case}{ENDING}", msgspec.json.encode(draft))
            return draft

    def drop(self, case: str) -> None:
        """Remove the draft of a case, where there is one."""
        with writing_beside(self._key_file), writing_at(self.folder):
            self._place(case).unlink(missing_ok=True)

    def cases(self) -> list[str]:
        """Return the codes of the cases that have a draft, in their order."""
        return sorted(path.name.removesuffix(ENDING) for path in self._files() if path.suffix == ENDING)

    def keep_only(self, cases: Collection[str]) -> list[str]:
        """Remove every draft that is of none of these cases, and what a killed process left; return of which cases."""
        if not self._files():
            return []
        with writing_beside(self._key_file), writing_at(self.folder):
            gone = [path for path in self._files() if path.name.removesuffix(ENDING) not in cases]
            for path in gone:
                path.unlink(missing_ok=True)
        return sorted(path.name.removesuffix(ENDING) for path in gone if path.suffix == ENDING)

    def _files(self) -> list[Path]:
        return [*self.folder.iterdir()] if self.folder.is_dir() else []

    def _place(self, case: str) -> Path:
        return self.folder / f"{case}{ENDING}"
