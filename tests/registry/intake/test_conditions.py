"""Conditions in files: keys with and without a day, ends that come later, labels as sources write them."""

from __future__ import annotations

from pathlib import Path

from registry import Registry
from registry.intake import ImportOptions, import_batch
from tests.registry.intake.batches import content, events, only, problems, statement, topics

CONDITIONS = """
    patient,condition,started_on,ended_on,basis,side
    P-1,Anterior uveitis,2020-05,,clinician,left
    P-1,uveitis,2021-07-02,2021-08,clinician,left
    P-1,Crohn's disease,,,reported,
    P-2,pregnancy,2020-11,,,
"""
UVEITIS = "condition/P-1/uveitis/2020-05"
CROHN = "condition/P-1/crohns-disease"


def test_a_file_of_conditions_is_recorded(registry: Registry, tmp_path: Path) -> None:
    report = import_batch(registry, only(tmp_path, conditions=CONDITIONS))

    assert report.tables["conditions"].recorded == 4
    assert statement(registry, UVEITIS)["side"] == "left"
    assert statement(registry, CROHN)["started_on"] is None


def test_a_label_is_kept_beside_the_name_as_it_came(registry: Registry, tmp_path: Path) -> None:
    import_batch(registry, only(tmp_path, conditions=CONDITIONS))

    (uveitis,) = [event for event in events(registry) if event["fact"] == UVEITIS]
    assert uveitis["origin"]["words"] == {"condition": "Anterior uveitis"}  # type: ignore[index]


def test_a_file_that_comes_again_changes_nothing(registry: Registry, tmp_path: Path) -> None:
    import_batch(registry, only(tmp_path, conditions=CONDITIONS))
    before = content(registry)

    import_batch(registry, only(tmp_path, conditions=CONDITIONS.replace("Crohn's disease", "crohns-disease")))

    assert content(registry) == before


def test_an_end_that_comes_later_is_an_end_and_no_amendment(registry: Registry, tmp_path: Path) -> None:
    import_batch(registry, only(tmp_path, conditions=CONDITIONS))
    before = registry.head.position

    import_batch(registry, only(tmp_path, conditions=CONDITIONS.replace("2020-11,,", "2020-11,2021-08-03,")))

    assert topics(registry, after=before) == ["ConditionEnded"]


def test_a_day_that_is_found_out_later_is_that_of_the_row_with_the_same_id(registry: Registry, tmp_path: Path) -> None:
    rows = "id,patient,condition,started_on\n7,P-1,psoriasis,"
    import_batch(registry, only(tmp_path, conditions=rows))
    before = registry.head.position

    import_batch(registry, only(tmp_path, conditions=f"{rows}1994"), options=ImportOptions(reason="letter"))

    assert topics(registry, after=before) == ["ConditionAmended"]
    assert statement(registry, "condition/P-1/id=7")["started_on"] == "1994"


def test_every_row_that_cannot_be_is_told(registry: Registry, tmp_path: Path) -> None:
    rows = """
        patient,condition,started_on,ended_on
        P-1,uveitys,2020,
        P-1,uveitis,2020-13,
        P-1,,2020,
    """

    assert problems(registry, only(tmp_path, conditions=rows)) == [
        "conditions.csv:2:condition: 'uveitys' is not a known condition; did you mean 'uveitis'?",
        "conditions.csv:3:started_on: '2020-13' is not a day of the calendar; write YYYY-MM-DD, YYYY-MM or YYYY",
        "conditions.csv:4:condition: condition is empty; give the condition",
    ]


def test_two_rows_of_one_condition_on_one_day_are_refused_where_they_differ(registry: Registry, tmp_path: Path) -> None:
    rows = """
        patient,condition,started_on,side
        P-1,uveitis,2020-05-04,left
        P-1,uveitis,2020-05-04,right
    """

    (problem,) = problems(registry, only(tmp_path, conditions=rows))

    assert problem.startswith("conditions.csv:3: condition/P-1/uveitis/2020-05-04 stands at conditions.csv:2 too, ")
