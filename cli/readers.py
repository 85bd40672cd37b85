"""Who else can read a registry in a file: said where a person looks after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.output import say

if TYPE_CHECKING:
    from registry.store.database import Database


def note_of_readers(database: Database) -> None:
    """Say where everybody on the machine can read a registry, as those can that earlier versions made."""
    from registry.private_files import readable_by_others
    from registry.store.sqlite import SQLiteDatabase

    if isinstance(database, SQLiteDatabase) and readable_by_others(database.path):
        say(f"note: everybody on this machine can read {database.place}; chmod o= takes that away (docs/trust.md)")
