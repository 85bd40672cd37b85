"""What an import is asked for, and what it says it did."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

import msgspec

from registry.domain.origins import NAMELESS
from registry.schema.fact_tables import FACT_TABLES

Progress = Callable[[str, int, int], None]  # stage, done, total


class Retracted(NamedTuple):
    """How many facts would be retracted, and of how many patients."""

    facts: int
    patients: int

    @property
    def in_words(self) -> str:
        """As a sentence has it: `3 facts of 1 patient`."""
        return (
            f"{self.facts:,} {'fact' if self.facts == 1 else 'facts'} of "
            f"{self.patients:,} {'patient' if self.patients == 1 else 'patients'}"
        )


class Missing(msgspec.Struct, frozen=True):
    """What is gone from a batch and would be retracted: by table, in their order, and in all."""

    tables: dict[str, Retracted]
    total: Retracted

    @classmethod
    def of(cls, facts: list[tuple[str, str]]) -> Missing:
        """Return what would be retracted, from the table and the patient of each fact."""
        tables = dict.fromkeys(table for table in FACT_TABLES if table in {each for each, _ in facts})
        by_table = {name: [whose for table, whose in facts if table == name] for name in tables}
        return cls(
            {name: Retracted(len(whose), len(set(whose))) for name, whose in by_table.items()},
            Retracted(len(facts), len({whose for _, whose in facts})),
        )


class ImportOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How to import a batch.

    `actor` is who imports, by default the registry's actor; `source` names who delivers, and is what its rows are
    remembered by; without a name they are those of the one nameless source. `reason` says why changed facts are amended
    and missing ones retracted. `confirm` is asked with what `retract_missing` would retract, before anything
    is stored; it is not asked in a dry run, nor where that is nothing. `same_fact` is asked, with a fact that
    is missing and the place of a new row without an id that says the same under another key, whether they are one;
    where nobody can be asked, as in a dry run, they are two.
    """

    actor: str | None = None
    source: str = NAMELESS
    reason: str = "changed at the source"
    dry_run: bool = False
    retract_missing: bool = False
    confirm: Callable[[Missing], bool] | None = None
    same_fact: Callable[[str, str], bool] | None = None


class Change(msgspec.Struct, frozen=True, gc=False):
    """One fact that an import changes: what becomes of it, its reference, whence.

    It is `recorded`, `amended`, `ended`, `retracted`, or `moved` from another patient to the one of the reference.
    """

    what: Literal["recorded", "amended", "ended", "retracted", "moved"]
    reference: str
    place: str


class Alike(msgspec.Struct, frozen=True, gc=False):
    """A fact that is gone from its source, and where a new row says the same under another key."""

    reference: str
    place: str


class Counts(msgspec.Struct):
    """How many facts of one table an import recorded, amended, ended, retracted, moved, confirmed, found unchanged.

    A fact is confirmed where nothing that stands changed, and the source said something that it had not said before.
    """

    recorded: int = 0
    amended: int = 0
    ended: int = 0
    retracted: int = 0
    moved: int = 0
    confirmed: int = 0
    unchanged: int = 0

    def add(self, what: str) -> None:
        """Count one more fact."""
        setattr(self, what, getattr(self, what) + 1)


class ImportReport(msgspec.Struct, kw_only=True):
    """What an import did, or would do in a dry run.

    `tables` counts facts by table, in the order of the tables; `rows` is the number of rows read, `events` of events
    about facts that were stored (a course that comes with its stop is two). `ignored` names what was found beside the
    tables, `kept` the facts that are gone from the batch and stand, as another source says them. `alike` are facts that
    were retracted and may have been recorded anew, as their key may have changed. `renamed` has the pseudonyms of the
    batch that were merged, each with that of the patient to whom its rows went. Of a foreign source `unmapped` has the
    fields that have no place, each with the number of rows in which it has a value, and `left_out` says what the
    mapping left out of rows, with how often: forms whose status does not count, rows that no table takes, reasons for a
    missing value that a column cannot hold.
    """

    tables: dict[str, Counts]
    changes: list[Change]
    events: int
    rows: int
    ignored: list[str]
    kept: list[str]
    alike: list[Alike]
    renamed: dict[str, str]
    left_out: list[str] = []
    unmapped: dict[str, int] = {}


def silent(stage: str, done: int, total: int) -> None:
    """Tell nobody of progress."""
