"""Projects that are refused, each with one message and its place; nothing of them is read on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from registry.errors import UnreadableError
from registry.intake.sources.mapping import SourceRule
from registry.intake.sources.redcap.project import open_project
from tests.registry.intake.sources.redcap.projects import Event, Field, Project, Row
from tests.registry.intake.sources.redcap.reading import opened

ID = Field("record_id", "enrolment", label="Record ID")
SEX = Field("sex", "visit", "radio", "Sex", "0, Female | 1, Male")
CRITERIA = Field("criteria", "visit", "checkbox", "Criteria", "1, mNY | 2, ASAS")
CRP = Field("crp", "visit", label="CRP", validation="number")
PROJECT = Project(
    [ID, SEX, CRITERIA, CRP],
    [Row("1", {"sex": "0", "crp": "5", "visit_complete": "2"}), Row("2", {"crp": "7", "visit_complete": "2"})],
)
EVENTS = [Event("baseline_arm_1", "Baseline"), Event("week_12_arm_1", "Week 12")]
LONG = Project([ID, CRP], [Row("1", {"crp": "5", "visit_complete": "2"}, "baseline_arm_1")], EVENTS)
REPEATED = Project(
    [ID, CRP, Field("drug", "treatment")],
    [Row("1", {"drug": "Humira", "treatment_complete": "2"}, instrument="treatment", instance=1)],
    repeats=[("", "treatment")],
)


def changed(folder: Path, project: Project, file: str, old: str, new: str) -> Path:
    """Write a project with one place of one of its files changed."""
    project.write(folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("old", "new", "told", "line"),
    [
        ("record_id,enrolment_complete,sex,", "Record ID,Complete?,Sex,", "export of labels.*export raw data", 1),
        ("\n1,,0,0,0,5,2\n", "\n1,,0,0,0,5,Complete\n", "visit_complete: 'Complete' is none of 0, 1 and 2", 2),
        ("\n1,,0,0,0,5,2\n", "\n1,,0,Checked,0,5,2\n", "criteria___1: 'Checked' is neither 0 nor 1.*labels", 2),
    ],
)
def test_an_export_of_labels_is_recognised(tmp_path: Path, old: str, new: str, told: str, line: int) -> None:
    changed(tmp_path, PROJECT, "data.csv", old, new)

    with pytest.raises(UnreadableError, match=told) as refused:
        [*opened(tmp_path).rows()]

    assert refused.value.line == line


@pytest.mark.parametrize(
    ("project", "file", "old", "new", "told"),
    [
        (PROJECT, "data.csv", ",crp,", ",esr,", "'esr': not in the dictionary"),
        (PROJECT, "data.csv", ",criteria___2,", ",criteria___3,", "'criteria___3': not in the dictionary"),
        (PROJECT, "data.csv", ",crp,", ",sex,", "the column 'sex' stands twice"),
        (PROJECT, "data.csv", "record_id,", "study_id,", "no column record_id, the first field of the dictionary"),
        (PROJECT, "data.csv", "\n1,,0", "\n,,0", "a row without its record id"),
        (PROJECT, "data.csv", "\n1,,0,0,0,5,2", "\n1,,0,0,0,5", "6 cells, and the header has 7"),
        (PROJECT, "dictionary.csv", "Field Type", "Art", "dictionary.csv, line 1: no column field_type"),
        (PROJECT, "dictionary.csv", "radio", "radi", "dictionary.csv, line 3: sex: 'radi' is no type of a field"),
        (PROJECT, "dictionary.csv", "crp,visit,", "crp,", "dictionary.csv, line 5: 17 cells, and the header has 18"),
        (LONG, "events.csv", "Week 12,1,", "Week 12,", "events.csv, line 3: 4 cells, and the header has 5"),
        (PROJECT, "dictionary.csv", "crp,", "sex,", "the field sex stands twice"),
        (LONG, "data.csv", "baseline_arm_1", "Baseline", "redcap_event_name: 'Baseline' is none of the events"),
        (LONG, "events.csv", "unique_event_name", "unique", "events.csv, line 1: no column unique_event_name"),
        (LONG, "events.csv", "Week 12,1,week_12_arm_1", "Week 12,2,w12_arm_2", "is of arm 2, which the file of arms"),
        (REPEATED, "data.csv", ",treatment,1,", ",Treatment,1,", "redcap_repeat_instrument: 'Treatment' is no form"),
        (REPEATED, "data.csv", ",treatment,1,", ",treatment,,", "redcap_repeat_instance is empty beside the form"),
        (REPEATED, "data.csv", ",treatment,1,", ",treatment,0,", "redcap_repeat_instance: '0' is no number"),
        (REPEATED, "data.csv", ",treatment,1,,,,", ",treatment,1,,5,,", "crp is of the form visit, and the row is of"),
        (REPEATED, "data.csv", ",treatment,1,,,,", ",treatment,1,,0,,", "crp is of the form visit, and the row is of"),
        (REPEATED, "data.csv", ",treatment,1,,,,", ",treatment,1,,,2,", "visit_complete is of the form visit, and the"),
    ],
)
def test_a_csv_that_does_not_fit_its_dictionary_or_its_events_is_refused(
    tmp_path: Path, project: Project, file: str, old: str, new: str, told: str
) -> None:
    changed(tmp_path, project, file, old, new)
    beside = {"events": "events.csv", "arms": "arms.csv"} if project.events else {}

    with pytest.raises(UnreadableError, match=told):
        [*opened(tmp_path, **beside).rows()]


@pytest.mark.parametrize(
    ("project", "old", "new", "told"),
    [
        (
            PROJECT,
            "<ODM ",
            "<!DOCTYPE ODM [<!ENTITY a 'b'>]><ODM ",
            "declares a document type, as no project",
        ),
        (PROJECT, "<ODM ", "<!DOCTYPE ODM SYSTEM 'file:///etc/passwd'><ODM ", "declares a document type"),
        (PROJECT, 'Value="5"', 'Value="&secret;"', "not readable as XML .*undefined entity"),
        (PROJECT, "</SubjectData>", "", "not readable as XML .*mismatched tag"),
        (PROJECT, 'SourceSystem="REDCap"', 'SourceSystem="OpenClinica"', "ODM of another system than REDCap"),
        (PROJECT, "http://www.cdisc.org/ns/odm/v1.3", "urn:other", "its first element is 'ODM'; this is no project"),
        (PROJECT, ' SubjectKey="1"', "", "an element without its SubjectKey"),
        (PROJECT, ' SubjectKey="1"', ' SubjectKey=" "', "a record without its id"),
        (PROJECT, ' SubjectKey="1"', ' SubjectKey="3"', "the record 3 says that it is '1'"),
        (PROJECT, 'FormOID="Form.visit" FormRepeatKey="1"', 'FormOID="Form.x"', "the form 'Form.x' is none of the pro"),
        (
            PROJECT,
            'Form.visit" FormRepeatKey="1"',
            'Form.visit" FormRepeatKey="2"',
            "instance 2 of the form visit",
        ),
        (PROJECT, 'ItemOID="crp" Value', 'ItemOID="esr" Value', "'esr' is no field of the form visit"),
        (PROJECT, 'ItemOID="crp" Value', 'ItemOID="sex" Value', "sex stands twice in the form visit"),
        (PROJECT, '<ItemDef OID="crp"', '<ItemDef OID="sex"', "the field sex is defined twice"),
        (LONG, 'StudyEventOID="Event.baseline_arm_1"', 'StudyEventOID="Event.x"', "the event 'Event.x' is none of the"),
        (LONG, 'StudyEventRepeatKey="1"', 'StudyEventRepeatKey="2"', "instance 2 of the event baseline_arm_1, which"),
        (LONG, 'StudyEventRepeatKey="1"', 'StudyEventRepeatKey="many"', "'many' is no number of an instance"),
    ],
)
def test_an_xml_that_is_no_whole_project_is_refused(
    tmp_path: Path, project: Project, old: str, new: str, told: str
) -> None:
    changed(tmp_path, project, "project.xml", old, new)

    with pytest.raises(UnreadableError, match=told):
        [*opened(tmp_path, "project.xml").rows()]


def test_an_xml_that_ends_too_early_is_refused_with_its_last_line(tmp_path: Path) -> None:
    text = PROJECT.xml()
    (tmp_path / "project.xml").write_text(text[: text.index('SubjectKey="2"')], encoding="utf-8")

    with pytest.raises(
        UnreadableError, match="the file ends too early or was changed; export the project anew"
    ) as told:
        [*opened(tmp_path, "project.xml").rows()]

    assert told.value.line == 1 + text[: text.index('SubjectKey="2"')].count("\n")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("1, Male", "2, Male", r"sex differs in its choices: '0, Female \| 1, Male' and '0, Female \| 2, Male'"),
        ("crp,visit,,text", "crp,visit,,calc", "crp differs in its kind: 'number' and 'calculated'"),
        ("crp,visit,,", "crp,enrolment,,", "crp differs in its form: 'visit' and 'enrolment'"),
        ("crp,visit,,", "esr,visit,,", "the field crp is in one and not in the other"),
    ],
)
def test_a_dictionary_that_says_something_else_than_the_xml_is_refused(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    PROJECT.write(tmp_path)
    opened(tmp_path, "project.xml", dictionary="dictionary.csv")
    changed(tmp_path, PROJECT, "dictionary.csv", old, new)

    with pytest.raises(UnreadableError, match=f"dictionary.csv is not the dictionary of the XML: {told}"):
        opened(tmp_path, "project.xml", dictionary="dictionary.csv")


def test_a_status_that_was_not_exported_is_refused_where_it_decides_what_counts(tmp_path: Path) -> None:
    text = PROJECT.csv().replace(",visit_complete", "").replace(",2\n", "\n")
    PROJECT.write(tmp_path)
    (tmp_path / "data.csv").write_text(text, encoding="utf-8")

    with pytest.raises(UnreadableError, match="no column visit_complete: whether the form visit counts is not known"):
        opened(tmp_path, forms=("complete",))

    assert [row.forms for row in opened(tmp_path).rows()] == [{"visit": "incomplete"}] * 2


@pytest.mark.parametrize("named", ["Axial SpA", "Project.AxialSpA", "axial_spa"])
def test_a_mapping_may_name_the_project_that_it_is_for(tmp_path: Path, named: str) -> None:
    PROJECT.write(tmp_path)

    assert len([*opened(tmp_path, "project.xml", project=named).rows()]) == 2


def test_a_project_is_not_read_by_the_mapping_for_another(tmp_path: Path) -> None:
    PROJECT.write(tmp_path)
    (tmp_path / "AxialSpA_DATA_2026-01-02_1030.csv").write_text(PROJECT.csv(), encoding="utf-8")

    other = "the mapping is for the project 'Psoriasis', and this is 'Axial ?SpA'"
    with pytest.raises(UnreadableError, match=other):
        opened(tmp_path, "project.xml", project="Psoriasis")
    with pytest.raises(UnreadableError, match=other):
        opened(tmp_path, "AxialSpA_DATA_2026-01-02_1030.csv", project="Psoriasis")
    with pytest.raises(UnreadableError, match="the file does not say whether it is 'Axial SpA'; leave it out"):
        opened(tmp_path, project="Axial SpA")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"decimal": ","}, r"\[source\] decimal: the dictionary of a project decides this"),
        ({"sheet": "Visits"}, r"\[source\] sheet: the dictionary of a project decides this"),
        ({"encoding": "klingon"}, r"\[source\] encoding: 'klingon' is no encoding that is known here"),
        ({"encoding": "base64"}, r"\[source\] encoding: 'base64' is no encoding that is known here"),
        ({"encoding": "unicode_escape"}, r"\[source\] encoding: 'unicode_escape' is no encoding that is known here"),
        ({"dictionary": "none.csv"}, r"\[source\] dictionary: no such file, 'none.csv'"),
        ({"dictionary": None}, "what the columns hold is said by a dictionary; name its file"),
    ],
)
def test_a_rule_that_says_what_a_project_has_not_is_refused(
    tmp_path: Path, changes: dict[str, str | None], told: str
) -> None:
    PROJECT.write(tmp_path)

    with pytest.raises(UnreadableError, match=told):
        opened(tmp_path, **changes)


@pytest.mark.parametrize(
    ("written", "said"),
    [("utf-8-sig", None), ("utf-8-sig", "utf-8"), ("utf-16", None), ("utf-16", "utf-16"), ("utf-16-le", "utf-16-le")],
)
def test_files_of_a_project_are_read_as_their_byte_order_marks_and_the_mapping_say(
    tmp_path: Path, written: str, said: str | None
) -> None:
    PROJECT.write(tmp_path)
    expected = [*opened(tmp_path).rows()]
    for name in ("data.csv", "dictionary.csv"):
        (tmp_path / name).write_text((tmp_path / name).read_text("utf-8"), encoding=written)

    assert [*opened(tmp_path, encoding=said).rows()] == expected


@pytest.mark.parametrize("names", [[], ["a.xml", "b.xml"]])
def test_a_project_is_one_file_of_data(tmp_path: Path, names: list[str]) -> None:
    rule = SourceRule(kind="redcap", files=tuple(names))

    with pytest.raises(UnreadableError, match=f"{len(names)} files of data; a project of REDCap is one XML"):
        open_project(rule, [tmp_path / name for name in names])


@pytest.mark.parametrize(
    ("hostile", "told"),
    [
        (lambda: f'<ItemDef OID="{"a" * 3_000_000}"/>', "a tag or comment of .* bytes or more"),
        (lambda: f"<!--{'a' * 3_000_000}-->", "a tag or comment of .* bytes or more"),
        (
            lambda: "<a " + " ".join(f'a{n}="1"' for n in range(100_000)) + "/>",
            "names of elements and|a tag",
        ),
        (lambda: "<a>" * 100_000, "elements within one another"),
        (lambda: "".join(f"<a{n}/>" for n in range(50_000)), "names of elements and attributes"),
        (lambda: f"<StudyName>{'a' * 1_100_000}</StudyName>", "a text of more than 1,000,000 characters"),
        (
            lambda: "".join(f'<ItemDef OID="f{n}" Name="{"a" * 100_000}"/>' for n in range(650)),
            "a dictionary of more than 64,000,000 characters",
        ),
    ],
)
def test_what_would_fill_the_memory_is_refused(tmp_path: Path, hostile: Callable[[], str], told: str) -> None:
    text = PROJECT.xml()
    head = text.index("\t<StudyName>")
    (tmp_path / "project.xml").write_text(text[:head] + hostile() + text[head:], encoding="utf-8")

    with pytest.raises(UnreadableError, match=told):
        opened(tmp_path, "project.xml")


def test_a_record_that_would_fill_the_memory_is_refused(tmp_path: Path) -> None:
    text = REPEATED.xml()
    form = text[text.index("\t\t\t<FormData") : text.index("\t</SubjectData>")]
    many = "".join(
        form.replace('FormRepeatKey="1"', f'FormRepeatKey="{n}"').replace("Humira", "a" * 1_000_000)
        for n in range(1, 70)
    )
    (tmp_path / "project.xml").write_text(text.replace(form, many), encoding="utf-8")

    with pytest.raises(UnreadableError, match="a record of more than 64,000,000 characters"):
        [*opened(tmp_path, "project.xml").rows()]
