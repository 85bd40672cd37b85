"""The locations and segments of methods, for the tables that have one row a location."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from projections.columns.arrow import ArrowArray
from projections.columns.catalogue_words import segments
from projections.columns.coded import Coded, coded
from projections.columns.tables import Column, number, word
from projections.grading.grades import METHODS_REMEMBERED, Methods
from registry.catalogue.method import Method

NUMBER: Final = number("location_number", "place of the location in the method's own order, from 1")
LOCATION: Final = word("location", "where: a location of the method")
SEGMENT: Final[Column] = word(
    "segment",
    "segment to which the method counts the location",
    listed=segments,
)


class Places(NamedTuple):
    """Where the slots of some methods are, method after method: the number from 1, the location and the segment."""

    number: npt.NDArray[np.int16]
    location: Coded
    segment: Coded

    @classmethod
    def of(cls, methods: Methods, slots: Callable[[Method], int] = lambda method: 1) -> Places:
        """Return the places of as many slots a location as said of its method."""
        every = [location for method in methods for location in method.locations for _ in range(slots(method))]
        location, segment = (coded(pa.array([each[field] for each in every], pa.string())) for field in (1, 2))
        return cls(np.array([each.number for each in every], dtype=np.int16), location, segment)

    def tables(self) -> dict[str, ArrowArray | Coded]:
        """Return what slots say by column: location_number, location and segment."""
        return {"location_number": pa.array(self.number), "location": self.location, "segment": self.segment}


@lru_cache(METHODS_REMEMBERED)
def location_columns(methods: Methods) -> dict[str, ArrowArray | Coded]:
    """Return what the locations of some methods say, by column, method after method."""
    return Places.of(methods).tables()
