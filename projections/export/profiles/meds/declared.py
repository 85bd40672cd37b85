"""The table of a data set of MEDS 0.4: one row an event of a subject, or a thing that holds at all times.

No column is of words that are numbered in memory: MEDS wants plain texts, and its files keep the types of Arrow.
"""

from __future__ import annotations

from typing import Final

from projections.columns.tables import Column, Table, declared, number, text
from registry.domain.days import PRECISIONS

PRECISION: Final = tuple(PRECISIONS.values())
DATA: Final[Table] = declared(
    "data",
    "event of a subject, or thing that holds at all times",
    order="subject_id time position code text_value value comparator",
    columns=(
        number("subject_id", "number of the patient by the key", type_="int64"),
        Column("time", "timestamp[us]", "when it was so; null of what holds at all times or nobody dates"),
        text("code", "what it is, by codes.parquet"),
        number("numeric_value", "the value as MEDS has it", type_="float", unit="as in unit"),
        Column("text_value", "large_string", "a word, a partial day or a text, null of what has none"),
        text("value", "the number exactly, as a decimal text in unit; null of what is no number"),
        text("unit", "unit of value"),
        text("comparator", "whether the true value is below or above value")._replace(codes=("<", ">")),
        text("precision", "how precisely time is known, null where there is none")._replace(codes=PRECISION),
        Column("recorded_at", "timestamp[us, UTC]", "instant from which on the registry knew this row as it stands"),
        number("position", "place in the log of the event from which on it knew it so, from 1", type_="int64"),
    ),
).keyed("", never_null="subject_id code recorded_at position")  # two visits of a day, two readers can say the same
MODIFIERS: Final = ("unit", "comparator")
OTHERS: Final = ("value", "precision", "recorded_at", "position")
