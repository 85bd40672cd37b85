"""Readings in one row: fields that are called by an imaging method's code and its locations, as `berlin_c2c3`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from registry.catalogue.catalogue import Catalogue
from registry.catalogue.imaging.method import Method
from registry.intake.sources.draft.samples import Sample

LOCATIONS_AT_LEAST: Final = 2  # before fields are taken for a reading
SIGNS: Final = re.compile(r"[^a-z0-9]")
THORACIC: Final = re.compile(r"t(?=\d)")


class PivotFound(NamedTuple):
    """Fields of one row that are a reading: the method, what all begin with, and of each the rest and its location.

    `others` begin so too, and are no location; a pivot would take them for one.
    """

    method: str
    prefix: str
    samples: Mapping[str, Sample]
    names: Mapping[str, str]
    others: Sequence[str]

    @property
    def fields(self) -> set[str]:
        """The fields that it has a place for, none where it cannot be taken as it is."""
        return set() if self.others else {*self.samples}

    @property
    def instrument(self) -> str:
        """The repeating instrument of a REDCap project in which they have values, empty for none."""
        return next((each.instrument for each in self.samples.values() if each.instruments), "")


def pivots_of(samples: Mapping[str, Sample], catalogue: Catalogue) -> Iterator[PivotFound]:
    """Yield the readings of methods that grade one thing at each location, by the code and what goes before it."""
    for code, method in catalogue.methods.items():
        if len(method.items) > 1:  # a name would have to say which
            continue
        known, found = _spellings(method), defaultdict[str, dict[str, str]](dict)
        for name in samples:
            prefix = _prefix(name, code)
            location = known.get(SIGNS.sub("", name[len(prefix) :].lower())) if prefix else None
            if location is not None:
                found[prefix][name] = location
        for prefix, named in found.items():
            if LOCATIONS_AT_LEAST <= len({*named.values()}) == len(named):
                others = [name for name in samples if name.startswith(prefix) and name not in named]
                rests = {name[len(prefix) :]: location for name, location in named.items()}
                yield PivotFound(code, prefix, {name: samples[name] for name in named}, rests, others)


def placed(pivots: Iterable[PivotFound]) -> set[str]:
    """Return the fields that pivots have a place for."""
    return {name for each in pivots for name in each.fields}


def _prefix(name: str, code: str) -> str:
    """Return what a name begins with, up to a method's code and the signs behind it; empty where it has no code."""
    found = re.match(rf"(?:.*[^a-z])??{re.escape(code)}[ _.-]*", name, re.IGNORECASE)
    return found[0] if found else ""


def _spellings(method: Method) -> dict[str, str]:
    """Return the locations of a method by how they are written within a name: `c23`, `c2c3`, `th12`."""
    known = {}
    for location in method.locations:
        first, _, second = location.name.lower().partition("/")
        whole = second if second[:1].isalpha() else f"{first[:1]}{second}"
        for text in (first + second, first + whole):
            plain = SIGNS.sub("", text)
            known[plain] = known[THORACIC.sub("th", plain)] = location.name
    return known
