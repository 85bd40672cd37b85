"""What versions of facts are whatever the point in time: made when it is first asked for, and kept with the columns.

A study is known by its patient and its code, since a code may have been another patient's before. Studies are numbered,
so that a point in time only has to look up the day of each.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Final

import numpy as np
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray, ArrowTable
from projections.columns.coded import Coded, Rows, changes, coded, combined, in_order

WORDS: Final = ("patient", "study", "method", "reader", "session")  # of readings: texts that repeat


class Timeless:
    """What all versions of facts are, one entry a version, for any number of points in time."""

    def __init__(self, versions: Mapping[str, ArrowTable]) -> None:
        self._versions = versions
        self._studies: dict[tuple[str, str], ArrowArray] = {}

    @cached_property
    def words(self) -> dict[str, Coded]:
        """The repeating texts of readings as codes: patient, study, method, reader, session."""
        return {name: coded(self._versions["readings"][name]) for name in WORDS}

    @cached_property
    def references(self) -> Coded:
        """The references of readings as codes."""
        return coded(self._versions["readings"]["fact"])

    @cached_property
    def order(self) -> Rows:
        """The readings by patient, study, method, reader and session."""
        return in_order(*self.words.values())

    @cached_property
    def subjects(self) -> Rows:
        """A number for each reading in the order of patient, study, method, reader and session, from 0."""
        subjects = np.empty(len(self.order), dtype=np.intp)
        subjects[self.order] = np.cumsum(changes(combined(*self.words.values())[self.order])) - 1
        return subjects

    def studies(self, kind: str, study: str = "study") -> ArrowArray:
        """Return the number of the study that each fact of a kind names in a field, null where nobody recorded it."""
        if (kind, study) not in self._studies:
            named = _named(self._versions[kind], study)
            self._studies[kind, study] = pc.index_in(named, value_set=self._recorded)
        return self._studies[kind, study]

    @cached_property
    def _recorded(self) -> ArrowArray:
        return _named(self._versions["imaging"], "study").unique()


def _named(facts: ArrowTable, study: str) -> ArrowArray:
    """Return a text for each row that names the patient and a study."""
    return pc.binary_join_element_wise(facts["patient"], facts[study], "/").combine_chunks()
