"""Rebuilding an export from the log, or checking a received one by its manifest alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pyarrow as pa

from projections.errors import ManifestError, OtherRegistryError, TemporaryFilesError
from projections.export import cohorts as of_cohorts
from projections.export.contents import difference_of_dictionary, difference_of_file, differences_of_files, strangers
from projections.export.dictionary import DECLARED, declaration
from projections.export.erased_since import ErasedSince
from projections.export.manifest import (
    DICTIONARY,
    ExportedTable,
    Manifest,
    WrittenFile,
    described_file,
    manifest_file,
    read_manifest,
    registry_id,
)
from projections.export.pieces import Work
from projections.export.profiles.known import profile_of
from projections.export.rebuilding import rebuilt_tables
from projections.export.stored_rows import Stored
from projections.log.log_columns import LogColumns
from projections.point_in_time import facts_at
from registry.audit.prove import root_at
from registry.errors import RegistryError, UnknownPointError

if TYPE_CHECKING:
    from projections.export.profiles.profile import Profile, Release
    from projections.point_in_time import Facts
    from registry import Registry


class Difference(msgspec.Struct, frozen=True):
    """One thing that is not as the manifest says; `table` is None where it concerns the whole.

    `is_erasure` is whether patients who were erased since explain it, or may do so.
    """

    table: str | None
    what: str
    is_erasure: bool = False

    def __str__(self) -> str:
        return f"{self.table}: {self.what}" if self.table else self.what


class OtherEdition(msgspec.Struct, frozen=True):
    """A table that was made by another edition of its rule than this version computes, with other content.

    Whether it is as it was made, only a version that computes that edition can say.
    """

    table: str
    made_by: int
    computed: int

    def __str__(self) -> str:
        return f"{self.table}: made by edition {self.made_by}, this computes {self.computed}"


class Reproduction(msgspec.Struct, frozen=True):
    """What came of rebuilding or checking an export.

    `erased` is the number of patients in it who were erased since; `only_erased` whether nothing is known to differ but
    what these erasures took away. `other_editions` are tables of which nothing can be said, and which do not differ.
    """

    differences: tuple[Difference, ...]
    erased: int = 0
    only_erased: bool = False
    other_editions: tuple[OtherEdition, ...] = ()

    @property
    def identical(self) -> bool:
        """Whether everything is as the manifest says."""
        return not self.differences and not self.other_editions


def reproduce(
    registry: Registry | None, manifest: str | Path, *, files_only: bool = False, key_file: str | Path | None = None
) -> Reproduction:
    """Rebuild the tables of a manifest from the log at its point in time, and return what differs.

    With `files_only`, or without a registry, the folder of the manifest is checked by itself: every file, its bytes and
    its content. Give the manifest or its folder, and the `key_file` of a release that was made with one. Raises
    `ManifestError` for one that this version cannot read, `OtherRegistryError` for one of another registry,
    `ProfileError` and `ReleaseKeyError` without the key that it was made with.
    """
    file = manifest_file(manifest)
    stated = read_manifest(file)
    if key_file is not None and stated.profile is None:
        raise ManifestError(file, "was made by no profile, and without a key; leave the key out")
    if registry is None or files_only:
        return Reproduction(tuple(_differences_of_files(file.parent, stated)))
    _check_registry(registry, file, stated)
    erased = ErasedSince.read(registry.log, stated.known_at.position)
    of_dictionary = _differences_of_dictionary(file.parent, stated.dictionary)
    made_by = None if stated.profile is None else profile_of(stated.profile, key_file)
    found = (*_differences_of_log(registry, file.parent, stated, erased, profile=made_by), *of_dictionary)
    differences = tuple(each for each in found if isinstance(each, Difference))
    others = tuple(each for each in found if isinstance(each, OtherEdition))
    told = (Difference(None, str(erased)),) if erased and differences else ()
    only_erased = bool(told) and all(difference.is_erasure for difference in differences)
    erased_since = len(erased)
    return Reproduction((*told, *differences), erased_since, only_erased=only_erased, other_editions=others)


def _check_registry(registry: Registry, file: Path, stated: Manifest) -> None:
    """Refuse a manifest that names another registry; one that was written of an empty log, or earlier, names none."""
    here = registry_id(registry.log, registry.head.position)
    if isinstance(stated.registry, str) and stated.registry != here:
        raise OtherRegistryError(file, stated.registry, here)


def _differences_of_dictionary(folder: Path, stated: WrittenFile | None) -> Iterator[Difference]:
    """Yield what differs of the dictionary beside a manifest, where one stands there and the manifest tells of it."""
    file = folder / DICTIONARY
    if stated is not None and file.is_file() and (what := difference_of_dictionary(file, stated)):
        yield Difference(None, what)


def _differences_of_log(
    registry: Registry, folder: Path, stated: Manifest, erased: ErasedSince, *, profile: Profile | None
) -> Iterator[Difference | OtherEdition]:
    place = stated.known_at
    try:
        log_itself = LogColumns.anew(registry.log, until=place.position)
        facts = facts_at(log_itself, as_of=stated.as_of, known_at=place.position, withdrawn=stated.withdrawn)
    except UnknownPointError as error:
        yield Difference(None, f"{error}; the export is of another log, or of a later state of this one")
        return
    if (facts.at.digest.hex(), facts.at.recorded_at) != (place.digest, place.recorded_at):
        yield Difference(
            None, f"the log's digest at @{place.position} is {facts.at.digest.hex()}, the manifest's {place.digest}"
        )
    elif stated.root is not None and (root := root_at(facts.log, place.position).hex()) != stated.root:
        yield Difference(None, f"the log's root at @{place.position} is {root}, the manifest's {stated.root}")
    release, found = _rebuilt_release(facts, stated, profile) if profile else (None, _rebuilt(facts, stated))
    for name, table, remade in found:
        if isinstance(remade, str):
            yield Difference(name, remade)
            continue
        differences = [*_differences_of_rows(name, table, remade)]
        if differences and (other := _other_edition(name, stated, release)):
            yield other
            continue
        for difference in differences:
            yield _explained(difference, _is_explained(erased, table, remade, folder, by_name=release is None))
    if release is not None and (what := _difference_of_profile(release, stated)):
        yield Difference(None, what)


def _other_edition(name: str, stated: Manifest, release: Release | None) -> OtherEdition | None:
    """Return that another edition of a table's rule, or of the profile that made it, made a table, else None."""
    table = declaration(name) if release is None else release.tables[name]
    made_by, computed = stated.tables[name].edition, table.edition
    if made_by == computed and release is not None and stated.profile is not None:
        made_by, computed = stated.profile.edition, release.stated().edition
    return None if made_by == computed else OtherEdition(name, made_by, computed)


