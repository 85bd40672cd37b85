"""A feed in a folder of Delta tables, which Databricks, Spark, DuckDB and Polars read.

Each batch is a step: a commit a table, then the publication of their versions. All that a commit adds or removes are
whole files, which are made here: so no log has a value of a row in it, be it in a predicate or in a statistic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray, truth
from projections.errors import TargetError
from projections.feed.change_files import ROW_KEY
from projections.feed.locked import alone_in
from projections.feed.replaying import read_file, read_rows
from projections.feed.targets.delta_files import DataFile, DataFiles, plain
from projections.feed.targets.delta_log import DeltaLog, Step
from projections.feed.targets.delta_publications import PUBLICATIONS, Publication, publish, published
from projections.feed.targets.delta_rows import Rewriting
from projections.feed.targets.delta_step import DeltaStep, Member, Work, members
from projections.feed.targets.delta_sums import member_sum
from projections.stated.events import EVENTS
from registry.new_files import why_of
from registry.private_files import make_folder, whoever_makes_them

if TYPE_CHECKING:
    from projections.feed.replaying import FolderBatch
    from projections.feed.row_sums import RowSum
    from projections.feed.targets.erasing import Erasing
    from projections.feed.targets.target import Applied


class DeltaTarget:
    """Tables in a folder, each a Delta table of its own."""

    def __init__(self, folder: str | Path) -> None:
        """Have a folder, which is made where it is not there. Raises `ModuleNotFoundError` without `deltalake`."""
        import deltalake  # noqa: F401 – whoever has it not is told so before anything is made

        self._folder = Path(folder)

    @property
    def place(self) -> str:
        return f"delta:{self._folder}"

    def state(self) -> Applied | None:
        with self._errors():
            found = published(self._folder, self.place)
        return None if found is None else found.state

    def apply(self, batch: FolderBatch, before: Applied | None, after: Applied) -> None:
        def work(member: Member) -> Work:
            return lambda files, rewriting: self._apply(member, batch, rewriting)

        self._do(before, after, batch.listed.sha256, work)

    def erase(self, erasing: Erasing, before: Applied, after: Applied) -> None:
        def work(member: Member) -> Work:
            if member.table.name == EVENTS.name:
                return lambda files, rewriting: _silence(files, rewriting, erasing)
            return lambda files, rewriting: _erase(files, rewriting, erasing, member.table.name)

        self._do(before, after, "erase", work)

    def purge(self, before: Applied, after: Applied) -> str | None:
        self._do(before, after, "purge", lambda member: lambda files, rewriting: None)
        return None

    def sums(self) -> Mapping[str, RowSum]:
        with self._errors():
            found = published(self._folder, self.place)
            if found is None:
                return {}
            return {each.name: self._sum(each, found.versions[each.name]) for each in members(found.state)}

    def close(self) -> None:
        pass

    def _do(self, before: Applied | None, after: Applied, what: str, work: Callable[[Member], Work]) -> None:
        """Go from one state to another. Raises `TargetError` where the state is a third, or somebody else is at it."""
        with self._errors(), self._alone():
            found = published(self._folder, self.place)
            if (state := None if found is None else found.state) != before:
                at = "nothing is" if state is None else f"it is at @{state.position:,}"
                raise TargetError(self.place, f"somebody else applied meanwhile, {at}; apply again")
            step = Step(1 if found is None else found.number + 1, _digest(before, after, what))
            is_purge = before is not None and before.to_purge and not after.to_purge
            there = members(after)
            versions = DeltaStep(self._folder, self.place, found, step).versions({each: work(each) for each in there})
            if is_purge:
                self._remove_unused([each.name for each in there])
            publish(self._folder, Publication(step.number, after, versions), step, only=is_purge)
            if is_purge:
                self._remove_unused([PUBLICATIONS])
            else:
                self._remove_old(found, versions)

    def _apply(self, member: Member, batch: FolderBatch, rewriting: Rewriting) -> None:
        table = member.table
        if table.name == EVENTS.name:
            for part in batch.batch.events.parts:
                rewriting.add(read_file(batch.file(part)))
            return
        parts = batch.batch.tables[table.name].parts
        wanted, found = rewriting.change(read_rows(batch.file(part), table) for part in parts)
        if wanted != found:
            what = f"lacks {wanted - found:,} of {wanted:,} rows that change: somebody else wrote to it"
            raise TargetError(self.place, f"{member.name} {what}; begin a new target")

    def _sum(self, member: Member, version: int) -> RowSum:
        log = DeltaLog.open(self._folder / member.name)
        if log is None:
            raise TargetError(self.place, f"has no table {member.name} any more; begin a new target")
        log.steps_since(version, self.place)
        return member_sum(log.dataset(version), member.table, of_history=member.of_history)

    def _remove_unused(self, names: list[str]) -> None:
        """Remove every file that the newest version of a table does not have; none of another one can be read then."""
        for name in names:
            log = DeltaLog.open(self._folder / name)
            assert log is not None
            used = {each.name for each in log.files()}
            for file in (self._folder / name).glob("*.parquet"):
                if file.name not in used:
                    file.unlink()
            log.tidy()

    def _remove_old(self, before: Publication | None, versions: Mapping[str, int]) -> None:
        """Remove the files that no version of the last week has, of tables that have changed."""
        were = {} if before is None else before.versions
        for name in [each for each, version in versions.items() if were.get(each, version) != version]:
            log = DeltaLog.open(self._folder / name)
            for file in () if log is None else log.out_of_use():
                (self._folder / name / file).unlink(missing_ok=True)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other appliers on this machine out."""
        make_folder(self._folder)
        try:
            with alone_in(self._folder), whoever_makes_them():
                yield
        except BlockingIOError:
            raise TargetError(self.place, "somebody else is applying; wait until it is done") from None

    @contextmanager
    def _errors(self) -> Iterator[None]:
        from deltalake.exceptions import CommitFailedError, DeltaError

        try:
            yield
        except CommitFailedError as error:
            raise TargetError(self.place, f"somebody else wrote to it meanwhile ({error}); apply again") from error
        except OSError as error:
            raise TargetError(self.place, f"cannot be used: {why_of(error)}") from error
        except (DeltaError, pa.ArrowException) as error:
            raise TargetError(self.place, f"cannot be used: {error}") from error


