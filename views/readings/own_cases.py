"""The first page of a reader: how far the reading has come, where it goes on, and every case in the reader's order."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from registry.campaigns.worklists import Case


class Progress(NamedTuple):
    """How many of a reader's cases are read, of how many that can be."""

    read: int
    of: int

    @property
    def told(self) -> str:
        """The same in words."""
        return f"{self.read:,} of {self.of:,} read"


class OwnCase(NamedTuple):
    """A case in a list: its number in the reader's order, its code, and what is the matter with it."""

    number: int
    code: str
    what: str
    is_open: bool


def progress(cases: Sequence[Case]) -> Progress:
    """Return how far a reader has come; a case that can be read no more does not count."""
    counted = [case for case in cases if not case.assigned.is_retracted]
    return Progress(sum(case.assigned.is_read for case in counted), len(counted))


def own_cases(cases: Sequence[Case], drafts: Collection[str]) -> list[OwnCase]:
    """Return a reader's cases as they are listed; `drafts` are the codes of those that were begun."""
    return [OwnCase(case.number, case.code, _what(case, drafts), case.assigned.is_open) for case in cases]


def next_case(cases: Sequence[Case], after: int = 0) -> Case | None:
    """Return the first case after a number that is to be read, else the first of all; None where none is."""
    to_read = [case for case in cases if case.assigned.is_open]
    return next((case for case in to_read if case.number > after), to_read[0] if to_read else None)


def _what(case: Case, drafts: Collection[str]) -> str:
    if case.assigned.is_retracted:
        return "withdrawn, not to be read"
    if case.assigned.is_read:
        return "recorded; another draft of it is kept" if case.code in drafts else "recorded"
    return "begun" if case.code in drafts else "to be read"
