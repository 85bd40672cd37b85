"""One row per centre, year and thing that was expected: how often it was expected, and how often it is there.

Counted are expected visits whose window was over at the point in time, and lay in follow-up until its end: of one that
is still open, or that an end of follow-up cut short, nobody can say yet, or any more, if it will be done, and to count
those that were done early would flatter. A year is that of the due day. A measure or a score is expected as often as a
visit that requires it, whether or not somebody came; an examination likewise, and it may be made on another day of the
window. `n_in_window` are those in the window. The days until the record are those from the visit to the day (UTC) on
which the registry first learnt of it, over the visits that stand for what is done.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pyarrow as pa

from projections.columns.arrow import ArrowTable
from projections.columns.coded import Coded, Rows, Truth, changes, coded, in_order
from projections.columns.tables import Table, declared, frame, number, word
from projections.followed.expected import Expected
from projections.followed.learnt import learnt_at
from projections.followed.required import required
from projections.stated import patients
from registry.errors import UnknownCodeError

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

MICROSECONDS: Final = 86_400_000_000  # of a day
NOT_DONE: Final = -(1 << 31)  # in place of the days until the record
BY: Final = ("centre", "period")
COUNTS: Final = ("n_expected", "n_done", "n_in_window")
COMPLETENESS: Final[Table] = declared(
    "completeness",
    "centre, period and thing expected",
    order="centre period what",
    function_of="today",
    columns=(
        word("centre", "code of the recruiting centre, the empty text where none was recorded"),
        word("period", "year in which the visit was due"),
        word("what", "visit:, measure: or imaging: and what the schedule calls it, as visit:year {n}, measure:basdai"),
        number("n_expected", "number of expected visits, or of expected visits that require it", type_="int64"),
        number("n_done", "how many of them there are, in the window or outside of it", type_="int64"),
        number("n_in_window", "how many of them in the window", type_="int64"),
        number(
            "median_days_to_record",
            "median of the days from the visit until the registry first learnt of it",
            type_="double",
            unit="d",
        ),
    ),
).keyed(
    "centre period what",
    never_null="n_expected n_done n_in_window",
    betrays={
        "place": "centre",
        "clock": "period",
        "none": "what n_expected n_done n_in_window median_days_to_record",
    },
)


class _Counted(NamedTuple):
    """What is counted of one thing: rows of the expected visits, and which of them are done, and in the window."""

    what: str
    rows: Rows
    done: Truth
    in_window: Truth


def completeness(facts: Facts, *, by: Collection[str] = BY) -> pd.DataFrame:
    """Return the completeness as a frame, one row a centre, period and thing, or only by some of the first two.

    Raises `UnknownCodeError` for what can be counted by neither.
    """
    return frame(table(facts, by=by))


def table(facts: Facts, *, by: Collection[str] = BY) -> ArrowTable:
    """Return the completeness as an Arrow table by centre, period and what; all in one where `by` leaves one out."""
    return of_counts([counts(facts)], by=by)


def counts(facts: Facts) -> ArrowTable:
    """Return the counts of the facts, of all patients or a range of them, by centre, period, what and `delay`.

    `delay` are the days from visit to record; the counts of ranges add up.
    """
    found = Expected.of(facts)
    learnt = learnt_at(facts, found.days) // MICROSECONDS
    delay = np.append(learnt - found.days.day, NOT_DONE)[found.day]
    centre = patients.table(facts)["centre"].cast(pa.string()).fill_null("").combine_chunks()
    due = found.visits.due.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    parts = [_nothing()]
    for each in _things(facts, found):
        if not len(each.rows):
            continue
        columns = {
            "centre": centre.take(pa.array(found.visits.patient[each.rows])),
            "period": pa.array(due[each.rows]).cast(pa.string()),
            "what": pa.array([each.what]).take(pa.array(np.zeros(len(each.rows), dtype=np.int64))),
            "delay": pa.array(np.where(each.done, delay[each.rows], NOT_DONE)),
            "n_expected": pa.array(np.ones(len(each.rows), dtype=np.int64)),
            "n_done": pa.array(each.done.astype(np.int64)),
            "n_in_window": pa.array(each.in_window.astype(np.int64)),
        }
        parts.append(_summed(pa.table(columns), (*BY, "what", "delay")))
    return _summed(pa.concat_tables(parts), (*BY, "what", "delay"))


def of_counts(parts: Iterable[ArrowTable], *, by: Collection[str] = BY) -> ArrowTable:
    """Return the table of the counts of ranges that together are all patients.

    Raises `UnknownCodeError` for what can be counted by neither.
    """
    for each in by:
        if each not in BY:
            raise UnknownCodeError("by", each, BY, what="column to count by")
    counted = pa.concat_tables([_nothing(), *parts])
    for name in BY:
        if name not in by:
            counted = counted.set_column(
                counted.column_names.index(name), name, pa.array([""] * counted.num_rows, pa.string())
            )
    counted = _summed(counted, (*BY, "what", "delay"))
    keys = [coded(counted[name]) for name in (*BY, "what")]
    counted = counted.take(pa.array(in_order(*keys, counted["delay"].to_numpy())))
    first = _begins([coded(counted[name]) for name in (*BY, "what")])
    group = np.cumsum(first) - 1
    n = int(first.sum())
    totals = {name: _totals(counted[name].to_numpy(), group, n) for name in COUNTS}
    median, none = _medians(counted, group, n)
    named = counted.filter(pa.array(first))
    return COMPLETENESS.of(
        {
            **{name: named[name] for name in (*BY, "what")},
            **{name: pa.array(total) for name, total in totals.items()},
            "median_days_to_record": pa.array(median, mask=none),
        }
    )


def _things(facts: Facts, found: Expected) -> Iterator[_Counted]:
    """Yield everything that is counted, of the visits that are over: visits, then what they require."""
    over, came, in_window = found.is_over, found.came, found.is_in_window
    for edition, asked in enumerate(facts.schedule):
        rows = np.flatnonzero(over & (found.visits.edition == edition))
        yield _Counted(f"visit:{asked.visit.name}", rows, came[rows], in_window[rows])
    for thing in required(facts, found):
        there = over[thing.rows]
        what = f"{'imaging' if thing.is_imaging else 'measure'}:{thing.what}"
        yield _Counted(what, thing.rows[there], thing.taken[there], thing.in_window[there])


def _nothing() -> ArrowTable:
    texts = [(name, pa.string()) for name in (*BY, "what")]
    return pa.schema([*texts, *((name, pa.int64()) for name in ("delay", *COUNTS))]).empty_table()


def _summed(rows: ArrowTable, by: tuple[str, ...]) -> ArrowTable:
    summed = rows.group_by(list(by)).aggregate([(name, "sum") for name in COUNTS])
    return summed.select([*by, *(f"{name}_sum" for name in COUNTS)]).rename_columns([*by, *COUNTS])


def _begins(keys: list[Coded]) -> Truth:
    begins = np.zeros(len(keys[0].codes), dtype=bool)
    for key in keys:
        begins |= changes(key.codes)
    return begins


def _totals(values: Rows, group: Rows, n: int) -> Rows:
    totals = np.zeros(n, dtype=np.int64)
    np.add.at(totals, group, values)
    return totals


def _medians(counted: ArrowTable, group: Rows, n: int) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], Truth]:
    """Return the median delay of each group, given the delays in order; and which have none."""
    delay = counted["delay"].to_numpy()
    times = np.where(delay == NOT_DONE, 0, counted["n_done"].to_numpy())
    total = _totals(times, group, n)
    before = np.cumsum(total) - total
    reached = np.cumsum(times)
    low, high = (
        np.append(delay, 0)[np.searchsorted(reached, before + place, side="right")]
        for place in ((total - 1) // 2, total // 2)
    )
    return (low + high) / 2, total == 0
