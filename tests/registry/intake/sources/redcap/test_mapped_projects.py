"""What a mapping makes of a project: what is told as missing, what is refused, and what is left out and counted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from registry import Registry
from registry.errors import BatchRefusedError, RefusalError
from registry.intake.sources.mapped_import import import_mapped
from registry.intake.sources.mapped_source import MappedSource
from registry.toml_keys import DefinitionError
from tests.registry.intake.sources.redcap.projects import Event, Field, Project, Row

PROTOCOL = """
format = 1
protocol = "p"
title = "t"
missing = { ND = "not done", NASK = "not asked" }
[[measures]]
name = "nsaid"
label = "takes an NSAID"
holds = "yes-no"
"""
ID = Field("record_id", "enrolment")
DAY = Field("seen_on", "visit", validation="date_dmy")
CRP = Field("crp", "visit", validation="number")
ESR = Field("esr", "visit", validation="number_comma_decimal")
CALC = Field("half", "visit", "calc", choices="[crp]/2")
NSAID = Field("nsaid", "visit", "yesno")
CRITERIA = Field("criteria", "visit", "checkbox", "Criteria", "1, mNY | 2, ASAS")
NAME = Field("initials", "enrolment", identifier="y")
VISIT = {"seen_on": "2020-03-31", "visit_complete": "2"}
EVENTS = [Event("baseline_arm_1", "Baseline"), Event("week_12_arm_1", "Week 12")]
FLARES = 'to = "flares"\neach = {{ instrument = "{}" }}\nstarted_on = {{ field = "{}" }}\n'
VISITS = 'to = "visits"\nvisited_on = { field = "seen_on" }\n'


@pytest.fixture
def registry(sqlite_url: str, tmp_path: Path) -> Iterator[Registry]:
    """A registry of one patient, 1, whose protocol has reasons for a missing value."""
    (tmp_path / "protocol.toml").write_text(PROTOCOL, encoding="utf-8")
    with Registry.create(sqlite_url, actor="ines") as created:
        created.adopt_protocol(tmp_path / "protocol.toml")
        created.enrol_patient("1", enrolled_on="2020-01-01")
        yield created


def mapping(folder: Path, project: Project, *tables: str, source: str = "", more: str = "") -> Path:
    """Write a project, and a mapping of its XML to some tables."""
    project.write(folder)
    text = f'format = 1\n[source]\nkind = "redcap"\nfiles = ["project.xml"]\n{source}\n{more}\n'
    text += '[patient]\nfield = "record_id"\n' + "".join(f"[[table]]\n{table}\n" for table in tables)
    (folder / "mapping.toml").write_text(text, encoding="utf-8")
    return folder / "mapping.toml"


def cells(registry: Registry, file: Path) -> list[dict[str, str]]:
    """The rows that a mapping makes, by column, those that are empty left out."""
    mapped = MappedSource.open(file, registry.catalogue)
    made = [dict(zip(table.headers, said, strict=True)) for table, _, said in mapped.rows()]
    assert not mapped.findings.all
    return [{name: text for name, text in row.items() if text} for row in made]


@pytest.mark.parametrize("source", ["", 'missing = { "-99" = "not done", NASK = "not asked" }'])
def test_a_missing_code_is_the_reason_of_the_protocol(registry: Registry, tmp_path: Path, source: str) -> None:
    values = {**VISIT, "crp": "-99", "nsaid": "NASK", "esr": "7,5"}
    project = Project([ID, DAY, CRP, NSAID, ESR], [Row("1", values)], missing="-99, Not done | NASK, Not asked")
    table = VISITS + 'crp = { field = "crp" }\nesr = { field = "esr" }\n'
    table += 'nsaid = { field = "nsaid", codes = { 1 = "yes", 0 = "no" } }'

    (row,) = cells(registry, mapping(tmp_path, project, table, source=source))

    assert (row["crp"], row["nsaid"], row["esr"]) == ("ND", "NASK", "7.5")


def test_a_missing_code_of_a_reason_that_the_protocol_has_not_is_refused(registry: Registry, tmp_path: Path) -> None:
    rows = [Row(record, {**VISIT, "crp": "-88"}) for record in "12"]
    file = mapping(tmp_path, Project([ID, DAY, CRP], rows, missing="-88, Refused"), VISITS + 'crp = { field = "crp" }')
    before = registry.head.position

    with pytest.raises(BatchRefusedError) as refused:
        import_mapped(registry, file)

    (problem,) = refused.value.problems
    assert problem.message == (
        "'-88' is declared missing at the source ('Refused'), which is no reason of the protocol; declare it under "
        "missing there, or say which it is, as missing = { '-88' = '' } (2 rows, first record 1)"
    )
    assert registry.head.position == before


def test_a_missing_code_for_a_day_is_no_day(registry: Registry, tmp_path: Path) -> None:
    fields = [ID, DAY, Field("stop", "visit", validation="date_ymd"), Field("drug", "visit")]
    project = Project(fields, [Row("1", {**VISIT, "stop": "-99", "drug": "Humira"})], missing="-99, Not done")
    table = 'to = "treatments"\nagent = { field = "drug" }\nstarted_on = { field = "seen_on" }\n'

    file = mapping(tmp_path, project, table + 'stopped_on = { field = "stop" }')

    (row,) = cells(registry, file)

    assert "stopped_on" not in row
    assert import_mapped(registry, file).left_out == [
        "the reason 'Not done' of stop, which stopped_on does not hold, once"
    ]


def test_the_comma_is_in_fields_that_are_declared_so_and_never_in_calculated_ones(
    registry: Registry, tmp_path: Path
) -> None:
    project = Project([ID, DAY, ESR, CALC], [Row("1", {**VISIT, "esr": "7,5", "half": "22.1"})])
    file = mapping(tmp_path, project, VISITS + 'esr = { field = "esr" }\ncrp = { field = "half" }')

    (row,) = cells(registry, file)

    assert (row["esr"], row["crp"]) == ("7.5", "22.1")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"visit_complete": "2"}, "none"),
        ({"visit_complete": "1"}, None),
        ({"criteria___2": "1", "visit_complete": "1"}, "ASAS-axSpA"),
        ({"criteria___1": "1", "criteria___2": "1", "visit_complete": "2"}, "mNY;ASAS-axSpA"),
    ],
)
def test_no_box_is_a_word_of_its_own_on_a_complete_form_only(
    registry: Registry, tmp_path: Path, values: dict[str, str], expected: str | None
) -> None:
    project = Project([ID, DAY, CRITERIA], [Row("1", {**VISIT, **values})])
    table = 'to = "patients"\nenrolled_on = { field = "seen_on" }\ncriteria = { checkbox = "criteria", none = "none", '

    (row,) = cells(registry, mapping(tmp_path, project, table + 'codes = { 1 = "mNY", 2 = "ASAS-axSpA" } }'))

    assert row.get("criteria") == expected


def test_a_box_without_a_word_is_refused_by_its_code_or_missing_where_the_mapping_says_so(
    registry: Registry, tmp_path: Path
) -> None:
    criteria = Field("criteria", "visit", "checkbox", "Criteria", "1, mNY | -9, none of these")
    project = Project([ID, DAY, criteria], [Row("1", {**VISIT, "criteria___1": "1", "criteria____9": "1"})])
    table = 'to = "patients"\nenrolled_on = { field = "seen_on" }\ncriteria = { checkbox = "criteria", '

    with pytest.raises(BatchRefusedError) as refused:
        import_mapped(registry, mapping(tmp_path, project, table + 'codes = { 1 = "mNY" } }'))
    assert "codes have no word for -9" in refused.value.problems[0].message
    (row,) = cells(registry, mapping(tmp_path, project, table + 'codes = { 1 = "mNY" }, other = "missing" }'))

    assert row["criteria"] == "mNY"


def test_the_box_of_a_missing_code_is_no_word_and_no_none(registry: Registry, tmp_path: Path) -> None:
    project = Project([ID, DAY, CRITERIA], [Row("1", VISIT)], missing="-99, Not done")
    table = 'to = "patients"\nenrolled_on = { field = "seen_on" }\ncriteria = { checkbox = "criteria", none = "none", '
    file = mapping(tmp_path, project, table + 'codes = { 1 = "mNY", 2 = "ASAS-axSpA" } }')
    xml = project.xml().replace('"criteria___1" Value="0"/>', '"criteria____99" Value="1"/>')
    (tmp_path / "project.xml").write_text(xml, encoding="utf-8")

    (row,) = cells(registry, file)

    assert "criteria" not in row


def test_a_form_that_does_not_repeat_somewhere_counts_there_as_one_instance(registry: Registry, tmp_path: Path) -> None:
    rows = [
        Row("1", {**VISIT, "crp": "3"}, "baseline_arm_1"),
        Row("1", {**VISIT, "crp": "4"}, "week_12_arm_1", "visit", 1),
    ]
    project = Project([ID, DAY, CRP], rows, EVENTS, repeats=[("week_12_arm_1", "visit")])
    file = mapping(tmp_path, project, VISITS + 'each = { instrument = "visit" }\ncrp = { field = "crp" }')

    assert [(row["id"], row["crp"]) for row in cells(registry, file)] == [
        ("1/baseline_arm_1/visit/1", "3"),
        ("1/week_12_arm_1/visit/1", "4"),
    ]


def test_a_form_and_an_event_that_begin_to_repeat_are_the_facts_that_they_were(
    registry: Registry, tmp_path: Path
) -> None:
    tables = VISITS, FLARES.format("visit", "seen_on")
    once = [Row("1", VISIT, "baseline_arm_1")]
    import_mapped(registry, mapping(tmp_path, Project([ID, DAY], once, EVENTS), *tables))
    again = [Row("1", VISIT, "baseline_arm_1", "", 1)]
    project = Project([ID, DAY], again, EVENTS, repeats=[("baseline_arm_1", "")])

    assert import_mapped(registry, mapping(tmp_path, project, *tables)).events == 0


def test_forms_of_one_event_have_ids_of_their_own_in_whatever_order_the_tables_stand(
    registry: Registry, tmp_path: Path
) -> None:
    other = Field("other_on", "other", validation="date_ymd")
    values = {**VISIT, "other_on": "2021-03-04", "other_complete": "2"}
    project = Project([ID, DAY, other], [Row("1", values)])
    tables = FLARES.format("visit", "seen_on"), FLARES.format("other", "other_on")
    import_mapped(registry, mapping(tmp_path, project, *tables))

    assert import_mapped(registry, mapping(tmp_path, project, *tables[::-1])).events == 0


def test_a_pseudonym_that_stands_on_one_form_of_a_record_is_that_of_all_its_rows(
    registry: Registry, tmp_path: Path
) -> None:
    code = Field("code", "entry")
    rows = [
        row
        for record, pseudonym in (("1", "2"), ("2", "1"))
        for row in (
            Row(record, {"code": pseudonym, "entry_complete": "2"}, "baseline_arm_1"),
            Row(record, {**VISIT, "crp": record}, "week_12_arm_1"),
        )
    ]
    file = mapping(tmp_path, Project([ID, code, DAY, CRP], rows, EVENTS), VISITS + 'crp = { field = "crp" }')
    file.write_text(file.read_text("utf-8").replace('field = "record_id"', 'field = "code"'), encoding="utf-8")

    assert [(row["patient"], row["crp"]) for row in cells(registry, file)] == [("2", "1"), ("1", "2")]


def test_a_row_of_which_no_earlier_one_says_whose_it_is_is_refused(registry: Registry, tmp_path: Path) -> None:
    code = Field("code", "visit")
    project = Project([ID, code, DAY], [Row("1", {**VISIT, "code": "7"}), Row("2", VISIT)])
    file = mapping(tmp_path, project, VISITS, more='[ignore]\nrecord_id = "a number of the project"')
    file.write_text(file.read_text("utf-8").replace('field = "record_id"', 'field = "code"'), encoding="utf-8")

    with pytest.raises(BatchRefusedError) as refused:
        import_mapped(registry, file)
    assert any(
        "nobody knows whose the row is (1 row, first record 2)" in each.message for each in refused.value.problems
    )


def test_an_event_of_which_only_the_name_is_known_is_no_visit(registry: Registry, tmp_path: Path) -> None:
    other = Field("note", "other", "yesno")
    rows = [
        Row("1", VISIT, "baseline_arm_1"),
        Row("1", {"note": "1", "other_complete": "2"}, "week_12_arm_1"),
    ]
    words = 'visit = { event = { baseline_arm_1 = "baseline", week_12_arm_1 = "week 12" } }'

    found = cells(registry, mapping(tmp_path, Project([ID, DAY, other], rows, EVENTS), VISITS + words))

    assert [row["visit"] for row in found] == ["baseline"]


def test_a_code_that_came_new_is_refused_once_with_its_count_and_first_place(
    registry: Registry, tmp_path: Path
) -> None:
    rows = [Row(str(n), {**VISIT, "nsaid": code}) for n, code in enumerate("0171177", 1)]
    table = VISITS + 'nsaid = { field = "nsaid", codes = { 1 = "yes", 0 = "no" } }'

    with pytest.raises(BatchRefusedError) as refused:
        import_mapped(registry, mapping(tmp_path, Project([ID, DAY, NSAID], rows), table))

    (problem,) = refused.value.problems
    assert problem.message == "'7' is covered by none of the codes (3 rows, first record 3)"
    assert (problem.place.file, problem.place.column, problem.value) == ("project.xml", "nsaid", "7")
    assert registry.head.position == 2


def test_a_day_that_a_spreadsheet_wrote_anew_is_refused(registry: Registry, tmp_path: Path) -> None:
    rows = [Row("1", {**VISIT, "seen_on": "31.03.2020"})]

    with pytest.raises(BatchRefusedError) as refused:
        import_mapped(registry, mapping(tmp_path, Project([ID, DAY], rows), VISITS))

    assert [each.message for each in refused.value.problems] == [
        (
            "'31.03.2020' is no day as YYYY-MM-DD; list how days are written under dates, as \"%d.%m.%Y\" "
            "(1 row, first record 1)"
        )
    ]


def test_a_field_that_vanished_is_named_with_the_key_that_wants_it(registry: Registry, tmp_path: Path) -> None:
    table = VISITS + 'crp = { field = "crp_mgdl" }\nesr = { field = "esr"}'
    file = mapping(tmp_path, Project([ID, DAY, CRP], []), table)

    with pytest.raises(DefinitionError) as refused:
        import_mapped(registry, file)

    assert refused.value.problems == (
        "table[1].crp: project.xml has no field 'crp_mgdl'",
        "table[1].esr: project.xml has no field 'esr'",
    )


def test_a_mapping_of_which_most_fields_are_not_there_is_one_for_another_source(
    registry: Registry, tmp_path: Path
) -> None:
    table = VISITS + "\n".join(f'basdai_{n} = {{ field = "bd{n}" }}' for n in range(1, 7))

    with pytest.raises(DefinitionError) as refused:
        import_mapped(registry, mapping(tmp_path, Project([ID, DAY], []), table))

    (problem,) = refused.value.problems
    assert problem.startswith("project.xml has 2 of the 8 fields that are named; this is a mapping for another source")


@pytest.mark.parametrize("unmapped", ["refuse", "ignore"])
def test_a_field_that_names_a_person_is_refused_unless_somebody_names_it(
    registry: Registry, tmp_path: Path, unmapped: str
) -> None:
    project = Project([ID, NAME, DAY], [Row("1", VISIT)])
    source = f'unmapped = "{unmapped}"'

    with pytest.raises(DefinitionError) as refused:
        import_mapped(registry, mapping(tmp_path, project, VISITS, source=source))

    why = "initials: is flagged at the source as naming a person; ignore it, or map it by name"
    assert refused.value.problems == (why,)
    named = mapping(tmp_path, project, VISITS, source=source, more='[ignore]\ninitials = "a name"')
    assert import_mapped(registry, named).events == 1


def test_forms_that_do_not_count_and_rows_of_no_table_are_counted(registry: Registry, tmp_path: Path) -> None:
    rows = [
        Row("1", {**VISIT, "visit_complete": "0"}, "baseline_arm_1"),
        Row("1", VISIT, "week_12_arm_1"),
        Row("2", VISIT, "week_12_arm_1"),
    ]
    table = VISITS + 'each = { events = ["baseline_arm_1"] }'
    file = mapping(tmp_path, Project([ID, DAY], rows, EVENTS), table, source='forms = ["complete"]')

    report = import_mapped(registry, file)

    assert report.left_out == [
        "the form visit where it is incomplete, once",
        "rows of event week_12_arm_1 that no table takes, 2 times",
    ]


@pytest.mark.parametrize(
    ("first", "then", "told"),
    [("false", "true", "were not shifted, and now they are"), ("true", "false", "were shifted, and not")],
)
def test_shifted_dates_and_others_do_not_come_together(
    registry: Registry, tmp_path: Path, first: str, then: str, told: str
) -> None:
    project = Project([ID, DAY], [Row("1", VISIT)])
    import_mapped(registry, mapping(tmp_path, project, VISITS, source=f"shifted_dates = {first}"))
    head = registry.head

    with pytest.raises(RefusalError, match=rf"shifted_dates: the dates of the import at @4 {told}"):
        import_mapped(registry, mapping(tmp_path, project, VISITS, source=f"shifted_dates = {then}"))

    assert registry.head == head
    assert import_mapped(registry, mapping(tmp_path, project, VISITS, source=f"shifted_dates = {first}")).events == 0


@pytest.mark.parametrize("cut", [0.5, 0.9, 0.999])
def test_of_a_project_that_ends_too_early_nothing_is_stored(registry: Registry, tmp_path: Path, cut: float) -> None:
    project = Project([ID, DAY], [Row("1", VISIT)])
    file = mapping(tmp_path, project, VISITS)
    text = project.xml()
    (tmp_path / "project.xml").write_text(text[: int(len(text) * cut)], encoding="utf-8")

    with pytest.raises(RefusalError) as refused:
        import_mapped(registry, file)

    problems = getattr(refused.value, "problems", [refused.value])
    assert "the file ends too early or was changed; export the project anew" in str(problems[0])
    assert registry.head.position == 2
