"""A rule for one intake table, compiled against a source: each of its rows becomes rows of ours, or none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from msgspec.structs import replace

from registry.intake.sources.cell_verbs import CellOf, FieldCell, Meanings, Reading, cell_of, is_missing
from registry.intake.sources.foreign_source import SourceRow
from registry.intake.sources.mapping import Cell, PatientRule, Pivot, TableRule, When
from registry.intake.sources.named_fields import pattern_of, variables_of, with_value, with_values
from registry.intake.sources.numbers_written import NOT_FINITE
from registry.schema.tables import ID_COLUMN, Table

PATIENT: Final = "patient"
CENTRE: Final = "centre"
GRADE: Final = "grade"
SAME_PATIENT: Final = "patients"
FIRST_INSTANCE: Final = 1
OF_TWO: Final = "is another one than in an earlier row of the record"
NAMED_TWICE: Final = "is there under its old name, and renamed says that it has another one now"
FOR_NOTHING: Final = (
    "stands for nothing, so nobody knows whose the row is; who is called so has a line in the file of patient.mapped"
)
OF_NOBODY: Final = "says nothing here nor in an earlier row of the record, so nobody knows whose the row is"


Holds = Callable[[SourceRow], bool]


class Form(NamedTuple):
    """Rows of one shape that come of a source row: which rows count, what each column is read by."""

    when: tuple[Holds, ...]
    cells: tuple[CellOf, ...]
    repetition: str  # which value of what repeats it is of, where one row of the source has several forms
    fields: tuple[tuple[str, Meanings], ...] | None  # of the cells, where each is of one field and no more

    def said(self, row: SourceRow) -> list[str]:
        """Return the text of each cell."""
        if self.fields is not None:
            values = row.values
            try:
                return [meanings[values.get(name, "")] for name, meanings in self.fields]
            except KeyError:
                pass  # each cell by itself says which it was
        return [cell(row) for cell in self.cells]


class TableRows:
    """The rows of one intake table. `headers` are its columns, with units; `fields` those of the source by column.

    `numbers` are its place among the rules of its table, and that among those with other keys (`key_numbers`). `n_rows`
    counts the rows of the source of which it took something; `repetition` is the value of what repeats, of the row that
    came last, and empty where nothing does.
    """

    def __init__(
        self, rule: TableRule, table: Table, reading: Reading, patient: Patients, *, numbers: tuple[int, int] = (1, 1)
    ) -> None:
        self.rule, self.table, self._reading, self._patient = rule, table, reading, patient
        (self.number, self._key_number), self.n_rows, self.repetition = numbers, 0, ""
        cells = self._cells(patient.rule)
        columns = list(cells)
        self._from_fields = [place for place, cell in enumerate(cells.values()) if cell.fields]
        self._is_any_enough = len(self._from_fields) in (0, len(cells))  # else the place alone says the others
        self._has_patient = PATIENT in table.columns  # a reading is of a study, and that of a patient
        self.has_id = table.name != SAME_PATIENT and (bool(rule.key) or reading.rule.kind == "redcap")
        self.headers = [
            *([PATIENT] if self._has_patient else []),
            *([ID_COLUMN] if self.has_id else []),
            *(_header(name, cells[name]) for name in columns),
        ]
        self.fields: dict[str, tuple[str, ...]] = {name: cell.fields for name, cell in cells.items()}
        self.fields[PATIENT] = (patient.rule.field,)
        self.used: set[str] = {when.field for when in rule.when} | set(rule.key)
        self._forms = [*self._made(cells)]
        if rule.pivot is not None:
            self.headers += [rule.pivot.to, GRADE]
            self._pivoted = [*_pivoted(rule.pivot, table, reading)]
            named = tuple(name for name, _, _ in self._pivoted)
            self.used |= set(named)
            self.fields[GRADE] = self.fields[rule.pivot.to] = named
        self._events = None if rule.events is None else frozenset(rule.events)

    def of(self, row: SourceRow) -> Iterator[list[str]]:
        """Yield the rows that come of one, in the order of the headers."""
        if self._events is not None and row.event not in self._events:
            return
        if self._reading.rule.kind == "redcap" and not self._is_of_instrument(row):
            return
        taken = False
        for form in self._forms:
            if not all(holds(row) for holds in form.when):
                continue
            self.repetition = form.repetition
            patient = self._patient.of(row)
            beside = [patient] if self._has_patient else []
            if self.has_id:
                beside.append(self._id(row, patient, form))
            said = form.said(row)
            if self.rule.pivot is None:
                if any(said) and (self._is_any_enough or any(said[place] for place in self._from_fields)):
                    taken = True
                    yield beside + said
                continue
            for _, word, grade in self._pivoted:
                if value := grade(row):
                    taken = True
                    yield [*beside, *said, word, value]
        self.n_rows += taken

    def _is_of_instrument(self, row: SourceRow) -> bool:
        """Return whether a row is of the instrument of the rule: an instance, or where it does not repeat its event."""
        wanted = self.rule.instrument
        if wanted is None:
            return not row.instrument
        return row.instrument == wanted or (not row.instrument and wanted in row.forms)

    def _id(self, row: SourceRow, patient: str, form: Form) -> str:
        """Return what tells the row from others for good: where it stands in the source, be it changed or moved.

        Where a pseudonym or an old name stands for who a record is, it stands there too. What does not repeat is its
        first instance, so that nothing becomes another fact where a form or an event repeats one day.
        """
        if self.rule.key:
            whose = self._patient.rule.field if self._patient.is_replaced(row) else None
            parts = [patient if name == whose else row.values.get(name, "") for name in self.rule.key]
        else:
            whose, instrument = self._patient.record_of(row, patient), self.rule.instrument or ""
            instance = FIRST_INSTANCE if row.instance is None else row.instance
            parts = [whose, row.event, instrument, str(instance) if instrument or instance > FIRST_INSTANCE else ""]
        place = "/".join(map(_part, parts)).rstrip("/")
        suffix = f"/{form.repetition}" if form.repetition else ""
        return f"{place}{suffix}{'' if self._key_number == 1 else f'#{self._key_number}'}"

    def _cells(self, patient: PatientRule) -> dict[str, Cell]:
        """Return the cells by column: where a name has `{n}` and nothing repeats, one for each field that there is."""
        cells: dict[str, Cell] = {}
        repeated = self.rule.repeat[0] if self.rule.repeat else None
        for name, cell in self.rule.cells.items():
            variables = variables_of(name) - {repeated}
            if not variables:
                cells[name] = cell
                continue
            for matched in self._matched(cell):
                found = {variable: matched[variable] for variable in variables}
                cells[with_values(name, found)] = self._with_all(cell, found)
        if patient.centre is not None and self.table.name == SAME_PATIENT:
            cells.setdefault(CENTRE, patient.centre)
        return cells

    def _matched(self, cell: Cell) -> Iterator[Mapping[str, str]]:
        """Yield what the parts in braces are in each field that one of a cell's patterns means."""
        for pattern in map(pattern_of, cell.fields):
            for field in self._reading.fields:
                if matched := pattern.fullmatch(field):
                    yield matched.groupdict()

    def _with_all(self, cell: Cell, found: Mapping[str, str]) -> Cell:
        """Return a cell with what stands in braces put in; of several fields those that there are."""
        for variable, value in found.items():
            cell = _with_value(cell, variable, value)
        return replace(cell, first=tuple(each for each in cell.first if each in self._reading.fields))

    def _made(self, cells: Mapping[str, Cell]) -> Iterator[Form]:
        """Yield the forms of the rows: one, or one for each value of what repeats."""
        name, values = self.rule.repeat or ("", ("",))
        columns = [self.table.columns.get(column.split(" [")[0]) for column in cells]
        for value in values:
            replaced = [_with_value(cell, name, value) for cell in cells.values()]
            conditions = [_when_value(each, name, value) for each in self.rule.when]
            when = tuple(_holds(each, self._reading) for each in conditions)
            self.used |= {field for cell in replaced for field in cell.fields} | {each.field for each in conditions}
            made = tuple(cell_of(cell, column, self._reading) for cell, column in zip(replaced, columns, strict=True))
            single = [(cell.name, cell.meanings) for cell in made if isinstance(cell, FieldCell)]
            fields = tuple(single) if len(single) == len(made) else None
            yield Form(when, made, value, fields)


