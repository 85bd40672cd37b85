"""What an import is asked for, and what it says it did."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

import msgspec

from registry.schema.tables import TABLES

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
        tables = dict.fromkeys(table for table in TABLES if table in {each for each, _ in facts})
        by_table = {name: [whose for table, whose in facts if table == name] for name in tables}
        return cls(
            {name: Retracted(len(whose), len(set(whose))) for name, whose in by_table.items()},
            Retracted(len(facts), len({whose for _, whose in facts})),
        )


class ImportOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How to import a batch.

    `actor` is who imports, by default the registry's actor; `reason` says why changed facts are amended and missing
    ones retracted. `confirm` is asked with what `retract_missing` would retract, before anything is stored; it is not
    asked in a dry run, nor where that is nothing.
    """

    actor: str | None = None
    reason: str = "changed at the source"
    dry_run: bool = False
    retract_missing: bool = False
    confirm: Callable[[Missing], bool] | None = None


class Change(msgspec.Struct, frozen=True, gc=False):
    """One fact that an import changes: `recorded`, `amended`, `ended` or `retracted`; its reference; whence."""

    what: Literal["recorded", "amended", "ended", "retracted"]
    reference: str
    place: str


class Counts(msgspec.Struct):
    """How many facts of one table an import recorded, amended, ended, retracted and found unchanged."""

    recorded: int = 0
    amended: int = 0
    ended: int = 0
    retracted: int = 0
    unchanged: int = 0

    def add(self, what: str) -> None:
        """Count one more fact."""
        setattr(self, what, getattr(self, what) + 1)


class ImportReport(msgspec.Struct, kw_only=True):
    """What an import did, or would do in a dry run.

    `tables` counts facts by table, in the order of the tables; `rows` is the number of rows read, `events` of events
    stored (a course that comes with its stop is two). `ignored` names what was found beside the tables.
    """

    tables: dict[str, Counts]
    changes: list[Change]
    events: int
    rows: int
    ignored: list[str]
