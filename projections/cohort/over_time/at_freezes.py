"""One row per freeze, and one for now: a figure of a cohort as it was known then, and what moved it since.

A paper's figure is that of a freeze. What moved it are the events between two freezes by which it changed, as
`projections.cohort.over_time.revisions` finds them; where others revised it, that is told in their place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from projections.cohort.figures.address import Address
from projections.cohort.figures.figures import Figure
from projections.cohort.over_time.revisions import Revisions, Step, revisions
from projections.cohort.over_time.series import Cut, series
from projections.consent import KEEP
from projections.point_in_time import facts_at
from registry.errors import UnknownCodeError

if TYPE_CHECKING:
    from projections.cohort.definition.definition import Definition
    from projections.log.log_columns import LogColumns

NOW: Final = "now"
OTHERS: Final = "events about others"


class FrozenFigure(NamedTuple):
    """A figure at a freeze, None where there was none then; `refusal` says why the cohort could not be made.

    `moved_by` are the events that moved it since the row before, each by what it did and how many there were.
    """

    freeze: str
    position: int
    recorded_at: datetime | None
    n_patients: int | None
    figure: Figure | None
    refusal: str | None
    moved_by: tuple[tuple[str, int], ...] = ()


class AskedFigure(NamedTuple):
    """Which figure, as of which day (None for no limit), and what becomes of patients who withdrew their consent."""

    address: Address
    as_of: date | None = None
    withdrawn: str = KEEP


def at_freezes(
    definition: Definition, columns: LogColumns, asked: AskedFigure, freezes: Collection[tuple[str, int]]
) -> list[FrozenFigure]:
    """Return a figure at freezes, each a name and a position of the log, by position, and as it is known now.

    Raises `UnknownCodeError` for a figure that the cohort has at none of them.
    """
    named = [*sorted(freezes, key=lambda each: each[1]), (NOW, columns.head.position)]
    at = [(asked.as_of, position) for _, position in named]
    cuts = list(series(definition, columns, at, [str(asked.address)], withdrawn=asked.withdrawn))
    found = [_at(name, cut, asked.address) for (name, _), cut in zip(named, cuts, strict=True)]
    if not any(each.figure or each.refusal for each in found):
        raise UnknownCodeError("figure", str(asked.address), [], what="figure of this cohort")
    moved = [(), *_moves(definition, columns, asked, found)]
    return [each._replace(moved_by=by) for each, by in zip(found, moved, strict=True)]


def _at(name: str, cut: Cut, address: Address) -> FrozenFigure:
    figure = next((placed.figure for placed in cut.placed if placed.address == address), None)
    return FrozenFigure(name, cut.at.position, cut.at.recorded_at, cut.n_patients, figure, cut.refusal)


def _moves(
    definition: Definition, columns: LogColumns, asked: AskedFigure, found: Sequence[FrozenFigure]
) -> Iterator[tuple[tuple[str, int], ...]]:
    for before, after in pairwise(found):
        same = before.figure == after.figure
        if same or before.refusal or after.refusal:
            yield ()
            continue
        one, other = (
            facts_at(columns, as_of=asked.as_of, known_at=each.position, withdrawn=asked.withdrawn)
            for each in (before, after)
        )
        revised = revisions(definition, one, other, columns, only=[asked.address.table])
        yield tuple(_counted(_moving(revised, asked.address)).items())


def _moving(revised: Revisions, address: Address) -> list[Step]:
    """Return the steps in which a figure itself was revised, not its footnote alone."""
    return [
        step for step in revised.steps if any(each.address == address and not each.of_footnote for each in step.revised)
    ]


def _counted(steps: Sequence[Step]) -> Counter[str]:
    """Return how many events of which kind moved a figure."""
    counted = Counter[str]()
    for step in steps:
        counted.update(_told(event) for event in step.events)
        if not step.events:
            counted[OTHERS] += 1
    return counted


def _told(event: dict[str, Any]) -> str:
    return str(event["event"])
