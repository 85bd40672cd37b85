"""Scales: from numbers and days to places in a drawing, and where the ticks of an axis stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from math import ceil, floor, log10
from typing import Final, NamedTuple, Self

STEPS: Final = (Decimal(1), Decimal(2), Decimal(5), Decimal(10))
MONTHS: Final = (1, 3, 6, 12, 24, 60, 120, 240)
DAYS: Final = (1, 2, 7, 14)
DAY_LABEL: Final = 78  # how much room each needs
MONTH_LABEL: Final = 58
YEAR_LABEL: Final = 44


class Scale(NamedTuple):
    """A straight scale: `low` and `high` lie at the places `start` and `end`; of counts ticks are `whole` numbers."""

    low: float
    high: float
    start: float
    end: float
    whole: bool = False

    @classmethod
    def around(
        cls, values: Iterable[float], start: float, end: float, *, zero: bool = False, whole: bool = False
    ) -> Self:
        """Return the scale on which all values lie, from tick to tick; with 0 where asked for; 0 to 1 of none."""
        known = [*values, *([0.0] if zero else [])]
        low, high = (min(known), max(known)) if known else (0.0, 1.0)
        if low == high:
            low, high = (low - 1, high + 1) if low and not zero else (min(low, 0), max(high, 0) or 1)
        steps = ticks(low, high, whole=whole)
        return cls(min(low, steps[0]), max(high, steps[-1]), start, end, whole)

    def __call__(self, value: float) -> float:
        """Return the place of a value."""
        share = (value - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)

    @property
    def ticks(self) -> list[float]:
        """The ticks that lie on the scale."""
        return [each for each in ticks(self.low, self.high, whole=self.whole) if self.low <= each <= self.high]


def ticks(low: float, high: float, about: int = 5, *, whole: bool = False) -> list[float]:
    """Return round numbers in even steps, the first not above `low` and the last not below `high`.

    >>> ticks(0, 2, whole=True)
    [0.0, 1.0, 2.0]
    >>> ticks(0, 7), ticks(0.13, 0.34), ticks(-3, 40)
    ([0.0, 2.0, 4.0, 6.0, 8.0], [0.1, 0.15, 0.2, 0.25, 0.3, 0.35], [-10.0, 0.0, 10.0, 20.0, 30.0, 40.0])
    """
    rough = (high - low) / about
    power = Decimal(10) ** floor(log10(rough))
    step = next(power * each for each in STEPS if power * each >= Decimal(rough))
    step = max(step, Decimal(1)) if whole else step
    first, last = floor(Decimal(low) / step + Decimal("1e-9")), ceil(Decimal(high) / step - Decimal("1e-9"))
    return [float(step * place) for place in range(first, last + 1)]


def tick_text(value: float) -> str:
    """Return how a tick is called.

    >>> tick_text(0.25), tick_text(12000.0), tick_text(-3.0)
    ('0.25', '12,000', '−3')
    """
    text = f"{Decimal(repr(value)).normalize():,f}"
    return ("−" + text[1:] if text.startswith("-") else text) if value else "0"


class Days(NamedTuple):
    """A scale of days: the beginning of `first` and the end of `last` lie at the places `start` and `end`."""

    first: date
    last: date
    start: float
    end: float

    def __call__(self, day: date) -> float:
        """Return where a day begins."""
        return self.start + (day - self.first).days * self.width

    @property
    def width(self) -> float:
        """How wide a day is."""
        return (self.end - self.start) / ((self.last - self.first).days + 1)

    def after(self, day: date) -> float:
        """Return where a day ends."""
        return self(day) + self.width

    def middle(self, day: date) -> float:
        """Return the middle of a day."""
        return self(day) + self.width / 2

    def has(self, first: date, last: date) -> bool:
        """Return whether one of the days from the first to the last lies on the scale."""
        return first <= self.last and last >= self.first

    def cut(self, day: date) -> date:
        """Return the day, or the nearest that lies on the scale."""
        return min(max(day, self.first), self.last)

    @property
    def ticks(self) -> list[tuple[date, str]]:
        """The days at which ticks stand, each with what it is called, so many as have room."""
        return self._by_days() or list(self._by_months())

    def _by_days(self) -> list[tuple[date, str]]:
        n = (self.last - self.first).days + 1
        if n > 70:
            return []
        step = next((each for each in DAYS if each * self.width >= DAY_LABEL), DAYS[-1])
        days = (self.first + timedelta(days=each) for each in range(0, n, step))
        return [(day, day.isoformat()) for day in days]

    def _by_months(self) -> Iterator[tuple[date, str]]:
        per_month = self.width * 30.44
        step = next((each for each in MONTHS if each * per_month >= _room(each)), MONTHS[-1])
        month = self.first.year * 12 + self.first.month - (self.first.day == 1)
        month = -(-month // step) * step
        while month // 12 <= date.max.year and (day := date(month // 12, month % 12 + 1, 1)) <= self.last:
            yield day, f"{day:%Y}" if step >= 12 else f"{day:%Y-%m}"
            month += step


def _room(months: int) -> int:
    return YEAR_LABEL if months >= 12 else MONTH_LABEL
