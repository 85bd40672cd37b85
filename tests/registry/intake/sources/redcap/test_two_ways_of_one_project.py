"""A project says the same as XML and as CSV: which rows there are, and what each says."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry.intake.sources.foreign_source import SourceField
from tests.registry.intake.sources.redcap.projects import SHORT_HEADERS, Event, Field, Project, Row
from tests.registry.intake.sources.redcap.reading import as_csv, as_xml, both, opened, without_lines

ID = Field("record_id", "enrolment", label="Record ID")
DAY = Field("seen_on", "visit", label="Seen on", validation="date_dmy")
CRP = Field("crp", "visit", label="CRP", validation="number")
BASELINE, WEEK_12 = Event("baseline_arm_1", "Baseline"), Event("week_12_arm_1", "Week 12")
CRITERIA = Field("criteria", "visit", "checkbox", "Criteria", "1, mNY | 2, ASAS | -99, Unknown | A, Amor")


def test_a_record_is_one_row(tmp_path: Path) -> None:
    project = Project([ID, DAY, CRP], [Row("12", {"seen_on": "2020-03-31", "crp": "5.1", "visit_complete": "2"})])

    (row,) = both(project, tmp_path)

    assert row.values == {"record_id": "12", "seen_on": "2020-03-31", "crp": "5.1", "visit_complete": "2"}
    assert (row.told, row.record, row.event, row.instrument, row.instance) == ("record 12", "12", "", "", None)
    assert row.forms == {"visit": "complete"}


def test_a_record_and_event_is_one_row_and_an_event_of_which_nothing_was_filled_none(tmp_path: Path) -> None:
    rows = [
        Row("12", {"crp": "5.1", "visit_complete": "2"}, "baseline_arm_1"),
        Row("12", {"visit_complete": "0"}, "week_12_arm_1"),
    ]

    (row,) = both(Project([ID, DAY, CRP], rows, [BASELINE, WEEK_12]), tmp_path)

    assert (row.event, row.told) == ("baseline_arm_1", "record 12, event baseline_arm_1")


def test_a_form_that_repeats_has_a_row_for_each_instance(tmp_path: Path) -> None:
    drug = Field("drug", "treatment", label="Drug")
    rows = [
        Row("1", {"crp": "3", "visit_complete": "2"}),
        Row("1", {"drug": "Humira", "treatment_complete": "2"}, instrument="treatment", instance=1),
        Row("1", {"drug": "Cosentyx", "treatment_complete": "1"}, instrument="treatment", instance=3),
    ]

    beside, first, third = both(Project([ID, CRP, drug], rows, repeats=[("", "treatment")]), tmp_path)

    assert (beside.instrument, beside.instance, beside.values["crp"]) == ("", None, "3")
    assert first.values == {"record_id": "1", "drug": "Humira", "treatment_complete": "2"}
    assert (third.instance, third.forms) == (3, {"treatment": "unverified"})
    assert third.told == "record 1, instrument treatment, instance 3"


def test_a_form_may_repeat_at_some_events_and_not_at_others(tmp_path: Path) -> None:
    rows = [
        Row("1", {"crp": "3", "visit_complete": "2"}, "baseline_arm_1"),
        Row("1", {"crp": "4", "visit_complete": "2"}, "week_12_arm_1", "visit", 1),
        Row("1", {"crp": "5", "visit_complete": "2"}, "week_12_arm_1", "visit", 2),
    ]
    project = Project([ID, CRP], rows, [BASELINE, WEEK_12], repeats=[("week_12_arm_1", "visit")])

    found = both(project, tmp_path)

    assert [(row.event, row.instrument, row.instance, row.values["crp"]) for row in found] == [
        ("baseline_arm_1", "", None, "3"),
        ("week_12_arm_1", "visit", 1, "4"),
        ("week_12_arm_1", "visit", 2, "5"),
    ]


def test_an_event_that_repeats_has_a_row_for_each_instance_of_it(tmp_path: Path) -> None:
    rows = [
        Row("1", {"crp": "3", "visit_complete": "2"}, "baseline_arm_1"),
        Row("1", {"crp": "4", "visit_complete": "2"}, "week_12_arm_1", instance=1),
        Row("1", {"crp": "5", "visit_complete": "2"}, "week_12_arm_1", instance=2),
    ]

    found = both(Project([ID, CRP], rows, [BASELINE, WEEK_12], repeats=[("week_12_arm_1", "")]), tmp_path)

    assert [(row.event, row.instrument, row.instance) for row in found] == [
        ("baseline_arm_1", "", None),
        ("week_12_arm_1", "", 1),
        ("week_12_arm_1", "", 2),
    ]


def test_events_of_several_arms_are_told_with_their_arm(tmp_path: Path) -> None:
    events = [Event("start_arm_1", "Start", "1", "Drug A"), Event("start_arm_2", "Start", "2", "Drug B")]
    rows = [Row("1", {"crp": "3", "visit_complete": "2"}, "start_arm_2")]
    project = Project([ID, CRP], rows, events)

    both(project, tmp_path)

    assert as_xml(project, tmp_path).events == {
        "start_arm_1": "Start (Arm 1: Drug A)",
        "start_arm_2": "Start (Arm 2: Drug B)",
    }


def test_events_are_those_of_the_data_where_no_file_says_them(tmp_path: Path) -> None:
    project = Project([ID, CRP], [Row("1", {"crp": "3", "visit_complete": "2"}, "week_12_arm_1")], [BASELINE, WEEK_12])

    assert as_csv(project, tmp_path, events=None, arms=None).events == {"week_12_arm_1": ""}


@pytest.mark.parametrize("name", ["study_id", "kennung"])
@pytest.mark.parametrize("record", ["331-1", "AxSpA 7", "0012"])
def test_the_first_field_is_the_record_id_whatever_it_is_called_and_holds(
    tmp_path: Path, name: str, record: str
) -> None:
    project = Project([ID._replace(name=name), CRP], [Row(record, {"crp": "3", "visit_complete": "2"})])

    (row,) = both(project, tmp_path)

    assert (row.record, row.values[name]) == (record, record)


def test_the_data_access_group_is_a_field_of_every_row_of_a_record(tmp_path: Path) -> None:
    rows = [
        Row("331-1", {"record_id": "331-1", "enrolment_complete": "2"}, "baseline_arm_1", group="berlin"),
        Row("331-1", {"crp": "3", "visit_complete": "2"}, "week_12_arm_1", group="berlin"),
    ]

    found = both(Project([ID, CRP], rows, [BASELINE, WEEK_12], groups=True), tmp_path)

    assert [row.values["redcap_data_access_group"] for row in found] == ["berlin", "berlin"]


def test_capitals_in_codes_are_small_in_columns_and_a_minus_is_one_more_underscore(tmp_path: Path) -> None:
    values = {"criteria____99": "1", "criteria___a": "1", "visit_complete": "2"}
    project = Project([ID, CRITERIA], [Row("1", values)])

    (row,) = both(project, tmp_path)

    assert {name for name, value in row.values.items() if value == "1" and "___" in name} == {
        "criteria____99",
        "criteria___a",
    }
    assert as_xml(project, tmp_path).fields["criteria____99"] == SourceField(
        "criteria____99", "Criteria", "checkbox", {"-99": "Unknown"}, checkbox="criteria", form="visit"
    )


def test_what_a_value_is_is_said_by_the_dictionary_and_by_nothing_else(tmp_path: Path) -> None:
    fields = [
        ID,
        DAY,
        Field("weight", "visit", validation="number_comma_decimal"),
        Field("bmi", "visit", "calc", choices="round([weight], 1)"),
        Field("walk", "visit", validation="time_mm_ss"),
        Field("woke", "visit", validation="time"),
        Field("taken", "visit", validation="datetime_ymd"),
        Field("pain", "visit", "slider", choices="none | | worst"),
        Field("smoker", "visit", "yesno"),
        Field("b27", "visit", "truefalse"),
        Field("sex", "visit", "radio", choices="0, Female | 1, Male"),
        Field("scan", "visit", "file"),
        Field("name", "visit", identifier="y"),
        Field("hint", "visit", "descriptive", label="Ask the patient"),
    ]
    project = Project(fields, [Row("1", {"walk": "08:30", "woke": "08:30", "weight": "52,3", "visit_complete": "2"})])

    both(project, tmp_path)

    said = as_csv(project, tmp_path).fields
    assert {name: said[name].holds for name in said} == {
        "record_id": "text",
        "enrolment_complete": "form-status",
        "seen_on": "day",
        "weight": "number",
        "bmi": "calculated",
        "walk": "time",
        "woke": "time",
        "taken": "day-time",
        "pain": "number",
        "smoker": "yes-no",
        "b27": "yes-no",
        "sex": "codes",
        "scan": "file",
        "name": "text",
        "visit_complete": "form-status",
    }
    assert (said["weight"].decimal, said["bmi"].decimal) == (",", ".")
    assert (said["sex"].codes, said["smoker"].codes) == ({"0": "Female", "1": "Male"}, {"1": "Yes", "0": "No"})
    assert [name for name, field in said.items() if field.identifier] == ["name"]


def test_the_dictionary_may_have_the_short_headers_of_the_api(tmp_path: Path) -> None:
    project = Project([ID, CRITERIA], [Row("1", {"criteria___1": "1", "visit_complete": "2"})])
    long = as_csv(project, tmp_path)

    (tmp_path / "dictionary.csv").write_text(project.dictionary(SHORT_HEADERS), encoding="utf-8")

    assert opened(tmp_path).fields == long.fields


@pytest.mark.parametrize("sign", [";", "\t", "|", "^"])
def test_columns_are_separated_by_whatever_sign_was_chosen_for_the_export(tmp_path: Path, sign: str) -> None:
    project = Project([ID, DAY, CRP], [Row("1", {"crp": "5.1", "visit_complete": "2"})])
    expected = without_lines(as_csv(project, tmp_path).rows())

    (tmp_path / "data.csv").write_text(project.csv().replace(",", sign), encoding="utf-8")

    assert without_lines(opened(tmp_path).rows()) == expected


def test_columns_may_come_in_any_order(tmp_path: Path) -> None:
    project = Project([ID, DAY, CRP], [Row("1", {"crp": "5.1", "seen_on": "2020-01-02", "visit_complete": "2"})])
    expected = without_lines(as_csv(project, tmp_path).rows())
    lines = [line.split(",")[::-1] for line in project.csv().splitlines()]

    (tmp_path / "data.csv").write_text("\n".join(map(",".join, lines)), encoding="utf-8")

    assert without_lines(opened(tmp_path).rows()) == expected


@pytest.mark.parametrize("content", ["", "\n", "record_id,enrolment_complete,crp,visit_complete\n"])
def test_a_project_without_records_has_no_rows(tmp_path: Path, content: str) -> None:
    Project([ID, CRP], []).write(tmp_path)
    (tmp_path / "data.csv").write_text(content, encoding="utf-8")

    source = opened(tmp_path)

    assert [*source.rows()] == []
    assert "crp" in source.fields
    assert [*as_xml(Project([ID, CRP], []), tmp_path).rows()] == []


def test_line_breaks_and_blanks_in_a_text_are_one_blank_as_the_xml_does_not_keep_them(tmp_path: Path) -> None:
    note = Field("note", "visit", "notes")
    project = Project([ID, note], [Row("1", {"note": "pain  at night\n\nand\tin the morning ", "visit_complete": "2"})])

    (row,) = both(project, tmp_path)

    assert row.values["note"] == "pain at night and in the morning"


@pytest.mark.parametrize("version", ["7.4.0", "9.1.15", "12.0.19", "15.0.9"])
def test_versions_since_7_4_are_read(tmp_path: Path, version: str) -> None:
    project = Project([ID, CRP], [Row("1", {"crp": "3", "visit_complete": "2"})], version=version)

    assert len(both(project, tmp_path)) == 1


def test_a_file_that_somebody_uploaded_is_its_name(tmp_path: Path) -> None:
    project = Project([ID, Field("scan", "visit", "file")], [Row("1", {"scan": "mri.pdf", "visit_complete": "2"})])
    as_xml(project, tmp_path)
    content = project.xml().replace(
        '<ItemData ItemOID="scan" Value="mri.pdf"/>',
        '<ItemDataBase64Binary ItemOID="scan" redcap:DocName="mri.pdf"><![CDATA[' + "/9j/4AAQ" * 400_000 + "]]>"
        "</ItemDataBase64Binary>",
    )
    (tmp_path / "big.xml").write_text(content, encoding="utf-8")

    (row,) = opened(tmp_path, "big.xml").rows()

    assert row.values["scan"] == "mri.pdf"


def test_lines_of_rows_differ_even_where_the_file_is_one_line(tmp_path: Path) -> None:
    rows = [Row(str(n), {"crp": "3", "visit_complete": "2"}) for n in range(5)]
    project = Project([ID, CRP], rows)
    as_xml(project, tmp_path)
    (tmp_path / "project.xml").write_text(project.xml().replace("\n", " ").replace("\t", ""), encoding="utf-8")

    found = [*opened(tmp_path, "project.xml").rows()]

    assert len({row.line for row in found}) == len(found) == 5
