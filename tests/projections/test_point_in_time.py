"""What is visible at a point in time, on both clocks."""

from __future__ import annotations

import pytest

from projections import TABLES, LogColumns, facts_at, facts_of, project
from projections.therapy.drug_courses import drug_courses
from registry import Registry
from registry.errors import ClinicalDayError, FormatError, UnknownPointError
from tests.projections.shown import Clock, one, shown


def test_a_visit_that_was_entered_late_was_not_known_before(registry: Registry) -> None:
    late = registry.head.position
    registry.record_visit("P-1", visited_on="2002-02-01")

    assert shown(facts_at(registry, as_of="2003-01-01", known_at=late), "visits", "visited_on") == []
    assert shown(facts_at(registry, as_of="2003-01-01"), "visits", "visited_on") == [("2002-02-01",)]


def test_as_of_takes_in_its_own_day(registry: Registry) -> None:
    registry.record_visit("P-1", visited_on="2002-02-01")

    assert facts_at(registry, as_of="2002-01-31").count("visits") == 0
    assert facts_at(registry, as_of="2002-02-01").count("visits") == 1


def test_an_amendment_leaves_what_was_known_before_it(registry: Registry) -> None:
    visit = registry.record_visit("P-1", visited_on="2002-02-01", measures={"crp": 20})
    before = registry.head.position
    registry.amend(visit, {"crp": 25}, reason="misread")

    assert one(facts_at(registry, known_at=before), "measures", "measure value") == ("crp", 20.0)
    assert one(facts_at(registry), "measures", "measure value") == ("crp", 25.0)


def test_a_retracted_fact_was_there_before_and_is_not_after(registry: Registry) -> None:
    flare = registry.start_flare("P-1", started_on="2002-02-01")
    before = registry.head.position
    registry.retract(flare, reason="another patient's")

    assert facts_at(registry, known_at=before).count("flares") == 1
    assert facts_at(registry).count("flares") == 0


def test_a_fact_recorded_again_after_its_retraction_is_there_once(registry: Registry) -> None:
    flare = registry.start_flare("P-1", started_on="2002-02-01", severity="mild")
    registry.retract(flare, reason="another patient's")
    registry.start_flare("P-1", started_on="2002-02-01", severity="severe")

    assert one(facts_at(registry), "flares", "started_on severity") == ("2002-02-01", "severe")


def test_a_fact_that_an_amendment_moves_past_as_of_is_gone_and_the_earlier_version_does_not_come_back(
    scanned: Registry,
) -> None:
    before = scanned.head.position
    scanned.amend("imaging/A", {"performed_on": "2003-06-03"}, reason="wrong year")

    assert facts_at(scanned, as_of="2002-12-31", known_at=before).count("imaging") == 1
    assert facts_at(scanned, as_of="2002-12-31").count("imaging") == 0


def test_a_reading_follows_its_study_and_not_the_day_of_its_own_event(scanned: Registry) -> None:
    scanned.record_reading("A", reader="R1", method="berlin", grades={"C2/3": 1}, read_on="2005-09-19")

    assert one(facts_at(scanned, as_of="2002-06-03"), "readings", "read_on") == ("2005-09-19",)

    scanned.amend("imaging/A", {"performed_on": "2003-06-03"}, reason="wrong year")

    assert facts_at(scanned, as_of="2002-06-03").count("readings") == 0
    assert one(facts_at(scanned, as_of="2003-06-03"), "readings", "performed_on") == ("2003-06-03",)


def test_a_verdict_follows_the_follow_up_study(scanned: Registry) -> None:
    scanned.record_lesion_verdict(
        "A", "B", reader="consensus", lesion="1", region="spine", kind="romanus", verdict="new"
    )

    assert facts_at(scanned, as_of="2004-06-06").count("lesions") == 0
    assert facts_at(scanned, as_of="2004-06-07").count("lesions") == 1


def test_a_reading_is_not_there_before_the_registry_knew_of_its_study(registry: Registry) -> None:
    registry.record_study("A", patient="P-1", performed_on="2002-06-03", modality="MRI", regions="spine")
    registry.record_reading("A", reader="R1", method="berlin", grades={"C2/3": 1})
    columns = LogColumns.read(registry.log)

    assert [facts_at(columns, known_at=position).count("readings") for position in range(4)] == [0, 0, 0, 1]


def test_a_stop_after_as_of_has_not_happened(registry: Registry) -> None:
    course = registry.start_treatment("P-1", agent="infliximab", started_on="2002-06-04")
    registry.stop_treatment(course, stopped_on="2004-03-01", stop_reason="remission")

    columns = "stopped_on stopped_on_precision stop_reason ongoing days"
    assert one(facts_at(registry, as_of="2004-02-29"), "treatments", columns) == (None, None, None, True, 635)
    assert one(facts_at(registry, as_of="2004-03-01"), "treatments", columns) == (
        "2004-03-01", "day", "remission", False, 636,
    )  # fmt: skip


def test_a_partial_stop_counts_as_the_middle_of_its_days(registry: Registry) -> None:
    registry.start_treatment("P-1", agent="infliximab", started_on="2002-06-04", stopped_on="2004-03")

    assert one(facts_at(registry, as_of="2004-03-15"), "treatments", "stopped_on ongoing") == (None, True)
    assert one(facts_at(registry, as_of="2004-03-16"), "treatments", "stopped_on ongoing") == ("2004-03-01", False)


