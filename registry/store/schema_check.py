"""Holding a database against what the migrations make of an empty one: tables, columns, indexes, triggers and rules.

Rows alone do not tell a registry. Without its triggers a database lets events be changed, an index of another condition
hides them, and a trigger that nobody knows of changes what is recorded next.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

import migrations
from registry.store.damage import Damage

OURS: Final = ("events", "freezes", "to_overwrite", "tracking", migrations.VERSION_TABLE)
HARMLESS: Final = ("index", "table", "view")  # that somebody added: they change neither what is read nor what is taken


class Part(NamedTuple):
    """What a definition is of: its kind, as `trigger`, the table that it belongs to, and its name."""

    kind: str
    table: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}" if self.table == self.name else f"{self.kind} {self.name} of {self.table}"


Definitions = Mapping[Part, str]


def broken_parts(found: Definitions, made: Definitions) -> Iterator[Damage]:
    """Yield what the migrations make and is missing or other than they make it, and what was added that has effects."""
    for part, definition in made.items():
        if part not in found:
            yield Damage(None, f"{part} is missing")
        elif found[part] != definition:
            yield Damage(None, f"{part} is not as the migrations make it")
    for part in sorted(found.keys() - made.keys()):
        if not _is_harmless(part, found[part]):
            yield Damage(None, f"{part} was added, and can change what is read or recorded")


def added_parts(found: Definitions, made: Definitions) -> Iterator[Damage]:
    """Yield what somebody added, and what changes neither what is read nor what is recorded."""
    for part in sorted(found.keys() - made.keys()):
        if _is_harmless(part, found[part]):
            yield Damage(None, f"{part} is none of the registry's; somebody added it")


def one_line(definition: str) -> str:
    """Return a definition with each run of spaces and line breaks as one space."""
    return " ".join(definition.split())


def _is_harmless(part: Part, definition: str) -> bool:
    is_ours = part.table.lower() in OURS  # SQLite keeps a name as it was typed, and finds it in any letters
    if part.kind == "index" and is_ours:
        return not definition.upper().startswith("CREATE UNIQUE")
    return part.kind in HARMLESS or not is_ours
