"""The persons of one range of patients: who they are by number, and rows of facts brought to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray, ArrowTable
from projections.columns.coded import coded, in_order

if TYPE_CHECKING:
    from projections.export.profiles.omop.counts import Counts
    from projections.point_in_time import Facts

PERSON: str = "person_id"


class Persons(NamedTuple):
    """The patients of a range of whom the year of birth is known, in the order of their pseudonyms, and their numbers.

    The model has no person without a year of birth: all that is known of others is left out.
    """

    patients: ArrowTable
    ids: ArrowArray

    @classmethod
    def of(cls, facts: Facts, counts: Counts) -> Self:
        """Return the persons of facts, numbered on from those before; count them, and who is none."""
        enrolled = facts.of("patients")
        born = enrolled.filter(pc.is_valid(enrolled["birth_year"]))
        born = born.take(pa.array(in_order(coded(born["patient"]))))
        counts.left_out["patients without a year of birth"] += enrolled.num_rows - born.num_rows
        first = counts.rows["person"] + 1
        return cls(born, pa.array(np.arange(first, first + born.num_rows), pa.int32()))

    def rows(self, facts: ArrowTable) -> ArrowTable:
        """Return the rows of facts that are about persons, each with the number of its person."""
        place = pc.index_in(facts["patient"].cast(pa.string()), value_set=self.patients["patient"].combine_chunks())
        whose = self.ids.take(place)
        return facts.append_column(PERSON, whose).filter(pc.is_valid(whose))