def _digest(before: Applied | None, after: Applied, what: str) -> str:
    return sha256(msgspec.json.encode((what, before, after))).hexdigest()


def _erase(files: DataFiles, rewriting: Rewriting, erasing: Erasing, name: str) -> None:
    """Remove all rows of the erased from a table or its history, and add those of who remain."""

    def goes(file: DataFile) -> ArrowArray | None:
        patients = plain(files.read(file.name, ["patient"])["patient"])
        return _some(pc.is_in(patients, value_set=pa.array(erasing.among(patients.unique().to_pylist()), pa.string())))

    for _ in rewriting.remove(goes):
        pass
    images = list(erasing.images(name))
    if images:
        joined = pa.concat_tables(images).unify_dictionaries()
        rewriting.change([joined.take(pc.sort_indices(joined[ROW_KEY].combine_chunks()))])


def _silence(files: DataFiles, rewriting: Rewriting, erasing: Erasing) -> None:
    """Have events say what they say in some rows, where they still say more."""
    for silent in erasing.silent_events():

        def goes(file: DataFile, positions: ArrowArray = silent["position"]) -> ArrowArray | None:
            rows = files.read(file.name, ["position", "payload"])
            return _some(pc.and_(pc.is_in(rows["position"], value_set=positions), rows["payload"].is_valid()))

        for gone in rewriting.remove(goes) if silent.num_rows else ():
            rewriting.add(silent.filter(pc.is_in(silent["position"], value_set=gone["position"])))


def _some(rows: ArrowArray) -> ArrowArray | None:
    return rows if truth(rows).any() else None
