"""Which members meet criteria over a reading of their images, as a positive MRI or remission, at each time point.

Rows: each criterion. `met` are those who meet it, of all whose answer can be said; `open` those who were read and whose
answer cannot be said, which counts them neither way. What stands for a member is the reading that the definition's rule
chooses; of several readers the mean of their scores is judged, and where there is no mean all have to say the same.

`known` is of how many of all members the answer can be said, where the key `completeness` asks for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from projections.cohort.definition.table_keys import criteria_of_readings
from projections.cohort.figures.compared import Compared
from projections.cohort.figures.completeness import COMPLETENESS, asks_completeness
from projections.cohort.figures.figures import Figure
from projections.cohort.figures.imaging_answers import answers_at, asked
from projections.cohort.figures.imaging_shares import answers_known, met_and_open
from projections.cohort.figures.layout import AT, Column, Layout, Panel
from projections.cohort.members.cohort import Cohort
from projections.cohort.table import CohortTable
from registry.toml_keys import Keys

NOT_READ: Final = "not read"
LAYOUT: Final[Layout] = (
    Panel("Met", (Column("met", AT, "{at}"),)),
    Panel("Read, and cannot be said", (Column("open", AT, "{at}"),)),
    COMPLETENESS,
)


class Request(NamedTuple):
    """Who meets which of the `criteria`; without any, all by whose methods members were read.

    `completeness` asks of how many members the answer is known.
    """

    criteria: tuple[str, ...]
    completeness: bool = False


def read_request(keys: Keys, time_points: Sequence[str]) -> Request:
    """Return what the keys ask; by default all criteria of one reading by whose methods was read."""
    criteria = keys.words("criteria", criteria_of_readings(keys.catalogue, of_two=False))
    return Request(criteria, asks_completeness(keys))


def figures(cohort: Cohort, request: Request) -> Iterator[Figure]:
    """Yield who meets each criterion at each time point."""
    for one in asked(cohort, request.criteria, criteria_of_readings(cohort.facts.catalogue, of_two=False)):
        for place, name in enumerate(cohort.names):
            answers = answers_at(cohort, one, place)
            not_judged = cohort.absent_at(name, cohort.n - len(answers.members), NOT_READ)
            at = (one.row, name)
            yield from met_and_open(cohort, at, answers, told=one.told(cohort), not_judged=not_judged)
            if request.completeness:
                yield answers_known(cohort, at, answers, not_judged=not_judged)


def compared(cohort: Cohort, request: Request) -> Iterator[Compared]:
    """Yield what groups are compared by: who meets each criterion, of those whose answer can be said."""
    for one in asked(cohort, request.criteria, criteria_of_readings(cohort.facts.catalogue, of_two=False)):
        for place, name in enumerate(cohort.names):
            yield Compared(one.row, name, "met", answers_at(cohort, one, place).words(cohort.n))


TABLE: Final = CohortTable(read_request, figures, LAYOUT, compared=compared)
