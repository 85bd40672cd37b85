"""What a mapping does with its source: where each field goes, what it cannot say, and whether an import is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal, NamedTuple

from registry.application import Registry
from registry.catalogue.catalogue import BUILT_IN
from registry.errors import BatchRefusedError
from registry.intake.report import ImportOptions, ImportReport, Progress, silent
from registry.intake.sources.findings import Finding
from registry.intake.sources.mapped_batch import read_mapped
from registry.intake.sources.mapped_import import record_mapped
from registry.intake.sources.mapped_source import MappedSource
from registry.intake.sources.named_fields import repeated
from registry.intake.sources.reading_rule import how_read
from registry.intake.sources.source_words import in_words_of_the_source
from registry.intake.sources.table_rows import PATIENT, TableRows
from registry.intake.staging import Staging
from registry.places import Problem

Fate = Literal["mapped", "ignored", "undecided"]
WHICH_ROWS: Final = ", which rows"
KEY: Final = ", key"


class FieldFate(NamedTuple):
    """What becomes of a field: the columns that it goes to, or why it is left out; in how many rows it has a value."""

    name: str
    label: str
    fate: Fate
    to: tuple[str, ...]
    why: str
    n_filled: int
    identifier: bool


class MappingCheck(NamedTuple):
    """What a mapping does with its source.

    `read` says how the source was read; `rows` how many rows each rule of the mapping took, by `visits` or `visits 2`;
    `untaken` of how many rows no table took anything, though something that is mapped stands there, and
    `first_untaken` where the first of them is. `left_out` has each kind of what is left out, with how often: such rows,
    forms that do not count, reasons that a column cannot hold. `findings` are values that cannot be read as the mapping
    says; `problems` has them too, and all else for which an import would be refused beside undecided fields. `report`
    says what it would do, None where it would be refused or there is no registry.
    """

    source: str
    mapping: str
    read: dict[str, str]
    n_rows: int
    rows: dict[str, int]
    untaken: int
    first_untaken: str
    left_out: list[str]
    fields: list[FieldFate]
    findings: list[Finding]
    problems: list[Problem]
    report: ImportReport | None
    is_refused: bool

    @property
    def undecided(self) -> list[FieldFate]:
        """The fields that have no place yet."""
        return [each for each in self.fields if each.fate == "undecided"]


def check_mapping(
    mapping: str | Path, registry: Registry | None = None, *, progress: Progress | None = None
) -> MappingCheck:
    """Return what a mapping does with its source, and whether an import by it would be refused; nothing is recorded.

    Without a registry nothing is known of what stands, nor of its protocol: what is wrong beside it is not found.
    Raises `DefinitionError` where the mapping is wrong by itself or does not fit its source, `UnreadableError` with the
    place, and `OSError`, where that cannot be opened.
    """
    progress = progress or silent
    mapped = MappedSource.opened(mapping, registry.catalogue if registry is not None else BUILT_IN)
    mapped.counts = mapped.counts_of(mapped.source.fields)
    report, problems = _tried(mapped, registry, progress)
    fields = [*_fates(mapped)]
    first = mapped.counts.first_untaken
    return MappingCheck(
        source=mapped.source.name,
        mapping=mapped.digest,
        read=how_read(mapped.said.source),
        n_rows=mapped.counts.n_rows,
        rows={_called(each): each.n_rows for each in mapped.tables},
        untaken=mapped.counts.n_untaken,
        first_untaken="" if first is None else first.told or f"line {first.line}",
        left_out=mapped.left_out,
        fields=fields,
        findings=mapped.findings.all,
        problems=problems,
        report=report,
        is_refused=bool(problems) or bool(mapped.refused),
    )


def _called(table: TableRows) -> str:
    return table.table.name if table.number == 1 else f"{table.table.name} {table.number}"


def _tried(
    mapped: MappedSource, registry: Registry | None, progress: Progress
) -> tuple[ImportReport | None, list[Problem]]:
    """Return what an import would do and what is wrong with it, as far as can be told without a registry."""
    try:
        if registry is not None:
            return record_mapped(registry, mapped, options=ImportOptions(dry_run=True), progress=progress), []
        with Staging() as staging:
            batch = read_mapped(mapped, staging, progress)
            return None, [*in_words_of_the_source(batch.problems, mapped)]
    except BatchRefusedError as refused:
        return None, [*refused.problems]


def _fates(mapped: MappedSource) -> Iterator[FieldFate]:
    """Yield what becomes of each field, in the order of the source; the boxes that share a fate are one."""
    ignored, undecided = mapped.said.ignore, {each.name for each in mapped.undecided}
    places, fates = _places(mapped), dict[tuple[str, Fate], FieldFate]()
    for name, field in mapped.source.fields.items():
        group = field.checkbox or name
        to = tuple(dict.fromkeys((*places.get(name, ()), *places.get(group, ()))))
        fate: Fate = "mapped" if name not in undecided else "undecided"
        why = ""
        if not to and (reason := ignored.get(name, ignored.get(group))) is not None:
            fate, why = "ignored", reason
        before = fates.get((group, fate))
        n_filled = max(mapped.counts.filled[name], before.n_filled if before else 0)
        fates[group, fate] = FieldFate(group, field.label, fate, to, why, n_filled, field.identifier)
    yield from fates.values()


def _places(mapped: MappedSource) -> dict[str, list[str]]:
    """Return the columns of ours to which each field goes, conditions and keys among them."""
    places: dict[str, list[str]] = {mapped.said.patient.field: [PATIENT]}
    if mapped.said.patient.centre is not None:
        for name in mapped.said.patient.centre.fields:
            places.setdefault(name, []).append("patients.centre")
    for table in mapped.tables:
        named = [(name, column) for column, names in table.fields.items() for name in names if column != PATIENT]
        named += [(when.field, WHICH_ROWS) for when in table.rule.when] + [(name, KEY) for name in table.rule.key]
        for name, column in named:
            for each in repeated(name, table.rule.repeat):
                places.setdefault(each, []).append(f"{table.table.name}{column}" if column in (WHICH_ROWS, KEY)
                                                   else f"{table.table.name}.{column}")  # fmt: skip
    return places
