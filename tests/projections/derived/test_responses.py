"""Responses to treatment: judged from the baseline of the course, open where missing values could turn them."""

from __future__ import annotations

import pytest

from projections import facts_at, measures, responses
from projections.columns.tables import only
from projections.derived.responders import of_agent, responders
from projections.derived.responses import table
from registry import Registry

ITEMS = {f"basdai_{n}" for n in range(1, 7)}


def visited(registry: Registry, on: str, *, pain: float, label: str | None = None, **more: object) -> str:
    """A visit with all four ASAS domains at one and the same level, 0 to 100, unless said otherwise."""
    domains: dict[str, object] = {
        "patient_global": pain,
        "total_back_pain": pain,
        "basdai_5": pain / 10,
        "basdai_6": pain / 10,
        **{f"basfi_{n}": pain / 10 for n in range(1, 11)},
    }
    return registry.record_visit("P-1", visited_on=on, visit=label, measures={**domains, **more})


def asas20(registry: Registry, **at: str) -> list[tuple[str, str, bool | None, int, int]]:
    rows = only(table(facts_at(registry, **at)), criterion="asas20").to_pylist()
    return [
        (str(row["baseline_on"]), str(row["visited_on"]), row["met"], row["n_improved"], row["n_known"]) for row in rows
    ]


def test_the_baseline_is_the_last_visit_before_the_start_never_simply_the_first(registry: Registry) -> None:
    visited(registry, "2003-01-10", pain=20)
    visited(registry, "2003-05-20", pain=60)
    registry.start_treatment("P-1", agent="infliximab", started_on="2003-06-01")
    visited(registry, "2003-09-01", pain=30)

    assert asas20(registry) == [("2003-05-20", "2003-09-01", True, 4, 4)]


def test_a_visit_on_the_day_of_the_start_is_a_baseline(registry: Registry) -> None:
    visited(registry, "2003-06-01", pain=60)
    registry.start_treatment("P-1", agent="infliximab", started_on="2003-06-01")
    visited(registry, "2003-09-01", pain=59)

    assert asas20(registry) == [("2003-06-01", "2003-09-01", False, 0, 4)]


def test_a_course_without_a_visit_in_its_window_is_not_judged(registry: Registry) -> None:
    visited(registry, "2003-03-02", pain=60)
    registry.start_treatment("P-1", agent="infliximab", started_on="2003-06-01")
    visited(registry, "2003-09-01", pain=30)

    assert asas20(registry) == []
    wider = responses(facts_at(registry), baseline_window_days=91)
    assert set(wider["baseline_window_days"]) == {91}


def test_a_visit_belongs_to_the_course_that_had_begun_last(registry: Registry) -> None:
    visited(registry, "2003-06-01", pain=60)
    registry.start_treatment("P-1", agent="infliximab", started_on="2003-06-01")
    visited(registry, "2003-09-01", pain=30)
    registry.start_treatment("P-1", agent="adalimumab", started_on="2003-09-10")
    visited(registry, "2003-12-01", pain=30)

    assert [row[:3] for row in asas20(registry)] == [
        ("2003-09-01", "2003-12-01", False),
        ("2003-06-01", "2003-09-01", True),
    ]


def test_a_missing_domain_leaves_an_answer_open_where_it_could_turn_it(registry: Registry) -> None:
    visited(registry, "2003-06-01", pain=60)
    registry.start_treatment("P-1", agent="infliximab", started_on="2003-06-01")
    visited(registry, "2003-09-01", pain=30, patient_global=None)
    visited(registry, "2003-12-01", pain=58, patient_global=None)

    assert [row[2:] for row in asas20(registry)] == [(None, 3, 3), (False, 0, 3)]


def test_an_nsaid_is_not_judged(registry: Registry) -> None:
    visited(registry, "2003-06-01", pain=60)
    registry.start_treatment("P-1", agent="naproxen", started_on="2003-06-01")
    visited(registry, "2003-09-01", pain=30)

    assert asas20(registry) == []


