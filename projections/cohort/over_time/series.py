"""The figures of a cohort at many points in time: by the clinical calendar, or as the registry learnt of things.

The log is decoded once for all of them. A cut is a day and a place on the recorded clock; at a cut at which the
definition cannot be answered, as where a reader has not read yet, `refusal` says why and there are no figures.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np

from projections.cohort.all_tables import figures
from projections.cohort.figures.address import SEPARATOR, Address
from projections.cohort.figures.figures import Placed
from projections.cohort.members.cohort import Cohort
from projections.cohort.members.reader_selection import CohortError
from projections.columns.coded import day_numbers
from projections.consent import KEEP
from projections.observation.contacts import Contacts
from projections.point_in_time import facts_at
from registry.domain.days import EPOCH
from registry.errors import RangeError, UnknownCodeError

if TYPE_CHECKING:
    from projections.cohort.definition.definition import Definition
    from projections.log.log_columns import LogColumns
    from projections.point_in_time import Facts, PointInTime

Every = Literal["year", "quarter", "month"]

MONTHS: Final[dict[Every, int]] = {"year": 12, "quarter": 3, "month": 1}
CUTS_AT_MOST: Final = 1_200  # months of a hundred years
COUNTS: Final = ("* / n", "* / * / * / n / *")  # the second of groups
ENDS_OF_FOLLOW_UP: Final = (("patients", "follow_up_ended_on"), ("follow_ups", "ended_on"))


class Cut(NamedTuple):
    """A cohort at one point in time: how many members it has, and the chosen figures."""

    at: PointInTime
    n_patients: int | None
    placed: list[Placed]
    refusal: str | None = None


class Schedule(NamedTuple):
    """Which points in time: the last day of each `every` on one of the clocks, up to the position `end`.

    On the clinical clock from the first day 0 to the last day on which a member was seen, at `end`, and in no case past
    the latest clinical day that the registry knew then: of what came after nobody has told it. On the recorded clock
    from the first event to `end`, as of one day.
    """

    end: int
    every: Every
    recorded: bool = False
    first: date | None = None
    last: date | None = None
    as_of: date | None = None


def series(
    definition: Definition,
    columns: LogColumns,
    cuts: Iterable[tuple[date | None, int]],
    chosen: Collection[str] = COUNTS,
    *,
    withdrawn: str = KEEP,
) -> Iterator[Cut]:
    """Yield the cohort at each cut, a clinical day (None for no limit) and a position of the log.

    `withdrawn` is what becomes of patients who had withdrawn their consent then, as in `facts_at`.

    `chosen` are addresses of figures as `lesions / erosions / baseline / n`, in which `*` stands for anything.
    """
    tables = _tables(definition, chosen)
    for as_of, position in cuts:
        facts = facts_at(columns, as_of=as_of, known_at=position, withdrawn=withdrawn)
        try:
            cohort = Cohort.of(definition, facts)
            placed = list(figures(cohort, only=tables)) if tables else []
        except (CohortError, UnknownCodeError) as refusal:
            yield Cut(facts.at, None, [], str(refusal))
            continue
        yield Cut(facts.at, cohort.n, [each for each in placed if _is_chosen(each.address, chosen)])


def calendar(first: date, last: date, every: Every) -> list[date]:
    """Return the last day of each year, quarter or month from one day on, and the last day itself.

    >>> [str(day) for day in calendar(date(2011, 11, 5), date(2012, 5, 1), "quarter")]
    ['2011-12-31', '2012-03-31', '2012-05-01']
    """
    months = MONTHS[every]
    ends = []
    month = (first.year * 12 + first.month - 1) // months * months
    while (end := _before(month + months)) < last:
        ends.append(end)
        month += months
    return [*ends, last]


def cuts(definition: Definition, columns: LogColumns, schedule: Schedule) -> list[tuple[date | None, int]]:
    """Return the clinical day and the position of each cut; none of a cohort of nobody, or of an empty log.

    Raises `RangeError` for more than 1,200.
    """
    end = schedule.end
    span = _recorded_span(columns, end) if schedule.recorded else _clinical_span(definition, columns, end)
    if span is None:
        return []
    last_by_clock = span[1] if schedule.recorded else schedule.as_of or span[1]
    first, last = schedule.first or span[0], schedule.last or last_by_clock
    if not schedule.recorded:
        last = min(last, _latest_known(facts_at(columns, known_at=end)))
    if last < first:
        return []
    days = calendar(first, last, schedule.every)
    if len(days) > CUTS_AT_MOST:
        raise RangeError(
            "--every", f"{len(days):,} points in time", f"1 to {CUTS_AT_MOST:,}; begin later, or end earlier"
        )
    if schedule.recorded:
        return [(schedule.as_of, position) for position in _positions(columns, days, end)]
    return [(day, end) for day in days]


def check_chosen(chosen: Collection[str], given: Collection[Cut]) -> None:
    """Raise `UnknownCodeError` where an address is that of no figure at any cut."""
    addresses = list(dict.fromkeys(placed.address for cut in given for placed in cut.placed))
    for address in chosen:
        if not any(cut.refusal for cut in given) and not any(_is_chosen(each, [address]) for each in addresses):
            raise UnknownCodeError("--figure", address, map(str, addresses), what="figure")


def _clinical_span(definition: Definition, columns: LogColumns, position: int) -> tuple[date, date] | None:
    """Return the first day 0 of the cohort and the last day on which a member was seen."""
    cohort = Cohort.of(definition, facts_at(columns, known_at=position))
    if not cohort.n:
        return None
    first = EPOCH.date() + timedelta(days=int(np.min(cohort.day_zero)))
    return first, max(cohort.enrolment[member]["last_seen_on"] for member in cohort.members)


def _latest_known(facts: Facts) -> date:
    """Return the latest clinical day of any fact of the registry, ends of follow-up included."""
    ends = (day_numbers(facts.of(kind)[column].drop_null()) for kind, column in ENDS_OF_FOLLOW_UP)
    latest = np.concatenate([Contacts.of(facts).day, *ends]).max()
    return EPOCH.date() + timedelta(days=int(latest))


def _recorded_span(columns: LogColumns, last: int) -> tuple[date, date] | None:
    """Return the first and the last day of the recorded clock up to a position."""
    begin, end = (facts_at(columns, known_at=position).at.recorded_at for position in (min(1, last), last))
    return None if begin is None or end is None else (begin.date(), end.date())


def _positions(columns: LogColumns, days: Iterable[date], last: int) -> list[int]:
    """Return the position that was known at the end of each day of the recorded clock, each once."""
    ends = (datetime.combine(day, time.max, UTC) for day in days)
    positions = (columns.log.position_at((end - EPOCH) // timedelta(microseconds=1)) for end in ends)
    return list(dict.fromkeys(min(position, last) for position in positions))


def _before(month: int) -> date:
    """Return the day before a month, which counts from January of the year 0; none lies after the calendar's last."""
    if month == 12 * (MAXYEAR + 1):
        return date.max
    return date(month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _tables(definition: Definition, chosen: Collection[str]) -> list[str]:
    """Return the tables of which a figure may be chosen."""
    tables = [address.split(SEPARATOR)[0] for address in chosen]
    return [each.name for each in definition.tables if any(fnmatchcase(each.name, table) for table in tables)]


def _is_chosen(address: Address, chosen: Collection[str]) -> bool:
    return any(fnmatchcase(str(address), pattern.replace("[", "[[]")) for pattern in chosen)
