"""Lengths of time as people write them."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from projections.observation.durations import Duration, duration
from registry.errors import FormatError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0 days", Duration()),
        ("1 day", Duration(days=1)),
        ("2 weeks", Duration(days=14)),
        ("18 months", Duration(months=18)),
        ("2 Years", Duration(months=24)),
    ],
)
def test_lengths_of_time_are_read(text: str, expected: Duration) -> None:
    assert duration("gap", text) == expected


@pytest.mark.parametrize("text", ["", "18", "months", "-1 days", "1.5 years", "18 monthss", "1 day and 2 months"])
def test_what_is_no_length_of_time_is_refused(text: str) -> None:
    with pytest.raises(FormatError, match=r"gap: .* write 90 days, 18 months or 2 years"):
        duration("gap", text)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        ("2003-01-31", 1, "2003-02-28"),
        ("2004-01-31", 1, "2004-02-29"),
        ("2003-01-14", 18, "2004-07-14"),
        ("2003-12-31", 2, "2004-02-29"),
        ("2004-02-29", 12, "2005-02-28"),
    ],
)
def test_months_are_those_of_the_calendar(day: str, months: int, later: str) -> None:
    numbers = np.array([date.fromisoformat(day).toordinal() - date(1970, 1, 1).toordinal()], dtype=np.int64)

    (found,) = Duration(months=months).after(numbers)

    assert str(np.datetime64(int(found), "D")) == later
