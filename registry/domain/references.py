"""References to facts: what identifies a fact in the log, and names it to people.

`kind/key/key/…`, as `visit/BAR1-01/2002-06-04/baseline`, `imaging/MR1-6347` or `reading/MR1-6347/R1/berlin`. A row that
came with an identity of its own is named by it: `visit/BAR1-01/id=17`. A `/` within a key is written `%2F`, a `%` as
`%25`; an empty key at the end is left out. A reference names a fact for ever, whatever becomes of its days: where one
is taken, the next fact has a number, as `visit/BAR1-01/2002-06-04/baseline~2`. What a person types is taken apart in
`registry.schema.typed_references`.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import unquote

ROW_ID: Final = "id="
NUMBER: Final = "~"


def reference(kind: str, *parts: str, row_id: str | None = None) -> str:
    """Return the reference of a fact.

    >>> reference("visit", "BAR1-01", "2002-06-04", "")
    'visit/BAR1-01/2002-06-04'
    >>> reference("lesion", "A", "B", "consensus", "3/4")
    'lesion/A/B/consensus/3%2F4'
    >>> reference("visit", "BAR1-01", row_id="17")
    'visit/BAR1-01/id=17'
    """
    plain = "/".join(parts)
    is_plain = plain[-1:] not in ("", "/") and plain.count("/") == len(parts) - 1
    if is_plain and row_id is None and "%" not in plain and ROW_ID not in plain:  # as nearly all of very many
        return f"{kind}/{plain}"
    key = [quoted(part) for part in parts]
    while len(key) > 1 and not key[-1]:
        key.pop()
    named = () if row_id is None else (f"{ROW_ID}{quoted(row_id)}",)
    return "/".join((kind, *key, *named))


def numbered(reference: str, number: int) -> str:
    """Return the reference of a later fact, by its number from 2, that would be named as an earlier one is."""
    return f"{reference}{NUMBER}{number}"


def row_id_of(fact: str) -> str | None:
    """Return the id of the row that a reference names, None where it names a fact by its key.

    >>> row_id_of("visit/BAR1-01/id=17%2FB"), row_id_of("visit/BAR1-01/2002-06-04")
    ('17/B', None)
    """
    last = fact.rpartition("/")[2]
    return unquote(last.removeprefix(ROW_ID)) if last.startswith(ROW_ID) else None


def quoted(part: str) -> str:
    """Return a part with what would end it, or be taken for a row's id, as percent codes."""
    coded = part if "/" not in part and "%" not in part else part.replace("%", "%25").replace("/", "%2F")
    return coded.replace("=", "%3D", 1) if coded.startswith(ROW_ID) else coded
