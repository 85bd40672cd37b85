"""What a delivery says beside its statement: the source, the row there, the columns it spoke of, its own values.

A statement is what stands; a source may say something else of a column, where a person corrected it here or the
catalogue has another word for it. What a source said last is known from the origins of the events of a fact, one after
the other, column by column.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import msgspec
from msgspec.structs import replace

NAMELESS: Final = ""  # the one source that has no name; names of files carry dates, and are none


class Origin(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """Where a statement comes from, once it comes from a delivery.

    `source` is the name under which deliveries come, `row` the row's id there. `columns` are those under which the row
    said something, be it nothing: fields of the statement, the measures of a visit by name. `own` has the source's
    value of each column of which the statement keeps another, as JSON has it; `words` the text in which the source
    gave a value that the statement keeps in other words. Without columns, what the source said of the fact before
    counts no longer.
    """

    source: str = NAMELESS
    row: str | None = None
    columns: tuple[str, ...] = ()
    own: dict[str, object] = {}
    words: dict[str, str] = {}

    def without(self, columns: Collection[str]) -> Origin:
        """Return it as if the row had not spoken of some columns."""
        own = {name: value for name, value in self.own.items() if name not in columns}
        words = {name: text for name, text in self.words.items() if name not in columns}
        kept = tuple(name for name in self.columns if name not in columns)
        return replace(self, columns=kept, own=own, words=words)
