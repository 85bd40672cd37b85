"""Each row of a data set of MEDS has the event from which on it was known as it stands, whatever became of its fact."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

import pytest

from projections import LogColumns
from registry import Registry
from registry.catalogue.protocol import MeasureRecord, Protocol, ScoreRecord
from tests.oracle.test_events_of_meds import Rows, rows_at, said
from tests.projections.shown import Clock

BASDAI: Final = {f"basdai_{number}": 4 for number in range(1, 7)}


def protocol(edition: int, rule: str) -> Protocol:
    """A protocol with a score of two measures by a rule."""
    return Protocol(
        protocol="south",
        title="Southern cohort",
        measures=tuple(MeasureRecord(name=name, label=name, unit="nrs") for name in ("one", "other")),
        scores=(
            ScoreRecord(
                name="burden", edition=edition, label="b", source="s", items=("one", "other"), rule=rule, unit="nrs"
            ),
        ),
    )


def known(registry: Registry, **choices: Any) -> dict[str, int]:
    """The position of each row of the data set at the end, by code; of several of one code the last."""
    return {row["code"]: row["position"] for row in at(registry, registry.head.position, **choices)}


def at(registry: Registry, position: int, *, available_at: str = "study", **point: Any) -> Rows:
    """The rows of the data set at a position."""
    return rows_at(LogColumns.read(registry.log), position, available_at=available_at, **point)


def leaks(registry: Registry, **choices: Any) -> list[tuple[int, Any]]:
    """The rows of the data set at the end that the filter takes for known at a position, and which were not there."""
    end = at(registry, registry.head.position, **choices)
    return [
        (position, row)
        for position in range(registry.head.position + 1)
        for row in said(each for each in end if each["position"] <= position) - said(at(registry, position, **choices))
    ]


def test_a_start_is_known_since_it_was_stated_and_an_end_since_it_was_added(registry: Registry) -> None:
    enrolled = registry.head.position
    course = registry.start_treatment("P-1", agent="adalimumab", started_on="2003-02-03")
    flare = registry.start_flare("P-1", started_on="2003-04-05")
    condition = registry.record_condition("P-1", condition="uveitis", started_on="2003")
    registry.stop_treatment(course, stopped_on="2004-02-01", stop_reason="remission")
    registry.end_flare(flare, ended_on="2003-05-05")
    registry.end_condition(condition, ended_on="2004")
    registry.end_follow_up("P-1", ended_on="2010-01-01", reason="died")

    assert known(registry) == {
        "ENROLMENT": enrolled,
        "DRUG_START//adalimumab": enrolled + 1,
        "FLARE": enrolled + 2,
        "CONDITION//uveitis": enrolled + 3,
        "DRUG_STOP//adalimumab": enrolled + 4,
        "FLARE_END": enrolled + 5,
        "CONDITION_END//uveitis": enrolled + 6,
        "FOLLOW_UP_END//died": enrolled + 7,
        "MEDS_DEATH": enrolled + 7,
    }
    assert leaks(registry) == []


def test_what_an_amendment_leaves_as_it_was_is_known_since_before_it(registry: Registry) -> None:
    visit = registry.record("visits", {"patient": "P-1", "visited_on": "2004-02-03", "crp": 5, "esr": 7})
    recorded = registry.head.position
    registry.amend(visit, {"esr": 9}, reason="typing error")
    registry.amend(visit, {"esr": 7}, reason="it was none")

    found = known(registry)
    assert (found["MEASURE//crp"], found["VISIT"]) == (recorded, recorded)
    assert found["MEASURE//esr"] == recorded + 2
    assert leaks(registry) == []


def test_what_was_retracted_and_recorded_again_is_known_since_that(registry: Registry) -> None:
    cells = {"patient": "P-1", "visited_on": "2004-02-03", "crp": 5}
    visit = registry.record("visits", cells)
    registry.retract(visit, reason="another patient's")
    registry.record("visits", cells)

    assert known(registry)["MEASURE//crp"] == registry.head.position
    assert leaks(registry) == []


def test_a_computed_value_is_known_as_it_stands_since_the_protocol_computes_it_so(registry: Registry) -> None:
    registry.adopt_protocol(protocol(1, "mean"))
    registry.record("visits", {"patient": "P-1", "visited_on": "2004-02-03", "one": 2, "other": 6, **BASDAI})
    visited = registry.head.position
    registry.adopt_protocol(protocol(2, "max"))
    registry.record("visits", {"patient": "P-1", "visited_on": "2004-01-03", "one": 1, "other": 3})

    rows = at(registry, registry.head.position)
    burden = [(row["value"], row["position"]) for row in rows if row["code"] == "COMPUTED//burden"]
    assert burden == [("3", visited + 2), ("6", visited + 1)]
    assert known(registry)["COMPUTED//basdai"] == known(registry)["MEASURE//one"] == visited
    assert leaks(registry) == []


def test_a_computed_value_is_known_as_it_stands_since_the_last_word_on_a_visit_of_its_day(registry: Registry) -> None:
    some, rest = {**BASDAI}, {}
    rest["basdai_6"] = some.pop("basdai_6")
    of_day = {"patient": "P-1", "visited_on": "2004-02-03"}
    registry.record("visits", {**of_day, "visit": "ward", **some})
    registry.record("visits", {**of_day, "visit": "letter", **rest})
    joined = registry.head.position
    assert known(registry)["COMPUTED//basdai"] == joined

    again = registry.record("visits", {**of_day, "visit": "again", **BASDAI})
    registry.amend(again, {"visited_on": "2004-02-05"}, reason="typing error")
    moved = registry.head.position

    assert {row["position"] for row in at(registry, moved) if row["code"] == "COMPUTED//basdai"} == {moved}
    assert leaks(registry) == []


def test_a_computed_value_is_known_as_it_stands_since_another_visit_of_its_day_was_retracted(
    registry: Registry,
) -> None:
    of_day = {"patient": "P-1", "visited_on": "2004-02-03"}
    registry.record("visits", {**of_day, "visit": "ward", **BASDAI})
    other = registry.record("visits", {**of_day, "visit": "letter", "basdai_6": 4})
    registry.retract(other, reason="another patient's")

    assert known(registry)["COMPUTED//basdai"] == registry.head.position
    assert leaks(registry) == []


@pytest.mark.parametrize(("available_at", "since"), [("study", 2), ("reading", 1)])
def test_a_score_on_the_day_of_its_study_is_known_since_that_day_is(
    registry: Registry, available_at: str, since: int
) -> None:
    study = registry.record_study("MR-1", patient="P-1", performed_on="2004-02-03", modality="MRI", regions="spine")
    studied = registry.head.position
    grades = dict.fromkeys(_places(), 1)
    registry.record_reading("MR-1", reader="anna", method="berlin", grades=grades, read_on="2010-09-09")
    registry.amend(study, {"performed_on": "2004-02-05"}, reason="typing error")
    registry.amend(study, {"note": "moved"}, reason="typing error")

    found = known(registry, available_at=available_at)
    assert found["SCORE//berlin//total"] == studied + since
    assert found["IMAGING//MRI"] == studied + 2
    assert leaks(registry, available_at=available_at) == []


def _places() -> list[str]:
    from registry.catalogue.catalogue import BUILT_IN

    return [location.name for location in BUILT_IN.methods["berlin"].locations]


def test_whoever_was_enrolled_by_a_day_only_as_it_is_known_later_was_not_there_before(registry: Registry) -> None:
    registry.record("visits", {"patient": "P-1", "visited_on": "2001-02-03", "crp": 5})
    registry.amend("patient/P-1", {"enrolled_on": "2001-01-14"}, reason="typing error")

    assert set(known(registry, as_of="2001-12-31").values()) == {registry.head.position}
    assert leaks(registry, as_of="2001-12-31") == []
    assert known(registry)["MEASURE//crp"] == registry.head.position - 1


def test_who_was_left_out_and_consented_anew_was_not_there_before(registry: Registry) -> None:
    registry.record("visits", {"patient": "P-1", "visited_on": "2004-02-03", "crp": 5})
    visited = registry.head.position
    registry.end_follow_up("P-1", ended_on="2005-01-01", reason="withdrawn")
    registry.amend("patient/P-1", {"consented_on": "2006-01-01"}, reason="consented anew")

    assert set(known(registry, withdrawn="exclude").values()) == {registry.head.position}
    assert leaks(registry, withdrawn="exclude") == []
    assert known(registry)["MEASURE//crp"] == visited


def test_the_instant_is_that_of_the_event(registry: Registry, clock: Clock) -> None:
    clock.set("2015-02-03T04:05")
    course = registry.start_treatment("P-1", agent="adalimumab", started_on="2003-02-03")
    clock.set("2016-07-08T09:10")
    registry.stop_treatment(course, stopped_on="2004-02-01", stop_reason="remission")

    rows = at(registry, registry.head.position)
    instants = Counter((row["code"], f"{row['recorded_at']:%Y-%m-%d %H:%M}") for row in rows)
    assert instants["DRUG_START//adalimumab", "2015-02-03 04:05"] == 1
    assert instants["DRUG_STOP//adalimumab", "2016-07-08 09:10"] == 1
