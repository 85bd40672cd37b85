"""Cohorts within an export: the tables of figures, members and values of the definitions that its manifest holds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from projections.cohort.figures.figures import COHORT_STATISTICS, numbered
from projections.columns.arrow import ArrowTable
from projections.columns.tables import LOGICAL_TYPES, tabled
from projections.datasets.cohort_members import COHORT_MEMBERS, cohort_members
from projections.datasets.cohort_values import COHORT_VALUES, cohort_values
from registry.toml_keys import DefinitionError, content_of

if TYPE_CHECKING:
    from projections.cohort.definition.definition import Definition
    from projections.cohort.members.cohort import Cohort
    from projections.cohort.partial_cohorts import PartialCohort
    from projections.point_in_time import Facts
    from registry.catalogue.catalogue import Catalogue

NAME: Final = COHORT_STATISTICS.name
OF_COHORTS: Final = {table.name: table for table in (COHORT_STATISTICS, COHORT_MEMBERS, COHORT_VALUES)}


def definitions(files: Iterable[str | Path], catalogue: Catalogue) -> dict[str, str]:
    """Return the texts of cohort files by the names of their cohorts, in the order of the names.

    Raises `DefinitionError` for a file that cannot be used, and for a name that two of them give.
    """
    from projections.cohort.definition_file import parsed

    by_name: dict[str, str] = {}
    for file in files:
        text = content_of(file)
        name = parsed(text, str(file), catalogue).name
        if name in by_name:
            raise DefinitionError(str(file), [f"cohort: {name!r} is the name of another cohort of this export"])
        by_name[name] = text.decode("utf-8-sig")
    return dict(sorted(by_name.items()))


def given(texts: Mapping[str, str], facts: Facts) -> list[PartialCohort]:
    """Return what a range of patients gives to cohorts by their definitions' texts. Raises as `tables_of_cohorts`."""
    from projections.cohort.partial_cohorts import PartialCohort

    return [PartialCohort.of(definition, facts) for definition in _parsed(texts, facts.catalogue)]


def tables_of_cohorts(
    texts: Mapping[str, str], facts: Facts, ranges: Iterable[Sequence[PartialCohort]], names: Collection[str]
) -> Iterator[tuple[str, ArrowTable]]:
    """Yield some tables of cohorts by their definitions' texts, each in the order of its key.

    `ranges` are what each range of the patients gave; no fact of `facts` is read. Raises `DefinitionError`, and what
    figures raise.
    """
    from projections.cohort.partial_cohorts import whole_cohort

    of_ranges = list(ranges)
    cohorts = [
        whole_cohort(definition, facts, [each[place] for each in of_ranges])
        for place, definition in enumerate(_parsed(texts, facts.catalogue))
    ]
    for name in OF_COHORTS:
        if name in names:
            yield name, _made(name, cohorts, facts)


def _made(name: str, cohorts: Sequence[Cohort], facts: Facts) -> ArrowTable:
    from projections.cohort.all_tables import figures

    declared = OF_COHORTS[name]
    if name == NAME:
        rows = [row for each in cohorts for row in numbered(each.definition.name, figures(each), facts.at)]
        rows.sort(key=lambda row: tuple(str(row[column]) for column in COHORT_STATISTICS.order))
        return tabled(COHORT_STATISTICS, rows)
    make = cohort_members if name == COHORT_MEMBERS.name else cohort_values
    made = [make(each).cast(pa.schema([(c.name, LOGICAL_TYPES[c.type]) for c in declared.columns])) for each in cohorts]
    return declared.of(pa.concat_tables(made)) if made else declared.schema.empty_table()


def _parsed(texts: Mapping[str, str], catalogue: Catalogue) -> list[Definition]:
    from projections.cohort.definition_file import parsed

    return [parsed(text.encode(), name, catalogue) for name, text in texts.items()]
