"""What nobody recorded is not "no": untouched forms and boxes, forms that do not count, and missing-data codes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.registry.intake.sources.redcap.projects import Field, Project, Row
from tests.registry.intake.sources.redcap.reading import as_csv, as_xml, both, opened, without_lines

ID = Field("record_id", "enrolment")
CRITERIA = Field("criteria", "visit", "checkbox", "Criteria", "1, mNY | 2, ASAS")
CRP = Field("crp", "visit", validation="number")
BMI = Field("bmi", "visit", "calc", choices="1+1")
NSAID = Field("nsaid", "visit", "yesno")
DAY = Field("seen_on", "visit", validation="date_ymd")
CODES = "-99, Not done\nNASK, Not asked"


@pytest.mark.parametrize("status", ["0", ""])
def test_a_form_of_unticked_boxes_that_is_not_saved_was_never_touched(tmp_path: Path, status: str) -> None:
    project = Project([ID, CRITERIA, CRP], [Row("1", {"visit_complete": status})])

    assert both(project, tmp_path) == []


@pytest.mark.parametrize("status", ["0", ""])
def test_what_redcap_calculates_by_itself_touches_no_form(tmp_path: Path, status: str) -> None:
    project = Project([ID, CRITERIA, BMI], [Row("1", {"bmi": "22.1", "visit_complete": status})])

    assert both(project, tmp_path) == []


@pytest.mark.parametrize("status", ["0", ""])
def test_a_form_with_a_value_is_incomplete_where_nobody_said_that_it_is_more(tmp_path: Path, status: str) -> None:
    project = Project([ID, CRITERIA, CRP], [Row("1", {"crp": "5", "visit_complete": status})])

    (row,) = both(project, tmp_path)

    assert row.forms == {"visit": "incomplete"}
    assert row.values == {"record_id": "1", "crp": "5", "visit_complete": "0"}


@pytest.mark.parametrize("status", ["0", "1", "2"])
def test_boxes_of_which_none_is_ticked_say_nothing_on_whatever_form(tmp_path: Path, status: str) -> None:
    project = Project([ID, CRITERIA, CRP], [Row("1", {"crp": "5", "visit_complete": status})])

    (row,) = both(project, tmp_path)

    assert not {"criteria___1", "criteria___2"} & row.values.keys()


def test_boxes_of_which_one_is_ticked_are_all_said(tmp_path: Path) -> None:
    project = Project([ID, CRITERIA], [Row("1", {"criteria___2": "1", "visit_complete": "0"})])

    (row,) = both(project, tmp_path)

    assert (row.values["criteria___1"], row.values["criteria___2"]) == ("0", "1")
    assert row.forms == {"visit": "incomplete"}


def test_of_a_form_whose_status_does_not_count_only_the_status_is_given(tmp_path: Path) -> None:
    rows = [Row("1", {"crp": "5", "visit_complete": "0"}), Row("2", {"crp": "6", "visit_complete": "1"})]

    incomplete, unverified = both(Project([ID, CRP], rows), tmp_path, forms=("complete", "unverified"))

    assert (incomplete.values, incomplete.forms) == ({}, {"visit": "incomplete"})
    assert unverified.values["crp"] == "6"


def test_missing_codes_are_declared_in_the_xml_and_are_reasons_of_every_field(tmp_path: Path) -> None:
    project = Project([ID, CRP, NSAID, DAY, CRITERIA], [], missing=CODES)

    fields = as_xml(project, tmp_path).fields

    reasons = {"-99": "Not done", "NASK": "Not asked"}
    assert [fields[name].reasons for name in ("crp", "nsaid", "seen_on", "criteria___1")] == [reasons] * 4


def test_missing_codes_of_a_csv_are_those_of_the_mapping(tmp_path: Path) -> None:
    source = as_csv(Project([ID, CRP], []), tmp_path, missing={"-99": "not done"})

    assert source.fields["crp"].reasons == {"-99": "not done"}


def test_missing_codes_stand_in_numbers_days_and_yes_or_no_as_they_are(tmp_path: Path) -> None:
    values = {"crp": "-99", "nsaid": "NASK", "seen_on": "-99", "visit_complete": "2"}
    project = Project([ID, CRP, NSAID, DAY], [Row("1", values)], missing=CODES)

    (row,) = both(project, tmp_path, missing={"-99": "Not done", "NASK": "Not asked"})

    assert (row.values["crp"], row.values["nsaid"], row.values["seen_on"]) == ("-99", "NASK", "-99")


def test_the_box_of_a_missing_code_takes_the_place_of_the_others(tmp_path: Path) -> None:
    project = Project([ID, CRITERIA], [Row("1", {"visit_complete": "2"})], missing=CODES)
    as_csv(project, tmp_path)
    header, line = project.csv().splitlines()
    (tmp_path / "data.csv").write_text(f"{header},criteria____99\n{line},1\n", encoding="utf-8")
    xml = project.xml().replace('"criteria___1" Value="0"/>', '"criteria____99" Value="1"/>')
    (tmp_path / "project.xml").write_text(xml, encoding="utf-8")

    (row,) = without_lines(opened(tmp_path, missing={"-99": "Not done"}).rows())

    assert row.values == {"record_id": "1", "criteria____99": "1", "visit_complete": "2"}
    assert without_lines(opened(tmp_path, "project.xml").rows()) == [row]
