"""One Delta table as whoever applies a feed has it open: which files it has, and one commit that names others.

A commit says which files come and which go, and nothing of what is in them: no predicate, no statistics of columns. It
is made through the handle by which the table was looked at, and never tried again: where somebody else has committed
meanwhile, it fails.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from projections.errors import TargetError
from projections.feed.targets.delta_files import DataFile

if TYPE_CHECKING:
    from deltalake import CommitProperties, DeltaTable

    from projections.columns.arrow import ArrowSchema

APPLICATION: Final = "spondyl"  # whose transactions a table counts, and what its commits say whose they are
CONFIGURATION: Final = {
    "delta.enableDeletionVectors": "false",  # rows that are removed are in no file
    "delta.dataSkippingNumIndexedCols": "0",  # no column's values in the log: keys and references have pseudonyms
}


class Step(NamedTuple):
    """What is being done to a target: the number of the publication that ends it, and a digest of what it is."""

    number: int
    digest: str

    @property
    def said(self) -> str:
        """How the commits of the step say that they are of it."""
        return f"{self.number}:{self.digest}"


class DeltaLog:
    """A table of a target, opened at its latest version."""

    def __init__(self, folder: Path, table: DeltaTable) -> None:
        """Have a table that was opened."""
        self.folder = folder
        self._table = table
        self.version = table.version()

    @classmethod
    def open(cls, folder: Path) -> DeltaLog | None:
        """Open the table in a folder; None where there is none."""
        from deltalake import DeltaTable

        return cls(folder, DeltaTable(folder)) if DeltaTable.is_deltatable(str(folder)) else None

    @classmethod
    def create(cls, folder: Path, schema: ArrowSchema, files: Iterable[DataFile], step: Step) -> DeltaLog:
        """Make a table of files that stand in its folder, in one commit of a step."""
        from deltalake import DeltaTable, Schema
        from deltalake.transaction import create_table_with_add_actions

        create_table_with_add_actions(
            str(folder),
            Schema.from_arrow(schema),
            _added(files),
            mode="error",
            configuration=CONFIGURATION,
            commit_properties=_properties(step),
        )
        return cls(folder, DeltaTable(folder))

    def files(self, version: int | None = None) -> list[DataFile]:
        """Return the files of the table, by default those of the version that was opened."""
        stated = self._at(version).get_add_actions(flatten=True)
        names, sizes, rows = (stated[name].to_pylist() for name in ("path", "size_bytes", "num_records"))
        return sorted(DataFile(*each) for each in zip(names, rows, sizes, strict=True))

    def dataset(self, version: int | None = None) -> Any:
        """Return the rows of a version, by default of the one that was opened, as a data set of Arrow."""
        return self._at(version).to_pyarrow_dataset()

    def steps_since(self, version: int, place: str) -> list[str]:
        """Return of which step each commit after a version is, the first one first.

        Raises `TargetError` where one was made by somebody else, or where there is no such version any more.
        """
        if self.version < version:
            what = f"is at version {self.version}, the feed left it at {version}: somebody put back an older one"
            raise TargetError(place, f"{self.folder.name} {what}; begin a new target")
        if self.version == version:
            return []
        commits = self._table.history(self.version - version)
        if others := [each for each in commits if APPLICATION not in each]:
            what = f"version {others[-1].get('version')}, {others[-1].get('operation')}"
            raise TargetError(place, f"somebody else wrote to {self.folder.name} ({what}); begin a new target")
        return [str(each[APPLICATION]) for each in reversed(commits)]

    def is_done(self, step: Step) -> bool:
        """Return whether the last transaction that the table counts is that of a step."""
        return self._table.transaction_version(APPLICATION) == step.number

    def commit(self, come: Sequence[DataFile], go: Sequence[DataFile], schema: ArrowSchema, step: Step) -> None:
        """Have files come and others go, in one commit of a step."""
        from deltalake.transaction import RemoveAction

        now = _now()
        removed = [RemoveAction(each.name, True, now, each.size) for each in go]
        self._write([*_added(come), *removed], "append", schema, step)

    def replace(self, files: Sequence[DataFile], schema: ArrowSchema, step: Step) -> None:
        """Have the table be of other files and of another schema, in one commit of a step."""
        self._write(_added(files), "overwrite", schema, step)

    def tidy(self) -> None:
        """Write down what the table is now, and remove from its log what is older than it has to keep."""
        self._table.create_checkpoint()
        self._table.cleanup_metadata()

    def out_of_use(self) -> list[str]:
        """Return the files that no version of the last week has."""
        return list(self._table.vacuum(dry_run=True))

    def _at(self, version: int | None) -> DeltaTable:
        from deltalake import DeltaTable

        return self._table if version in (None, self.version) else DeltaTable(self.folder, version=version)

    def _write(self, actions: Sequence[Any], mode: str, schema: ArrowSchema, step: Step) -> None:
        from deltalake import Schema

        properties = _properties(step)
        self._table.create_write_transaction(
            list(actions), mode=mode, schema=Schema.from_arrow(schema), commit_properties=properties
        )
        self._table.update_incremental()
        self.version += 1


def _properties(step: Step) -> CommitProperties:
    from deltalake import CommitProperties, Transaction

    return CommitProperties(
        custom_metadata={APPLICATION: step.said},
        max_commit_retries=0,
        app_transactions=[Transaction(APPLICATION, step.number)],
    )


def _added(files: Iterable[DataFile]) -> list[Any]:
    from deltalake.transaction import AddAction

    now = _now()
    return [AddAction(each.name, each.size, {}, now, True, each.stats) for each in files]


def _now() -> int:
    """Return the wall clock in milliseconds of Unix time, as a log has it of each file."""
    return time.time_ns() // 1_000_000
