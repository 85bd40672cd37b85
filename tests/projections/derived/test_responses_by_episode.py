"""Responses follow episodes of targeted therapy: what is given beside, and another dose, change nothing."""

from __future__ import annotations

from projections import facts_at
from projections.columns.tables import only
from projections.derived.responses import table
from registry import Registry

AGENT = {"agent": "adalimumab"}


def seen(registry: Registry, **basdai: float | None) -> None:
    """Visits of P-1 on days written as `d2009_03_04`, each with a reported BASDAI, or a phone call without one."""
    for day, value in basdai.items():
        measures = {"patient_global": 50} if value is None else {"basdai": value}
        registry.record_visit("P-1", visited_on=day[1:].replace("_", "-"), measures=measures)


def judged(registry: Registry, criterion: str = "basdai50", **options: object) -> list[tuple[str, str, str, bool]]:
    """Agent, baseline, visit and answer of each response."""
    rows = only(table(facts_at(registry), **options), criterion=criterion).to_pylist()  # type: ignore[arg-type]
    return [
        (row["treatment_id"].split("/")[2], str(row["baseline_on"]), str(row["visited_on"]), row["met"]) for row in rows
    ]


def test_a_bridging_steroid_takes_no_answer_from_the_drug_that_it_bridges_to(registry: Registry) -> None:
    registry.start_treatment("P-1", **AGENT, started_on="2009-03-05")
    registry.start_treatment("P-1", agent="prednisolone", started_on="2009-03-12", stopped_on="2009-03-26")
    registry.start_treatment("P-1", agent="methotrexate", started_on="2009-03-19")
    seen(registry, d2009_03_04=8, d2009_06_03=3, d2009_09_02=5)

    assert judged(registry) == [
        ("adalimumab", "2009-03-04", "2009-06-03", True),
        ("adalimumab", "2009-03-04", "2009-09-02", False),
    ]


def test_another_dose_keeps_the_baseline_of_the_episode(registry: Registry) -> None:
    registry.start_treatment("P-1", **AGENT, started_on="2009-03-05", stopped_on="2009-07-01", dose=40, dose_unit="mg")
    registry.start_treatment("P-1", **AGENT, started_on="2009-07-02", dose=80, dose_unit="mg")
    seen(registry, d2009_03_04=8, d2009_06_03=3, d2009_09_02=4)

    assert judged(registry) == [
        ("adalimumab", "2009-03-04", "2009-06-03", True),
        ("adalimumab", "2009-03-04", "2009-09-02", True),
    ]
    assert set(table(facts_at(registry))["treatment_id"].to_pylist()) == {"treatment/P-1/adalimumab/2009-03-05"}


def test_a_gap_of_more_than_90_days_makes_another_episode_with_a_baseline_of_its_own(registry: Registry) -> None:
    registry.start_treatment("P-1", **AGENT, started_on="2009-03-05", stopped_on="2009-04-01")
    registry.start_treatment("P-1", **AGENT, started_on="2009-07-01")
    seen(registry, d2009_03_04=8, d2009_06_03=3, d2009_09_02=2)

    assert judged(registry)[-1] == ("adalimumab", "2009-06-03", "2009-09-02", False)


def test_a_visit_on_the_day_of_the_next_therapy_still_answers_for_the_one_before(registry: Registry) -> None:
    registry.start_treatment("P-1", **AGENT, started_on="2009-03-05", stopped_on="2009-06-01")
    registry.start_treatment("P-1", agent="secukinumab", started_on="2009-06-03")
    seen(registry, d2009_03_04=8, d2009_06_03=6, d2009_09_02=3)

    assert judged(registry) == [
        ("adalimumab", "2009-03-04", "2009-06-03", False),
        ("secukinumab", "2009-06-03", "2009-09-02", True),
    ]


def test_a_phone_call_with_one_question_displaces_no_baseline(registry: Registry) -> None:
    domains = {"patient_global": 60, "total_back_pain": 60, "basdai_5": 6, "basdai_6": 6}
    registry.record_visit("P-1", visited_on="2009-03-01", measures={**domains, "basfi": 6})
    seen(registry, d2009_03_04=None)
    registry.start_treatment("P-1", **AGENT, started_on="2009-03-05")
    better = {"patient_global": 30, "total_back_pain": 30, "basdai_5": 3, "basdai_6": 3, "basfi": 3}
    registry.record_visit("P-1", visited_on="2009-06-03", measures=better)

    assert judged(registry, "asas40") == [("adalimumab", "2009-03-01", "2009-06-03", True)]


def test_of_visits_that_all_lack_something_the_one_with_most_is_the_baseline(registry: Registry) -> None:
    registry.record_visit("P-1", visited_on="2009-02-01", measures={"patient_global": 60, "basfi": 6})
    seen(registry, d2009_03_04=None)
    registry.start_treatment("P-1", **AGENT, started_on="2009-03-05")
    registry.record_visit("P-1", visited_on="2009-06-03", measures={"patient_global": 90, "basfi": 9})

    assert judged(registry, "asas20") == [("adalimumab", "2009-02-01", "2009-06-03", False)]


def test_questionnaire_and_laboratory_of_one_day_are_one_visit(registry: Registry) -> None:
    registry.start_treatment("P-1", **AGENT, started_on="2009-03-05")
    for day, mm in (("2009-03-04", 60), ("2009-06-03", 30)):
        domains = {"patient_global": mm, "total_back_pain": mm, "basdai_5": mm / 10, "basdai_6": mm / 10}
        registry.record_visit("P-1", visited_on=day, visit="app", measures=domains)
        registry.record_visit("P-1", visited_on=day, visit="ward", measures={"basfi": mm / 10})

    rows = only(table(facts_at(registry)), criterion="asas40").to_pylist()
    assert [(row["visit_id"].split("/")[-1], row["met"], row["n_known"]) for row in rows] == [
        ("app", True, 4),
        ("ward", True, 4),
    ]


def test_episodes_of_what_is_given_beside_are_judged_where_that_is_asked(registry: Registry) -> None:
    registry.start_treatment("P-1", agent="methotrexate", started_on="2009-03-05")
    seen(registry, d2009_03_04=8, d2009_06_03=3)

    assert judged(registry) == []
    assert judged(registry, therapy="immunomodulating") == [("methotrexate", "2009-03-04", "2009-06-03", True)]
