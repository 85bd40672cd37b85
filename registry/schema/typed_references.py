"""References as a person types them, taken apart by the keys of the tables."""

from __future__ import annotations

import re
from typing import Final, NamedTuple
from urllib.parse import unquote

from registry.domain.references import NUMBER, ROW_ID, reference
from registry.errors import UnknownCodeError, UnknownFactError
from registry.schema.cells import pseudonym
from registry.schema.fact_tables import TABLE_OF_KIND

NUMBERED: Final = re.compile(r"[1-9][0-9]*")
PATIENT_KEYED: Final = frozenset(kind for kind, table in TABLE_OF_KIND.items() if table.key[0] == "patient")


class Reference(NamedTuple):
    """A reference taken apart: the kind of fact, the parts of its key, and the id of its row where that names it.

    `number` is that of a later fact, from 2, where an earlier one is called so.
    """

    kind: str
    parts: tuple[str, ...]
    row_id: str | None = None
    number: str = ""

    def __str__(self) -> str:
        named = reference(self.kind, *self.parts, row_id=self.row_id)
        return f"{named}{NUMBER}{self.number}" if self.number else named

    @property
    def patient(self) -> str | None:
        """The pseudonym, where the key begins with it."""
        return self.parts[0] if self.kind in PATIENT_KEYED else None

    @property
    def study(self) -> str | None:
        """The code of the study, where the key begins with one."""
        return self.parts[0] if self.kind not in PATIENT_KEYED and self.parts else None


def parsed(text: str) -> Reference:
    """Return a typed reference, taken apart; a bare word is a patient.

    Raises `UnknownCodeError` for an unknown kind, `UnknownFactError` where the key is missing.

    >>> parsed("reading/MR1-6347/R1/berlin")
    Reference(kind='reading', parts=('MR1-6347', 'R1', 'berlin'), row_id=None, number='')
    >>> str(parsed("visit/P-001/2024-01-15/baseline~2"))
    'visit/P-001/2024-01-15/baseline~2'
    """
    kind, slash, key = text.partition("/")
    if not slash:
        kind, key = "patient", text
    if kind not in TABLE_OF_KIND:
        raise UnknownCodeError("reference", kind, TABLE_OF_KIND, what="kind of fact")
    if not key.strip("/"):
        raise UnknownFactError(text)
    key, number = _without_number(key)
    parts = key.split("/")
    row_id = unquote(parts.pop().removeprefix(ROW_ID)) if parts[-1].startswith(ROW_ID) else None
    if parts:
        pseudonym(TABLE_OF_KIND[kind].key[0], parts[0])
    elif kind in PATIENT_KEYED:
        raise UnknownFactError(text)
    return Reference(kind, tuple(map(unquote, parts)), row_id, number)


def _without_number(key: str) -> tuple[str, str]:
    """Return a key without the number of a later fact, and that number, empty where it has none."""
    first, _, number = key.rpartition(NUMBER)
    return (first, number) if first and NUMBERED.fullmatch(number) else (key, "")