def test_a_reported_total_serves_where_there_are_no_items(registry: Registry) -> None:
    registry.record_visit("P-1", visited_on="2003-06-01", measures={"basdai": "6.4"})
    registry.start_treatment("P-1", agent="infliximab", started_on="2003-06-01")
    registry.record_visit("P-1", visited_on="2003-09-01", measures={"basdai": "3.2"})

    frame = responses(facts_at(registry))
    assert [row.met for row in frame[frame["criterion"] == "basdai50"].itertuples()] == [True]


@pytest.mark.parametrize(
    ("criterion", "visit", "n"),
    [
        ("asas20", "week 2", 6),
        ("asas20", "week 8", 8),
        ("asas20", "week 12", 6),
        ("asas50", "week 12", 3),
        ("asas70", "week 12", 3),
    ],
)
def test_the_responders_of_the_anakinra_study_are_the_published_ones(
    published: Registry, criterion: str, visit: str, n: int
) -> None:
    facts = facts_at(published)

    found = {(row.criterion, row.visit): row for row in responders(of_agent(table(facts), facts, "anakinra"), facts)}

    assert (found[criterion, visit].n, found[criterion, visit].n_known) == (n, 9)


def test_an_index_stands_where_all_its_items_do(registry: Registry) -> None:
    items = dict(zip(sorted(ITEMS), ("7", "8", "3", "5", "7", "6")))
    registry.record_visit("P-1", visited_on="2003-06-01", measures=items)
    registry.record_visit("P-1", visited_on="2003-07-01", measures={**items, "basdai_3": None})
    registry.record_visit("P-1", visited_on="2003-08-01", measures={"crp": "5"})

    frame = measures(facts_at(registry))
    computed = frame[frame["derived"] & (frame["measure"] == "basdai")].astype({"value": object})
    first = computed.iloc[0]
    assert (first["value"], first["rule"], first["n_expected"], first["n_present"]) == (5.9, "basdai/1", 6, 6)
    assert computed["value"].isna().tolist() == [False, True]
    assert computed["n_present"].tolist() == [6, 5]


def test_a_reported_total_stands_beside_the_computed_one(registry: Registry) -> None:
    items = dict(zip(sorted(ITEMS), ("7", "8", "3", "5", "7", "6")))
    registry.record_visit("P-1", visited_on="2003-06-01", measures={**items, "basdai": "6.0"})

    frame = measures(facts_at(registry))

    both = frame[frame["measure"] == "basdai"]
    assert both["derived"].tolist() == [False, True]
    assert both["value"].tolist() == [6.0, 5.9]


def test_a_basmi_of_unknown_version_is_kept_and_never_computed_with(published: Registry) -> None:
    frame = measures(facts_at(published))

    reported = frame[frame["measure"] == "basmi"]
    assert len(reported) == 44
    assert reported["version"].isna().all()
    assert not frame[frame["measure"].isin(["basmi_2step", "basmi_10step", "basmi_linear"])]["value"].notna().any()


def test_of_all_who_are_due_an_agent_of_which_nobody_came_counts_with_nobody_who_responded(registry: Registry) -> None:
    visits = {"P-1": ("infliximab", ("week 12", "week 52")), "P-2": ("etanercept", ("week 12",))}
    days = {"baseline": "2003-01-01", "week 12": "2003-03-26", "week 52": "2004-01-01"}
    registry.enrol_patient("P-2", enrolled_on="2002-01-14")
    for patient, (agent, labels) in visits.items():
        registry.start_treatment(patient, agent=agent, started_on="2003-01-01")
        for label in ("baseline", *labels):
            level = {"basdai": "8" if label == "baseline" else "2"}
            registry.record_visit(patient, visited_on=days[label], visit=label, measures=level)
    facts = facts_at(registry)

    found = responders(table(facts), facts, denominator="all")

    assert [(each.agent, each.visit, each.n, each.of) for each in found if each.criterion == "basdai50"] == [
        ("etanercept", "week 12", 1, 1),
        ("etanercept", "week 52", 0, 1),
        ("infliximab", "week 12", 1, 1),
        ("infliximab", "week 52", 1, 1),
    ]
