"""The text of a draft: it can be read, and what a person has to decide is left to choose."""

from __future__ import annotations

import re

import pytest

from registry.catalogue.catalogue import BUILT_IN
from registry.intake.sources.draft.drafting import draft_of
from registry.intake.sources.foreign_source import SourceField, SourceRow
from registry.intake.sources.mapping import Kind, Mapping, SourceRule
from registry.intake.sources.mapping_file import mapping_of
from registry.toml_keys import DefinitionError
from tests.registry.intake.sources.given_rows import GivenRows, a_sheet

SHEET = a_sheet(
    "Patienten-ID|Visitendatum|Geschlecht|Geburtsdatum|CRP (mg/dl)|BSG|bd1|Foo",
    "P1|03.02.2020|w|01.01.1980|1,5|12|3|x",
    "P2|13.02.2020|m|01.01.1970|k.A.|-99|4|y",
)
BASELINE = "baseline_arm_1"
EVENTS = {BASELINE: "Baseline", "week_12_arm_1": "Week 12"}
PROJECT = GivenRows(
    {
        each.name: each
        for each in (
            SourceField("record_id", identifier=True),
            SourceField("visit_date", holds="day"),
            SourceField("esr"),
            SourceField("crit___1", "Criteria", checkbox="crit", codes={"1": "modified New York"}),
            SourceField("crit___2", "Criteria", checkbox="crit", codes={"2": "ASAS axSpA"}),
            SourceField("med", "Drug"),
            SourceField("med_stop_reason", codes={"1": "Nebenwirkung", "2": "blue"}),
            SourceField("visit_complete", holds="form-status"),
        )
    },
    [
        SourceRow(1, {"record_id": "1", "visit_date": "2020-01-05", "esr": "9", "crit___1": "1"}, "", "1", BASELINE),
        SourceRow(2, {"record_id": "1", "visit_date": "2020-04-05", "esr": "3"}, "", "1", "week_12_arm_1"),
        SourceRow(3, {"record_id": "1", "med": "Humira"}, "", "1", "baseline_arm_1", "medication", 1),
    ],
    name="project.xml",
    events=EVENTS,
    has_typed_days=True,
)  # fmt: skip
WIDE = a_sheet("pid|drug_01|drug_02|drug_start_01|drug_start_02|crp_lab|crp_poc", "P1|Humira|Enbrel|2019|2020|5|6")
SOURCES: dict[str, tuple[GivenRows, Kind]] = {
    "sheet": (SHEET, "csv"),
    "project": (PROJECT, "redcap"),
    "wide": (WIDE, "xlsx"),
    "one": (a_sheet('we "ird]|\x1b[31m|{n}', "1|2|3"), "csv"),
}


def drafted(name: str) -> str:
    source, kind = SOURCES[name]
    return draft_of(source, SourceRule(kind=kind, files=(source.name,)), BUILT_IN)


def read(text: str) -> Mapping:
    return mapping_of(text.encode(), "mapping.toml", BUILT_IN)


def chosen(text: str, *lines: str) -> str:
    """Return a draft in which a person took away the sign before some lines."""
    for line in lines:
        assert f"# {line}" in text
        text = text.replace(f"# {line}", line)
    return text


@pytest.mark.parametrize("name", ["sheet", "project", "wide"])
def test_a_draft_can_be_read_as_it_is(name: str) -> None:
    assert read(drafted(name)).tables


def test_a_draft_that_found_no_patient_can_be_read_when_one_is_chosen() -> None:
    text = drafted("one")

    with pytest.raises(DefinitionError, match=r"patient\.field: is missing"):
        read(text)
    assert '# field = "we \\"ird]"' in text
    assert "\x1b" not in text


@pytest.mark.parametrize("unit", ["mg/l", "mg/dl"])
def test_a_unit_is_left_to_choose_even_where_the_source_says_it(unit: str) -> None:
    text = drafted("sheet")

    assert "crp" not in read(text).tables[1].cells
    assert "# crp: in which unit; the source says mg/dl? Take one (by name):" in text
    cell = read(chosen(text, f'crp = {{ field = "CRP (mg/dl)", unit = "{unit}" }}')).tables[1].cells["crp"]
    assert (cell.field, cell.unit) == ("CRP (mg/dl)", unit)


