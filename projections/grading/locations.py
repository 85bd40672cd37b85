"""The locations and segments of methods, for the tables that have one row a location."""

from __future__ import annotations

from collections.abc import Iterable
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
from registry.catalogue.imaging.places import Location

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
    def of(cls, methods: Methods) -> Places:
        """Return the places of the locations of some methods."""
        return cls.at(location for method in methods for location in method.locations)

    @classmethod
    def at(cls, locations: Iterable[Location]) -> Places:
        """Return the places of slots, by the location of each."""
        every = list(locations)
        location, segment = (
            coded(pa.array(texts, pa.string()))
            for texts in ([each.name for each in every], [each.segment for each in every])
        )
        return cls(np.array([each.number for each in every], dtype=np.int16), location, segment)

    def tables(self) -> dict[str, ArrowArray | Coded]:
        """Return what slots say by column: location_number, location and segment."""
        return {"location_number": pa.array(self.number), "location": self.location, "segment": self.segment}


@lru_cache(METHODS_REMEMBERED)
def location_columns(methods: Methods) -> dict[str, ArrowArray | Coded]:
    """Return what the locations of some methods say, by column, method after method."""
    return Places.of(methods).tables()
