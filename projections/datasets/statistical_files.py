"""Tables as files of Stata (.dta, version 15) and SPSS (.sav), by pyreadstat (the extra `spondyl[sources]`).

Both embed the time of writing, so that it is the content that is compared. A column with a closed list of words holds
their numbers, from 1 in the order of the list, with the words as value labels; truth values are 0 and 1. Lists of words
are joined by `; `. A column has its meaning and unit as label. Missing is the system's missing value.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray, ArrowTable
from projections.columns.tables import Column, Table
from projections.datasets.written_names import written_names
from projections.errors import OutputError

if TYPE_CHECKING:
    import pandas as pd

    from registry.catalogue.catalogue import Catalogue

NOT_INSTALLED: Final = "files of Stata and SPSS are written by pyreadstat; install it as spondyl[sources]"
LABEL_AT_MOST: Final = {"dta": 80, "sav": 255}  # characters of a variable's label
TEXT_AT_MOST: Final = {"dta": 2045, "sav": 32_767}  # bytes of a text
DAYS: Final = {"dta": "%td", "sav": "DATE11"}


def write_statistical(file: Path, rows: ArrowTable, declared: Table, catalogue: Catalogue, *, title: str) -> None:
    """Write a table as a file of Stata or SPSS, by the ending of its name.

    Raises `OutputError` where pyreadstat is not there, or for a text that is longer than such a file holds.
    """
    form = file.suffix.removeprefix(".")
    names = written_names(column.name for column in declared.columns)
    labels = {names[column.name]: _label(column)[: LABEL_AT_MOST[form]] for column in declared.columns}
    codes = {column.name: column.codes_in(catalogue) for column in declared.columns if column.type == "string"}
    frame = _frame(rows, declared, codes, names, form)
    options: dict[str, Any] = {"version": 15} if form == "dta" else {"compress": False}
    _writer(form)(
        frame,
        str(file),
        file_label=title[: LABEL_AT_MOST[form]],
        column_labels=labels,
        variable_value_labels={
            names[name]: {float(number): word for number, word in enumerate(words, 1)}
            for name, words in codes.items()
            if words
        },
        variable_format={names[column.name]: DAYS[form] for column in declared.columns if column.type == "date32"},
        **options,
    )


def _frame(
    rows: ArrowTable, declared: Table, codes: dict[str, tuple[str, ...]], names: dict[str, str], form: str
) -> pd.DataFrame:
    import pandas as pd

    columns = {}
    for column in declared.columns:
        array = rows[column.name].combine_chunks()
        if column.type == "date32":
            columns[names[column.name]] = pd.Series(array.to_pandas(date_as_object=True), dtype=object)
        elif codes.get(column.name):
            place = pc.index_in(array.cast(pa.string()), value_set=pa.array(codes[column.name]), skip_nulls=True)
            columns[names[column.name]] = pc.add(place.cast(pa.float64()), 1.0).to_pandas()
        elif column.type in ("string", "list<string>"):
            columns[names[column.name]] = _texts(array, column, form)
        else:
            columns[names[column.name]] = array.cast(pa.float64()).to_pandas()
    return pd.DataFrame(columns)


def _texts(array: ArrowArray, column: Column, form: str) -> pd.Series[Any]:
    """Return texts, "" for null: these files know no other text that is missing."""
    import pandas as pd

    joined = pc.binary_join(array, "; ") if column.type == "list<string>" else array.cast(pa.string())
    filled = joined.fill_null("")
    longest = pc.max(pc.binary_length(filled)).as_py() or 0
    if longest > TEXT_AT_MOST[form]:
        limit = TEXT_AT_MOST[form]
        raise OutputError(f".{form}", f"{column.name} has a text of {longest:,} bytes, and {limit:,} are the most")
    return pd.Series(filled.to_pandas(), dtype=object)


def _label(column: Column) -> str:
    return f"{column.meaning} [{column.unit}]" if column.unit else column.meaning


def _writer(form: str) -> Any:
    try:
        return getattr(import_module("pyreadstat"), f"write_{form}")
    except ImportError:
        raise OutputError(f".{form}", NOT_INSTALLED) from None
