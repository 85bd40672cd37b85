"""The tables of which no row is one patient's: what each range of patients gives to them, and the table of all that."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from projections.campaigns import agreement, ratings
from projections.columns.arrow import ArrowTable
from projections.followed import completeness

if TYPE_CHECKING:
    from projections.point_in_time import Facts


class OverAll(NamedTuple):
    """What a range of patients gives to a table, and how the table is made of what all of them gave.

    Of the facts with which it is made nothing is read that is a patient's.
    """

    counted: Callable[[Facts], ArrowTable]
    made: Callable[[Facts, Sequence[ArrowTable]], ArrowTable]


OVER_ALL: Final = {
    completeness.COMPLETENESS.name: OverAll(completeness.counts, lambda _, counts: completeness.of_counts(counts)),
    agreement.AGREEMENT.name: OverAll(ratings.ratings, agreement.of_ratings),
}
