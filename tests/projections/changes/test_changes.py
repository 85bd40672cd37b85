"""What changed between two places on the recorded clock, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from projections import Change, changes_between
from registry import Registry
from registry.errors import ClinicalDayError, UnknownCodeError, UnknownFactError, UnknownPointError

VISIT, FLARE = "visit/P-1/2003-02-01", "flare/P-1/2003-01-10"


def told(registry: Registry, known_at: Any, versus: Any = None, **asked: Any) -> list[tuple[str, str, str]]:
    """Return table, what was done and what became of the row, of each change."""
    return [(each.table, each.how, each.row) for each in changes_between(registry, known_at, versus, **asked)]


def only(registry: Registry, known_at: Any, versus: Any = None, **asked: Any) -> Change:
    """Return the one change there is."""
    (change,) = changes_between(registry, known_at, versus, **asked)
    return change


@pytest.fixture
def flared(registry: Registry) -> Registry:
    """P-1, enrolled at @1, has a flare recorded at @2, ended at @3, amended at @4 and retracted at @5."""
    registry.record("flares", {"patient": "P-1", "started_on": "2003-01-10", "severity": "mild"})
    registry.end_flare(FLARE, ended_on="2003-01-20")
    registry.amend(FLARE, {"severity": "severe"}, reason="read again")
    registry.retract(FLARE, reason="another patient's")
    return registry


def test_a_fact_is_recorded_ended_corrected_or_retracted(flared: Registry) -> None:
    assert told(flared, "@1", "@2") == [("flares", "recorded", "insert")]
    assert told(flared, "@2", "@3") == [("flares", "ended", "update")]
    assert told(flared, "@3", "@4") == [("flares", "corrected", "update")]
    assert told(flared, "@4", "@5") == [("flares", "retracted", "delete")]


def test_a_correction_says_old_and_new_by_column_and_who_did_it_when_and_why(flared: Registry) -> None:
    change = only(flared, "@3", "@4")

    assert (change.patient, change.fact) == ("P-1", FLARE)
    assert (change.before, change.after) == ({"severity": "mild"}, {"severity": "severe"})
    (event,) = change.events
    assert (event.position, event.event, event.actor, event.reason) == (4, "FlareAmended", "lindner", "read again")
    assert event.recorded_at.isoformat() == "2014-06-30T09:00:00+00:00"


def test_what_came_and_went_between_the_two_is_in_neither(flared: Registry) -> None:
    assert told(flared, "@1", "@5") == []


def test_what_nobody_stated_followed(registry: Registry) -> None:
    registry.record_visit("P-1", visited_on="2003-02-01", measures={"basdai_1": 4})

    assert told(registry, "@1", tables=["patients", "visits"]) == [
        ("patients", "followed", "update"),  # last_seen_on
        ("visits", "recorded", "insert"),
    ]


def test_a_measure_that_is_added_to_a_visit_is_a_correction_of_it(registry: Registry) -> None:
    visit = registry.record_visit("P-1", visited_on="2003-02-01", measures={"crp": 4})
    registry.amend(visit, {"esr": "20"}, reason="found later")

    change = only(registry, "@2", tables=["measures"])

    assert (change.how, change.row, change.fact, change.key) == (
        "corrected", "insert", VISIT, {"visit_id": VISIT, "measure": "esr", "derived": False},
    )  # fmt: skip


def test_a_computed_index_follows_from_the_visit_and_is_of_no_fact(registry: Registry) -> None:
    items = {f"basdai_{number}": 4 for number in range(1, 7)}
    registry.record_visit("P-1", visited_on="2003-02-01", measures=items)

    found = [*changes_between(registry, "@1", tables=["measures"])]

    assert {(each.how, each.fact, len(each.events)) for each in found if each.key["derived"]} == {("followed", None, 0)}
    assert {each.key["measure"] for each in found if not each.key["derived"]} == {*items}
    assert {(each.how, each.fact, len(each.events)) for each in found if not each.key["derived"]} == {
        ("recorded", VISIT, 1)
    }


def test_a_computed_index_follows_where_an_event_of_the_patient_is_about_no_fact(registry: Registry) -> None:
    items = {f"basdai_{number}": 4 for number in range(1, 7)}
    registry.record_visit("P-1", visited_on="2003-02-01", measures=items)
    registry.record("patients", {"patient": "P-2", "enrolled_on": "2001-01-01"})
    until = registry.log.head().position
    registry.amend(VISIT, {"basdai_1": "9"}, reason="typing error")
    registry.merge_patients("P-2", into="P-1", reason="one person", keep_enrolment=True)

    found = changes_between(registry, f"@{until}", tables=["measures"])

    assert {(each.how, each.fact) for each in found if each.key["derived"]} == {("followed", None)}


def test_the_facts_of_tables_without_references_are_named_too(scanned: Registry) -> None:
    scanned.amend("imaging/A", {"performed_on": "2002-06-04"}, reason="typing error")

    change = only(scanned, "@4", tables=["imaging"])

    assert (change.fact, change.how, [event.reason for event in change.events]) == (
        "imaging/A", "corrected", ["typing error"],
    )  # fmt: skip


def test_a_paired_verdict_is_told_though_no_export_has_it_as_a_table(scanned: Registry) -> None:
    cells = {"baseline_study": "A", "followup_study": "B", "reader": "R1", "lesion": "1", "region": "spine"}
    verdict = scanned.record("lesions", {**cells, "kind": "romanus", "verdict": "resolution"})
    scanned.amend(verdict, {"verdict": "improvement"}, reason="read again")

    found = [*changes_between(scanned, "@5")]

    assert ("lesions", "corrected", verdict) in [(each.table, each.how, each.fact) for each in found]
    assert ("lesion_courses", "followed", None) in [(each.table, each.how, each.fact) for each in found]


def test_it_is_told_from_the_earlier_to_the_later_in_whichever_order_they_are_named(flared: Registry) -> None:
    between = changes_between(flared, "@4", "@2")

    assert between.is_reversed
    assert (between.earlier.position, between.later.position, between.n_events) == (2, 4, 2)
    assert told(flared, "@4", "@2") == told(flared, "@2", "@4")
    assert not changes_between(flared, "@2", "@4").is_reversed


def test_between_one_place_and_itself_there_is_nothing(flared: Registry) -> None:
    assert (told(flared, "@3", "@3"), told(flared, "@0", "@0")) == ([], [])
    assert changes_between(flared, "@3", "@3").n_events == 0


def test_from_the_beginning_everything_is_recorded(flared: Registry) -> None:
    assert told(flared, "@0", "@2") == [("patients", "recorded", "insert"), ("flares", "recorded", "insert")]
    assert changes_between(flared, "@0").earlier.recorded_at is None


def test_a_correction_that_brings_a_fact_before_the_clinical_day_is_one(registry: Registry) -> None:
    visit = registry.record_visit("P-1", visited_on="2003-02-01")
    registry.amend(visit, {"visited_on": "2002-12-01"}, reason="typing error")

    assert told(registry, "@2", as_of="2002-12-31", tables=["visits"]) == [("visits", "corrected", "insert")]
    assert told(registry, "@2", tables=["visits"]) == [("visits", "corrected", "update")]
    assert told(registry, "@1", "@2", as_of="2002-12-31") == []


def test_only_one_patient_is_looked_at_where_that_is_asked(registry: Registry) -> None:
    registry.enrol_patient("P-2", enrolled_on="2002-01-14")
    registry.record_visit("P-1", visited_on="2003-02-01")
    registry.record_visit("P-2", visited_on="2003-02-01")

    assert {each.patient for each in changes_between(registry, "@2", patient="P-2")} == {"P-2"}
    assert {each.patient for each in changes_between(registry, "@2")} == {"P-1", "P-2"}


def test_where_the_protocol_moved_rows_of_everybody_can_follow(registry: Registry, tmp_path: Path) -> None:
    def adopt(more: str) -> None:
        (tmp_path / "p.toml").write_text(f'format = 1\nprotocol = "p"\ntitle = "P"\n{more}')
        registry.adopt_protocol(tmp_path / "p.toml", reason="collected")

    items = "".join(f'[[measures]]\nname = "q_{n}"\nlabel = "q"\nunit = "score"\nrange = [0, 3]\n' for n in (1, 2))
    adopt(items)
    registry.record_visit("P-1", visited_on="2003-02-01", measures={"q_1": 1, "q_2": 2})
    before = registry.head.position
    score = '[[scores]]\nname = "q"\nlabel = "Q"\nsource = "Doe 2001"\nitems = ["q_1", "q_2"]\nrule = "mean"\n'
    adopt(f"{items}{score}edition = 1\n")

    between = changes_between(registry, before)

    assert between.protocol_moved
    assert [(each.table, each.how, each.key["measure"]) for each in between] == [("measures", "followed", "q")]
    assert [each.key["measure"] for each in changes_between(registry, before, patient="P-1")] == ["q"]


def test_nothing_is_left_of_who_was_erased_and_it_is_told_how_many_they_were(flared: Registry) -> None:
    flared.enrol_patient("Z-9", enrolled_on="2002-01-14")
    flared.record_visit("Z-9", visited_on="2003-02-01")
    flared.erase_patient("Z-9", reason="asked for it")

    between = changes_between(flared, "@5", "@7")

    assert ([*between], between.n_erased) == ([], 1)
    with pytest.raises(UnknownFactError, match="patient 'Z-9' at @7 is not recorded"):
        changes_between(flared, "@5", "@7", patient="Z-9")


def test_facts_that_were_moved_by_a_merge_are_retracted_here_and_recorded_there(registry: Registry) -> None:
    registry.enrol_patient("P-2", enrolled_on="2002-01-14")
    registry.record_visit("P-2", visited_on="2003-02-01")
    registry.merge_patients("P-2", into="P-1", reason="one person")

    found = [(each.patient, each.how) for each in changes_between(registry, "@3", tables=["visits"])]

    assert found == [("P-1", "recorded"), ("P-2", "retracted")]


def test_however_many_patients_changed_they_are_compared_some_at_a_time(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projections.changes.between.PATIENTS_AT_ONCE", 2)
    for number in range(5):
        registry.enrol_patient(f"Q-{number}", enrolled_on="2002-01-14")

    parts = [part.patients for part in changes_between(registry, "@1").parts()]

    assert parts == [["Q-0", "Q-1"], ["Q-2", "Q-3"], ["Q-4"]]


def test_what_is_not_there_to_compare_is_refused(flared: Registry) -> None:
    with pytest.raises(UnknownCodeError, match=r"table: 'flare' is not a known table .*; did you mean 'flares'"):
        changes_between(flared, "@1", tables=["flare"])
    with pytest.raises(UnknownCodeError, match="'expected_visits'"):
        changes_between(flared, "@1", tables=["expected_visits"])
    with pytest.raises(UnknownPointError, match="@99"):
        changes_between(flared, "@1", "@99")
    with pytest.raises(ClinicalDayError, match="as_of"):
        changes_between(flared, "@1", "2014-06-30", as_of="2015-01-01")
