"""An export over Dask: each range of patients is a task, and so is the content of each column.

Workers read blocks, which may be anywhere that they and this process reach, and write their parts into the hidden
folder beside the export, which they have to share. They need no database. This process seals the log, cuts the
patients, writes the events and the versions, for which the log is read, and puts the folder in its place. Of cohorts a
range gives back how many patients each step of the flow left and the events about the members; the figures are made of
these here.

A task gives the same file whoever carries it out, under a name that it gets when it is whole. So one that was lost with
its worker is carried out again by another.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from itertools import chain
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pyarrow as pa

from projections.errors import SchedulerError
from projections.export.cohorts import given
from projections.export.content import column_digest
from projections.export.dictionary import declaration
from projections.export.manifest import spondyl_version
from projections.export.parts import Parts, Progress, all_parts, remove_unfinished, write_pieces
from projections.export.pieces import counts, of_range
from projections.export.scheduler import Scheduler
from projections.export.stored_rows import Stored
from projections.log.blocks import sealed_blocks
from projections.log.log_columns import LogColumns
from projections.point_in_time import Facts, PointInTime
from registry.campaigns.states import CampaignState
from registry.catalogue.catalogue import Catalogue
from registry.private_files import new_text
from registry.protocol.schedule import AskedVisit
from registry.store.blocks_folder import are_off
from registry.store.head import Head
from registry.wording import shown

if TYPE_CHECKING:
    from projections.cohort.partial_cohorts import PartialCohort
    from projections.columns.arrow import ArrowTable
    from projections.export.manifest import Part
    from projections.export.pieces import Work
    from projections.log.block_files import Patients
    from projections.log.blocks import Sealed

RETRIES: Final = 3  # of a task that failed; one whose worker died is given to others three times by Dask itself
PATIENCE: Final = 10  # seconds for a scheduler to answer and for a first worker
ADDRESS_AT_MOST: Final = 300  # characters; the name of a host has 253
SEEN: Final = ".seen"


@contextmanager
def workers_of(scheduler: Scheduler, folder: Path) -> Iterator[Cluster]:
    """Lend the workers of a scheduler to fill a folder that they share.

    Where the block fails the folder is taken away from workers that still write. Raises `SchedulerError` where they
    cannot be used.
    """
    address = scheduler.address
    if not address.strip() or len(address) > ADDRESS_AT_MOST:  # without one Dask would start workers of its own
        raise SchedulerError(shown(address), "name a scheduler, as tls://HOST:8786")
    try:
        distributed: Any = import_module("distributed")
    except ImportError:
        raise SchedulerError(address, "the package distributed is missing; install spondyl[dask]") from None
    security = scheduler.security(distributed)
    try:
        client = distributed.Client(address, timeout=PATIENCE, set_as_default=False, security=security)
    except (OSError, ValueError) as error:
        raise SchedulerError(address, f"no scheduler answers there: {error}") from None
    try:
        with client:
            workers = Cluster(client, address, folder)
            workers.check()
            yield workers
    except (distributed.KilledWorker, distributed.CancelledError) as error:
        _take_away(folder)
        raise SchedulerError(address, f"it gave up a task: {error}") from error
    except BaseException:
        _take_away(folder)
        raise


class Cluster:
    """The workers of a scheduler, and the folder that they fill."""

    def __init__(self, client: Any, address: str, folder: Path) -> None:
        self._client = client
        self._address = address
        self._folder = folder

    def check(self) -> None:
        """See that there are workers, all of this version, who see the folder. Raises `SchedulerError`."""
        if are_off():
            raise SchedulerError(self._address, "workers read blocks, and SPONDYL_BLOCKS is off")
        try:
            self._client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError:
            why = f"no worker has come; start one with: dask worker {self._address}"
            raise SchedulerError(self._address, why) from None
        mark = token_hex(16)
        with new_text(self._folder / SEEN) as file:
            file.write(mark)
        surroundings = self._client.run(_surroundings(str(self._folder / SEEN)))
        for worker, (spondyl, arrow, seen) in sorted(surroundings.items()):
            if (spondyl, arrow) != (spondyl_version(), pa.__version__):
                here = f"here are {spondyl_version()} and {pa.__version__}"
                raise SchedulerError(self._address, f"worker {worker} has spondyl {spondyl}, pyarrow {arrow}; {here}")
            if seen != mark:
                why = f"worker {worker} does not see {self._folder.parent}; export to a folder that all workers share"
                raise SchedulerError(self._address, why)
        (self._folder / SEEN).unlink()

    def written_parts(self, work: Work, *, progress: Progress | None = None) -> Parts:
        """Write tables as on one machine: ranges by workers, the rest here meanwhile.

        `progress` is told of ranges. Raises `SchedulerError` where a worker cannot read blocks or write parts.
        """
        at, blocks = work.facts.at, sealed_blocks(work.facts.log, whole=True)
        there = [each for each in blocks if each.block.after < at.position]
        told = _Told(
            self._folder,
            there,
            at,
            work.facts.withdrawn,
            work.names,
            work.by_patient,
            work.definitions,
            work.facts.catalogue,
            work.facts.schedule,
            work.facts.campaigns,
        )
        tasks = [self._task(told.written, number, patients) for number, patients in enumerate(work.ranges)]
        of_all = write_pieces(self._folder, chain(work.of_versions(), work.of_events()), work.tables)
        done = list(self._results(tasks, "ranges of patients", progress))
        of_all += write_pieces(self._folder, work.of_cohorts(given for _, given, _ in done), work.tables)
        of_all += write_pieces(self._folder, work.of_counts([counted for *_, counted in done]), work.tables)
        remove_unfinished(self._folder)
        return all_parts(self._folder, work.tables, [*(part for parts, *_ in done for part in parts), *of_all])

    def content_digests(self, parts: Parts, *, progress: Progress | None = None) -> dict[str, list[bytes]]:
        """Return the digests of the columns of tables, each found by a worker."""
        columns = [(name, column.name) for name in parts for column in declaration(name).columns]
        files = {name: [self._folder / part.path for part in there] for name, there in parts.items()}
        tasks = [self._task(_column_digest, files[name], column) for name, column in columns]
        digests: dict[str, list[bytes]] = {name: [] for name in parts}
        for (name, _), digest in zip(columns, self._results(tasks, "content_hash", progress)):
            digests[name].append(digest)
        return digests

    def _task(self, *task: Any) -> Any:
        return self._client.submit(*task, pure=False, retries=RETRIES)

    def _results(self, tasks: Sequence[Any], what: str, progress: Progress | None) -> Iterator[Any]:
        """Yield what tasks return, in their order."""
        for done, task in enumerate(tasks):
            if progress:
                progress(what, done, len(tasks))
            try:
                yield task.result()
            except (OSError, pa.ArrowException) as error:
                raise SchedulerError(self._address, f"a worker failed: {error}") from error


class _Told(NamedTuple):
    """What a worker is told of all ranges: where to write which tables, and from what."""

    folder: Path
    blocks: Sequence[Sealed]
    at: PointInTime
    withdrawn: str
    names: Sequence[str]
    by_patient: Sequence[str]
    definitions: Mapping[str, str]
    catalogue: Catalogue
    schedule: tuple[AskedVisit, ...]
    campaigns: Mapping[str, CampaignState]

    def written(
        self, number: int, patients: Patients
    ) -> tuple[list[tuple[str, Part]], Sequence[PartialCohort], Mapping[str, ArrowTable]]:
        """Write the tables of one range of patients; return the parts, what it gives to each cohort, and its counts."""
        head = Head(self.at.position, None, self.at.digest)
        columns = LogColumns.of_blocks(
            self.blocks,
            head,
            patients=patients,
            catalogue=self.catalogue,
            schedule=self.schedule,
            campaigns=self.campaigns,
        )
        facts = Facts(columns, self.at, withdrawn=self.withdrawn)
        tables = {name: declaration(name) for name in self.by_patient}
        parts = write_pieces(self.folder, of_range(facts, self.by_patient, number), tables)
        return parts, given(self.definitions, facts), counts(facts, self.names)


def _column_digest(files: Sequence[Path], column: str) -> bytes:
    """Return the digest of a column of a table, on a worker."""
    return column_digest(column, Stored(files).column(column))


def _surroundings(mark: str) -> Callable[[], tuple[str, str, str | None]]:
    """Return what tells, on a worker, its versions of spondyl and pyarrow, and what it sees in a file.

    It goes there as a whole, not by its name: so it can also tell that there is no spondyl.
    """

    def look() -> tuple[str, str, str | None]:
        from importlib.metadata import PackageNotFoundError, version
        from pathlib import Path

        versions = []
        for package in ("spondyl", "pyarrow"):
            try:
                versions.append(version(package))
            except PackageNotFoundError:
                versions.append("unknown")
        try:
            seen = Path(mark).read_text()
        except OSError:
            seen = None
        return versions[0], versions[1], seen

    return look


def _take_away(folder: Path) -> None:
    """Remove a folder in one step from those who still write into it."""
    place = folder.with_name(f"{folder.name.rpartition('.')[0]}.{token_hex(4)}")
    with suppress(OSError):
        folder.rename(place)
        shutil.rmtree(place, ignore_errors=True)
