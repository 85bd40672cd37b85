"""Arrow tables as what people get: a frame, or rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

if TYPE_CHECKING:
    import pandas as pd


def frame(table: Any) -> pd.DataFrame:
    """Return an Arrow table as a frame: days as datetime64, repeating words as categories in alphabetical order.

    Whole numbers and truth values keep their nulls as `<NA>`, whatever the rows; doubles have NaN for null.
    """
    import pandas as pd

    nullable = {
        pa.int16(): pd.Int16Dtype(),
        pa.int32(): pd.Int32Dtype(),
        pa.int64(): pd.Int64Dtype(),
        pa.bool_(): pd.BooleanDtype(),
    }
    made: pd.DataFrame = table.to_pandas(types_mapper=nullable.get, date_as_object=False)
    return made


def rows(table: Any) -> list[dict[str, object]]:
    """Return the rows of an Arrow table, each by the names of the columns; null as None, a day as a date.

    Words are written out first: Arrow would look each one up in its dictionary as an object of its own.
    """
    plain = [
        pa.field(field.name, field.type.value_type) if pa.types.is_dictionary(field.type) else field
        for field in table.schema
    ]
    made: list[dict[str, object]] = table.cast(pa.schema(plain)).to_pylist()
    return made
