"""The locations and segments of all methods as words with numbers, for the tables that have one row a location."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa

from projections.coded import Coded, Codes, coded_words
from projections.columns import Column, number, word
from registry.catalogue.method import Location, Method
from registry.catalogue.methods import methods

NUMBER: Final = number("location_number", "place of the location in the method's own order, from 1")
LOCATION: Final = word("location", "where: a location of the method")
SEGMENT: Final[Column] = word(
    "segment",
    "segment to which the method counts the location",
    *dict.fromkeys(segment for method in methods().values() for segment in method.segments),
)


class Places(NamedTuple):
    """What a method says of its locations, one entry a location: the number from 1, and codes of name and segment."""

    number: Any
    location: Codes
    segment: Codes

    @classmethod
    def of(cls, method: Method) -> Places:
        """Return the places of a method."""
        return cls(
            np.arange(1, len(method.locations) + 1, dtype=np.int16),
            _codes(method, LOCATIONS[0], lambda location: location.name),
            _codes(method, SEGMENTS[0], lambda location: location.segment),
        )


def location_columns(number: Any, location: Codes, segment: Codes) -> dict[str, Any]:
    """Return the columns location_number, location and segment."""
    return {
        "location_number": pa.array(number),
        "location": Coded(location, LOCATIONS[1]).array(),
        "segment": Coded(segment, SEGMENTS[1]).array(),
    }


def _all(said: Callable[[Location], str]) -> tuple[dict[str | None, int], Any]:
    known: Iterable[str] = (said(location) for method in methods().values() for location in method.locations)
    return coded_words(known)


def _codes(method: Method, codes: dict[str | None, int], said: Callable[[Location], str]) -> Codes:
    return np.array([codes[said(location)] for location in method.locations], dtype=np.int32)


LOCATIONS: Final = _all(lambda location: location.name)
SEGMENTS: Final = _all(lambda location: location.segment)