def test_the_way_to_write_days_is_left_to_choose() -> None:
    text = drafted("sheet")

    assert read(text).source.dates == ()
    assert "reads 2 of 2 different ones looked at" in text
    assert read(chosen(text, 'dates = ["%d.%m.%Y"]')).source.dates == ("%d.%m.%Y",)


def test_both_orders_of_day_and_month_are_shown_where_both_can_be() -> None:
    source = a_sheet("pid|visit_date", "P1|03/02/2020", "P2|04/02/2020")
    text = draft_of(source, SourceRule(kind="csv", files=("a.csv",)), BUILT_IN)

    assert '# dates = ["%d/%m/%Y"]  # reads 2 of 2' in text
    assert '# dates = ["%m/%d/%Y"]  # reads 2 of 2' in text


def test_days_as_ours_are_written_need_no_choice() -> None:
    source = a_sheet("pid|visit_date", "P1|2020-02-03")

    assert "dates" not in draft_of(source, SourceRule(kind="csv", files=("a.csv",)), BUILT_IN)


def test_what_stands_for_nothing_is_left_to_choose_with_all_that_was_found() -> None:
    text = drafted("sheet")

    assert read(text).source.missing == {}
    assert read(chosen(text, 'missing = { "k.A." = "", "-99" = "" }')).source.missing == {"k.A.": "", "-99": ""}


def test_codes_are_proposed_by_what_stands_there_and_by_labels() -> None:
    assert read(drafted("sheet")).tables[0].cells["sex"].codes == {"w": "female", "m": "male"}
    project = drafted("project")
    assert read(project).tables[0].cells["criteria"].codes == {"1": "mNY", "2": "ASAS-axSpA"}
    assert read(project).tables[2].cells["stop_reason"].codes == {"1": "adverse-event"}
    assert "# stop_reason: 2 (blue) without a word yet; write lack-of-efficacy" in project


def test_persons_are_ignored_with_the_reason_and_the_year_of_birth_may_be_taken() -> None:
    text = drafted("sheet")

    assert read(text).ignore == {"Geburtsdatum": "a date of birth"}
    assert 'birth_year = { field = "Geburtsdatum", as = "year" }' in text


def test_all_other_columns_are_listed_as_not_yet_decided() -> None:
    left = drafted("sheet").partition("# Not yet decided")[2]

    assert '# Foo = "…"  # 2 different values' in left
    assert left.count(' = "…"') == 1
    assert "declared in a protocol first (spondyl protocol template)" in left
    assert read(chosen(drafted("sheet"), 'Foo = "…"')).ignore["Foo"] == "…"


def test_a_project_says_which_events_and_instruments_have_a_table() -> None:
    patients, visits, treatments = read(drafted("project")).tables

    assert (patients.to, patients.events) == ("patients", ("baseline_arm_1",))
    assert (visits.to, visits.events) == ("visits", ("baseline_arm_1", "week_12_arm_1"))
    assert visits.cells["visit"].event == EVENTS
    assert (treatments.to, treatments.events, treatments.instrument) == (
        "treatments",
        ("baseline_arm_1",),
        "medication",
    )


def test_the_record_is_the_patient_and_not_ignored_though_it_is_flagged() -> None:
    mapping = read(drafted("project"))

    assert mapping.patient.field == "record_id"
    assert mapping.ignore == {}


def test_what_stands_several_times_in_a_row_repeats() -> None:
    treatments = next(table for table in read(drafted("wide")).tables if table.to == "treatments")

    assert treatments.repeat == ("n", ("01", "02"))
    assert treatments.when[0].field == "drug_{n}"
    assert {name: cell.field for name, cell in treatments.cells.items()} == {
        "agent": "drug_{n}",
        "started_on": "drug_start_{n}",
    }


def test_of_two_fields_that_may_be_meant_alike_none_is_taken() -> None:
    text = drafted("wide")

    assert "# crp: which of these? Take one, and ignore or map the others:" in text
    assert not re.search(r"^crp", text, re.MULTILINE)


def test_what_a_table_needs_and_was_not_found_is_said() -> None:
    assert '# enrolled_on = { field = "…" }  # needed, and not found: date of entry' in drafted("sheet")


def test_every_line_says_how_sure_it_is() -> None:
    lines = [line for line in drafted("sheet").splitlines() if re.match(r"\w+ = \{ (field|checkbox)", line)]

    assert len(lines) >= 4
    assert all(line.rpartition("  # ")[2].startswith("by ") for line in lines)
