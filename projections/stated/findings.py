"""One row per finding: the grade of one item at one location in one reading, null where it could not be assessed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from projections.columns.arrow import ArrowArray, ArrowTable
from projections.columns.catalogue_words import graded_items
from projections.columns.coded import Coded, coded
from projections.columns.tables import Table, declared, frame, number, word
from projections.grading.graded_readings import Readings, Spread
from projections.grading.grades import METHODS_REMEMBERED, NOT_ASSESSED, Grading, Matrix, Methods
from projections.grading.locations import LOCATION, NUMBER, SEGMENT, Places
from projections.stated.readings import OF_READING, ORDER, ORDER_COLUMNS
from registry.catalogue.imaging.method import Method
from registry.catalogue.imaging.places import Item, Location

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

FINDINGS: Final[Table] = declared(
    "findings",
    "location and item of a reading",
    order=f"{ORDER} location_number item",
    edition=2,
    function_of="patient",
    columns=(
        *ORDER_COLUMNS,
        NUMBER,
        word("item", "what is graded, null where the method grades one thing", listed=graded_items),
        word("reading_id", "reference of the reading"),
        LOCATION,
        SEGMENT,
        number("grade", "the grade, null where it could not be assessed"),
        number("item_number", "place of what is graded in the method's own order, from 1"),
    ),
).keyed(
    "patient reading_id location_number item_number",
    *OF_READING,
    never_null=f"{ORDER} location segment",
    betrays={
        "reference": "reading_id",
        "none": "location_number item location segment grade item_number",
    },
)


def findings(facts: Facts) -> pd.DataFrame:
    """Return the findings as a frame, one row a location and item; columns as declared in `FINDINGS`."""
    return frame(table(facts))


def table(facts: Facts) -> ArrowTable:
    """Return the findings as an Arrow table by the key of the reading, location_number, item."""
    return FINDINGS.of(graded(facts.readings, facts.readings.key))


def graded(readings: Readings, of_reading: Mapping[str, ArrowArray]) -> dict[str, ArrowArray]:
    """Return the findings of readings, one reading after the other, by column.

    `of_reading` are the columns that have an entry a reading, which stands in all rows of it.
    """
    spread = Spread.of(readings, lambda method: len(_places(method)))
    grades = readings.ragged(_grades).values
    if readings.selected is not None:
        kept = readings.ragged(_selected).values
        spread, grades = spread.only(kept), grades[kept]
    return {
        **spread.rows.columns(of_reading),
        **spread.slots.columns(_slots(readings.methods)),
        "grade": pa.array(grades.astype(np.int16), mask=grades == NOT_ASSESSED),
    }


def _grades(grading: Grading) -> Matrix:
    """Return the grades of each reading, location by location, the items in the order of their names."""
    order = [grading.method.items.index(item) for item in _items(grading.method)]
    grades = grading.grades[order].transpose(1, 2, 0).reshape(len(grading.rows), len(order) * grading.grades.shape[2])
    exists = [bool(item.grades_in(each.part)) for each in grading.method.locations for item in _items(grading.method)]
    return grades if all(exists) else grades[:, exists]


def _selected(grading: Grading) -> npt.NDArray[np.bool_]:
    """Return which places are part of each reading, in the same order."""
    return grading.selected()[:, [location.number - 1 for location, _ in _places(grading.method)]]


@cache
def _places(method: Method) -> list[tuple[Location, Item]]:
    """Return the places of a method's grades in the order of the table: the items that exist at each location."""
    return [(each, item) for each in method.locations for item in _items(method) if item.grades_in(each.part)]


def _items(method: Method) -> list[Item]:
    return sorted(method.items, key=lambda item: item.name or "")


@lru_cache(METHODS_REMEMBERED)
def _slots(methods: Methods) -> dict[str, ArrowArray | Coded]:
    """Return what the rows of a reading say whatever was graded, by column, method after method."""
    every = [(method, *place) for method in methods for place in _places(method)]
    return {
        **Places.at(location for _, location, _ in every).tables(),
        "item": coded(pa.array([item.name for *_, item in every], pa.string())),
        "item_number": pa.array([method.items.index(item) + 1 for method, _, item in every], pa.int16()),
    }
