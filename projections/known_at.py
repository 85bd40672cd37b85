"""What a person may write for `known_at`, and the position of the log that it means.

| written | means |
|---|---|
| nothing | the end of the log |
| `@4711` or 4711 | that position |
| `2013-08-01` | all that was recorded up to the end of that day, UTC |
| `2013-08-01T12:00`, with seconds, fractions and zone if wanted | all up to and with that instant; UTC without a zone |
| a name | the freeze of that name |

The day of a fixed place is one of UTC too; the day of the end of the log is today where the registry is kept.

A day or an instant in the future is no place: what will be known then is not known yet. The day of today is one, and
means what is known so far; it is the same for ever once the day is over.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final, TypeVar

from registry.domain.days import EPOCH, day, instant, today
from registry.errors import ClinicalDayError, FormatError, UnknownPointError

if TYPE_CHECKING:
    from registry.store.freezes import Freeze
    from registry.store.head import Head
    from registry.store.log import EventLog

KnownAt = str | int | date | datetime | None
Moment = TypeVar("Moment", date, datetime)

POSITION: Final = re.compile(r"@(\d{1,18})", re.ASCII)
DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
INSTANT: Final = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?", re.ASCII)
NAME: Final = re.compile(r"[A-Za-z].*")
FORMS: Final = "write a position @N, a day YYYY-MM-DD, an instant YYYY-MM-DDThh:mm, or the name of a freeze"


def head_at(log: EventLog, known_at: KnownAt) -> Head:
    """Return the last event that the registry knew at a place on the recorded clock.

    Raises `UnknownPointError` for a position beyond the end, a day or an instant in the future, an unknown freeze, or
    what is none of all.
    """
    if known_at is None:
        return log.head()
    position = _position(known_at)
    if position is not None:
        return log.head_at(position)
    if isinstance(known_at, date):
        _check_past(log, known_at)
        return log.head_at(log.position_at(_last_microsecond(known_at)))
    asked = str(known_at).strip()
    if DATE.fullmatch(asked):
        return head_at(log, _moment(asked, date.fromisoformat))
    if INSTANT.fullmatch(asked):
        return head_at(log, _moment(asked, datetime.fromisoformat))
    return log.head_at(_freeze(log, asked).position)


def day_of(log: EventLog, known_at: KnownAt) -> date:
    """Return the clinical day as of which a place is asked where nobody says another; of the end of the log, today.

    Of a fixed place it is a day of UTC, wherever the machine stands: of a day that day, of an instant the one on which
    it lies, of a freeze and of a position the one on which it was recorded. Before the first event it is the first day
    of all. Raises as `head_at` does.
    """
    if known_at is None:
        return today(log.now())
    if isinstance(known_at, datetime):
        return _day_in_utc(_microseconds(known_at))
    if isinstance(known_at, date):
        return known_at
    position = _position(known_at)
    if position is not None:
        recorded_at = log.head_at(position).recorded_at
        return date.min if recorded_at is None else _day_in_utc(recorded_at)
    asked = str(known_at).strip()
    if DATE.fullmatch(asked):
        return _moment(asked, date.fromisoformat)
    if INSTANT.fullmatch(asked):
        return _day_in_utc(_microseconds(_moment(asked, datetime.fromisoformat)))
    return _day_in_utc(_freeze(log, asked).recorded_at)


def latest_day(log: EventLog, known_at: KnownAt) -> date | None:
    """Return the last day that may be asked for at a place: its day; None for a position, which sets no limit.

    Raises as `head_at` does.
    """
    return None if _position(known_at) is not None else day_of(log, known_at)


def known_day(log: EventLog, as_of: date | str | None, *, known_at: KnownAt) -> date | None:
    """Return the clinical day that a person writes as `as_of`; None for none.

    Raises `FormatError` for what is no day, `ClinicalDayError` for one of which nobody knew yet at `known_at`, and as
    `head_at` does.
    """
    on = as_of.date() if isinstance(as_of, datetime) else day(as_of) if isinstance(as_of, str) else as_of
    if as_of is not None and on is None:
        raise FormatError("as_of", as_of, "a day of the calendar; write YYYY-MM-DD")
    if on is not None and (latest := latest_day(log, known_at)) is not None and on > latest:
        raise ClinicalDayError("as_of", on, f"lies after {latest}, and what was true then was not known yet")
    return on


def _check_past(log: EventLog, known_at: date) -> None:
    """Refuse a day or an instant that has not begun."""
    begins = known_at if isinstance(known_at, datetime) else datetime.combine(known_at, time.min)
    if _microseconds(begins) > log.now():
        raise UnknownPointError(str(known_at), "lies in the future, and what will be known then is not known yet")


def _position(known_at: KnownAt) -> int | None:
    """Return the position that is written, None where it is another place."""
    if isinstance(known_at, str):
        position = POSITION.fullmatch(known_at.strip())
        return None if position is None else int(position[1])
    return known_at if isinstance(known_at, int) else None


def _day_in_utc(microseconds: int) -> date:
    """Return the day (UTC) of an instant; of one that lies on no day of the calendar, in a zone, the nearest."""
    try:
        return instant(microseconds).date()
    except OverflowError:
        return date.min if microseconds < 0 else date.max


def _last_microsecond(moment: date) -> int:
    """Return the last microsecond of the recorded clock that a day or an instant takes in."""
    return _microseconds(moment if isinstance(moment, datetime) else datetime.combine(moment, time.max))


def _microseconds(moment: datetime) -> int:
    """Return an instant on the recorded clock; UTC where it names no zone."""
    return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - EPOCH) // timedelta(microseconds=1)


def _moment(asked: str, read: Callable[[str], Moment]) -> Moment:
    try:
        return read(asked)
    except ValueError:
        raise UnknownPointError(asked, "is on no calendar and no clock") from None


def _freeze(log: EventLog, name: str) -> Freeze:
    from registry.store.freezes import Freezes

    freezes = Freezes(log.database)
    named = freezes.find(name)
    if named is not None:
        return named
    if not NAME.fullmatch(name):
        raise UnknownPointError(name, FORMS)
    raise UnknownPointError(name, "there is no such freeze", (freeze.name for freeze in freezes.all()))
