"""What every kind of foreign source gives: its fields, and its rows one after another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, Literal, NamedTuple, Protocol

Holds = Literal[
    "text",
    "number",
    "day",
    "day-time",
    "time",
    "yes-no",
    "codes",
    "checkbox",
    "file",
    "calculated",
    "form-status",
    "unknown",
]


BOX: Final = "___"  # between the name of a checkbox and the code of one of its boxes


class SourceField(NamedTuple):
    """A field of a source: what it is called, and what the source says of it.

    `codes` are its choices with their labels; `decimal` the sign in its numbers; `checkbox` the name that its boxes
    share, where it is one of them. `reasons` are declared missing values with what they mean, where the source declares
    any, and `missing_ranges` the lowest and the highest value of ranges that are. `identifier` is a field that the
    source itself flags as naming a person; `form` the instrument on which it is. What `holds` days in a `format` that
    nobody here knows, or holds what is no text, number or day, is `unknown`: it can be ignored, and not be mapped.
    """

    name: str
    label: str = ""
    holds: Holds = "text"
    codes: Mapping[str, str] = {}
    decimal: str = "."
    checkbox: str | None = None
    reasons: Mapping[str, str] = {}
    unit: str = ""
    identifier: bool = False
    form: str = ""
    missing_ranges: tuple[tuple[float, float], ...] = ()
    format: str = ""


class SourceRow(NamedTuple):
    """One row: the values of its fields as text, those that are empty left out.

    A day that the source itself types is written YYYY-MM-DD. `line` is unique within a file, and `told` is how a person
    finds the row there: `record 12, event week_12_arm_1, instance 2`. Of REDCap `forms` has the status of each form of
    the row: `complete`, `unverified` or `incomplete`; a form that was never touched is not in it. There are no values
    of forms that were never touched, nor of those whose status does not count by the mapping. `file` is the name of its
    file in places where a source has several, and empty elsewhere.
    """

    line: int
    values: Mapping[str, str]
    told: str = ""
    record: str = ""
    event: str = ""
    instrument: str = ""
    instance: int | None = None
    forms: Mapping[str, str] = {}
    file: str = ""


def name_of_all(files: Sequence[str]) -> str:
    """Return what a source of some files is called in places.

    >>> name_of_all(["north.csv"]), name_of_all(["north.csv", "south.csv", "west.csv"])
    ('north.csv', 'north.csv and 2 more')
    """
    return files[0] if len(files) == 1 else f"{files[0]} and {len(files) - 1} more"


class ForeignSource(Protocol):
    """A source that is open; its rows can be asked for more than once, and are never held all together."""

    @property
    def name(self) -> str:
        """The name in places: that of the file, of a sheet in it, or of the query."""

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that are noted with the batch."""

    @property
    def fields(self) -> Mapping[str, SourceField]:
        """The fields by name, in the order of the source."""

    @property
    def events(self) -> Mapping[str, str]:
        """The events by unique name, with their labels; empty where the source has none."""

    @property
    def has_typed_days(self) -> bool:
        """Whether days come as YYYY-MM-DD, whatever the mapping says of how they are written."""

    def rows(self) -> Iterator[SourceRow]:
        """Yield the rows. Raises `UnreadableError` where the source cannot be read on."""
