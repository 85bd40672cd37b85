"""What clinics have in their files, and what a draft makes of it without a person having to know our columns."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from registry.catalogue.catalogue import BUILT_IN
from registry.intake.sources.draft.drafting import draft_of
from registry.intake.sources.draft.layouts import sheet_layout
from registry.intake.sources.foreign_source import SourceField
from registry.intake.sources.mapping import Mapping, SourceRule
from registry.intake.sources.mapping_file import mapping_of
from tests.registry.intake.sources.given_rows import GivenRows, a_sheet


def drafted(source: GivenRows) -> str:
    return draft_of(source, SourceRule(kind="csv", files=(source.name,)), BUILT_IN)


def read(text: str) -> Mapping:
    return mapping_of(text.encode(), "mapping.toml", BUILT_IN)


@pytest.mark.parametrize("name", ["Patienten-Nr.", "N° patient", "Pat. Nr.", "Patiëntnr", "PatNo", "ID patient"])
def test_the_patient_is_known_by_many_headers(name: str) -> None:
    assert read(drafted(a_sheet(f"{name}|Visitendatum|BSG", "P1|2020-02-03|12"))).patient.field == name


def test_where_no_patient_is_known_fields_that_have_a_place_are_not_asked_about() -> None:
    text = drafted(a_sheet("code|Visitendatum|BSG", "P1|2020-02-03|12")).partition("[patient]")[2].partition("[[")[0]

    assert '# field = "code"' in text
    assert "BSG" not in text


@pytest.mark.parametrize("name", ["enrolled", "inclusion", "DatInclusie", "Aufnahmedatum"])
def test_the_day_of_entry_is_known_by_many_headers(name: str) -> None:
    assert read(drafted(a_sheet(f"pid|{name}", "P1|2020-02-03"))).tables[0].cells["enrolled_on"].field == name


def test_a_day_in_parts_is_one_day_be_it_once_or_of_each_drug() -> None:
    text = drafted(
        a_sheet(
            "pid|drug_1|start_year_1|start_month_1|drug_2|start_year_2|start_month_2|onset_y|onset_m",
            "P1|Humira|2015|3|Enbrel|2017||2001|7",
        )
    )
    patients, treatments = read(text).tables

    onset, start = patients.cells["symptom_onset"], treatments.cells["started_on"]
    assert (onset.year, onset.month, onset.day) == ("onset_y", "onset_m", None)
    assert (start.year, start.month, start.day) == ("start_year_{n}", "start_month_{n}", None)
    assert "Not yet decided" not in text


def test_a_year_alone_is_no_day_in_parts() -> None:
    cell = read(drafted(a_sheet("pid|drug|start_year", "P1|Humira|2015"))).tables[0].cells["started_on"]

    assert (cell.field, cell.year) == ("start_year", None)


def test_drugs_that_are_choices_have_their_names_and_other_choices_are_said() -> None:
    drug = SourceField("med1", "Huidige biological", "codes", {"0": "Geen", "1": "Humira", "2": "Enbrel"})
    text = drafted(a_sheet("pid|med1", "P1|0", "P2|1", med1=drug))

    assert read(text).tables[0].cells["agent"].codes == {"1": "Humira", "2": "Enbrel"}
    assert '# 0 (Geen) name no drug; their rows are left out by\n# when = { field = "med1", not = ["0"] }' in text


def test_a_score_that_is_computed_is_not_taken_for_what_it_is_computed_of() -> None:
    text = drafted(a_sheet("pid|visit_date|crp|asdas_crp", "P1|2020-02-03|5|2.1"))

    assert '# asdas_crp = "…"  # a score that is computed, and not taken' in text
    assert 'crp = { field = "asdas_crp"' not in text


def test_ways_to_write_days_that_go_together_are_one_choice() -> None:
    text = drafted(a_sheet("pid|drug|start", "P1|Humira|03/2019", "P2|Enbrel|2018", "P3|Humira|12.03.2017"))

    assert '# dates = ["%d.%m.%Y"]  # reads 1 of 1' in text
    assert '# partial_dates = ["%Y", "%m/%Y"]  # reads 2 of 3' in text


def test_a_word_among_numbers_may_stand_for_nothing_whatever_it_is() -> None:
    assert '# missing = { "zu wenig Blut" = "" }' in drafted(a_sheet("pid|BSG", "P1|12", "P2|zu wenig Blut"))


def test_what_a_source_declares_missing_with_a_label_is_to_be_given_a_reason() -> None:
    esr = SourceField("esr", reasons={"999": "niet ingevuld", "998": ""})

    assert '# missing = { "999" = "" }' in drafted(a_sheet("pid|esr", "P1|999", "P2|998", esr=esr))


def test_a_key_begins_with_the_patient() -> None:
    text = drafted(a_sheet("pid|visit|visit_date|esr|drug_1|drug_2", "P1|V0|2020-02-03|5|Humira|Enbrel"))

    assert '# key = ["pid", "visit"]' in text  # of visits
    assert '# key = ["pid"]' in text  # of drugs, whose number counts too


def test_the_unit_that_the_source_says_is_the_first_to_choose() -> None:
    lines = drafted(a_sheet("pid|visit_date|crp_mg_dl", "P1|2020-02-03|5")).splitlines()

    at = next(number for number, line in enumerate(lines) if "the source says mg/dl" in line)
    assert lines[at + 1] == '# crp = { field = "crp_mg_dl", unit = "mg/dl" }'


def test_a_comma_in_a_sheet_is_decimal_though_other_numbers_are_typed(tmp_path: Path) -> None:
    book = Workbook()
    for row in (("pid", "crp"), ("P1", "1,2"), ("P2", 0.8)):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")

    assert sheet_layout(tmp_path / "a.xlsx", None).decimal == ","
