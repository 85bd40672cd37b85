"""Gaps in which another targeted agent was begun: bridged by default, an end of the first where that is asked for."""

from __future__ import annotations

import pytest

from projections import facts_at
from projections.cohort.definition_file import parsed
from projections.cohort.members.cohort import Cohort
from registry import Registry
from registry.toml_keys import DefinitionError
from tests.projections.cohort.defined import SMALL, by_address, cohort

NOT_OVER = '\nbridge_over = "no-other-agent"'
TABLES = "\n[tables.survival]\ndays = [365]\n[tables.switch]\n[tables.lines]\n"


def asked(registry: Registry, day0: str, tables: str = "") -> Cohort:
    text = SMALL.replace('event = "enrolment"', day0) + tables
    return cohort(parsed(text.encode(), catalogue=registry.catalogue), facts_at(registry))


def starts(registry: Registry, day0: str) -> list[str]:
    """The days 0 of a cohort, in order."""
    return [str(day) for day in asked(registry, day0).day_zero.astype("datetime64[D]")]


def give(registry: Registry, agent: str, started_on: str, stopped_on: str | None = None, dose: str = "40") -> None:
    registry.start_treatment(
        "P-1", agent=agent, started_on=started_on, stopped_on=stopped_on, dose=dose, dose_unit="mg"
    )


@pytest.fixture
def changed(registry: Registry) -> Registry:
    """P-1 on adalimumab until 1 May 2002, for a month on etanercept, then on adalimumab again, seen in 2005."""
    give(registry, "adalimumab", "2002-01-14", "2002-05-01")
    give(registry, "etanercept", "2002-05-02", "2002-06-01")
    give(registry, "adalimumab", "2002-06-02")
    registry.record_visit("P-1", visited_on="2005-01-14", measures={"crp": "3"})
    return registry


def test_by_default_a_treatment_goes_on_over_a_month_on_another_agent(changed: Registry) -> None:
    assert starts(changed, 'event = "line"\nlines = "1.."\nwhich = "all"') == ["2002-01-14", "2002-05-02"]
    assert starts(changed, 'event = "switch"\nreturns = true\nwhich = "all"') == ["2002-05-02"]


def test_over_no_other_agent_the_first_ends_and_there_is_a_line_more_and_a_return(changed: Registry) -> None:
    every = ["2002-01-14", "2002-05-02", "2002-06-02"]

    assert starts(changed, f'event = "episode"\nwhich = "all"{NOT_OVER}') == every
    assert starts(changed, f'event = "line"\nlines = "1.."\nwhich = "all"{NOT_OVER}') == every
    assert starts(changed, f'event = "line"\nlines = "3"{NOT_OVER}') == every[2:]
    assert starts(changed, f'event = "switch"\nreturns = true\nwhich = "all"{NOT_OVER}') == every[1:]
    assert starts(changed, f'event = "switch"\nwhich = "all"{NOT_OVER}') == every[1:2]


def test_retention_lines_and_returns_of_the_tables_count_alike(changed: Registry) -> None:
    over, not_over = (by_address(asked(changed, f'event = "line"{more}', TABLES)) for more in ("", NOT_OVER))

    def said(address: str) -> tuple[float | None, float | None]:
        return over[address].value, not_over[address].value

    assert said("survival / retention / day 365 / retention") == (100, 0)
    assert said("switch / return / from day 0 / patients") == (0, 100)
    assert said("lines / line 3 or later / 2 years / percent") == (0, 100)


@pytest.mark.parametrize(
    ("agent", "started_on", "n"),
    [
        ("etanercept", "2002-05-01", 2),  # the last day of the first
        ("etanercept", "2002-04-30", 1),  # while the first was given
        ("etanercept", "2002-06-02", 1),  # the day on which the first was begun again
        ("methotrexate", "2002-05-02", 1),
        ("adalimumab", "2002-05-02", 1),
    ],
)
def test_what_counts_is_another_targeted_agent_that_was_begun_in_the_gap(
    registry: Registry, agent: str, started_on: str, n: int
) -> None:
    give(registry, "adalimumab", "2002-01-14", "2002-05-01")
    give(registry, agent, started_on, "2002-06-03" if agent != "adalimumab" else "2002-05-20")
    give(registry, "adalimumab", "2002-06-02")

    day0 = f'event = "episode"\nof = ["adalimumab"]\nwhich = "all"{NOT_OVER}'

    assert len(starts(registry, day0)) == n


def test_another_dose_of_what_was_given_anyway_begins_nothing(registry: Registry) -> None:
    give(registry, "etanercept", "2002-01-14", "2002-05-10", "50")
    give(registry, "etanercept", "2002-05-11", "2002-12-31", "25")
    give(registry, "adalimumab", "2002-02-01", "2002-05-01")
    give(registry, "adalimumab", "2002-06-02")

    assert len(starts(registry, f'event = "episode"\nwhich = "all"{NOT_OVER}')) == 2


def test_what_makes_no_line_knows_no_such_gaps(changed: Registry) -> None:
    give(changed, "naproxen", "2002-01-14", "2002-05-01")
    give(changed, "naproxen", "2002-06-02")

    assert starts(changed, f'event = "episode"\nof = ["naproxen"]\nwhich = "all"{NOT_OVER}') == ["2002-01-14"]


def test_another_patients_change_ends_nothing(registry: Registry) -> None:
    registry.enrol_patient("P-2", enrolled_on="2002-01-14")
    registry.start_treatment("P-2", agent="etanercept", started_on="2002-05-02")
    give(registry, "adalimumab", "2002-01-14", "2002-05-01")
    give(registry, "adalimumab", "2002-06-02")

    assert len(starts(registry, f'event = "episode"\nwhich = "all"{NOT_OVER}')) == 2


def test_the_flow_says_which_gaps_are_not_bridged_and_another_word_is_refused(changed: Registry) -> None:
    flow = asked(changed, f'event = "episode"{NOT_OVER}').flow

    assert flow[1].name.endswith("its gaps bridged, no gap in which another targeted agent was begun, the first")
    with pytest.raises(DefinitionError, match=r"day0\.bridge_over: 'nothing' is not 'other-agents' or"):
        asked(changed, 'event = "line"\nbridge_over = "nothing"')
