"""Episodes: courses of one agent with short gaps only."""

from __future__ import annotations

import pytest

from projections import facts_at
from projections.therapy.treatment_episodes import TREATMENT_EPISODES, table, treatment_episodes
from registry import Registry
from registry.errors import RangeError
from tests.projections.rows_of import row_of, rows_of

ENDS = "episode started_on stopped_on ongoing days n_courses"


def give(registry: Registry, *courses: tuple[str, str | None], agent: str = "anakinra", **cells: str | None) -> None:
    for started_on, stopped_on in courses:
        registry.start_treatment("P-1", agent=agent, started_on=started_on, stopped_on=stopped_on, **cells)


@pytest.mark.parametrize(
    ("started_on", "expected"),
    [
        ("2003-06-30", [(1, "2003-01-01", "2003-12-31", False, 364, 2)]),
        (
            "2003-07-01",
            [(1, "2003-01-01", "2003-04-01", False, 90, 1), (2, "2003-07-01", "2003-12-31", False, 183, 1)],
        ),
    ],
    ids=["90 days", "91 days"],
)
def test_a_gap_of_90_days_is_bridged_and_one_of_91_is_not(
    registry: Registry, started_on: str, expected: list[tuple[object, ...]]
) -> None:
    give(registry, ("2003-01-01", "2003-04-01"), (started_on, "2003-12-31"))

    assert rows_of(table(facts_at(registry)), ENDS) == expected


def test_the_longest_gap_can_be_chosen(registry: Registry) -> None:
    give(registry, ("2003-01-01", "2003-04-01"), ("2003-04-10", "2003-12-31"))

    assert table(facts_at(registry), max_gap_days=8).num_rows == 2
    assert table(facts_at(registry), max_gap_days=9).num_rows == 1
    with pytest.raises(RangeError, match="max_gap_days: -1 is outside 0 days or more"):
        table(facts_at(registry), max_gap_days=-1)


def test_a_course_on_the_next_day_leaves_no_gap_and_later_ones_are_summed(registry: Registry) -> None:
    give(
        registry,
        ("2003-01-01", "2003-01-31"),
        ("2003-02-01", "2003-02-10"),
        ("2003-02-12", "2003-02-20"),
        ("2003-03-02", None),
    )

    assert row_of(table(facts_at(registry)), "n_courses n_gaps gap_days gap_days_min gap_days_max") == (
        4,
        2,
        12,
        12,
        12,
    )


def test_courses_that_overlap_are_one_even_where_the_first_lasts_longest(registry: Registry) -> None:
    give(registry, ("2003-01-01", "2003-12-31"), ("2003-02-01", "2003-03-01"), ("2004-01-10", "2004-02-01"))

    found = row_of(table(facts_at(registry)), f"{ENDS} n_gaps gap_days")

    assert found == (1, "2003-01-01", "2004-02-01", False, 396, 3, 1, 10)


def test_a_course_that_was_never_stopped_goes_on_over_all_later_ones(registry: Registry) -> None:
    give(registry, ("2003-01-01", None), ("2005-01-01", "2005-02-01"))

    assert row_of(table(facts_at(registry)), ENDS) == (1, "2003-01-01", None, True, None, 2)
    assert row_of(table(facts_at(registry, as_of="2005-01-31")), ENDS) == (1, "2003-01-01", None, True, 761, 2)


def test_a_stop_after_as_of_has_not_happened_and_neither_has_the_gap(registry: Registry) -> None:
    give(registry, ("2003-01-01", "2003-04-01"), ("2003-09-01", None))

    assert rows_of(table(facts_at(registry, as_of="2003-03-31")), ENDS) == [(1, "2003-01-01", None, True, 89, 1)]
    assert rows_of(table(facts_at(registry)), "episode ongoing") == [(1, False), (2, True)]


def test_a_restart_names_the_episode_before_it(registry: Registry) -> None:
    give(registry, ("2003-03-04", "2003-05-26"), ("2003-05-30", "2003-06-10"), ("2004-01-01", None))

    assert rows_of(table(facts_at(registry)), "treatment_id restart_of off_days") == [
        ("treatment/P-1/anakinra/2003-03-04", None, None),
        ("treatment/P-1/anakinra/2004-01-01", "treatment/P-1/anakinra/2003-03-04", 205),
    ]


