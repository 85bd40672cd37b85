"""A mapping beside the source that it names: what each row becomes, and which fields have no place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from csv import reader as csv_reader
from hashlib import sha256
from itertools import chain, islice
from pathlib import Path
from typing import Final, NamedTuple, Self

from registry.catalogue.catalogue import Catalogue
from registry.errors import UnreadableError
from registry.intake.sources.cell_verbs import Reading
from registry.intake.sources.findings import Findings
from registry.intake.sources.foreign_source import ForeignSource, SourceRow
from registry.intake.sources.mapping import Mapping as Said
from registry.intake.sources.mapping import TableRule
from registry.intake.sources.mapping_file import mapping_of
from registry.intake.sources.named_fields import pattern_of, repeated, variables_of
from registry.intake.sources.opening import open_source
from registry.intake.sources.row_counts import RowCounts, times
from registry.intake.sources.table_rows import Patients, TableRows, key_numbers
from registry.schema.tables import tables_of
from registry.spelling import nearest
from registry.toml_keys import DefinitionError, content_of
from registry.wording import shown

FEW: Final = 3  # fields that a mapping may name in vain, and be told each by itself
ROWS_A_STEP: Final = 5_000  # of progress, for those who take the rows
TOLD_AT_MOST: Final = 100  # kinds of what is left out that are told one by one
NAMED_AT_MOST: Final = 20  # fields without a place that are named one by one


class Undecided(NamedTuple):
    """A field of the source that is neither mapped nor ignored; `identifier` where the source flags it as one."""

    name: str
    identifier: bool


class PlacedRows(NamedTuple):
    """Rows that are called alike in places: of a table, a file of several, and a value of what repeats."""

    table: TableRows
    file: str = ""
    repetition: str = ""

    def fields_of(self, column: str) -> tuple[str, ...]:
        """Return the fields of the source of which a column comes in these rows."""
        name = self.table.rule.repeat[0] if self.table.rule.repeat and self.repetition else ""
        fields = self.table.fields.get(column, ())
        return tuple(field.replace(f"{{{name}}}", self.repetition) for field in fields) if name else fields


class MappedSource:
    """A mapping and its open source. `tables` are its rules in their order, `findings` what their rows have met so far.

    `digest` is the SHA-256 of the mapping file. Of the rows so far `counts` has what is counted of them, and `places`
    which rows are meant by what they are called in places.
    """

    def __init__(self, said: Said, source: ForeignSource, catalogue: Catalogue, *, file: Path, digest: str) -> None:
        self.said, self.source, self.catalogue, self.file, self.digest = said, source, catalogue, file, digest
        self.findings, self.places = Findings(), dict[str, PlacedRows]()
        self._refuse([*self._unknown_fields(), *self._unknown_events(), *self._unknown_reasons()])
        reading = Reading(said.source, source.fields, catalogue.missing_reasons, self.findings, source.has_typed_days)
        self._patients = patients = Patients(said.patient, self._pseudonyms(), reading)
        known, times = tables_of(catalogue), Counter[str]()
        self.tables: list[TableRows] = []
        for rule, key_number in zip(said.tables, key_numbers(said.tables, known), strict=True):
            times[rule.to] += 1
            numbers = times[rule.to], key_number
            self.tables.append(TableRows(rule, known[rule.to], reading, patients, numbers=numbers))
        self.counts = self.counts_of(each.name for each in self.undecided)

    @classmethod
    def open(cls, file: Path | str, catalogue: Catalogue) -> Self:
        """Return a mapping file with its source. Raises `DefinitionError`, `UnreadableError`, `OSError`."""
        content = content_of(file)
        said = mapping_of(content, str(file), catalogue)
        source = open_source(said.source, Path(file).parent)
        return cls(said, source, catalogue, file=Path(file), digest=sha256(content).hexdigest())

    @classmethod
    def opened(cls, file: Path | str, catalogue: Catalogue) -> Self:
        """Return a mapping file with its source as `open` does; that it cannot be read is said with its place."""
        try:
            return cls.open(file, catalogue)
        except UnreadableError as error:
            raise in_its_place(error) from None

    def rows(self) -> Iterator[tuple[TableRows, SourceRow, list[str]]]:
        """Yield what each row of the source becomes: the table, the row, and the cells of ours."""
        for row in self.source.rows():
            is_taken = False
            self._patients.meet(row)
            for table in self.tables:
                before = table.n_rows
                for cells in table.of(row):
                    yield table, row, cells
                is_taken = is_taken or table.n_rows > before
            self.counts.add(row, is_taken=is_taken)

    def counts_of(self, fields: Iterable[str]) -> RowCounts:
        """Return what counts rows, and in how many of them each of some fields has a value."""
        return RowCounts(fields, mapped=self._used - {self.said.patient.field}, statuses=self.said.source.forms)

    @property
    def is_by_record_of_others(self) -> bool:
        """Whether rows are told apart by a record whose id does not say whose they are, and no pseudonym stands for."""
        patient = self._patients
        return self.said.source.kind == "redcap" and not patient.is_record_id and patient.rule.mapped is None

    @property
    def left_out(self) -> list[str]:
        """Each kind of what the rows so far have and the mapping leaves out, as a sentence has it, with how often."""
        unsaid = (
            f"the reason {shown(why)} of {field}, which {column or 'its column'} does not hold, {times(n)}"
            for (field, why, column), n in sorted(self.findings.unsaid.items())
        )
        return [*islice(chain(self.counts.left_out(), unsaid), TOLD_AT_MOST)]

    @property
    def undecided(self) -> list[Undecided]:
        """The fields of the source that are neither mapped nor ignored; the status of a form needs no place."""
        used = self._used | {*self.said.ignore}
        return [
            Undecided(name, field.identifier)
            for name, field in self.source.fields.items()
            if name not in used and field.checkbox not in used and field.holds != "form-status"
        ]

    @property
    def _used(self) -> set[str]:
        return {self.said.patient.field}.union(*(table.used for table in self.tables))

    def refuse_undecided(self) -> None:
        """Refuse fields that have no place: nothing is dropped in silence. Raises `DefinitionError`."""
        refused = self.refused
        more = len(refused) - NAMED_AT_MOST
        self._refuse([*map(_undecided, refused[:NAMED_AT_MOST]), *([f"{more:,} more fields like these"] * (more > 0))])

    @property
    def refused(self) -> list[Undecided]:
        """The fields without a place for which an import is refused: all, or those that name persons."""
        is_strict = self.said.source.unmapped == "refuse"
        return [each for each in self.undecided if each.identifier or is_strict]

    def _refuse(self, problems: list[str]) -> None:
        if problems:
            raise DefinitionError(str(self.file), problems)

    def _unknown_fields(self) -> Iterator[str]:
        """Yield what is wrong with names of fields that the source does not have, or that it cannot be read by."""
        fields = self.source.fields
        known = {*fields} | {field.checkbox for field in fields.values() if field.checkbox}
        named = [*dict.fromkeys(self._named())]
        unknown = [(key, name) for key, name in named if not _is_there(key, name, known)]
        if len(unknown) > max(FEW, len(named) / 2):
            yield (
                f"{self.source.name} has {len(named) - len(unknown):,} of the {len(named):,} fields that are named; "
                f"this is a mapping for another source (first {unknown[0][0]}: {shown(unknown[0][1])})"
            )
            return
        for key, name in unknown:
            near = nearest(name, known) if "{" not in name else None
            mend = f"; did you mean {near!r}?" if near else ""
            yield f"{key}: {self.source.name} has no field {'like ' * ('{' in name)}{shown(name)}{mend}"
        for key, name in named:
            if name in fields and fields[name].holds == "unknown" and not key.startswith("ignore."):
                what = f"is written in the format {shown(fields[name].format)}, which is not known"
                yield f"{key}: {name} {what}; ignore it, or write it anew at the source as a day, a number or text"

    def _named(self) -> Iterator[tuple[str, str]]:
        """Yield each field that the mapping names, with its key; what repeats with each of its values."""
        yield "patient.field", self.said.patient.field
        if self.said.patient.centre is not None:
            yield from (("patient.centre", name) for name in self.said.patient.centre.fields)
        for number, table in enumerate(self.said.tables, 1):
            of_key = [("key", name) for name in table.key]
            of_pivot = [("pivot", table.pivot.field)] if table.pivot else []
            of_cells = [(column, name) for column, cell in table.cells.items() for name in cell.fields]
            for what, named in (*(("when", each.field) for each in table.when), *of_key, *of_pivot, *of_cells):
                yield from ((f"table[{number}].{what}", name) for name in repeated(named, table.repeat))
        yield from ((f"ignore.{name}", name) for name in self.said.ignore)

    def _unknown_events(self) -> Iterator[str]:
        known = self.source.events
        for number, table in enumerate(self.said.tables, 1):
            for event in table.events or ():
                if event not in known:
                    near = nearest(event, known)
                    mend = f"; did you mean {near!r}?" if near else ""
                    yield f"table[{number}].each.events: {self.source.name} has no event {shown(event)}{mend}"
            if self.said.source.kind != "redcap":
                yield from _of_redcap(table, f"table[{number}]")

    def _unknown_reasons(self) -> Iterator[str]:
        """Yield the reasons for a missing value that the protocol does not have."""
        reasons = self.catalogue.missing_reasons
        known = {word.casefold() for word in (*reasons, *reasons.values())}
        for value, reason in self.said.source.missing.items():
            if reason and reason.casefold() not in known:
                why = f"{shown(reason)} is no reason of the protocol; declare it under missing there, or leave it empty"
                yield f"source.missing.{value}: {why}"

    def _pseudonyms(self) -> Mapping[str, str] | None:
        """Return the pseudonym that stands for each person of the source, None where they are pseudonyms already."""
        if self.said.patient.mapped is None:
            return None
        try:
            content = content_of(self.file.parent / self.said.patient.mapped).decode("utf-8-sig")
        except UnicodeDecodeError:
            raise DefinitionError(str(self.file), ["patient.mapped: is no UTF-8 text; save it as UTF-8"]) from None
        rows = [row for row in csv_reader(content.splitlines()) if any(row)]
        wrong = next((number for number, row in enumerate(rows, 1) if len(row) != 2), None)
        if wrong is not None or not rows:
            raise DefinitionError(
                str(self.file),
                [f"patient.mapped: line {wrong or 1} has not two columns: what the source says, pseudonym"],
            )
        found = dict(rows)
        if len(found) < len(rows):
            raise DefinitionError(str(self.file), ["patient.mapped: somebody stands there twice"])
        return found


def in_its_place(error: UnreadableError, *, file: str = "") -> UnreadableError:
    """Return a refusal that says by itself where it is; `file` is what the source is called, where it has one file."""
    name = error.file or file
    return UnreadableError(error.line, f"{name}:{error.line}: {error}", file=name)


def _is_there(key: str, name: str, known: Collection[str]) -> bool:
    """Return whether there is a field of a name, or any like one with the same parts in braces as its column."""
    if name in known:
        return True
    parts = variables_of(name)
    is_pattern = bool(parts) and (key.endswith(".pivot") or variables_of(key) == parts)
    return is_pattern and any(map(pattern_of(name).fullmatch, known))


def _of_redcap(table: TableRule, key: str) -> Iterator[str]:
    """Yield what a table says of events, instruments and instances, which a source of another kind has not."""
    if table.instrument is not None:
        yield f"{key}.each.instrument: only redcap has instruments; say which rows count by when"
    for column, cell in table.cells.items():
        if cell.event is not None or cell.instance:
            yield f"{key}.{column}: only redcap has events and instances; write field, and codes"


def _undecided(field: Undecided) -> str:
    if field.identifier:
        return f"{field.name}: is flagged at the source as naming a person; ignore it, or map it by name"
    return f"{field.name}: is neither mapped nor ignored; map it, or write its reason under [ignore]"
