"""What a page is: where it stands, what it filters by, and what makes it; the table of all pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from projections.columns.arrow import ArrowTable
    from views.web.asked import Asked


class Shown(NamedTuple):
    """What a page shows: its `title` and what its template takes; `table` makes what is saved as CSV and Parquet.

    `personal` says whose personal data it has, `changes` at which positions what it shows changed: the last one before
    the point and the first one after it, `ways` where else there is more about it: names and addresses.
    """

    title: str
    given: Mapping[str, Any]
    table: Callable[[], ArrowTable]
    subtitle: str = ""
    personal: str = ""
    changes: tuple[int | None, int | None] | None = None
    ways: Sequence[tuple[str, str]] = ()


class Filters(NamedTuple):
    """By what the rows of a page are chosen: words of columns, and a part of a pseudonym where it is not None."""

    choices: Mapping[str, Sequence[str]]
    search: str | None = None


class Page(NamedTuple):
    """A page: its `name`, by which the log of requests calls it, its path, what it filters by, and its template."""

    name: str
    path: str
    make: Callable[[Asked], Shown]
    filters: tuple[str, ...] = ()
    template: str = "sections"