def _is_explained(
    erased: ErasedSince, table: ExportedTable, remade: Stored, folder: Path, *, by_name: bool
) -> bool | None:
    """Return whether erasures explain a difference; None where that cannot be told, as of rows under new names."""
    if not erased:
        return False
    return erased.explains(table, remade, folder) if by_name else None


def _difference_of_profile(release: Release, stated: Manifest) -> str | None:
    """Return how what came of a profile differs from what the manifest says, but for what another edition changes."""
    told, made = stated.profile, release.stated()
    if told is None or told.edition != made.edition:
        return None
    files = {path: described_file(content) for path, content in release.files().items()}
    if told.files != files:
        return f"profile {told.name}: its files would be others: {', '.join(sorted(told.files.keys() | files.keys()))}"
    return None if told.report == made.report else f"profile {told.name}: the report would be another one"


def _explained(difference: Difference, by_erasure: bool | None) -> Difference:
    """Return a difference with what is known of its cause: erasures or not, None where that cannot be told."""
    if by_erasure is False:
        return difference
    what = "without the erased, the rest is identical" if by_erasure else "whether only for that cannot be told"
    return Difference(difference.table, f"{difference.what}; {what}", is_erasure=True)


def _rebuilt(facts: Facts, stated: Manifest) -> Iterator[tuple[str, ExportedTable, Stored | str]]:
    """Make the tables of a manifest anew, and yield each as stated and as found, or why it could not be made."""
    remade: dict[str, Stored | str] = {}
    of_log = [name for name in stated.tables if name in DECLARED and name not in of_cohorts.OF_COHORTS]
    for names in (of_log, [name for name in stated.tables if name in of_cohorts.OF_COHORTS]):
        try:
            remade |= rebuilt_tables(Work.of(facts, names, stated.cohorts))
        except TemporaryFilesError:
            raise
        except RegistryError as error:
            remade |= dict.fromkeys(names, str(error))
    for name, table in stated.tables.items():
        yield name, table, remade.get(name, "this spondyl has no such table; use the one that wrote it")


