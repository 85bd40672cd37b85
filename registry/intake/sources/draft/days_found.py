"""How the days in a source may be written: each way that reads any of them, with how many it reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from registry.intake.sources.days_written import AMBIGUOUS, Read, Unread, day_reader

WHOLE: Final = (
    "%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%Y/%m/%d", "%Y%m%d", "%d.%m.%y", "%d/%m/%y",
    "%m/%d/%y", "%d %b %Y", "%d-%b-%Y", "%d %B %Y",
)  # fmt: skip
PARTIAL: Final = ("%Y", "%m/%Y", "%m.%Y", "%b %Y", "%Y-%m")
OURS: Final = ("%Y-%m-%d", "%Y-%m", "%Y")  # which nobody has to choose


class Way(NamedTuple):
    """A way to write days, and how many of the different texts that were looked at it reads."""

    written: str
    n_read: int


def ways_of(texts: Iterable[str], *, partial: bool) -> list[Way]:
    """Return each way that reads any of some texts, the one that reads most first; `partial` for months and years."""
    different = [*dict.fromkeys(texts)]
    ways = [Way(way, sum(_reads(way, text, partial=partial) for text in different))
            for way in (PARTIAL if partial else WHOLE)]  # fmt: skip
    return sorted((way for way in ways if way.n_read), key=lambda way: -way.n_read)


def together(texts: Iterable[str], *, partial: bool) -> list[tuple[tuple[str, ...], int]]:
    """Return the ways that read some texts as one choice, with how many of these they read.

    Where two of them read a text as different days each is a choice of its own.
    """
    different = [*dict.fromkeys(texts)]
    ways = ways_of(different, partial=partial)
    read = _reader([way.written for way in ways], partial=partial)
    if any(isinstance(said := read(text.strip()), Unread) and said.kind == AMBIGUOUS for text in different):
        return [((way.written,), way.n_read) for way in ways]
    n_read = sum(not isinstance(read(text.strip()), Unread) for text in different)
    return [(tuple(way.written for way in ways), n_read)] if ways else []


def is_ours(text: str) -> bool:
    """Return whether a text is a day, a month or a year as ours are written."""
    return any(_reads(way, text, partial=way != OURS[0]) and "." not in text for way in OURS)


def _reads(way: str, text: str, *, partial: bool) -> bool:
    return not isinstance(_reader((way,), partial=partial)(text.strip()), Unread)


def _reader(ways: Sequence[str], *, partial: bool) -> Read:
    return day_reader((), partial=ways) if partial else day_reader(ways)