def key_numbers(rules: Sequence[TableRule], tables: Mapping[str, Table]) -> list[int]:
    """Return the number of each rule among those of one table and instrument whose rows have other keys than its own.

    Rules that read the key from the same fields state the same facts, as two of which one is for another unit; they
    share a number, and a row that goes from one to the other stays what it was.
    """
    found: defaultdict[tuple[str, str | None], list[object]] = defaultdict(list)
    numbers = []
    for rule in rules:
        cells = [rule.cells.get(column) for column in tables[rule.to].key]
        key = rule.key, tuple(cell and (cell.fields, cell.constant) for cell in cells)
        known = found[rule.to, rule.instrument]
        if key not in known:
            known.append(key)
        numbers.append(known.index(key) + 1)
    return numbers


class Patients:
    """Whose a row is: the field that says it, and the pseudonyms that stand for what it says."""

    def __init__(self, rule: PatientRule, pseudonyms: Mapping[str, str] | None, reading: Reading) -> None:
        self.rule, self._pseudonyms, self._reading = rule, pseudonyms, reading
        self.is_record_id = rule.field == next(iter(reading.fields), None)
        field = reading.fields.get(rule.field)
        self._is_missing = is_missing(field, reading)
        self._nobodies = NOT_FINITE if field is not None and field.holds == "number" else frozenset()
        self._record, self._said = "", ""
        self._old_names = {*rule.renamed.values()} - rule.renamed.keys()

    def is_replaced(self, row: SourceRow) -> bool:
        """Return whether a pseudonym, or the name that it had before, stands for what a row says of whose it is."""
        return self._pseudonyms is not None or row.values.get(self.rule.field, "") in self.rule.renamed

    def record_of(self, row: SourceRow, patient: str) -> str:
        """Return the record by which a row of a patient is told from others."""
        if self._pseudonyms is not None:
            return patient
        return self.rule.renamed.get(row.record, row.record)

    def meet(self, row: SourceRow) -> None:
        """Take down whose the rows of a record are: one row of it says so for all, unless it is the record itself."""
        if self.is_record_id or not row.record:
            return
        said, same = self._somebody(row.values.get(self.rule.field, "")), row.record == self._record
        if same and said and self._said not in ("", said):
            self._reading.findings.add(row, self.rule.field, "…", OF_TWO, kind=OF_TWO)
        self._record, self._said = row.record, said or (self._said if same else "")

    def of(self, row: SourceRow) -> str:
        """Return the pseudonym of the patient of a row; what has none is found, and not repeated."""
        value = row.values.get(self.rule.field, "")
        said = value if row.record and self.is_record_id else self._somebody(value)
        if value and not said and not row.record:
            self._reading.findings.add(row, self.rule.field, value, FOR_NOTHING)
        if not said and row.record:
            said = row.record if self.is_record_id else self._said
            if not said:
                self._reading.findings.add(row, self.rule.field, "", OF_NOBODY, kind=OF_NOBODY)
        if self._old_names and (old := {said, row.record} & self._old_names):
            self._reading.findings.add(row, self.rule.field, old.pop(), NAMED_TWICE, kind=NAMED_TWICE)
        if self._pseudonyms is None or not said:
            return self.rule.renamed.get(said, said)
        pseudonym = self._pseudonyms.get(said)
        if pseudonym is None:
            self._reading.findings.add(row, self.rule.field, "…", f"has no pseudonym in {self.rule.mapped}")
        return pseudonym or ""

    def _somebody(self, value: str) -> str:
        """Return who a value is, empty where it stands for nothing; who has a pseudonym is a person."""
        is_nobody = value in self._nobodies or self._is_missing(value)
        return "" if is_nobody and value not in (self._pseudonyms or ()) else value