def test_the_reason_is_that_of_the_course_that_ended_last(registry: Registry) -> None:
    give(registry, ("2003-01-01", "2003-12-31"), stop_reason="loss-of-efficacy")
    give(registry, ("2003-02-01", "2003-03-01"), stop_reason="surgery")

    assert row_of(table(facts_at(registry)), "stop_reason") == ("loss-of-efficacy",)


def test_another_dose_or_frequency_is_a_dose_change_and_the_same_in_other_digits_is_none(registry: Registry) -> None:
    for started_on, stopped_on, dose, frequency in (
        ("2003-01-01", "2003-01-31", "50", "weekly"),
        ("2003-02-01", "2003-02-28", "50.0", "weekly"),
        ("2003-03-01", "2003-03-31", None, None),
        ("2003-04-01", "2003-04-30", "50", None),
        ("2003-05-01", "2003-05-31", "25", "weekly"),
        ("2003-06-01", None, "25", "every 2 weeks"),
    ):
        give(
            registry,
            (started_on, stopped_on),
            agent="etanercept",
            dose=dose,
            dose_unit="mg",
            frequency=frequency,
        )

    assert row_of(table(facts_at(registry)), "n_dose_changes doses") == (
        2,
        ["50 mg weekly", "25 mg weekly", "25 mg every 2 weeks"],
    )


def test_agents_and_patients_are_kept_apart(registry: Registry) -> None:
    registry.enrol_patient("P-2", enrolled_on="2002-01-14")
    give(registry, ("2003-01-01", "2003-02-01"))
    give(registry, ("2003-02-02", "2003-03-01"), agent="etanercept")
    registry.start_treatment("P-2", agent="anakinra", started_on="2003-02-02")

    assert rows_of(table(facts_at(registry)), "patient agent atc drug_class episode") == [
        ("P-1", "anakinra", "L04AC03", "IL-1i", 1),
        ("P-1", "etanercept", "L04AB01", "TNFi", 1),
        ("P-2", "anakinra", "L04AC03", "IL-1i", 1),
    ]


@pytest.mark.parametrize(
    ("stopped_on", "started_on", "expected"),
    [
        ("2003-01", "2003-03-15", [(2, 58, 43, 73, False)]),
        ("2003-01", "2003-04", [(2, 89, 60, 119, True)]),
        ("2003-01", "2003-04-02", [(2, 76, 61, 91, True)]),
        ("2003-01", "2003-06", [(1, 0, 0, 0, False), (1, 0, 0, 0, False)]),
        ("2003", "2003-06-15", [(2, 0, 0, 165, True)]),
    ],
)
def test_partial_ends_leave_a_gap_open_and_the_decision_uncertain(
    registry: Registry, stopped_on: str, started_on: str, expected: list[tuple[object, ...]]
) -> None:
    give(registry, ("2002-06-01", stopped_on), (started_on, None))

    found = rows_of(table(facts_at(registry)), "n_courses gap_days gap_days_min gap_days_max uncertain")

    assert found == expected


def test_the_days_off_before_a_restart_have_their_range(registry: Registry) -> None:
    give(registry, ("2002-06-01", "2003-01"), ("2003-06", None))

    assert rows_of(table(facts_at(registry)), "off_days off_days_min off_days_max uncertain")[1] == (
        150,
        121,
        180,
        False,
    )


def test_a_stop_known_to_its_month_never_counts_before_the_start(registry: Registry) -> None:
    give(registry, ("2003-02-14", "2003-02"), ("2003-05-10", None))

    found = row_of(table(facts_at(registry)), "n_courses gap_days gap_days_min gap_days_max uncertain")

    assert found == (2, 78, 71, 85, False)


def test_the_frame_has_the_declared_columns_also_without_any_course(registry: Registry) -> None:
    frame = treatment_episodes(facts_at(registry))

    assert list(frame.columns) == [column.name for column in TREATMENT_EPISODES.columns]
    assert len(frame) == 0


def test_in_the_anakinra_study_every_course_is_an_episode_of_twelve_weeks(published: Registry) -> None:
    found = treatment_episodes(facts_at(published))
    anakinra = found[found["agent"] == "anakinra"]

    assert len(found) == 71
    assert (anakinra["days"] == 83).all()  # 84 daily doses: the first and the last day are 83 days apart
    assert anakinra["stop_reason"].tolist() == ["protocol-end"] * 9
    assert anakinra["doses"].map(list).tolist() == [["100 mg daily"]] * 9
