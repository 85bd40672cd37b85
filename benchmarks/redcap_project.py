"""An invented REDCap project of any size, written as a stream: its XML, and its raw CSV with dictionary and events.

A cell is a value that somebody recorded.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, TextIO

VISITS: Final = 8  # of a patient
ITEMS: Final = tuple(f"item_{n}" for n in range(1, 41))  # of a visit
EVENTS: Final = tuple(f"visit_{n}_arm_1" for n in range(1, VISITS + 1))
CELLS_A_VISIT: Final = len(ITEMS) + 2  # with its day and status
HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8" ?>\n<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" '
    'xmlns:redcap="https://projectredcap.org" ODMVersion="1.3.1" SourceSystem="REDCap">\n'
    '<Study OID="Project.Large">\n<GlobalVariables>\n\t<StudyName>Large</StudyName>\n</GlobalVariables>\n'
    '<MetaDataVersion OID="M" Name="M" redcap:RecordIdField="record_id">\n'
)


def write_project(folder: Path, *, cells: int) -> int:
    """Write a project of about so many cells; return how many patients it has."""
    folder.mkdir(parents=True, exist_ok=True)
    patients = max(1, cells // (CELLS_A_VISIT * VISITS))
    _write_dictionary(folder)
    with (folder / "data.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["record_id", "redcap_event_name", "record_complete", "seen_on", *ITEMS, "visit_complete"])
        for record, event, values in _rows(patients):
            rows.writerow([record, event, "", *values, "2"])
    with (folder / "project.xml").open("w", encoding="utf-8") as file:
        file.write(HEAD)
        _write_definitions(file)
        _write_records(file, patients)
    return patients


def _rows(patients: int) -> Iterator[tuple[int, str, list[str]]]:
    for record in range(1, patients + 1):
        for number, event in enumerate(EVENTS):
            day = f"20{10 + number:02}-{1 + record % 12:02}-{1 + record % 28:02}"
            yield record, event, [day, *(str((record + number + place) % 11) for place in range(len(ITEMS)))]


def _write_dictionary(folder: Path) -> None:
    said = ("field_name", "form_name", "field_type", "field_label", "text_validation_type_or_show_slider_number")
    lines = [
        ("record_id", "record", "text", "", ""),
        ("seen_on", "visit", "text", "", "date_ymd"),
        *((name, "visit", "text", name, "number") for name in ITEMS),
    ]
    _write(folder / "dictionary.csv", [said, *lines])
    _write(folder / "events.csv", [("event_name", "arm_num", "unique_event_name"), *((e, "1", e) for e in EVENTS)])


def _write(path: Path, lines: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)


def _write_definitions(file: TextIO) -> None:
    for event in EVENTS:
        file.write(
            f'\t<StudyEventDef OID="Event.{event}" redcap:EventName="{event}" redcap:UniqueEventName="{event}" '
            'redcap:ArmNum="1" redcap:ArmName="Arm 1"/>\n'
        )
    forms = {"record": ["record_id", "record_complete"], "visit": ["seen_on", *ITEMS, "visit_complete"]}
    for form in forms:
        file.write(
            f'\t<FormDef OID="Form.{form}" redcap:FormName="{form}"><ItemGroupRef ItemGroupOID="{form}"/></FormDef>\n'
        )
    for form, items in forms.items():
        refs = "".join(f'<ItemRef ItemOID="{name}"/>' for name in items)
        file.write(f'\t<ItemGroupDef OID="{form}">{refs}</ItemGroupDef>\n')
    for name in (*forms["record"], *forms["visit"]):
        kind = "date_ymd" if name == "seen_on" else "float"
        said = f'redcap:Variable="{name}" redcap:FieldType="text" redcap:TextValidationType="{kind}"'
        file.write(f'\t<ItemDef OID="{name}" {said}/>\n')
    file.write('</MetaDataVersion>\n</Study>\n<ClinicalData StudyOID="Project.Large">\n')


def _write_records(file: TextIO, patients: int) -> None:
    before = 0
    names = ("seen_on", *ITEMS)
    for record, event, values in _rows(patients):
        if record != before:
            file.write(("\t</SubjectData>\n" if before else "") + f'\t<SubjectData SubjectKey="{record}">\n')
            before = record
        items = "".join(
            f'\t\t\t\t\t<ItemData ItemOID="{name}" Value="{value}"/>\n'
            for name, value in zip(names, values, strict=True)
        )
        file.write(
            f'\t\t<StudyEventData StudyEventOID="Event.{event}" StudyEventRepeatKey="1">\n'
            '\t\t\t<FormData FormOID="Form.visit" FormRepeatKey="1">\n\t\t\t\t<ItemGroupData ItemGroupOID="visit">\n'
            f'{items}\t\t\t\t\t<ItemData ItemOID="visit_complete" Value="2"/>\n'
            "\t\t\t\t</ItemGroupData>\n\t\t\t</FormData>\n\t\t</StudyEventData>\n"
        )
    file.write("\t</SubjectData>\n</ClinicalData>\n</ODM>\n")
