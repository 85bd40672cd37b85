"""Days moved by a keyed number a patient: what is exact stays exact, what is partial stays partial."""

from __future__ import annotations

from collections import Counter
from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from projections.export.profiles.release_key import ReleaseKey
from projections.export.profiles.shifted_days import moved, moved_text, moved_texts, shift
from tests.projections.export.profiles.releasing import KEY


def column(*days: str | None) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array([None if day is None else date.fromisoformat(day) for day in days], pa.date32())])


def days(*texts: str | None, by: int, precision: str = "day", ends: bool = False) -> list[str | None]:
    known = pa.chunked_array([pa.array([precision] * len(texts))])
    made = moved(column(*texts), np.full(len(texts), by), precision=known, ends=ends).to_pylist()
    return [None if day is None else str(day) for day in made]


def test_a_day_moves_over_the_end_of_february_and_none_stays_none() -> None:
    assert days("2004-03-01", "1968-01-01", None, by=-1) == ["2004-02-29", "1967-12-31", None]


@pytest.mark.parametrize(
    ("by", "start", "end"),
    [(-1, "2004-02-01", "2004-03-01"), (-31, "2004-01-01", "2004-02-01"), (-29, "2004-02-01", "2004-03-01")],
)
def test_a_month_is_that_in_which_a_starts_first_and_an_ends_last_day_lie(by: int, start: str, end: str) -> None:
    assert days("2004-03-01", by=by, precision="month") == [start]
    assert days("2004-03-01", by=by, precision="month", ends=True) == [end]


def test_a_year_is_the_first_of_one() -> None:
    assert days("2004-01-01", by=-1, precision="year") == ["2003-01-01"]
    assert days("2004-01-01", by=-365, precision="year", ends=True) == ["2004-01-01"]


@pytest.mark.parametrize("by", [-1, -17, -30, -31, -200, -365])
def test_no_end_comes_to_lie_before_its_start(by: int) -> None:
    (exact,) = days("2004-03-03", by=by)
    (month,) = days("2004-03-01", by=by, precision="month", ends=True)
    (started,) = days("2004-03-01", by=by, precision="month")

    assert exact is not None
    assert month is not None
    assert month[:7] >= exact[:7]
    assert started is not None
    assert started <= exact


def test_written_days_move_as_precisely_as_they_are_written_and_no_other_text_is_left() -> None:
    texts = ["2004-03-01", "2004-03", "2004", "in March", "2004-13", None]

    assert moved_texts(pa.array(texts), np.full(6, -1)).to_pylist() == [
        "2004-02-29",
        "2004-02",
        "2003",
        None,
        None,
        None,
    ]
    assert moved_text("0001-01-01", -1) is None


def test_shifts_lie_between_1_and_365_days_back_and_each_is_as_likely() -> None:
    key = ReleaseKey(bytes.fromhex(KEY))

    found = Counter(shift(key, f"P-{number}") for number in range(36_500))

    assert (min(found), max(found), len(found)) == (-365, -1, 365)
    expected = 100
    chi_squared = sum((n - expected) ** 2 / expected for n in found.values())
    assert chi_squared < 430  # qchisq(0.99, 364) is 429.7
