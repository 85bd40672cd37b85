"""What a source said last is remembered, column by column, whatever a person corrected or another source said since."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry import Registry
from registry.errors import RefusalError
from registry.intake import ImportOptions, ImportReport, import_batch
from tests.registry.intake.batches import (
    COHORT,
    PATIENTS,
    events,
    folder_of,
    only,
    problems,
    statement,
    topics,
)

VISIT = "visit/P-1/2020-01-15/baseline"
KEY = "patient,visited_on,visit"
ROW = "P-1,2020-01-15,baseline"
LABORATORY = ImportOptions(source="laboratory")
CLINIC = ImportOptions(source="clinic")


@pytest.fixture
def enrolled(registry: Registry, tmp_path: Path) -> Registry:
    """A registry in which P-1 and P-2 are enrolled, by hand."""
    for patient in ("P-1", "P-2"):
        registry.enrol_patient(patient, enrolled_on="2020-01-01")
    return registry


def delivered(
    registry: Registry, tmp_path: Path, options: ImportOptions | None = None, **measures: object
) -> ImportReport:
    """Import one visit with some measures."""
    cells = ",".join("" if value is None else str(value) for value in measures.values())
    visits = f"{KEY},{','.join(measures)}\n{ROW},{cells}"
    return import_batch(registry, folder_of(tmp_path, visits=visits), options=options)


def values(registry: Registry, fact: str = VISIT) -> dict[str, str]:
    """Return what was measured at a visit, as it stands."""
    measures = statement(registry, fact)["measures"]
    assert isinstance(measures, list)
    return {each["measure"]: each["value"] for each in measures}


def test_a_file_that_says_what_a_person_recorded_confirms_it_and_records_nothing(
    enrolled: Registry, tmp_path: Path
) -> None:
    enrolled.record_visit("P-1", visited_on="2020-01-15", visit="baseline", measures={"esr": 5})
    before = enrolled.head.position

    report = delivered(enrolled, tmp_path, esr="5.0")

    assert topics(enrolled, after=before) == ["VisitConfirmed"]
    assert (report.tables["visits"].confirmed, report.changes, report.events) == (1, [], 1)
    [confirmed] = events(enrolled, after=before)
    assert (confirmed["clinical_on"], confirmed["reason"], confirmed["source"]) == (None, None, "visits.csv:2")
    assert confirmed["origin"] == {
        "columns": ["visited_on", "visit", "esr"],
        "own": {"visited_on": "2020-01-15", "visit": "baseline", "esr": {"value": "5.0", "unit": "mm/h"}},
    }


def test_a_correction_by_hand_outlasts_a_file_that_repeats_itself(enrolled: Registry, tmp_path: Path) -> None:
    enrolled.record_visit("P-1", visited_on="2020-01-15", visit="baseline", measures={"esr": 5})
    delivered(enrolled, tmp_path, esr=5)
    enrolled.amend(VISIT, {"esr": 6}, reason="typing error")

    assert delivered(enrolled, tmp_path, esr=5).events == 0
    assert values(enrolled) == {"esr": "6"}


def test_it_outlasts_it_where_the_file_agreed_with_an_earlier_correction(enrolled: Registry, tmp_path: Path) -> None:
    delivered(enrolled, tmp_path, esr=5)
    enrolled.amend(VISIT, {"esr": 6}, reason="typing error")
    assert delivered(enrolled, tmp_path, esr=6).tables["visits"].confirmed == 1
    enrolled.amend(VISIT, {"esr": 7}, reason="read again")

    assert delivered(enrolled, tmp_path, esr=6).events == 0
    assert values(enrolled) == {"esr": "7"}


def test_a_retraction_by_hand_outlasts_a_file_that_only_confirmed_the_fact(enrolled: Registry, tmp_path: Path) -> None:
    enrolled.record_visit("P-1", visited_on="2020-01-15", visit="baseline", measures={"esr": 5})
    delivered(enrolled, tmp_path, esr=5)
    enrolled.retract(VISIT, reason="another patient's")

    assert delivered(enrolled, tmp_path, esr=5).events == 0


def test_a_withdrawn_fact_that_changes_at_its_source_is_recorded_anew_with_all_that_the_source_said(
    enrolled: Registry, tmp_path: Path
) -> None:
    delivered(enrolled, tmp_path, esr=5)
    delivered(enrolled, tmp_path, crp=3)
    enrolled.retract(VISIT, reason="another patient's")

    assert delivered(enrolled, tmp_path, esr=8).tables["visits"].recorded == 1
    assert values(enrolled) == {"crp": "3", "esr": "8"}
    assert delivered(enrolled, tmp_path, crp=3).events == 0


def test_two_files_of_one_visit_are_remembered_column_by_column(enrolled: Registry, tmp_path: Path) -> None:
    delivered(enrolled, tmp_path, esr=5)
    delivered(enrolled, tmp_path, crp=3)
    enrolled.amend(VISIT, {"esr": 6}, reason="typing error")

    delivered(enrolled, tmp_path, crp=4)

    assert delivered(enrolled, tmp_path, esr=5).events == 0
    assert values(enrolled) == {"crp": "4", "esr": "6"}


def test_a_row_that_changes_in_one_column_leaves_a_correction_in_another(enrolled: Registry, tmp_path: Path) -> None:
    delivered(enrolled, tmp_path, esr=5, crp=3)
    enrolled.amend(VISIT, {"esr": 6}, reason="typing error")

    delivered(enrolled, tmp_path, esr=5, crp=4)

    assert values(enrolled) == {"crp": "4", "esr": "6"}
    assert events(enrolled)[-1]["origin"] == {
        "columns": ["visited_on", "visit", "esr", "crp"],
        "own": {"esr": {"value": "5", "unit": "mm/h"}},
    }
    assert delivered(enrolled, tmp_path, esr=5, crp=4).events == 0


def test_a_grade_that_changes_leaves_a_grade_that_was_corrected(registry: Registry, tmp_path: Path) -> None:
    import_batch(registry, folder_of(tmp_path, **COHORT))
    registry.amend("reading/MR-1/R1/berlin", {"C2/3": 2}, reason="typing error")

    changed = COHORT["readings"].replace("C3/4,0", "C3/4,3")
    import_batch(registry, folder_of(tmp_path, **{**COHORT, "readings": changed}))

    grades = statement(registry, "reading/MR-1/R1/berlin")["grades"]
    assert isinstance(grades, dict)
    assert grades["grade"][:3] == [2, 3, None]


def test_an_empty_cell_is_remembered_too(enrolled: Registry, tmp_path: Path) -> None:
    delivered(enrolled, tmp_path, esr=5, crp=None)
    enrolled.amend(VISIT, {"crp": 3}, reason="found in the chart")

    assert delivered(enrolled, tmp_path, esr=5, crp=None).events == 0
    assert values(enrolled) == {"crp": "3", "esr": "5"}


def test_each_source_is_remembered_by_itself(enrolled: Registry, tmp_path: Path) -> None:
    delivered(enrolled, tmp_path, LABORATORY, esr=5)

    second = delivered(enrolled, tmp_path, CLINIC, esr=5)

    assert (second.tables["visits"].confirmed, second.events) == (1, 1)
    assert [event["origin"] for event in events(enrolled)[-2:]] == [
        {"source": "laboratory", "columns": ["visited_on", "visit", "esr"]},
        {
            "source": "clinic",
            "columns": ["visited_on", "visit", "esr"],
            "own": {"visited_on": "2020-01-15", "visit": "baseline", "esr": {"value": "5", "unit": "mm/h"}},
        },
    ]
    delivered(enrolled, tmp_path, CLINIC, esr=6)
    assert delivered(enrolled, tmp_path, LABORATORY, esr=5).events == 0
    assert values(enrolled) == {"esr": "6"}


def test_the_name_of_a_file_names_no_source(enrolled: Registry, tmp_path: Path) -> None:
    import_batch(enrolled, folder_of(tmp_path, "2020-02", visits=f"{KEY},esr\n{ROW},5"))
    enrolled.amend(VISIT, {"esr": 6}, reason="typing error")

    assert import_batch(enrolled, folder_of(tmp_path, "2020-03", visits=f"{KEY},esr\n{ROW},5")).events == 0


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("l" * 65, "source: text of 65 characters is outside 1 to 64 characters"),
        ("lab\noratory", "source: .* is not printable text on one line"),
    ],
)
def test_the_name_of_a_source_is_a_short_text_on_one_line(
    enrolled: Registry, tmp_path: Path, name: str, message: str
) -> None:
    before = enrolled.head.position

    with pytest.raises(RefusalError, match=message):
        delivered(enrolled, tmp_path, ImportOptions(source=name), esr=5)

    assert enrolled.head.position == before


def test_missing_rows_of_one_source_leave_what_a_person_recorded(enrolled: Registry, tmp_path: Path) -> None:
    enrolled.record_visit("P-1", visited_on="2020-02-15", measures={"esr": 9})
    delivered(enrolled, tmp_path, esr=5)

    report = import_batch(
        enrolled,
        folder_of(tmp_path, patients=PATIENTS, visits=f"{KEY},esr"),
        options=ImportOptions(retract_missing=True),
    )

    assert [change.reference for change in report.changes] == [VISIT]
    assert values(enrolled, "visit/P-1/2020-02-15") == {"esr": "9"}


def test_a_missing_row_that_another_source_has_too_is_kept_and_told(enrolled: Registry, tmp_path: Path) -> None:
    delivered(enrolled, tmp_path, LABORATORY, esr=5)
    delivered(enrolled, tmp_path, CLINIC, esr=5)
    gone = folder_of(tmp_path, patients=PATIENTS, visits=f"{KEY},esr")

    report = import_batch(enrolled, gone, options=ImportOptions(source="clinic", retract_missing=True))

    assert (report.kept, report.tables["visits"].retracted) == ([VISIT], 0)
    [ended] = [event for event in events(enrolled) if event["topic"] == "VisitConfirmed"][1:]
    assert ended["origin"] == {"source": "clinic"}
    assert import_batch(enrolled, gone, options=ImportOptions(source="clinic", retract_missing=True)).events == 0
    last = import_batch(enrolled, gone, options=ImportOptions(source="laboratory", retract_missing=True))
    assert [(change.what, change.reference) for change in last.changes] == [("retracted", VISIT)]


def test_an_id_that_a_known_row_gets_names_its_fact_from_then_on(enrolled: Registry, tmp_path: Path) -> None:
    delivered(enrolled, tmp_path, crp=5)
    with_id = f"id,{KEY},crp\nv2,{ROW},5"
    import_batch(enrolled, folder_of(tmp_path, visits=with_id))

    moved = import_batch(enrolled, folder_of(tmp_path, visits=with_id.replace("01-15", "01-22")))

    assert (moved.tables["visits"].amended, moved.tables["visits"].recorded) == (1, 0)
    assert statement(enrolled, VISIT)["visited_on"] == "2020-01-22"


def test_a_day_that_becomes_free_goes_to_a_fact_with_a_number(enrolled: Registry, tmp_path: Path) -> None:
    with_id = f"id,{KEY},crp\nv2,{ROW},5"
    delivered(enrolled, tmp_path, crp=5)
    import_batch(enrolled, folder_of(tmp_path, visits=with_id))
    import_batch(enrolled, folder_of(tmp_path, visits=with_id.replace("01-15", "01-22")))

    report = delivered(enrolled, tmp_path, CLINIC, crp=9)

    assert [change.reference for change in report.changes] == [f"{VISIT}~2"]
    assert values(enrolled, f"{VISIT}~2") == {"crp": "9"}
    assert values(enrolled) == {"crp": "5"}


@pytest.mark.parametrize("label", ["BASELINE", " base line", "ｂaseline"])
def test_labels_that_differ_in_case_blanks_or_form_are_one(enrolled: Registry, tmp_path: Path, label: str) -> None:
    delivered(enrolled, tmp_path, crp=5)

    same = import_batch(enrolled, folder_of(tmp_path, visits=f"{KEY},crp\nP-1,2020-01-15,{label},5"))
    changed = import_batch(enrolled, folder_of(tmp_path, visits=f"{KEY},crp\nP-1,2020-01-15,{label},6"))

    assert same.events == 0
    assert [(change.what, change.reference) for change in changed.changes] == [("amended", VISIT)]
    assert enrolled.record_visit("P-1", visited_on="2020-01-15", visit=label, measures={"crp": 6}) == VISIT


def test_two_spellings_of_a_label_in_one_batch_are_one_row(enrolled: Registry, tmp_path: Path) -> None:
    rows = f"{KEY},crp\n{ROW},5\nP-1,2020-01-15,Baseline,"

    assert import_batch(enrolled, folder_of(tmp_path, visits=rows + "5")).tables["visits"].recorded == 1
    assert problems(enrolled, folder_of(tmp_path, visits=rows + "6")) == [
        "visits.csv:3: visit/P-1/2020-01-15/Baseline stands at visits.csv:2 too, with other content; keep one"
    ]


def test_a_command_finds_the_fact_that_came_with_an_id(enrolled: Registry, tmp_path: Path) -> None:
    import_batch(enrolled, folder_of(tmp_path, visits=f"id,{KEY},crp\nv1,{ROW},5"))
    before = enrolled.head.position

    again = enrolled.record_visit("P-1", visited_on="2020-01-15", visit="baseline", measures={"crp": "5.0"})

    assert (again, enrolled.head.position) == ("visit/P-1/id=v1", before)
    with pytest.raises(RefusalError, match=r"^visit/P-1/id=v1 is recorded already, with other content"):
        enrolled.record_visit("P-1", visited_on="2020-01-15", visit="baseline", measures={"crp": 6})


def test_a_command_that_could_mean_two_facts_is_refused_with_both(enrolled: Registry, tmp_path: Path) -> None:
    import_batch(enrolled, folder_of(tmp_path, visits=f"id,{KEY},crp\nv1,{ROW},5\nv2,{ROW},6"))

    with pytest.raises(RefusalError, match=r"^visit/P-1/id=v1 and visit/P-1/id=v2 have this key already"):
        enrolled.record_visit("P-1", visited_on="2020-01-15", visit="baseline", measures={"crp": 7})
    assert (
        enrolled.record_visit("P-1", visited_on="2020-01-15", visit="baseline", measures={"crp": 6})
        == "visit/P-1/id=v2"
    )


def test_ids_that_were_exchanged_are_refused(enrolled: Registry, tmp_path: Path) -> None:
    header = f"id,{KEY},crp"
    import_batch(enrolled, folder_of(tmp_path, visits=f"{header}\nv1,{ROW},5\nv2,P-1,2020-04-15,week 12,6"))

    exchanged = folder_of(tmp_path, visits=f"{header}\nv2,{ROW},5\nv1,P-1,2020-04-15,week 12,6")

    assert problems(enrolled, exchanged) == [
        (
            f"visits.csv:{line}:id: this row says what the source said of '{theirs}', and that id another of its "
            "rows: ids have been exchanged, and an id names one row for ever"
        )
        for line, theirs in ((2, "v1"), (3, "v2"))
    ]


def test_days_that_were_exchanged_are_corrected(enrolled: Registry, tmp_path: Path) -> None:
    header = f"id,{KEY},crp"
    import_batch(enrolled, folder_of(tmp_path, visits=f"{header}\nv1,{ROW},5\nv2,P-1,2020-04-15,week 12,6"))

    report = import_batch(enrolled, folder_of(tmp_path, visits=f"{header}\nv2,{ROW},6\nv1,P-1,2020-04-15,week 12,5"))

    assert report.tables["visits"].amended == 2
    assert (statement(enrolled, "visit/P-1/id=v1")["visit"], values(enrolled, "visit/P-1/id=v1")) == (
        "week 12",
        {"crp": "5"},
    )


def test_two_rows_that_could_each_be_the_one_that_is_known_are_refused(enrolled: Registry, tmp_path: Path) -> None:
    delivered(enrolled, tmp_path, crp=5)

    assert problems(enrolled, only(tmp_path, visits=f"id,{KEY},crp\nv1,{ROW},5\nv2,{ROW},6"))[-1] == (
        f"visits.csv:3: {VISIT} is meant by visits.csv:2 too; keep one row"
    )


def test_the_event_of_a_beginning_says_nothing_of_the_end_that_came_with_it(enrolled: Registry, tmp_path: Path) -> None:
    course = "patient,agent,started_on,stopped_on,stop_reason\nP-1,Humira,2020-02,2020-09,remission"
    before = enrolled.head.position

    import_batch(enrolled, folder_of(tmp_path, treatments=course))

    assert [event["origin"] for event in events(enrolled, after=before)] == [
        {"columns": ["agent", "started_on", "product"], "words": {"agent": "Humira"}},
        {"columns": ["agent", "started_on", "stopped_on", "stop_reason", "product"], "words": {"agent": "Humira"}},
    ]
    assert import_batch(enrolled, folder_of(tmp_path, treatments=course)).events == 0
