"""A cohort as a file of about twenty lines says it: who, day 0, time points, imaging, tables, statistics, observation.

The format is TOML; docs/cohorts.md describes every key. What the file leaves open has a default, and `defaults` tells
which; nothing that a file says is passed over. All days count from day 0 on the clinical clock.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from projections.cohort.definition.comparisons import read_own_criteria
from projections.cohort.definition.day_zero_section import read_day_zero
from projections.cohort.definition.definition import NEEDS_TREATMENT, DayZero, Definition, TableRequest
from projections.cohort.definition.groups import read_groups
from projections.cohort.definition.observed_time import read_observed_time
from projections.cohort.definition.sections import overlaps, read_imaging, read_time_point, read_who
from projections.cohort.definition.statistical_options import read_options
from projections.cohort.definition.value_rule import read_value_rule
from projections.cohort.tables import cohort_table, table_names
from registry.catalogue.catalogue import BUILT_IN, Catalogue
from registry.toml_keys import DefinitionError, Keys, content_of, top_of
from registry.wording import shown

TIME_POINTS_AT_MOST: Final = 100  # every row of every table has a figure at each
LABELS_AT_MOST: Final = 1_000


def read_definition(file: Path | str, *, catalogue: Catalogue = BUILT_IN) -> Definition:
    """Return the cohort that a TOML file defines, in the words of a catalogue: of a registry's by `Registry.catalogue`.

    Raises `DefinitionError` with all that is wrong, by key.
    """
    return parsed(content_of(file), str(file), catalogue)


def parsed(text: bytes, file: str = "definition", catalogue: Catalogue = BUILT_IN) -> Definition:
    """Return the cohort that a TOML text defines; `file` is named in messages. Raises `DefinitionError`."""
    keys = top_of(text, file, catalogue)
    problems, defaults = keys.problems, keys.defaults
    name = keys.line("cohort")
    title = keys.line("title", name)
    time_points = tuple(map(read_time_point, keys.tables("time_points", at_most=TIME_POINTS_AT_MOST)))
    if not time_points:
        keys.wrong("time_points", "is missing; write one [[time_points]] at least")
    problems += overlaps(time_points)
    names = [point.name for point in time_points]
    who, day_zero = read_who(keys.inner("who"), names), read_day_zero(keys.inner("day0"))
    criteria = read_own_criteria(keys)
    keys.of_file = keys.of_file._replace(criteria=tuple(each.name for each in criteria))
    definition = Definition(
        name,
        title,
        who,
        day_zero,
        time_points,
        read_imaging(keys.inner("imaging")),
        _table_requests(keys.inner("tables"), names, day_zero),
        read_options(keys.inner("statistics")),
        read_observed_time(keys.inner("observation")),
        values=read_value_rule(keys.inner("values")),
        criteria=criteria,
        labels=tuple(keys.labels("labels", at_most=LABELS_AT_MOST).items()),
        order=keys.words("order"),
    )
    if keys.there("groups"):
        groups = read_groups(keys.inner("groups"), with_baseline=definition.baseline is not None)
        definition = definition._replace(groups=groups)
    problems += _without_treatment(definition)
    problems += [
        problem for table in definition.tables for problem in cohort_table(table.name).misfits(definition, table.asked)
    ]
    keys.end()
    if problems:
        raise DefinitionError(file, problems)
    return definition._replace(defaults=tuple(defaults))


def _table_requests(keys: Keys, time_points: list[str], day_zero: DayZero) -> tuple[TableRequest, ...]:
    """Return the tables that are wanted, in the file's order; by default all that day 0 allows."""
    names = keys.names()
    if not names:
        names = [name for name in table_names() if _by_default(name, day_zero)]
        keys.defaults.append(("tables", ", ".join(names)))
    requests = tuple(
        TableRequest(name, cohort_table(name).request(cohort_table(name).keys_of(keys, name), time_points))
        for name in names
        if name in table_names()
    )
    keys.end(table_names())
    return requests


def _by_default(name: str, day_zero: DayZero) -> bool:
    table = cohort_table(name)
    return table.by_default and (day_zero.starts_treatment or not table.needs_treatment)


def _without_treatment(definition: Definition) -> list[str]:
    """Tell of what needs a course that could be stopped where day 0 starts none."""
    if definition.day_zero.starts_treatment:
        return []
    tables = [f"tables.{table.name}" for table in definition.tables if cohort_table(table.name).needs_treatment]
    tables += [
        f"tables.{table.name}.{key}"
        for table in definition.tables
        for key in cohort_table(table.name).treatment_keys(table.asked)
    ]
    stops = [
        f"time_points[{place}].after" for place, point in enumerate(definition.time_points, 1) if point.anchor == "stop"
    ]
    groups = definition.groups
    of_drug = [f"groups.by: {shown(groups.by)} {NEEDS_TREATMENT}"] if groups and groups.of_drug else []
    needing = [f"{key}: {NEEDS_TREATMENT}" for key in tables] + [f"{key}: 'stop' {NEEDS_TREATMENT}" for key in stops]
    return needing + of_drug
