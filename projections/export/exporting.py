"""Writing an export: the tables at a point in time, range of patients by range, into a folder that appears whole."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from msgspec.structs import replace

from projections.errors import ProfileError
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
from registry.private_files import make_folder, new_bytes

if TYPE_CHECKING:
    from projections.export.manifest import ExportedTable, StatedProfile
    from projections.export.parts import Progress
    from projections.export.profiles.profile import Profile, Written
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
    profile: Profile | None = None,
) -> Manifest:
    """Write the tables of a registry at a point in time into the folder `out`, and return the manifest.

    `withdrawn` is what becomes of patients who had withdrawn their consent then: `keep` what was recorded until that
    day, or `exclude` them. `tables` are all by default; the figures of `cohorts`, files that define them, come beside
    these in the table `cohort_statistics`, their members in `cohort_members` and the values of these in
    `cohort_values`. With `history` each table of facts has one of all their versions beside it, as `visits_versions`,
    whatever `as_of` is; of the tables that are named, each its own. `progress` is told what comes next, how many such
    steps are done, and of how many: first parts of tables, then columns whose content is hashed. With a Dask
    `scheduler`, or its address, its workers do that, and the export is the same. With a `profile` the folder holds what
    that makes of the tables. The folder appears whole or not at all. It is for its owner alone; the members of a
    `group` may read it too.

    Raises `ExistingOutputError` where something stands there; with `overwrite` an export is replaced, and nothing else.
    Raises `UnknownCodeError` for an unknown table or group, `UnknownPointError` for a place that the log does not have,
    `DefinitionError` and `CohortError` for a cohort, `OutputError` where the system refuses, `SchedulerError` for
    workers that cannot be used, `ProfileError` for what a profile cannot be made of, and what the profile raises.
    """
    if profile is not None and scheduler is not None:
        raise ProfileError(profile.name, "is made on one machine; leave out the scheduler")
    facts = facts_at(source, as_of=as_of, known_at=known_at, withdrawn=withdrawn)
    definitions = of_cohorts.definitions(cohorts, facts.catalogue)
    names = _chosen(tables, with_cohorts=bool(definitions), history=history, profile=profile)
    with appearing(Path(out), overwrite=overwrite, group=group) as folder:
        with ThreadPoolExecutor(max_workers=1) as thread:
            root = thread.submit(root_at, facts.log, facts.at.position)
            work = Work.of(facts, names, definitions)
            written, described, stated = _written(folder, work, progress, scheduler=scheduler, profile=profile)
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
            profile=stated,
        )
        _write(folder / DICTIONARY, described)
        _write(folder / MANIFEST, as_json(manifest))
        if progress:
            progress(MANIFEST, 1, 1)
    return manifest


def _written(
    folder: Path,
    work: Work,
    progress: Progress | None,
    *,
    scheduler: str | Scheduler | None,
    profile: Profile | None,
) -> tuple[dict[str, ExportedTable], bytes, StatedProfile | None]:
    """Write the tables, and the files of a profile; return what the manifest says of both, and the dictionary."""
    if profile is None:
        tables = _tables(folder, work, progress, scheduler=scheduler)
        return tables, as_json(dictionary(work.names, work.facts)), None
    release = profile.release(work)
    tables = _alone(folder, release, progress)
    files = release.files()
    for path, content in files.items():
        make_folder((folder / path).parent)
        _write(folder / path, content)
    stated = replace(release.stated(), files={path: described_file(content) for path, content in files.items()})
    return tables, as_json(release.dictionary()), stated


def _alone(folder: Path, release: Written, progress: Progress | None) -> dict[str, ExportedTable]:
    parts = written_parts(folder, release, progress=progress)
    return described(release.tables, parts, content_digests(folder, parts, progress=progress))


def _tables(
    folder: Path, work: Work, progress: Progress | None, *, scheduler: str | Scheduler | None
) -> dict[str, ExportedTable]:
    if scheduler is None:
        return _alone(folder, work, progress)
    from projections.export.cluster import workers_of

    named = scheduler if isinstance(scheduler, Scheduler) else Scheduler(scheduler)
    with workers_of(named, folder) as workers:
        parts = workers.written_parts(work, progress=progress)
        return described(work.tables, parts, workers.content_digests(parts, progress=progress))


def _chosen(tables: Iterable[str] | None, *, with_cohorts: bool, history: bool, profile: Profile | None) -> list[str]:
    asked = list(tables) if tables is not None else None
    names = _known(asked, with_cohorts=with_cohorts, history=history)
    if profile is None:
        return names
    why = {name: profile.why_left_out(name) for name in names}
    for name in (*(asked or ()), *([of_cohorts.NAME] if with_cohorts else ())):
        if why[name]:
            raise ProfileError(profile.name, f"{name} is not in it: {why[name]}")
    return [name for name in names if not why[name]]


def _known(tables: Sequence[str] | None, *, with_cohorts: bool, history: bool) -> list[str]:
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