def test_the_end_of_a_flare_an_adverse_event_and_follow_up_after_as_of_has_not_happened(registry: Registry) -> None:
    registry.start_flare("P-1", started_on="2002-02-01", ended_on="2002-03-01")
    registry.record_adverse_event(
        "P-1", term="rash", started_on="2002-02-01", ended_on="2002-03-01", outcome="resolved"
    )
    registry.end_follow_up("P-1", ended_on="2002-03-01", reason="moved")

    facts = facts_at(registry, as_of="2002-02-28")

    assert one(facts, "flares", "started_on ended_on") == ("2002-02-01", None)
    assert one(facts, "adverse_events", "started_on ended_on outcome") == ("2002-02-01", None, None)
    assert one(facts, "patients", "follow_up_ended_on follow_up_end_reason") == (None, None)


def test_days_of_the_enrolment_after_as_of_are_not_known(registry: Registry) -> None:
    cells = {"symptom_onset": "1999", "diagnosed_on": "2002-05", "consented_on": "2002-04-01"}
    registry.amend("patient/P-1", cells, reason="completed")

    columns = "symptom_onset symptom_onset_precision diagnosed_on diagnosed_on_precision consented_on"
    assert one(facts_at(registry, as_of="2002-03-31"), "patients", columns) == (
        "1999-01-01", "year", None, None, None,
    )  # fmt: skip
    assert one(facts_at(registry, as_of="2002-05-01"), "patients", columns) == (
        "1999-01-01", "year", "2002-05-01", "month", "2002-04-01",
    )  # fmt: skip


def test_nothing_is_there_of_a_patient_who_is_not_enrolled_yet(registry: Registry) -> None:
    registry.start_treatment("P-1", agent="naproxen", started_on="1999")
    registry.record_study("A", patient="P-1", performed_on="2000-06-05", modality="MRI", regions="spine")
    registry.record_reading("A", reader="R1", method="berlin", grades={"T7/8": 1})
    registry.start_flare("P-1", started_on="2001-06-05")
    kinds = ("patients", "treatments", "imaging", "readings", "flares")

    before, on_the_day = (facts_at(registry, as_of=day) for day in ("2002-01-13", "2002-01-14"))

    assert [before.count(kind) for kind in kinds] == [0, 0, 0, 0, 0]
    assert [on_the_day.count(kind) for kind in kinds] == [1, 1, 1, 1, 1]
    assert drug_courses(before).started.tolist() == []


def test_a_start_counts_as_the_same_day_whether_the_stop_has_happened_or_not(registry: Registry) -> None:
    registry.start_treatment("P-1", agent="infliximab", started_on="2003", stopped_on="2003-03-10")

    # the middle of the 69 days from 1 January to 10 March is 4 February
    assert one(facts_at(registry, as_of="2003-03-05"), "treatments", "stopped_on days") == (None, 29)
    assert one(facts_at(registry, as_of="2003-03-10"), "treatments", "stopped_on days") == ("2003-03-10", 34)
    assert facts_at(registry, as_of="2003-02-03").count("treatments") == 0


def test_columns_that_are_read_once_serve_every_point_in_time(registry: Registry, clock: Clock) -> None:
    visit = registry.record_visit("P-1", visited_on="2002-02-01", measures={"crp": 20})
    registry.amend(visit, {"crp": 25}, reason="misread")
    columns = LogColumns.read(registry.log)
    registry.amend(visit, {"crp": 30}, reason="misread again")

    values = [shown(facts_at(columns, known_at=position), "measures", "value") for position in range(4)]

    assert values == [[], [], [(20.0,)], [(25.0,)]]
    assert one(facts_at(columns), "measures", "value") == (25.0,)
    with pytest.raises(UnknownPointError, match="known_at '@4': the columns were read up to @3"):
        facts_at(columns, known_at="@4")


def test_an_as_of_that_is_no_day_is_refused(registry: Registry) -> None:
    with pytest.raises(FormatError, match=r"as_of: '31\.12\.2004' is not a day of the calendar; write YYYY-MM-DD"):
        facts_at(registry, as_of="31.12.2004")


def test_an_empty_registry_has_empty_tables(sqlite_url: str) -> None:
    with Registry.open(sqlite_url) as empty:
        facts = facts_at(empty)

        assert {name: project(name, facts).num_rows for name in TABLES} == dict.fromkeys(TABLES, 0)


def test_facts_are_printed_with_their_point_in_time(registry: Registry) -> None:
    assert repr(facts_at(registry)) == "<Facts on any day, known at @1>"
    assert repr(facts_at(registry, as_of="2002-02-01", withdrawn="exclude")) == (
        "<Facts as of 2002-02-01, known at @1, withdrawn='exclude'>"
    )


def test_an_as_of_of_which_nobody_knew_yet_is_refused(registry: Registry, clock: Clock) -> None:
    registry.freeze("first")  # on 30 June 2014
    clock.set("2015-03-01T12:00")
    registry.record_visit("P-1", visited_on="2015-02-01")

    for known_at, day in ((None, "2015-03-02"), ("first", "2014-07-01"), ("2014-12-31", "2015-01-01")):
        with pytest.raises(ClinicalDayError, match=f"as_of: {day} lies after .* not known yet"):
            facts_at(registry, as_of=day, known_at=known_at)
        with pytest.raises(ClinicalDayError, match="not known yet"):
            facts_of(registry, "P-1", as_of=day, known_at=known_at)

    assert facts_at(registry, as_of="2014-06-30", known_at="first").count("patients") == 1
    assert facts_at(registry, as_of="2030-12-31", known_at="@1").count("patients") == 1
