"""Which day a start or a stop counts as that is known to the month or the year only."""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.columns.partial_days import FOREVER, Partial, counted_as, possible_days
from registry.domain.days import first_day, last_day, precision

EPOCH = date(1970, 1, 1)


def counted(start: str, stop: str | None, rule: Partial = "middle") -> tuple[str, str | None]:
    """Return what a start and a stop count as."""
    bounds = counted_as(*(possible_days(*columns(text)) for text in (start, stop)), rule)
    started, stopped = (int(days[0]) for days in bounds)
    return day_of(started), None if stopped == FOREVER else day_of(stopped)


def columns(text: str | None) -> tuple[pa.Array, pa.Array]:
    first = None if text is None else first_day(text)
    return pa.array([first], pa.date32()), pa.array([None if text is None else precision(text)], pa.string())


def day_of(number: int) -> str:
    return (EPOCH + timedelta(days=number)).isoformat()


@pytest.mark.parametrize(
    ("start", "stop", "expected"),
    [
        ("2002-01-14", "2003-02-03", ("2002-01-14", "2003-02-03")),
        ("2002-04", None, ("2002-04-15", None)),  # of 30 days the 15th and the 16th are the middle: the earlier
        ("2002-05", None, ("2002-05-16", None)),
        ("2003", None, ("2003-07-02", None)),
        ("2004", None, ("2004-07-01", None)),  # of 366 days two are the middle
        ("2002-01-14", "2004", ("2002-01-14", "2004-07-01")),
        ("2002", "2002-02-10", ("2002-01-21", "2002-02-10")),  # not after the stop: 1 January to 10 February
        ("2002-03-20", "2002-03", ("2002-03-20", "2002-03-25")),  # from the start on: 20 to 31 March
        ("2002", "2002", ("2002-07-02", "2002-10-01")),
        ("2002-03", "2002-03", ("2002-03-16", "2002-03-23")),
    ],
)
def test_the_middle_of_the_days_that_are_possible(
    start: str, stop: str | None, expected: tuple[str, str | None]
) -> None:
    assert counted(start, stop) == expected


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("first", ("2002-03-01", "2002-03-01")),
        ("last", ("2002-03-31", "2002-03-31")),
        ("shortest", ("2002-03-31", "2002-03-31")),
        ("longest", ("2002-03-01", "2002-03-31")),
    ],
)
def test_other_rules_by_name(rule: Partial, expected: tuple[str, str]) -> None:
    assert counted("2002-03", "2002-03", rule) == expected


DAYS = st.dates(date(2001, 1, 1), date(2004, 12, 31))
WRITTEN = st.tuples(DAYS, st.sampled_from([4, 7, 10]))


@given(start=WRITTEN, length=st.integers(0, 900), known=st.sampled_from([4, 7, 10]))
def test_a_course_is_never_negative_and_lies_between_its_bounds(
    start: tuple[date, int], length: int, known: int
) -> None:
    first, last = start[0].isoformat()[: start[1]], (start[0] + timedelta(days=length)).isoformat()[:known]
    lengths = {}
    for rule in ("shortest", "first", "middle", "last", "longest"):
        started, stopped = counted(first, last, rule)  # type: ignore[arg-type]
        assert stopped is not None
        lengths[rule] = (date.fromisoformat(stopped) - date.fromisoformat(started)).days
        assert first_day(first).isoformat() <= started <= last_day(first).isoformat()
        assert first_day(last).isoformat() <= stopped <= last_day(last).isoformat()

    assert 0 <= lengths["shortest"] <= min(lengths.values())
    assert max(lengths.values()) == lengths["longest"]
    assert lengths["shortest"] <= length <= lengths["longest"]
