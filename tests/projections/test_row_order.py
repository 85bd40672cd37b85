"""Orders of rows and moves of rows, against sorting and moving them one by one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.columns.coded import changes, coded, combined, in_order
from projections.columns.lookups import Lookup
from projections.grading.graded_readings import Ragged
from projections.point_in_time import current

SMALL = st.integers(0, 3)
INT32 = st.integers(-(2**31), 2**31 - 1)
KEYS = st.integers(1, 4).flatmap(
    lambda n: st.lists(st.tuples(*[st.one_of(SMALL, INT32)] * n), max_size=12).map(lambda rows: (n, rows))
)


def columns_of(n: int, rows: list[tuple[int, ...]]) -> list[np.ndarray[Any, Any]]:
    return [np.array([row[column] for row in rows], dtype=np.int32) for column in range(n)]


@given(KEYS)
def test_rows_come_in_the_order_of_their_keys_however_far_apart_these_lie(keyed: tuple[int, list[Any]]) -> None:
    n, rows = keyed

    order = in_order(*columns_of(n, rows))

    assert order.tolist() == sorted(range(len(rows)), key=rows.__getitem__)


@given(KEYS, st.lists(SMALL, min_size=12, max_size=12))
def test_a_key_for_ties_counts_least(keyed: tuple[int, list[Any]], last: list[int]) -> None:
    n, rows = keyed
    ties = np.array(last[: len(rows)], dtype=np.int32)

    order = in_order(*columns_of(n, rows), ties=lambda: ties)

    assert order.tolist() == sorted(range(len(rows)), key=lambda row: (*rows[row], last[row]))


@given(KEYS)
def test_a_combined_number_changes_where_a_key_does(keyed: tuple[int, list[Any]]) -> None:
    n, rows = keyed

    changed = changes(combined(*columns_of(n, rows)))

    assert changed.tolist() == [place == 0 or rows[place] != rows[place - 1] for place in range(len(rows))]


@given(st.lists(st.lists(INT32, max_size=4), max_size=6), st.data())
def test_runs_move_as_wholes_and_as_often_as_they_are_named(runs: list[list[int]], data: st.DataObject) -> None:
    named = data.draw(st.lists(st.integers(0, len(runs) - 1), max_size=8)) if runs else []
    values = np.array([value for run in runs for value in run], dtype=np.int32)

    sizes = np.array([len(run) for run in runs], dtype=np.intp)
    moved = Ragged(values, sizes).take(np.array(named, dtype=np.intp))

    assert moved.sizes.tolist() == [len(runs[place]) for place in named]
    assert moved.values.tolist() == [value for place in named for value in runs[place]]


@given(st.lists(st.integers(0, 5), max_size=10))
def test_a_column_looked_up_holds_no_word_which_no_row_has(numbers: list[int]) -> None:
    table = ["b", "a", None, "c", "a", "d"]

    found = Lookup.of(np.array(numbers, dtype=np.uint8)).column(coded(pa.array(table)))

    assert found.to_pylist() == [table[number] for number in numbers]
    assert found.dictionary.to_pylist() == sorted({table[number] for number in numbers} - {None})


@pytest.mark.parametrize("worth_threads", [0, 1_000])
def test_columns_are_looked_up_alike_with_and_without_threads(
    worth_threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projections.columns.lookups.WORTH_THREADS", worth_threads)

    found = Lookup.of(np.array([2, 0, 1, 2], dtype=np.uint8)).columns(
        {"word": coded(pa.array(["b", "a", None])), "number": pa.array([7, None, 9])}
    )

    assert {name: column.to_pylist() for name, column in found.items()} == {
        "word": [None, "b", "a", None],
        "number": [9, 7, None, 9],
    }


def test_a_version_is_current_from_its_position_until_it_is_superseded() -> None:
    position, superseded_by = np.array([1, 2, 3]), np.array([3, np.iinfo(np.int64).max, 5])

    assert [current(position, superseded_by, at).tolist() for at in range(6)] == [[], [0], [0, 1], [1, 2], [1, 2], [1]]
