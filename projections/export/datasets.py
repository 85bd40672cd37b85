"""Writing the data set of a cohort: its tables in a folder, with a dictionary, the definition, and a page about all.

The folder appears whole or not at all, and is for its owner alone. The same point in time and definition give the same
content for ever, which its hash in the page shows, whatever the format; files of Stata and SPSS embed the time.
"""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, get_args

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pc_csv

from projections.columns.tables import Table
from projections.datasets.cohort_covariates import COHORT_COVARIATES, cohort_covariates, models_of
from projections.datasets.cohort_members import COHORT_MEMBERS, cohort_members
from projections.datasets.cohort_spans import COHORT_SPANS, cohort_spans
from projections.datasets.cohort_values import COHORT_VALUES, cohort_values
from projections.datasets.wide import wide
from projections.datasets.written_names import written_names
from projections.export.content import content_hash
from projections.export.dictionary import described_table
from projections.export.folder import appearing
from projections.export.manifest import as_json, spondyl_version
from projections.export.parts import rows_writer
from registry.private_files import create_file, new_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.cohort.members.cohort import Cohort
    from projections.columns.arrow import ArrowTable

Format = Literal["parquet", "csv", "dta", "sav"]

FORMATS: Final[tuple[Format, ...]] = get_args(Format)
DICTIONARY, DEFINITION, README = "dictionary.json", "definition.toml", "README.md"


class Written(NamedTuple):
    """A table of a data set as it was written: its file, its rows, and the hash of its content."""

    file: str
    declared: Table
    rows: int
    content_hash: str


def write_dataset(cohort: Cohort, out: Path, *, text: bytes, form: Format, is_wide: bool = False) -> list[Written]:
    """Write the data set of a cohort into the folder `out`, and return what stands in it; `text` is its definition.

    With `is_wide` a row is a member with a column for each value at each time point, in place of a row a value. Raises
    `ExistingOutputError` where something stands there, `OutputError` for what cannot be written, as without pyreadstat.
    """
    with appearing(out, overwrite=False) as folder:
        written = []
        for declared, rows in _tables(cohort, is_wide=is_wide):
            file = folder / f"{declared.name}.{form}"
            _write(file, rows, declared, cohort, form)
            written.append(Written(file.name, declared, rows.num_rows, content_hash(rows)))
        _put(folder / DICTIONARY, as_json(_dictionary(cohort, written, form)))
        _put(folder / DEFINITION, text)
        _put(folder / README, _page(cohort, written, sha256(text).hexdigest()).encode())
    return written


def _tables(cohort: Cohort, *, is_wide: bool) -> Iterator[tuple[Table, ArrowTable]]:
    members, values = cohort_members(cohort), cohort_values(cohort)
    if is_wide:
        made = wide(members, values, COHORT_MEMBERS)
        yield made.declared, made.rows
    else:
        yield COHORT_MEMBERS, members
        yield COHORT_VALUES, values
    yield COHORT_SPANS, cohort_spans(cohort)
    models = models_of(cohort)
    if models is not None:
        yield COHORT_COVARIATES, cohort_covariates(cohort, models)


def _write(file: Path, rows: ArrowTable, declared: Table, cohort: Cohort, form: Format) -> None:
    create_file(file)
    if form == "parquet":
        with rows_writer(file, declared) as writer:
            writer.write(rows)
    elif form == "csv":
        pc_csv.write_csv(_plain(rows), file)
    else:
        from projections.datasets.statistical_files import write_statistical

        write_statistical(file, rows, declared, cohort.facts.catalogue, title=cohort.definition.title)


def _plain(rows: ArrowTable) -> ArrowTable:
    """Return a table as text files take it: words written out, lists joined by `; `."""
    columns = {}
    for name in rows.column_names:
        column = rows[name]
        if pa.types.is_list(column.type):
            column = pc.binary_join(column, "; ")
        elif pa.types.is_dictionary(column.type):
            column = column.cast(pa.string())
        columns[name] = column
    return pa.table(columns)


def _dictionary(cohort: Cohort, written: list[Written], form: Format) -> dict[str, object]:
    names = {each.declared.name: written_names(column.name for column in each.declared.columns) for each in written}
    return {
        "cohort": cohort.definition.name,
        "tables": {each.declared.name: described_table(each.declared, cohort.facts) for each in written},
        "names_in_files": names if form in ("dta", "sav") else {},
    }


def _page(cohort: Cohort, written: list[Written], definition_hash: str) -> str:
    at, definition = cohort.facts.at, cohort.definition
    as_of = "no limit" if at.as_of is None else str(at.as_of)
    return "\n".join(
        (
            f"# {definition.title}",
            "",
            f"The data of the cohort `{definition.name}`, made by spondyl {spondyl_version()}.",
            "",
            f"- Point in time: known at @{at.position} (digest {at.digest.hex()}), as of {as_of}.",
            f"- Definition: `{DEFINITION}`, sha256 {definition_hash}.",
            f"- Members: {cohort.n} rows of {cohort.admitted.n_patients} patients.",
            f"- Observed time: {definition.observed}.",
            f"- Columns, units and codes: `{DICTIONARY}`.",
            "",
            "| file | one row per | rows | content_hash |",
            "|---|---|---|---|",
            *(f"| {each.file} | {each.declared.rows} | {each.rows} | {each.content_hash} |" for each in written),
            "",
            "## Flow",
            "",
            "| step | left | excluded |",
            "|---|---|---|",
            *(f"| {step.name} | {step.n_left} | {step.n_excluded} |" for step in cohort.flow),
            "",
            "What the definition left open, and what then holds:",
            "",
            *(f"- {key} = {value}" for key, value in cohort.defaults),
            "",
        )
    )


def _put(path: Path, content: bytes) -> None:
    with new_bytes(path) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
