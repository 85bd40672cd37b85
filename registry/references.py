"""References to facts: what a person types to name one, and what identifies it in the log.

`kind/key/key/…`, as `visit/BAR1-01/2002-06-04/baseline`, `imaging/MR1-6347` or `reading/MR1-6347/R1/berlin`. A row that
came with an identity of its own is named by it: `visit/BAR1-01/id=17`. A `/` within a key is written `%2F`, a `%` as
`%25`; an empty key at the end is left out.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from registry.errors import UnknownCodeError, UnknownFactError
from registry.tables import TABLE_OF_KIND

ROW_ID: Final = "id="
PATIENT_KEYED: Final = frozenset(kind for kind, table in TABLE_OF_KIND.items() if table.key[0] == "patient")


class Reference(NamedTuple):
    """A reference taken apart: the kind of fact, and the parts of its key."""

    kind: str
    parts: tuple[str, ...]

    def __str__(self) -> str:
        return reference(self.kind, *self.parts)

    @property
    def patient(self) -> str | None:
        """The pseudonym, where the key begins with it."""
        return self.parts[0] if self.kind in PATIENT_KEYED else None

    @property
    def study(self) -> str | None:
        """The code of the study, where the key begins with one."""
        return None if self.kind in PATIENT_KEYED or self.has_row_id else self.parts[0]

    @property
    def has_row_id(self) -> bool:
        """Whether the fact is named by the id of its row at the source, not by its key columns."""
        return self.parts[-1].startswith(ROW_ID)


def reference(kind: str, *parts: str) -> str:
    """Return the reference of a fact.

    >>> reference("visit", "BAR1-01", "2002-06-04", "")
    'visit/BAR1-01/2002-06-04'
    >>> reference("lesion", "A", "B", "consensus", "3/4")
    'lesion/A/B/consensus/3%2F4'
    """
    quoted = [part if "/" not in part and "%" not in part else _quoted(part) for part in parts]
    while len(quoted) > 1 and not quoted[-1]:
        quoted.pop()
    return "/".join((kind, *quoted))


def parsed(text: str) -> Reference:
    """Return a typed reference, taken apart; a bare word is a patient.

    Raises `UnknownCodeError` for an unknown kind, `UnknownFactError` where the key is missing.

    >>> parsed("reading/MR1-6347/R1/berlin")
    Reference(kind='reading', parts=('MR1-6347', 'R1', 'berlin'))
    """
    kind, slash, key = text.partition("/")
    if not slash:
        return Reference("patient", (text,))
    if kind not in TABLE_OF_KIND:
        raise UnknownCodeError("reference", kind, TABLE_OF_KIND, what="kind of fact")
    parts = tuple(part.replace("%2F", "/").replace("%2f", "/").replace("%25", "%") for part in key.split("/"))
    if not parts[0]:
        raise UnknownFactError(text)
    return Reference(kind, parts)


def _quoted(part: str) -> str:
    return part.replace("%", "%25").replace("/", "%2F")