def _holds(when: When, reading: Reading) -> Holds:
    """Return what says whether a row counts: what stands for nothing is empty, unless it is asked for by its value."""
    field, values = when.field, when.values
    if values is not None:
        wanted = frozenset(values)
        return lambda row: row.values.get(field, "") in wanted
    is_none, excluded = is_missing(reading.fields.get(field), reading), frozenset(when.excluded or ())
    return lambda row: bool(value := row.values.get(field, "")) and value not in excluded and not is_none(value)


def _pivoted(pivot: Pivot, table: Table, reading: Reading) -> Iterator[tuple[str, str, CellOf]]:
    """Yield each field that a pattern means, the word that tells it apart, and what reads its value."""
    pattern = pattern_of(pivot.field)
    for field in reading.fields:
        if matched := pattern.fullmatch(field):
            part = matched[pivot.variable]
            word = with_value(pivot.template, pivot.variable, pivot.names.get(part, part))
            yield field, word, cell_of(Cell(field=field), table.columns.get(GRADE), reading)


def record_in(row_id: str) -> str:
    """Return the record that an id of a row of a REDCap project has, as the source calls it.

    >>> record_in("331-1~12/baseline_arm_1"), record_in("12")
    ('331-1/2', '12')
    """
    return row_id.partition("/")[0].replace("~1", "/").replace("~0", "~")


def _part(text: str) -> str:
    """Return a part of an id, in which the sign between parts is none."""
    return text.replace("~", "~0").replace("/", "~1")


def _header(name: str, cell: Cell) -> str:
    return f"{name} [{cell.unit}]" if cell.unit else name


def _with_value(cell: Cell, name: str, value: str) -> Cell:
    """Return a cell with a value in the place of what repeats."""
    if not name:
        return cell
    named = {key: with_value(said, name, value) for key in ("field", "checkbox", "year", "month", "day")
             if (said := getattr(cell, key)) is not None}  # fmt: skip
    return replace(cell, **named, first=tuple(with_value(each, name, value) for each in cell.first))


def _when_value(when: When, name: str, value: str) -> When:
    return replace(when, field=with_value(when.field, name, value)) if name else when
