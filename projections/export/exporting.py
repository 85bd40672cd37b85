"""Writing an export: the tables at a point in time, range of patients by range, into a folder that appears whole."""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from projections.export import cohorts as of_cohorts
from projections.export.dictionary import dictionary
from projections.export.folder import appearing
from projections.export.manifest import (
    DICTIONARY,
    FORMAT,
    MANIFEST,
    KnownAt,
    Manifest,
    as_json,
    described_file,
    registry_id,
    spondyl_version,
)
from projections.export.parts import content_digests, described, written_parts
from projections.export.pieces import Work
from projections.export.scheduler import Scheduler
from projections.log.log_columns import LogColumns
from projections.point_in_time import facts_at
from projections.tables import TABLES
from projections.versions.fact_versions import ENDING
from projections.versions.tables import VERSIONS
from registry.audit.prove import root_at
from registry.errors import UnknownCodeError
from registry.private_files import new_bytes

if TYPE_CHECKING:
    from projections.export.manifest import ExportedTable
    from projections.export.parts import Progress
    from projections.known_at import KnownAt as AskedKnownAt
    from projections.point_in_time import PointInTime
    from registry import Registry


def export(  # noqa: PLR0913 – each is a choice of its own, and all are named
    source: Registry | LogColumns,
    out: str | Path,
    *,
    as_of: date | str | None = None,
    known_at: AskedKnownAt = None,
    tables: Iterable[str] | None = None,
    cohorts: Iterable[str | Path] = (),
    history: bool = False,
    overwrite: bool = False,
    progress: Progress | None = None,
    withdrawn: Literal["keep", "exclude"] = "keep",
    scheduler: str | Scheduler | None = None,
    group: str | None = None,
) -> Manifest:
    """Write the tables of a registry at a point in time into the folder `out`, and return the manifest.

    `withdrawn` is what becomes of patients who had withdrawn their consent then: `keep` what was recorded until that
    day, or `exclude` them. `tables` are all by default; the figures of `cohorts`, files that define them, come beside
    these in the table `cohort_statistics`, their members in `cohort_members` and the values of these in
    `cohort_values`. With `history` each table of facts has one of all their versions beside it, as `visits_versions`,
    whatever `as_of` is; of the tables that are named, each its own. `progress` is told what comes next, how many such
    steps are done, and of how many: first parts of tables, then columns whose content is hashed. With a Dask
    `scheduler`, or its address, its workers do that, and the export is the same. The folder appears whole or not at
    all. It is for its owner alone; the members of a `group` may read it too.

    Raises `ExistingOutputError` where something stands there; with `overwrite` an export is replaced, and nothing else.
    Raises `UnknownCodeError` for an unknown table or group, `UnknownPointError` for a place that the log does not have,
    `DefinitionError` and `CohortError` for a cohort, `OutputError` where the system refuses, `SchedulerError` for
    workers that cannot be used.
    """
    facts = facts_at(source, as_of=as_of, known_at=known_at, withdrawn=withdrawn)
    definitions = of_cohorts.definitions(cohorts, facts.catalogue)
    names = _chosen(tables, with_cohorts=bool(definitions), history=history)
    with appearing(Path(out), overwrite=overwrite, group=group) as folder:
        with ThreadPoolExecutor(max_workers=1) as thread:
            root = thread.submit(root_at, facts.log, facts.at.position)
            written = _tables(folder, Work.of(facts, names, definitions), progress, scheduler=scheduler)
        described = as_json(dictionary(names, facts))
        manifest = Manifest(
            format=FORMAT,
            spondyl=spondyl_version(),
            registry=registry_id(facts.log, facts.at.position),
            as_of=facts.at.as_of,
            known_at=_known_at(facts.at),
            root=root.result().hex(),
            dictionary=described_file(described),
            tables=written,
            withdrawn=withdrawn,
            cohorts=definitions,
        )
        _write(folder / DICTIONARY, described)
        _write(folder / MANIFEST, as_json(manifest))
        if progress:
            progress(MANIFEST, 1, 1)
    return manifest


def _tables(
    folder: Path, work: Work, progress: Progress | None, *, scheduler: str | Scheduler | None
) -> dict[str, ExportedTable]:
    if scheduler is None:
        parts = written_parts(folder, work, progress=progress)
        return described(parts, content_digests(folder, parts, progress=progress))
    from projections.export.cluster import workers_of

    named = scheduler if isinstance(scheduler, Scheduler) else Scheduler(scheduler)
    with workers_of(named, folder) as workers:
        parts = workers.written_parts(work, progress=progress)
        return described(parts, workers.content_digests(parts, progress=progress))


def _chosen(tables: Iterable[str] | None, *, with_cohorts: bool, history: bool) -> list[str]:
    known = [*TABLES, *(VERSIONS if history else ()), *(of_cohorts.OF_COHORTS if with_cohorts else ())]
    chosen = set(known if tables is None else tables)
    for name in sorted(chosen - set(known)):
        raise UnknownCodeError("tables", name, known, what="table")
    chosen |= {f"{name}{ENDING}" for name in chosen}
    return [name for name in known if name in chosen or (with_cohorts and name == of_cohorts.NAME)]


def _known_at(at: PointInTime) -> KnownAt:
    return KnownAt(position=at.position, recorded_at=at.recorded_at, digest=at.digest.hex())


def _write(path: Path, content: bytes) -> None:
    with new_bytes(path) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
