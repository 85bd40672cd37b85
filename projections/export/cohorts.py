"""The figures of cohorts within an export: the table `cohort_statistics` of the definitions that its manifest holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from projections.cohort.definition import parsed
from projections.cohort.figures import COHORT_STATISTICS, numbered
from projections.cohort.keys import DefinitionError, content_of
from projections.tabled import tabled

if TYPE_CHECKING:
    from projections.point_in_time import Facts

NAME: Final = COHORT_STATISTICS.name


def definitions(files: Iterable[str | Path]) -> dict[str, str]:
    """Return the texts of cohort files by the names of their cohorts, in the order of the names.

    Raises `DefinitionError` for a file that cannot be used, and for a name that two of them give.
    """
    found: dict[str, str] = {}
    for file in files:
        text = content_of(file)
        name = parsed(text, str(file)).name
        if name in found:
            raise DefinitionError(str(file), [f"cohort: {name!r} is the name of another cohort of this export"])
        found[name] = text.decode("utf-8-sig")
    return dict(sorted(found.items()))


def statistics(texts: Mapping[str, str], facts: Facts) -> Any:
    """Return the table `cohort_statistics` of cohorts by their definitions' texts, in the order of its key.

    Raises `DefinitionError`, and what figures raise.
    """
    from projections.cohort.assembling import figures
    from projections.cohort.cohort import Cohort

    rows: list[dict[str, object]] = []
    for name, text in texts.items():
        cohort = Cohort.of(parsed(text.encode(), name), facts)
        rows += numbered(cohort.definition.name, figures(cohort), facts.at)
    rows.sort(key=lambda row: tuple(str(row[column]) for column in COHORT_STATISTICS.key))
    return tabled(COHORT_STATISTICS, rows)
