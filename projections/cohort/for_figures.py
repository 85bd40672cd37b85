"""What the figures of a cohort for a paper need beside its tables: points of curves, and each reader by himself.

A definition asks for the points of a table by its key `points`. Who draws needs them in any case, and the printed
tables are the same with them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from projections.cohort.all_tables import figures
from projections.cohort.definition.definition import Definition
from projections.cohort.figures.figures import Placed
from projections.cohort.figures.points import is_point
from projections.cohort.members.cohort import Cohort
from projections.cohort.members.reader_selection import CohortError
from registry.errors import UnknownCodeError

BY_READER: Final = "progression"


def with_all_points(definition: Definition) -> Definition:
    """Return a definition whose tables give their points, where they have any."""
    return definition._replace(
        tables=tuple(each._replace(asked=_with_points(each.asked)) for each in definition.tables)
    )


def as_asked(placed: Iterable[Placed], definition: Definition) -> list[Placed]:
    """Return the figures without the points for which a definition does not ask."""
    asks = {each.name for each in definition.tables if getattr(each.asked, "points", True)}
    return [each for each in placed if each.table in asks or not is_point(each.figure)]


def by_reader(cohort: Cohort) -> dict[str, list[Placed] | str]:
    """Return the figures of changes of images by each reader alone, where the mean of several counts.

    In place of the figures stands why there are none, as where a reader did not read by a method. Figures of groups are
    not among them.
    """
    imaging, definition = cohort.definition.imaging, cohort.definition
    if imaging.rule != "mean" or BY_READER not in {each.name for each in definition.tables}:
        return {}
    found: dict[str, list[Placed] | str] = {}
    for reader in imaging.readers or _readers(cohort):
        alone = definition._replace(imaging=imaging._replace(rule="one", readers=(reader,)), groups=None)
        try:
            found[reader] = list(figures(Cohort.of(alone, cohort.facts), only=(BY_READER,)))
        except (CohortError, UnknownCodeError) as refusal:
            found[reader] = str(refusal)
    return found


def _readers(cohort: Cohort) -> list[str]:
    """Return everybody who read an image at the point in time, by name."""
    readers = cohort.facts.readings.words["reader"]
    names = readers.words.to_pylist()
    return sorted({names[code] for code in readers.codes.tolist()})


def _with_points(asked: Any) -> Any:
    return asked._replace(points=True) if hasattr(asked, "points") else asked
