"""What a request asks: a point in time, what to filter by, in which form; and the address that says all of it.

Every address has `as_of`, a day, and `known_at`, a position `@N`. One that lacks them, or says them as people do, as a
day or by the name of a freeze, is led to the one that says them so: a link that is copied says the same for ever.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeVar, cast
from urllib.parse import quote, urlencode

from projections.known_at import POSITION, day_of, head_at, latest_day
from registry.domain.days import day, instant
from registry.errors import ClinicalDayError, FormatError, RefusalError
from registry.wording import listed, shown
from views.web.live import Live, NotYetError, Point

if TYPE_CHECKING:
    from starlette.requests import Request

    from projections.point_in_time import Facts

Form = Literal["html", "csv", "parquet"]
FORMS: Final = ("html", "csv", "parquet")
POINT: Final = ("as_of", "known_at")
KNOWN_ON: Final = "known_on"  # the day that a reader chose, by which `known_at` is moved
LONGEST: Final = 200  # characters of what is asked for
Made = TypeVar("Made")


class LedOn(Exception):  # noqa: N818 - nothing is wrong: the answer stands under another address
    """The answer stands at another address, which says the point in time."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


class Asked(NamedTuple):
    """What is asked of a page: of which registry and point, in which form; the rest by name, the page's own `path`.

    `since` is when, on the clock that only goes on, in s: all that a page waits for comes out of one patience.
    """

    live: Live
    path: str
    point: Point
    last: int
    form: Form
    named: Mapping[str, str]
    filters: Mapping[str, str]
    since: float

    @property
    def facts(self) -> Facts:
        """The facts of everybody."""
        return self.live.facts(self.point)

    def made(self, name: str, make: Callable[[Facts], Made], *, is_large: bool = False) -> Made:
        """Return what is made of everybody's facts, as `Live.made` does; what is saved is waited for."""
        patience = None if self.form != "html" else max(self.since + self.live.patience - time.monotonic(), 0)
        return self.live.made(name, self.point, make, patience=patience, is_large=is_large)

    def soon(self, name: str, make: Callable[[Facts], Made]) -> Made | None:
        """Return what is made of everybody's facts, None while it is being computed."""
        try:
            return self.made(name, make)
        except NotYetError:
            return None

    def address(self, path: str | None = None, **also: str | int | None) -> str:
        """Return the address of a page at this point in time, by default of this page with its filters."""
        filters = self.filters if path is None else {}
        return address(self.path if path is None else path, self.point, {**filters, **also})

    @property
    def unfiltered(self) -> str:
        """The address of this page without any filter."""
        return self.address(self.path)

    @property
    def is_at_end(self) -> bool:
        """Whether the position is the end of the log."""
        return self.point.position == self.last

    def to(self, path: str, position: int, as_of: date) -> str:
        """Return the address of a page at another point in time."""
        return address(path, Point(as_of, position), {})

    def at(self, position: int, as_of: date | None = None) -> str:
        """Return the address of this page at another position, by default as of the same day."""
        return address(self.path, Point(as_of or self.point.as_of, position), self.filters)


def address(path: str, point: Point, also: Mapping[str, str | int | None]) -> str:
    """Return the address of a path at a point in time, with what else is asked."""
    asked = {"as_of": point.as_of.isoformat(), "known_at": f"@{point.position}", **also}
    return f"{path}?{urlencode({name: value for name, value in asked.items() if value not in (None, '')}, safe='@')}"


def path_to(page: str, *parts: str) -> str:
    """Return the path of a page about something, whose name may have any sign.

    >>> path_to("facts", "visit/P-1/2020-01-05/second line")
    '/facts/visit/P-1/2020-01-05/second%20line'
    """
    return "/".join(("", page, *(quote(part, safe="/@~=") for part in parts)))


def asked_by(request: Request, live: Live, takes: Collection[str]) -> Asked:
    """Return what a request asks of a page that `takes` some filters.

    Raises `LedOn` where the address does not say the point in time as all do, `RefusalError` for what no page takes,
    `UnknownPointError`, `FormatError` and `ClinicalDayError` for a point that there is not.
    """
    since, asked = time.monotonic(), _once(request, takes)
    head = live.head()
    path = quote(request.url.path, safe="/@~=")
    filters = {name: value for name, value in asked.items() if name in takes and value}
    form = asked.get("form") or "html"
    if form not in FORMS:
        raise RefusalError(f"form: {shown(form)} is none; write {listed(FORMS)}", field="form")
    point = _point(live, head.position, asked.get("as_of", ""), _place(live, asked))
    if [asked.get(name) for name in POINT] != [point.as_of.isoformat(), f"@{point.position}"] or KNOWN_ON in asked:
        raise LedOn(address(path, point, {**filters, "form": None if form == "html" else form}))
    named = {name: str(value) for name, value in request.path_params.items()}
    return Asked(live, path, point, head.position, cast("Form", form), named, filters, since)


def _once(request: Request, takes: Collection[str]) -> dict[str, str]:
    """Return what stands after the question mark, each name once; refuse what the page does not take."""
    asked: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name not in (*POINT, KNOWN_ON, "form", *takes):
            raise RefusalError(f"{shown(name)} is nothing that this page takes", field="address")
        if name in asked:
            raise RefusalError(f"{name}: stands there twice", field=name)
        if len(value) > LONGEST:
            raise RefusalError(f"{name}: has more than {LONGEST} characters", field=name)
        asked[name] = value
    return asked


def _place(live: Live, asked: Mapping[str, str]) -> str:
    """Return the place on the recorded clock: the day that was chosen, unless that of the position was left there."""
    place, chosen = asked.get("known_at", "").strip(), asked.get(KNOWN_ON, "").strip()
    if not chosen or (POSITION.fullmatch(place) and chosen == day_recorded(live, int(place[1:]))):
        return place
    return chosen


def day_recorded(live: Live, position: int) -> str:
    """Return the day (UTC) on which the event at a position was recorded, the empty text before the first."""
    recorded_at = live.log.head_at(position).recorded_at
    return "" if recorded_at is None else instant(recorded_at).date().isoformat()


def _point(live: Live, last: int, as_of: str, known_at: str) -> Point:
    """Return the point that is written: by default as of the day of the place, which by default is the last one."""
    place = known_at.strip()
    if not place:
        position = last
    elif found := POSITION.fullmatch(place):
        position = live.log.head_at(int(found[1])).position
    else:
        position = head_at(live.log, place).position
    if not as_of.strip():
        return Point(day_of(live.log, place or None), position)
    read, latest = day(as_of.strip()), latest_day(live.log, place or None)
    if read is None:
        raise FormatError("as_of", as_of, "a day of the calendar; write YYYY-MM-DD")
    if latest is not None and read > latest:
        raise ClinicalDayError("as_of", read, f"lies after {latest}, and what was true then was not known yet")
    return Point(read, position)
