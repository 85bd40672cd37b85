"""The readings at a point in time in the order of their key, and the long tables that are spread from them.

Every long table has, for each reading, one run of rows: a row for each slot of its method, as its locations, their
items, or its scores. The rows come out in order, and nothing is sorted: the readings are, and the slots of a method.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple, Protocol, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from projections.columns.arrow import ArrowArray, ArrowTable
from projections.columns.clinical_days import day_column
from projections.columns.coded import Coded, Rows, in_order
from projections.columns.lookups import Lookup
from projections.grading.grades import Grading, Methods
from projections.grading.states import LocationStates, states_of
from projections.grading.timeless import Timeless
from registry.catalogue.imaging.method import Method


class Versions(Protocol):
    """All versions of readings that a log has, as the log's columns give them."""

    @property
    def timeless(self) -> Timeless: ...

    @property
    def facts(self) -> Mapping[str, ArrowTable]: ...

    @property
    def gradings(self) -> Sequence[Grading]: ...


class Readings:
    """Readings by patient, performed_on, study, method, reader, session, reference.

    `words` has their repeating texts as codes, `days` performed_on in days since 1970; the rows of each grading count
    in the same order. `versions` says which of the log's versions of readings each is.
    """

    def __init__(self, columns: Versions, versions: Rows, days: npt.NDArray[np.int32]) -> None:
        self.words: Mapping[str, Coded] = {name: words.take(versions) for name, words in columns.timeless.words.items()}
        self.days = days
        self.versions = versions
        self._columns = columns

    @classmethod
    def of(cls, columns: Versions, versions: Rows, days: npt.NDArray[np.int32]) -> Self:
        """Return some versions of readings, given with the days of their studies, in order."""
        timeless = columns.timeless
        day_of = np.zeros(len(timeless.order), dtype=np.int32)
        day_of[versions] = days
        there = np.zeros(len(timeless.order), dtype=np.bool_)
        there[versions] = True
        versions = timeless.order[there[timeless.order]]
        order = in_order(
            timeless.words["patient"].codes[versions],
            day_of[versions],
            timeless.subjects[versions],
            ties=lambda: timeless.references.codes[versions],
        )
        versions = versions[order]
        return cls(columns, versions, day_of[versions])

    def column(self, name: str) -> ArrowArray:
        """Return a column of what the readings state."""
        return self._columns.facts["readings"][name].take(pa.array(self.versions))

    @cached_property
    def subjects(self) -> Rows:
        """A number for each reading, the same for the same patient, study, method, reader and session."""
        return self._columns.timeless.subjects[self.versions]

    @cached_property
    def gradings(self) -> tuple[Grading, ...]:
        """The grades of the readings, a method at a time."""
        place = np.full(len(self._columns.timeless.order), -1, dtype=np.intp)
        place[self.versions] = np.arange(len(self.versions))
        return tuple(_placed(grading, place) for grading in self._columns.gradings)

    @cached_property
    def references(self) -> Coded:
        """The references of the readings as codes."""
        return self._columns.timeless.references.take(self.versions)

    @cached_property
    def key(self) -> dict[str, ArrowArray]:
        """The columns by which the long tables name a reading, one entry a reading."""
        return {
            **{name: words.array() for name, words in self.words.items()},
            "performed_on": day_column(self.days),
            "reading_id": self.references.array(),
        }

    @property
    def methods(self) -> Methods:
        """The methods by which the log's readings are, each of which has a grading: all that its catalogue has."""
        return tuple(grading.method for grading in self.gradings)

    @cached_property
    def method_numbers(self) -> npt.NDArray[np.int8]:
        """By which of the methods each reading is."""
        numbers = np.empty(len(self.days), dtype=np.int8)
        for number, grading in enumerate(self.gradings):
            numbers[grading.rows] = number
        return numbers

    def ragged(self, of_method: Callable[[Grading], npt.NDArray[Any]]) -> Ragged:
        """Return one run a reading, in order; `of_method` gives those of a method's readings, a row for each."""
        by_method = [of_method(grading) for grading in self.gradings]
        sizes = np.repeat([each.shape[1] for each in by_method], [len(each) for each in by_method])
        return Ragged(np.concatenate([each.reshape(-1) for each in by_method]), sizes).take(self._place)

    @property
    def states(self) -> LocationStates:
        """What locations can say."""
        return states_of(self.methods)

    @cached_property
    def cells(self) -> Ragged:
        """What each location of each reading says."""
        return self.ragged(self.states.cells)

    @cached_property
    def selected(self) -> Ragged | None:
        """Which locations are part of each reading, None where all are."""
        if all(grading.method.selects is None or not len(grading.rows) for grading in self.gradings):
            return None
        return self.ragged(lambda grading: grading.selected())

    @cached_property
    def _place(self) -> Rows:
        """Which run of the gradings, method after method, is a reading's."""
        place = np.empty(len(self.days), dtype=np.intp)
        place[np.concatenate([grading.rows for grading in self.gradings])] = np.arange(len(place))
        return place


