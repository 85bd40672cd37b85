"""What a reader asks for: the session, what a form brings along, and who that reader is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import parse_qsl

from registry.campaigns.typed_page import Spot

if TYPE_CHECKING:
    from registry.campaigns.sheet_layout import Layout

FIELDS_AT_MOST: Final = 20_000
NUMBER: Final = re.compile(r"[0-9]{1,9}")
CELL: Final = re.compile(r"r([0-9]{1,5})c([0-9]{1,5})")  # the name of a cell's field, by row and column of the layout


class NotAFormError(Exception):
    """What was sent is no form of ours."""


class Form(NamedTuple):
    """What a form brings: the token of its session, what is to be done, the revision of the draft, and the cells."""

    token: str
    do: str
    revision: int
    cells: dict[Spot, str]

    def within(self, layout: Layout) -> dict[Spot, str]:
        """Return the cells. Raises `NotAFormError` where one is no cell of the layout."""
        n_rows, n_columns = len(layout.rows), len(layout.columns)
        if any(row >= n_rows or column >= n_columns for row, column in self.cells):
            raise NotAFormError
        return self.cells


class Asked(NamedTuple):
    """A request of a reader: whose it is, the query, and its form where it brings one."""

    reader: str
    query: dict[str, str]
    form: Form | None


def form_in(body: bytes) -> Form:
    """Return the form in the body of a request. Raises `NotAFormError`."""
    try:
        said = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=FIELDS_AT_MOST, errors="strict")
    except ValueError:
        raise NotAFormError from None
    fields = dict(said)
    revision = fields.get("revision", "0")
    if len(fields) != len(said) or not NUMBER.fullmatch(revision):
        raise NotAFormError
    cells = {(int(at[1]), int(at[2])): text for name, text in said if (at := CELL.fullmatch(name))}
    return Form(fields.get("form", ""), fields.get("do", ""), int(revision), cells)


def field_of(spot: Spot) -> str:
    """Return the name of a cell's field.

    >>> field_of((12, 3))
    'r12c3'
    """
    return f"r{spot[0]}c{spot[1]}"
