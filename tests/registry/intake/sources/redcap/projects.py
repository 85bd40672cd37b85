"""Small projects as REDCap writes them: the same fields, events and rows as project XML and as raw CSV.

What is written here follows exports of REDCap 14.7 letter by letter where a reader could stumble; versions, names and
values are invented.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final, NamedTuple
from xml.sax.saxutils import quoteattr

LONG_HEADERS: Final = (
    "Variable / Field Name",
    "Form Name",
    "Section Header",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
    "Field Note",
    "Text Validation Type OR Show Slider Number",
    "Text Validation Min",
    "Text Validation Max",
    "Identifier?",
    "Branching Logic (Show field only if...)",
    "Required Field?",
    "Custom Alignment",
    "Question Number (surveys only)",
    "Matrix Group Name",
    "Matrix Ranking?",
    "Field Annotation",
)
SHORT_HEADERS: Final = (
    "field_name",
    "form_name",
    "section_header",
    "field_type",
    "field_label",
    "select_choices_or_calculations",
    "field_note",
    "text_validation_type_or_show_slider_number",
    "text_validation_min",
    "text_validation_max",
    "identifier",
    "branching_logic",
    "required_field",
    "custom_alignment",
    "question_number",
    "matrix_group_name",
    "matrix_ranking",
    "field_annotation",
)
IN_XML: Final = {"notes": "textarea", "dropdown": "select"}
VALIDATION_IN_XML: Final = {"integer": "int", "number": "float"}
HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8" ?>\n<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" '
    'xmlns:redcap="https://projectredcap.org" ODMVersion="1.3.1" FileOID="000-00-0000" FileType="Snapshot" '
    'Description="{name}" SourceSystem="REDCap" SourceSystemVersion="{version}">\n'
)


class Field(NamedTuple):
    """A line of the dictionary."""

    name: str
    form: str
    type: str = "text"
    label: str = ""
    choices: str = ""
    validation: str = ""
    identifier: str = ""

    @property
    def codes(self) -> list[tuple[str, str]]:
        if self.type not in ("checkbox", "radio", "dropdown"):
            return []
        pairs = [each.strip().split(",", 1) for each in self.choices.split("|")]
        return [(code.strip(), label.strip()) for code, label in pairs]

    @property
    def columns(self) -> list[str]:
        """Its columns in the data."""
        if self.type == "descriptive":
            return []
        if self.type != "checkbox":
            return [self.name]
        return [f"{self.name}___{code.lower().replace('-', '_')}" for code, _ in self.codes]


class Row(NamedTuple):
    """A row of a project; `values` by column, the status of forms among them."""

    record: str
    values: Mapping[str, str]
    event: str = ""
    instrument: str = ""
    instance: int | None = None
    group: str = ""


class Event(NamedTuple):
    """An event of an arm."""

    unique: str
    name: str
    arm: str = "1"
    arm_name: str = "Arm 1"


class Project(NamedTuple):
    """A project: its dictionary, events, what repeats (event, form; an empty form is the event), and rows."""

    fields: Sequence[Field]
    rows: Sequence[Row]
    events: Sequence[Event] = ()
    repeats: Sequence[tuple[str, str]] = ()
    name: str = "Axial SpA"
    missing: str = ""
    version: str = "14.7.3"
    groups: bool = False

    @property
    def forms(self) -> list[str]:
        return [*dict.fromkeys(field.form for field in self.fields)]

    def columns(self, form: str) -> list[str]:
        """The columns of a form, its status last."""
        return [*(name for field in self.fields if field.form == form for name in field.columns), f"{form}_complete"]

    def write(self, folder: Path) -> None:
        """Write the project in both ways."""
        folder.mkdir(exist_ok=True)
        (folder / "project.xml").write_text(self.xml(), encoding="utf-8")
        (folder / "data.csv").write_text(self.csv(), encoding="utf-8")
        (folder / "dictionary.csv").write_text(self.dictionary(), encoding="utf-8")
        if self.events:
            (folder / "events.csv").write_text(self.event_file(), encoding="utf-8")
            (folder / "arms.csv").write_text(self.arm_file(), encoding="utf-8")

    def dictionary(self, headers: Sequence[str] = LONG_HEADERS) -> str:
        lines = [
            (
                each.name,
                each.form,
                "",
                each.type,
                each.label,
                each.choices,
                "",
                each.validation,
                "",
                "",
                each.identifier,
            )
            for each in self.fields
        ]
        return text_of([headers, *((*line, *[""] * 7) for line in lines)])

    def event_file(self) -> str:
        head = ("event_name", "arm_num", "unique_event_name", "custom_event_label", "event_id")
        return text_of([head, *((each.name, each.arm, each.unique, "", "1") for each in self.events)])

    def arm_file(self) -> str:
        return text_of([("arm_num", "name"), *dict.fromkeys((each.arm, each.arm_name) for each in self.events)])

    @property
    def header(self) -> list[str]:
        """The columns of the data in CSV."""
        record_id, *others = [name for form in self.forms for name in self.columns(form)]
        repeats = ["redcap_repeat_instrument", "redcap_repeat_instance"] if self.repeats else []
        structure = [*(["redcap_event_name"] if self.events else []), *repeats]
        return [record_id, *structure, *(["redcap_data_access_group"] if self.groups else []), *others]

    def cells(self) -> Iterator[list[str]]:
        """The rows of the data in CSV."""
        for row in self.rows:
            beside = {
                self.header[0]: row.record,
                "redcap_event_name": row.event,
                "redcap_repeat_instrument": row.instrument,
                "redcap_repeat_instance": "" if row.instance is None else str(row.instance),
                "redcap_data_access_group": row.group,
            }
            said = {**dict.fromkeys(self._boxes(row), "0"), **row.values, **beside}
            yield [said.get(name, "") for name in self.header]

    def csv(self) -> str:
        return text_of([self.header, *self.cells()])

    def _boxes(self, row: Row) -> list[str]:
        """The boxes of a row, which are 0 where nobody ticked them."""
        forms = (
            [row.instrument]
            if row.instrument
            else [form for form in self.forms if (row.event, form) not in self.repeats]
        )
        return [name for each in self.fields if each.type == "checkbox" and each.form in forms for name in each.columns]

    def xml(self) -> str:
        """The project XML."""
        compact = "".join(filter(str.isalnum, self.name))
        return "".join(
            [
                HEAD.format(name=self.name, version=self.version),
                f'<Study OID="Project.{compact}">\n<GlobalVariables>\n\t<StudyName>{self.name}</StudyName>\n',
                f"\t<redcap:MissingDataCodes>{self.missing}</redcap:MissingDataCodes>\n",
                *self._repeats(),
                f'</GlobalVariables>\n<MetaDataVersion OID="M" Name="M" redcap:RecordIdField="{self.header[0]}">\n',
                *self._events(),
                *self._forms(),
                *self._items(),
                f'</MetaDataVersion>\n</Study>\n<ClinicalData StudyOID="Project.{compact}" MetaDataVersionOID="M">\n',
                *self._records(),
                "</ClinicalData>\n</ODM>",
            ]
        )

    def _repeats(self) -> Iterator[str]:
        if self.repeats:
            yield "\t<redcap:RepeatingInstrumentsAndEvents>\n"
            for event, form in self.repeats:
                at = f'redcap:UniqueEventName="{event or "event_1_arm_1"}"'
                if form:
                    yield f'\t<redcap:RepeatingInstrument {at} redcap:RepeatInstrument="{form}"/>\n'
                else:
                    yield f"\t<redcap:RepeatingEvent {at}/>\n"
            yield "\t</redcap:RepeatingInstrumentsAndEvents>\n"

    def _events(self) -> Iterator[str]:
        for each in self.events:
            yield (
                f'\t<StudyEventDef OID="Event.{each.unique}" Name="{each.name} (Arm {each.arm}: {each.arm_name})" '
                f'Type="Common" Repeating="No" redcap:EventName="{each.name}" redcap:UniqueEventName="{each.unique}" '
                f'redcap:ArmNum="{each.arm}" redcap:ArmName="{each.arm_name}">\n\t</StudyEventDef>\n'
            )

    def _forms(self) -> Iterator[str]:
        for form in self.forms:
            yield f'\t<FormDef OID="Form.{form}" Name="{form}" Repeating="No" redcap:FormName="{form}">\n'
            yield f'\t\t<ItemGroupRef ItemGroupOID="{form}.all" Mandatory="No"/>\n\t</FormDef>\n'
        for place, form in enumerate(self.forms):
            yield f'\t<ItemGroupDef OID="{form}.all" Name="{form}" Repeating="No">\n'
            columns = self.columns(form)
            if self.groups and not place:
                columns.insert(1, "redcap_data_access_group")
            yield from (f'\t\t<ItemRef ItemOID="{name}" Mandatory="No"/>\n' for name in columns)
            yield "\t</ItemGroupDef>\n"

    def _items(self) -> Iterator[str]:
        for field in self.fields:
            for name in field.columns or [field.name]:
                yield from _item(field, name)
        if self.groups:
            yield '\t<ItemDef OID="redcap_data_access_group" DataType="text"></ItemDef>\n'
        for form in self.forms:
            status = Field(
                f"{form}_complete", form, "dropdown", "Complete?", "0, Incomplete | 1, Unverified | 2, Complete"
            )
            yield from _item(status, status.name)

    def _records(self) -> Iterator[str]:
        for record, rows in groupby(self.rows, key=lambda row: row.record):
            yield f'\t<SubjectData SubjectKey={quoteattr(record)} redcap:RecordIdField="{self.header[0]}">\n'
            for (event, times), of_event in groupby(rows, key=lambda row: (row.event, self._times(row))):
                if event:
                    yield (
                        f'\t\t<StudyEventData StudyEventOID="Event.{event}" StudyEventRepeatKey="{times}" '
                        f'redcap:UniqueEventName="{event}">\n'
                    )
                for row in of_event:
                    yield from self._of_row(row)
                if event:
                    yield "\t\t</StudyEventData>\n"
            yield "\t</SubjectData>\n"

    def _times(self, row: Row) -> int:
        return row.instance or 1 if not row.instrument else 1

    def _of_row(self, row: Row) -> Iterator[str]:
        said = {**dict.fromkeys(self._boxes(row), "0"), **row.values}
        if not row.instrument:
            said[self.header[0]] = row.record
        for place, form in enumerate(self.forms):
            names = [name for name in self.columns(form) if said.get(name)]
            if not names or (row.instrument and form != row.instrument):
                continue
            yield f'\t\t\t<FormData FormOID="Form.{form}" FormRepeatKey="{row.instance if row.instrument else 1}">\n'
            yield f'\t\t\t\t<ItemGroupData ItemGroupOID="{form}.all" ItemGroupRepeatKey="1">\n'
            yield from (f"\t\t\t\t\t<ItemData ItemOID={quoteattr(n)} Value={_attribute(said[n])}/>\n" for n in names)
            if not place and row.group:
                yield f'\t\t\t\t\t<ItemData ItemOID="redcap_data_access_group" Value="{row.group}"/>\n'
            yield "\t\t\t\t</ItemGroupData>\n\t\t\t</FormData>\n"


def _item(field: Field, name: str) -> Iterator[str]:
    kind = IN_XML.get(field.type, field.type)
    validation = VALIDATION_IN_XML.get(field.validation, field.validation)
    more = f' redcap:TextValidationType="{validation}"' if validation else ""
    more += f' redcap:Identifier="{field.identifier}"' if field.identifier else ""
    yield f'\t<ItemDef OID="{name}" Name="{name}" redcap:Variable="{field.name}" redcap:FieldType="{kind}"{more}>\n'
    yield f"\t\t<Question><TranslatedText>{field.label}</TranslatedText></Question>\n"
    if field.codes or field.type in ("yesno", "truefalse"):
        yield f'\t\t<CodeListRef CodeListOID="{name}.choices"/>\n'
    yield "\t</ItemDef>\n"
    if field.type == "checkbox":
        boxes = f" redcap:CheckboxChoices={quoteattr(field.choices)}"
        yield f'\t<CodeList OID="{name}.choices" DataType="boolean"{boxes}>\n'
        yield f"{_choice('1', 'Checked')}{_choice('0', 'Unchecked')}\t</CodeList>\n"
    elif field.codes:
        codes = "".join(_choice(code, label) for code, label in field.codes)
        yield f'\t<CodeList OID="{name}.choices" Name="{name}" DataType="text">\n{codes}\t</CodeList>\n'


def _choice(code: str, label: str) -> str:
    decoded = f"<Decode><TranslatedText>{label}</TranslatedText></Decode>"
    return f'\t\t<CodeListItem CodedValue="{code}">{decoded}</CodeListItem>\n'


def _attribute(value: str) -> str:
    """Return a value as REDCap writes it: line breaks as they are."""
    return quoteattr(value).replace("&#10;", "\n").replace("&#13;", "\r").replace("&#9;", "\t")


def text_of(lines: Iterable[Sequence[str]]) -> str:
    """Return lines as REDCap writes CSV."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(lines)
    return text.getvalue()