class Ragged(NamedTuple):
    """A ragged array: runs of values, of some sizes, one run after the other."""

    values: npt.NDArray[Any]
    sizes: npt.NDArray[np.intp]

    def take(self, order: npt.NDArray[np.integer[Any]]) -> Ragged:
        """Return the runs in another order, each as often as it is named."""
        ends = np.concatenate([[0], np.cumsum(self.sizes, dtype=np.int64)]) * self.values.itemsize
        buffers = [None, pa.py_buffer(ends), pa.py_buffer(self.values)]  # Arrow moves texts of bytes as wholes
        taken = pa.Array.from_buffers(pa.large_binary(), len(self.sizes), buffers).take(pa.array(order))
        return Ragged(np.frombuffer(taken.buffers()[2] or b"", dtype=self.values.dtype), self.sizes[order])


class Spread(NamedTuple):
    """Rows spread from readings: a run for each, `rows` says of which, `slots` for which slot of which method."""

    rows: Lookup
    slots: Lookup
    sizes: npt.NDArray[np.intp]

    @classmethod
    def of(cls, readings: Readings, slots: Callable[[Method], int], rows: Rows | None = None) -> Spread:
        """Return the rows of all readings, or of those at some rows, by how many `slots` a method has."""
        of_methods = np.array([slots(grading.method) for grading in readings.gradings])
        method = readings.method_numbers if rows is None else readings.method_numbers[rows]
        numbers = np.arange(of_methods.sum(), dtype=np.min_scalar_type(of_methods.sum()))
        used = np.repeat(np.isin(np.arange(len(of_methods)), method), of_methods)
        values, sizes = Ragged(numbers, of_methods).take(method)
        each = np.arange(len(method))
        return cls(
            Lookup(pa.array(_repeated(each.astype(np.uint32), sizes)), each),
            Lookup(pa.array(values), np.flatnonzero(used)),
            sizes,
        )

    def only(self, kept: npt.NDArray[np.bool_]) -> Spread:
        """Return some of the rows."""
        rows, slots = (each.numbers.filter(pa.array(kept)) for each in (self.rows, self.slots))
        sizes = np.bincount(rows.to_numpy(), minlength=len(self.sizes))
        return Spread(Lookup(rows, self.rows.used), Lookup(slots, self.slots.used), sizes)


def _repeated(numbers: npt.NDArray[Any], sizes: npt.NDArray[np.intp]) -> npt.NDArray[Any]:
    """Return each number as often as its size says; where all sizes are the same, several times as fast."""
    if len(sizes) and (sizes == sizes[0]).all():
        return np.broadcast_to(numbers[:, None], (len(numbers), int(sizes[0]))).reshape(-1)
    return np.repeat(numbers, sizes)


def _placed(grading: Grading, place: Rows) -> Grading:
    """Return a grading with its rows renumbered by `place` and in order; rows without a place are left out."""
    rows = place[grading.rows]
    order = np.argsort(rows, kind="stable")[np.count_nonzero(rows < 0) :]
    return Grading(grading.method, rows[order], grading.grades[:, order])
