"""References to facts: what a person types to name one, and what identifies it in the log.

`kind/key/key/…`, as `visit/BAR1-01/2002-06-04/baseline`, `imaging/MR1-6347` or `reading/MR1-6347/R1/berlin`. A row that
came with an identity of its own is named by it: `visit/BAR1-01/id=17`. A `/` within a key is written `%2F`, a `%` as
`%25`; an empty key at the end is left out.
"""

from __future__ import annotations

from typing import Final, NamedTuple
from urllib.parse import unquote

from registry.cells import pseudonym
from registry.errors import UnknownCodeError, UnknownFactError
from registry.tables import TABLE_OF_KIND

ROW_ID: Final = "id="
PATIENT_KEYED: Final = frozenset(kind for kind, table in TABLE_OF_KIND.items() if table.key[0] == "patient")


class Reference(NamedTuple):
    """A reference taken apart: the kind of fact, the parts of its key, and the id of its row where that names it."""

    kind: str
    parts: tuple[str, ...]
    row_id: str | None = None

    def __str__(self) -> str:
        return reference(self.kind, *self.parts, row_id=self.row_id)

    @property
    def patient(self) -> str | None:
        """The pseudonym, where the key begins with it."""
        return self.parts[0] if self.kind in PATIENT_KEYED else None

    @property
    def study(self) -> str | None:
        """The code of the study, where the key begins with one."""
        return self.parts[0] if self.kind not in PATIENT_KEYED and self.parts else None


def reference(kind: str, *parts: str, row_id: str | None = None) -> str:
    """Return the reference of a fact.

    >>> reference("visit", "BAR1-01", "2002-06-04", "")
    'visit/BAR1-01/2002-06-04'
    >>> reference("lesion", "A", "B", "consensus", "3/4")
    'lesion/A/B/consensus/3%2F4'
    >>> reference("visit", "BAR1-01", row_id="17")
    'visit/BAR1-01/id=17'
    """
    quoted = [_quoted(part) for part in parts]
    while len(quoted) > 1 and not quoted[-1]:
        quoted.pop()
    named = () if row_id is None else (f"{ROW_ID}{_quoted(row_id)}",)
    return "/".join((kind, *quoted, *named))


def parsed(text: str) -> Reference:
    """Return a typed reference, taken apart; a bare word is a patient.

    Raises `UnknownCodeError` for an unknown kind, `UnknownFactError` where the key is missing.

    >>> parsed("reading/MR1-6347/R1/berlin")
    Reference(kind='reading', parts=('MR1-6347', 'R1', 'berlin'), row_id=None)
    """
    kind, slash, key = text.partition("/")
    if not slash:
        kind, key = "patient", text
    if kind not in TABLE_OF_KIND:
        raise UnknownCodeError("reference", kind, TABLE_OF_KIND, what="kind of fact")
    if not key.strip("/"):
        raise UnknownFactError(text)
    parts = key.split("/")
    row_id = unquote(parts.pop().removeprefix(ROW_ID)) if parts[-1].startswith(ROW_ID) else None
    if parts:
        pseudonym(TABLE_OF_KIND[kind].key[0], parts[0])
    elif kind in PATIENT_KEYED:
        raise UnknownFactError(text)
    return Reference(kind, tuple(map(unquote, parts)), row_id)


def _quoted(part: str) -> str:
    """Return a part with what would end it, or be taken for a row's id, as percent codes."""
    quoted = part if "/" not in part and "%" not in part else part.replace("%", "%25").replace("/", "%2F")
    return quoted.replace("=", "%3D", 1) if quoted.startswith(ROW_ID) else quoted