def _rebuilt_release(
    facts: Facts, stated: Manifest, profile: Profile
) -> tuple[Release | None, list[tuple[str, ExportedTable, Stored | str]]]:
    """Make what a profile made anew; return it, None where it cannot be made, and its tables as `_rebuilt` does."""
    assert stated.profile is not None
    release, remade, why = None, {}, "the profile has no such table"
    try:
        release = profile.release(Work.of(facts, stated.profile.of, {}))
        remade = rebuilt_tables(release)
    except TemporaryFilesError:
        raise
    except RegistryError as error:
        why = str(error)
    return release, [(name, table, remade.get(name, why)) for name, table in stated.tables.items()]


def _differences_of_rows(name: str, stated: ExportedTable, stored: Stored) -> Iterator[Difference]:
    """Yield what differs of a table's rows, in the columns that it had when the export was made."""
    columns: Sequence[str] | None = stated.columns_of(name)
    if not columns or not set(columns) <= set(stored.schema.names):
        columns = None
    if stored.n != stated.rows:
        yield Difference(name, f"{stored.n:,} rows, the manifest says {stated.rows:,}")
    elif (content := stored.content_hash(columns)) != stated.content_hash:
        yield Difference(name, f"other content: content_hash is {content}, the manifest says {stated.content_hash}")


def _differences_of_files(folder: Path, stated: Manifest) -> Iterator[Difference]:
    if not (folder / DICTIONARY).is_file():
        yield Difference(None, f"{DICTIONARY} is missing")
    yield from _differences_of_dictionary(folder, stated.dictionary)
    yield from (Difference(None, f"{path} is missing") for path in stated.beside if not (folder / path).is_file())
    yield from (Difference(None, what) for what in differences_of_files(folder, stated.beside))
    for name, table in stated.tables.items():
        if strange := [part.path for part in table.parts if not part.path.startswith(f"{name}/")]:
            yield Difference(name, f"{strange[0]} is in the folder of another table")
            continue
        for part in table.parts:
            if what := difference_of_file(folder / part.path, part.path, part):
                yield Difference(name, what)
        if all((folder / part.path).is_file() for part in table.parts):
            yield from _differences_of_content(folder, name, table)
    for path in strangers(folder, stated):
        yield Difference(None, f"{path} is no part of the export")


def _differences_of_content(folder: Path, name: str, stated: ExportedTable) -> Iterator[Difference]:
    try:
        stored = Stored([folder / part.path for part in stated.parts])
        yield from _differences_of_rows(name, stated, stored)
    except (pa.ArrowException, OSError, ValueError) as error:
        yield Difference(name, f"cannot be read: {error}")
        return
    for part, rows in zip(stated.parts, stored.rows_of_files):
        if rows != part.rows:
            yield Difference(name, f"{part.path} has {rows:,} rows, the manifest says {part.rows:,}")
