"""The files that a reader gets: at most a hundred cases each, under their codes, with a seal; and nothing else.

What stands in them follows from the campaign, the reader, the codes and the number of studies of each case. No day,
pseudonym, study's code, arm, earlier score or author is known here, so none can be written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count
from typing import Final, NamedTuple

from registry.campaigns.blinding import Blinding
from registry.campaigns.worklists import Case

FORMAT: Final = 1
CASES_AT_MOST: Final = 100  # of a file
CAMPAIGN_SHEET: Final = "campaign"
MARK: Final = "spondyl reading campaign"  # by which a workbook is known for one


class SheetCase(NamedTuple):
    """A case as its sheet shows it: its code, and how many studies it is of."""

    code: str
    studies: int


class SheetFile(NamedTuple):
    """One file of a reader: its `number` among those that were made together, from 1, and its cases in their order."""

    campaign: str
    reader: str
    number: int
    cases: tuple[SheetCase, ...]
    seal: str

    @property
    def name(self) -> str:
        """What the file is called, without an ending."""
        return f"{self.campaign}-{self.reader}-{self.number:02}"


def sheet_files(campaign: str, reader: str, cases: Iterable[Case], blinding: Blinding) -> list[SheetFile]:
    """Return the files of a reader's cases that are to be read still, in their order."""
    shown = [SheetCase(case.code, len(case.letters)) for case in cases if case.assigned.is_open]
    parts = (shown[start : start + CASES_AT_MOST] for start in range(0, len(shown), CASES_AT_MOST))
    return [
        SheetFile(
            campaign, reader, number, tuple(part), seal_of(blinding, reader, number, [case.code for case in part])
        )
        for number, part in zip(count(1), parts)
    ]


def seal_of(blinding: Blinding, reader: str, number: int, codes: Sequence[str]) -> str:
    """Return the seal of a reader's file: of its number and its cases, in whatever order they stand."""
    return blinding.seal(reader, FORMAT, number, *sorted(codes))
