"""The figures of cohorts within an export: the table `cohort_statistics` of the definitions that its manifest holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from projections.cohort.definition_file import parsed
from projections.cohort.figures.figures import COHORT_STATISTICS, numbered
from projections.columns.arrow import ArrowTable
from projections.columns.tables import tabled
from registry.toml_keys import DefinitionError, content_of

if TYPE_CHECKING:
    from projections.cohort.definition.definition import Definition
    from projections.cohort.partial_cohorts import PartialCohort
    from projections.point_in_time import Facts
    from registry.catalogue.catalogue import Catalogue

NAME: Final = COHORT_STATISTICS.name


def definitions(files: Iterable[str | Path], catalogue: Catalogue) -> dict[str, str]:
    """Return the texts of cohort files by the names of their cohorts, in the order of the names.

    Raises `DefinitionError` for a file that cannot be used, and for a name that two of them give.
    """
    by_name: dict[str, str] = {}
    for file in files:
        text = content_of(file)
        name = parsed(text, str(file), catalogue).name
        if name in by_name:
            raise DefinitionError(str(file), [f"cohort: {name!r} is the name of another cohort of this export"])
        by_name[name] = text.decode("utf-8-sig")
    return dict(sorted(by_name.items()))


def given(texts: Mapping[str, str], facts: Facts) -> list[PartialCohort]:
    """Return what a range of patients gives to cohorts by their definitions' texts. Raises as `statistics`."""
    from projections.cohort.partial_cohorts import PartialCohort

    return [PartialCohort.of(definition, facts) for definition in _parsed(texts, facts.catalogue)]


def statistics(texts: Mapping[str, str], facts: Facts, ranges: Iterable[Sequence[PartialCohort]]) -> ArrowTable:
    """Return the table `cohort_statistics` of cohorts by their definitions' texts, in the order of its key.

    `ranges` are what each range of the patients gave; no fact of `facts` is read. Raises `DefinitionError`, and what
    figures raise.
    """
    from projections.cohort.all_tables import figures
    from projections.cohort.partial_cohorts import whole_cohort

    of_ranges = list(ranges)
    rows: list[dict[str, object]] = []
    for place, definition in enumerate(_parsed(texts, facts.catalogue)):
        cohort = whole_cohort(definition, facts, [each[place] for each in of_ranges])
        rows += numbered(definition.name, figures(cohort), facts.at)
    rows.sort(key=lambda row: tuple(str(row[column]) for column in COHORT_STATISTICS.order))
    return tabled(COHORT_STATISTICS, rows)


def _parsed(texts: Mapping[str, str], catalogue: Catalogue) -> list[Definition]:
    return [parsed(text.encode(), name, catalogue) for name, text in texts.items()]
