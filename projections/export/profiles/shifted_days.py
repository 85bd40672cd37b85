"""Days moved by a keyed number of days a patient, so that what lies between two of them is as it was.

All days of a patient move by the same number, `LEAST` to `MOST` days back: none comes to lie after the point in time.
A day that is known to the month or the year only stands as the first of it, and everybody knows that: moved by days and
left so, its distance from the first would tell how far. So it is again the first of the month or year in which the
moved one lies: of a start that of its first possible day, of an end that of its last, so that no end comes to lie
before its start.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray, truth
from projections.columns.clinical_days import day_column
from projections.columns.coded import Coded, coded, day_numbers
from projections.columns.partial_days import latest_days
from projections.export.profiles.release_key import ReleaseKey

LEAST, MOST = 1, 365  # days
ENDS: Final = ("stopped_on", "ended_on")
PARTIAL: Final = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
MONTH, YEAR = "month", "year"
Days = npt.NDArray[np.int64]


def shift(key: ReleaseKey, patient: str) -> int:
    """Return by how many days those of a patient move, a number below 0."""
    return -(LEAST + int.from_bytes(key.digest("shift", patient)[:8], "big") % (MOST - LEAST + 1))


def shifts(key: ReleaseKey, patients: Coded) -> Days:
    """Return by how many days those of each row move, by the row's patient."""
    of_words = np.array([shift(key, word) for word in patients.words.to_pylist()], dtype=np.int64)
    return np.asarray(of_words[patients.codes], dtype=np.int64)


def moved(days: ArrowArray, by: Days, *, precision: ArrowArray | None = None, ends: bool = False) -> ArrowArray:
    """Return a column of days moved; with their `precision`, the first day of what the moved one is known to be."""
    none = truth(pc.is_null(days))
    first = np.where(none, 0, day_numbers(days)).astype(np.int64)
    if precision is None:
        return day_column(first + by, null=none)
    meant = latest_days(first, precision) if ends else first
    return day_column(_floored(meant + by, precision), null=none)


def _floored(days: Days, precision: ArrowArray) -> Days:
    """Return the first day of the month or the year of each day that is known to that only."""
    known, exact = precision.cast(pa.string()), days.astype("datetime64[D]")
    of: dict[str, Any] = {MONTH: exact.astype("datetime64[M]"), YEAR: exact.astype("datetime64[Y]")}
    for word, floor in of.items():
        exact = np.where(truth(pc.equal(known, word)), floor.astype("datetime64[D]"), exact)
    return np.asarray(exact.astype(np.int64))


def moved_texts(texts: ArrowArray, by: Days) -> ArrowArray:
    """Return partial days, written `YYYY-MM-DD`, `YYYY-MM` or `YYYY`, moved; null for what is none."""
    found = coded(texts)
    pairs, rows = np.unique(np.stack([found.codes, by]), axis=1, return_inverse=True)
    words = [*found.words.to_pylist(), None]
    said = [moved_text(words[code], days) for code, days in pairs.T.tolist()]
    return pa.array(said, pa.string()).take(pa.array(rows.reshape(-1)))


def moved_text(text: str | None, by: int) -> str | None:
    """Return a partial day moved, as precise as it was; None for what is none.

    >>> moved_text("2004-03-01", -1), moved_text("2004-03", -1), moved_text("2004", -400)
    ('2004-02-29', '2004-02', '2002')
    """
    parts = PARTIAL.fullmatch(text or "")
    if parts is None:
        return None
    try:
        day = date(int(parts[1]), int(parts[2] or 1), int(parts[3] or 1)) + timedelta(days=by)
    except (ValueError, OverflowError):
        return None
    return day.isoformat()[: len(parts[0])]
