"""Who is given what on a day, and how long ago what was stopped."""

from __future__ import annotations

from datetime import date

import pytest

from projections import facts_at
from projections.therapy.exposure import exposure_on, exposure_table, washout_on, washout_table
from registry import Registry
from registry.errors import ClinicalDayError, FormatError
from tests.projections.rows_of import row_of, rows_of


@pytest.fixture
def treated(registry: Registry) -> Registry:
    """A patient on anakinra from 4 March to 26 May 2003, on methotrexate in 2002, on naproxen all the time."""
    registry.start_treatment("P-1", agent="anakinra", started_on="2003-03-04", stopped_on="2003-05-26")
    registry.start_treatment("P-1", agent="methotrexate", started_on="2002-01-20", stopped_on="2002-12")
    registry.start_treatment("P-1", agent="naproxen", started_on="2001")
    return registry


@pytest.mark.parametrize(
    ("on", "agents"),
    [
        ("2003-03-03", [("naproxen", 609)]),
        ("2003-03-04", [("anakinra", 0), ("naproxen", 610)]),
        ("2003-05-26", [("anakinra", 83), ("naproxen", 693)]),
        ("2003-05-27", [("naproxen", 694)]),
        ("2000-12-31", []),
    ],
)
def test_a_course_covers_its_first_and_its_last_day(treated: Registry, on: str, agents: list[object]) -> None:
    assert rows_of(exposure_table(facts_at(treated), on), "agent days") == agents


def test_a_partial_start_covers_from_its_first_day_and_is_uncertain_up_to_its_last(treated: Registry) -> None:
    facts = facts_at(treated)

    assert row_of(exposure_table(facts, "2001-12-30", which="NSAID"), "uncertain") == (True,)
    assert row_of(exposure_table(facts, "2001-12-31", which="NSAID"), "uncertain") == (False,)


def test_another_dose_begins_another_course_and_not_another_episode(registry: Registry) -> None:
    registry.start_treatment(
        "P-1", agent="etanercept", started_on="2003-01-01", stopped_on="2003-06-30", dose="50", dose_unit="mg"
    )
    registry.start_treatment("P-1", agent="etanercept", started_on="2003-07-01", dose="25", dose_unit="mg")

    found = row_of(exposure_table(facts_at(registry), date(2003, 7, 11)), "dose days episode_started_on episode_days")

    assert found == (25.0, 10, "2003-01-01", 191)


def test_the_washout_counts_from_the_last_stop_and_keeps_its_range(treated: Registry) -> None:
    columns = "agent stopped_on days_since_last_stop days_min days_max exposed"
    assert rows_of(washout_table(facts_at(treated), "2003-06-06"), columns) == [
        ("anakinra", "2003-05-26", 11, 11, 11, False),
        ("methotrexate", "2002-12-01", 172, 157, 187, False),
    ]


def test_a_class_is_washed_out_when_its_last_agent_is(registry: Registry) -> None:
    registry.start_treatment("P-1", agent="etanercept", started_on="2002-03-01", stopped_on="2003-01-01")
    registry.start_treatment("P-1", agent="infliximab", started_on="2003-02-01", stopped_on="2003-05-01")
    registry.start_treatment("P-1", agent="adalimumab", started_on="2003-06-01")
    facts = facts_at(registry)

    columns = "drug_class agent days_since_last_stop exposed"
    assert rows_of(washout_table(facts, "2003-05-31", by="drug_class"), columns) == [("TNFi", "infliximab", 30, False)]
    assert rows_of(washout_table(facts, "2003-06-01", by="drug_class"), columns) == [("TNFi", "infliximab", 31, True)]


def test_of_a_day_after_as_of_nothing_is_known(treated: Registry) -> None:
    facts = facts_at(treated, as_of="2003-04-01")

    assert len(exposure_on(facts, "2003-04-01")) == 2
    with pytest.raises(ClinicalDayError, match="day: 2003-04-02 lies after as_of, 2003-04-01"):
        exposure_on(facts, "2003-04-02")
    with pytest.raises(FormatError, match="day: '2003-04' is not a day of the calendar"):
        washout_on(facts, "2003-04")


def test_an_empty_registry_gives_empty_frames(registry: Registry) -> None:
    assert (len(exposure_on(facts_at(registry), "2003-04-02")), len(washout_on(facts_at(registry), "2003-04-02"))) == (
        0,
        0,
    )


def test_on_1_june_2003_seven_of_the_nine_were_on_anakinra(published: Registry) -> None:
    facts = facts_at(published)

    assert len(exposure_on(facts, "2003-06-01", which="L04AC03")) == 7
    assert washout_on(facts, "2003-06-01", which="IL-1i")["days_since_last_stop"].tolist() == [6]
