"""Which day is day 0: episodes, switches, changes of the dose, conditions; which of several, and between which days."""

from __future__ import annotations

import pytest

from projections.cohort.members.cohort import Cohort
from registry import Registry
from registry.toml_keys import DefinitionError
from tests.projections.cohort.defined import SMALL, by_address, small

NOW = 'event = "enrolment"'
CHANGED = "the day of a switch to another targeted agent or product"


def days(registry: Registry, day0: str, rest: str = "") -> list[str]:
    """The days 0 of a cohort, in order."""
    return [str(day) for day in started(registry, day0, rest).day_zero.astype("datetime64[D]")]


def started(registry: Registry, day0: str, rest: str = "") -> Cohort:
    """A cohort of two time points with another day 0."""
    from projections import facts_at
    from projections.cohort.definition_file import parsed

    facts = facts_at(registry)
    return Cohort.of(parsed((SMALL.replace(NOW, day0) + rest).encode(), catalogue=facts.catalogue), facts)


@pytest.fixture
def treated(registry: Registry) -> Registry:
    """P-1 on infliximab with gaps of 61 and 122 days, then on etanercept, then on infliximab again."""
    for start, stop in (("2002-03-01", "2002-04-01"), ("2002-06-01", "2002-08-01"), ("2002-12-01", "2003-02-01")):
        registry.start_treatment("P-1", agent="infliximab", started_on=start, stopped_on=stop)
    registry.start_treatment("P-1", agent="etanercept", started_on="2003-03-01", stopped_on="2004-03-01")
    registry.start_treatment("P-1", agent="infliximab", started_on="2004-06-01")
    return registry


def test_an_episode_begins_where_no_course_of_the_agent_was_given_for_more_than_90_days(treated: Registry) -> None:
    day0 = 'event = "episode"\nof = ["infliximab"]\nwhich = "all"'

    assert days(treated, day0) == ["2002-03-01", "2002-12-01", "2004-06-01"]


@pytest.mark.parametrize(
    ("bridge", "expected"),
    [
        ("60 days", ["2002-03-01", "2002-06-01", "2002-12-01", "2004-06-01"]),
        ("61 days", ["2002-03-01", "2002-12-01", "2004-06-01"]),
        ("122 days", ["2002-03-01", "2004-06-01"]),
    ],
)
def test_bridge_is_the_longest_gap_within_an_episode(treated: Registry, bridge: str, expected: list[str]) -> None:
    day0 = f'event = "episode"\nof = ["infliximab"]\nwhich = "all"\nbridge = "{bridge}"'

    assert days(treated, day0) == expected


@pytest.mark.parametrize(("which", "expected"), [("first", ["2002-03-01"]), ("last", ["2004-06-01"])])
def test_the_first_or_the_last_of_several_episodes_is_day_0(treated: Registry, which: str, expected: list[str]) -> None:
    assert days(treated, f'event = "episode"\nwhich = "{which}"') == expected


@pytest.mark.parametrize(
    ("lines", "expected", "numbers"),
    [
        ("1", ["2002-03-01"], [1]),
        ("2..3", ["2002-12-01", "2003-03-01"], [2, 3]),
        ("3..", ["2003-03-01", "2004-06-01"], [3, 4]),
        ("5..", [], []),
    ],
)
def test_lines_count_by_their_number_which_each_row_carries(
    treated: Registry, lines: str, expected: list[str], numbers: list[int]
) -> None:
    found = started(treated, f'event = "line"\nlines = "{lines}"\nwhich = "all"')

    assert [str(day) for day in found.day_zero.astype("datetime64[D]")] == expected
    assert found.lines == numbers


def test_line_is_still_read_as_the_number_of_one_line(treated: Registry) -> None:
    assert days(treated, 'event = "line"\nline = 3') == ["2003-03-01"]


def test_an_episode_of_what_is_no_targeted_therapy_has_no_number_of_a_line(registry: Registry) -> None:
    registry.start_treatment("P-1", agent="naproxen", started_on="2002-02-01")

    assert started(registry, 'event = "episode"').lines == [None]
    assert days(registry, 'event = "episode"\nlines = "1.."') == []


def test_only_days_between_two_days_count_both_included(treated: Registry) -> None:
    day0 = 'event = "episode"\nwhich = "all"\nbetween = ["2002-12-01", "2003-03-01"]'

    assert days(treated, day0) == ["2002-12-01", "2003-03-01"]
    assert days(treated, 'event = "enrolment"\nbetween = [2002-01-15, 2002-12-31]') == []


def test_a_switch_is_a_line_of_another_agent_than_before_that_the_patient_never_had(treated: Registry) -> None:
    assert days(treated, 'event = "switch"\nwhich = "all"') == ["2003-03-01"]
    assert days(treated, 'event = "switch"\nof = ["etanercept"]') == ["2003-03-01"]
    assert days(treated, 'event = "switch"\nof = ["infliximab"]') == []


def test_a_return_to_an_earlier_agent_is_a_switch_where_returns_count_and_a_restart_of_the_last_is_none(
    treated: Registry,
) -> None:
    day0 = 'event = "switch"\nwhich = "all"\nreturns = true'

    assert days(treated, day0) == ["2003-03-01", "2004-06-01"]


def test_what_is_begun_on_one_day_with_another_is_no_switch_and_no_exchange_of_products(treated: Registry) -> None:
    for agent in ("secukinumab", "adalimumab"):
        treated.start_treatment("P-1", agent=agent, started_on="2010-01-01", stopped_on="2010-12-31")
    for name, day in (("Humira", "2013-01"), ("Hyrimoz", "2013-01-16")):  # a month counts as its middle
        treated.start_treatment("P-1", agent=name, started_on=day)

    assert days(treated, 'event = "switch"\nwhich = "all"') == ["2003-03-01"]
    assert days(treated, 'event = "switch"\nof = ["Humira", "Hyrimoz"]\nwhich = "all"') == []


def test_who_only_returned_is_a_step_of_the_flow(treated: Registry) -> None:
    found = started(treated, 'event = "switch"\nof = ["infliximab"]')

    assert [(step.name, step.n_left, step.n_excluded) for step in found.flow] == [
        ("in the registry", 1, 0),
        (
            f"day 0: {CHANGED} (infliximab), or of a return to an earlier one, the first",
            1,
            0,
        ),
        ("day 0: a switch, no return to an earlier agent or product", 0, 1),
    ]


def test_day_0_a_time_point_and_the_table_call_the_same_a_switch(treated: Registry) -> None:
    treated.record_visit("P-1", visited_on="2004-07-01", measures={"crp": "7"})
    rest = """
[[time_points]]
name = "after the switch"
day = 30
after = "switch"

[tables.switch]
[tables.clinical]
measures = ["crp"]
"""
    course = 'event = "course"\nof = ["etanercept"]'  # from 1 March 2003; back on infliximab on 1 June 2004

    without, counting = (by_address(started(treated, f"{course}{text}", rest)) for text in ("", "\nreturns = true"))

    assert without["clinical / crp / after the switch / n"].value == 0
    assert without["switch / switch / from day 0 / patients"].numerator == 0
    assert without["switch / return / from day 0 / patients"].numerator == 1
    assert "switch / switch: return / from day 0 / patients" not in without
    assert counting["clinical / crp / after the switch / median"].value == 7
    assert counting["switch / switch / from day 0 / patients"].numerator == 1
    assert counting["switch / switch: return / from day 0 / patients"].numerator == 1


def test_a_first_switch_known_to_the_year_only_gives_no_day_to_count_from_though_a_later_one_would(
    registry: Registry,
) -> None:
    registry.start_treatment("P-1", agent="infliximab", started_on="2002-02-01", stopped_on="2002-12-01")
    registry.start_treatment("P-1", agent="etanercept", started_on="2003", stopped_on="2004-01-01")
    registry.start_treatment("P-1", agent="secukinumab", started_on="2004-02-01")
    registry.record_visit("P-1", visited_on="2004-02-10", measures={"crp": "7"})
    rest = """
[[time_points]]
name = "after the switch"
day = 9
after = "switch"

[tables.clinical]
measures = ["crp"]
"""

    assert by_address(started(registry, NOW, rest))["clinical / crp / after the switch / n"].value == 0


def test_an_exchange_of_the_product_is_a_switch_where_the_product_is_named(registry: Registry) -> None:
    registry.start_treatment("P-1", agent="Enbrel", started_on="2009-01-01", stopped_on="2010-02-01")
    registry.start_treatment("P-1", agent="etanercept", started_on="2010-02-01", stopped_on="2010-03-01")
    registry.start_treatment("P-1", agent="Benepali", started_on="2010-03-01", stopped_on="2010-09-01")
    registry.start_treatment("P-1", agent="Enbrel", started_on="2010-09-01")

    found = started(registry, 'event = "switch"\nof = ["Benepali"]')

    assert [str(day) for day in found.day_zero.astype("datetime64[D]")] == ["2010-03-01"]
    assert [str(day) for day in found.stopped.astype("datetime64[D]")] == ["2010-09-01"]
    assert days(registry, 'event = "switch"\nof = ["etanercept"]') == []


def test_a_return_to_an_earlier_product_is_a_switch_only_where_returns_count(registry: Registry) -> None:
    registry.start_treatment("P-1", agent="Enbrel", started_on="2009-01-01", stopped_on="2010-03-01")
    registry.start_treatment("P-1", agent="Benepali", started_on="2010-03-01", stopped_on="2010-09-01")
    registry.start_treatment("P-1", agent="Enbrel", started_on="2010-09-01")

    assert days(registry, 'event = "switch"\nof = ["Enbrel"]') == []
    assert days(registry, 'event = "switch"\nof = ["Enbrel"]\nreturns = true') == ["2010-09-01"]


def test_a_change_of_the_dose_is_day_0_and_a_course_without_a_dose_is_none(registry: Registry) -> None:
    for start, stop, dose, often in (
        ("2002-03-01", "2002-06-01", 50, "weekly"),
        ("2002-06-01", "2002-09-01", None, None),
        ("2002-09-01", "2002-12-01", 50, "weekly"),
        ("2002-12-01", "2003-03-01", 25, "weekly"),
        ("2003-03-01", "2003-06-01", 25, "every 2 weeks"),
    ):
        registry.start_treatment(
            "P-1",
            agent="etanercept",
            started_on=start,
            stopped_on=stop,
            dose=dose,
            dose_unit=None if dose is None else "mg",
            frequency=often,
        )

    assert days(registry, 'event = "dose-change"\nwhich = "all"') == ["2002-12-01", "2003-03-01"]


@pytest.fixture
def tapered(registry: Registry) -> Registry:
    """Etanercept at 50, 25, 12.5, 25 and 25 mg a week, then 50 mg as needed."""
    for start, stop, dose, often in (
        ("2002-03-01", "2002-06-01", 50, "weekly"),
        ("2002-06-01", "2002-09-01", 25, "weekly"),
        ("2002-09-01", "2002-12-01", 25, "every 2 weeks"),
        ("2002-12-01", "2003-03-01", 25, "weekly"),
        ("2003-03-01", "2003-06-01", 50, "every 2 weeks"),
        ("2003-06-01", None, 50, "as needed"),
    ):
        registry.start_treatment(
            "P-1", agent="etanercept", started_on=start, stopped_on=stop, dose=dose, dose_unit="mg", frequency=often
        )
    return registry


@pytest.mark.parametrize(
    ("direction", "expected"),
    [
        ("down", ["2002-06-01", "2002-09-01"]),
        ("up", ["2002-12-01"]),
        ("any", ["2002-06-01", "2002-09-01", "2002-12-01", "2003-03-01", "2003-06-01"]),
    ],
)
def test_a_smaller_dose_and_a_longer_interval_are_less_a_day_and_the_same_amount_is_neither(
    tapered: Registry, direction: str, expected: list[str]
) -> None:
    day0 = f'event = "dose-change"\nwhich = "all"\ndirection = "{direction}"'

    assert days(tapered, day0) == expected


def test_whose_doses_cannot_be_compared_and_who_never_had_less_are_steps_of_the_flow(tapered: Registry) -> None:
    for patient, before, after in (
        ("P-2", (100, "mg", None), (50, "mg", None)),  # how often was not recorded
        ("P-3", (3, "mg/kg", "every 8 weeks"), (200, "mg", "every 8 weeks")),
        ("P-4", (100, "mg", "weekly"), (200, "mg", "weekly")),
        ("P-5", (100, "mg", "weekly"), (100, "mg", "weekly")),
    ):
        tapered.enrol_patient(patient, enrolled_on="2002-01-14")
        for start, stop, (dose, unit, often) in (("2002-03-01", "2002-06-01", before), ("2002-06-01", None, after)):
            tapered.start_treatment(
                patient,
                agent="infliximab",
                started_on=start,
                stopped_on=stop,
                dose=dose,
                dose_unit=unit,
                frequency=often,
            )

    found = started(tapered, 'event = "dose-change"\ndirection = "down"')

    assert found.members == ["P-1"]
    assert [(step.n_left, step.n_excluded) for step in found.flow] == [(5, 0), (4, 1), (2, 2), (1, 1)]
    assert [step.name for step in found.flow[2:]] == [
        "day 0: doses a day that can be compared",
        "day 0: to less a day",
    ]


def test_the_first_day_of_a_condition_is_day_0_and_one_that_nobody_knows_is_none(registry: Registry) -> None:
    registry.record_condition("P-1", condition="uveitis", started_on="2002-05")
    registry.enrol_patient("P-2", enrolled_on="2002-01-14")
    registry.record_condition("P-2", condition="uveitis")

    found = started(registry, 'event = "condition"\nof = ["uveitis"]')

    assert found.members == ["P-1"]
    assert str(found.day_zero.astype("datetime64[D]")[0]) == "2002-05-16"


def test_the_time_of_a_row_ends_at_the_next_day_0_of_its_patient(treated: Registry) -> None:
    for day in ("2002-03-01", "2002-11-30", "2003-03-01", "2003-03-02"):
        treated.record_visit("P-1", visited_on=day, measures={"crp": "5"})
    treated.record_adverse_event("P-1", term="rash", started_on="2003-03-01")
    day0 = 'event = "line"\nlines = "1..3"\nwhich = "all"'

    found = by_address(started(treated, day0, "[tables.rates]\n[tables.survival]\ndays = [92]\n"))

    assert found["rates / adverse events / from day 0 / n"].value == 1
    assert found["rates / adverse events / from day 0 / n"].denominator == pytest.approx(823 / 365.25)
    assert found["survival / courses /  / unknown"].value == 3


def test_a_treatment_that_outlasts_the_time_of_its_row_goes_on_when_that_ends(registry: Registry) -> None:
    registry.start_treatment("P-1", agent="etanercept", started_on="2003-03-01", stopped_on="2004-03-01")
    registry.start_treatment("P-1", agent="secukinumab", started_on="2003-06-01", stopped_on="2003-09-01")

    found = by_address(started(registry, 'event = "line"\nlines = "1.."\nwhich = "all"', "[tables.survival]\n"))

    assert found["survival / courses /  / ongoing"].value == 1
    assert found["survival / courses /  / unknown"].value == 1


def test_rows_of_one_patient_have_no_test_and_say_why(treated: Registry) -> None:
    for day, crp in (("2002-03-01", "9"), ("2004-06-01", "4"), ("2002-12-01", "8"), ("2006-11-18", "3")):
        treated.record_visit("P-1", visited_on=day, measures={"crp": crp})
    day0 = 'event = "episode"\nof = ["infliximab"]\nwhich = "all"'

    found = by_address(started(treated, day0, '[tables.clinical]\nmeasures = ["crp"]\n'))

    test = found["clinical / crp / baseline → 2 years / p"]
    assert (test.p_value, test.text, test.reason) == (None, None, "rows-not-independent")
    assert found["clinical / crp / baseline / n"].value == 3


def test_a_time_point_after_a_switch_counts_from_the_first_switch_after_day_0(treated: Registry) -> None:
    treated.record_visit("P-1", visited_on="2003-02-20", measures={"crp": "7"})
    treated.record_visit("P-1", visited_on="2003-06-01", measures={"crp": "5"})
    rest = """
[[time_points]]
name = "before the switch"
day = -10
window = [-60, -1]
after = "switch"

[[time_points]]
name = "after the switch"
day = 90
after = "switch"

[tables.clinical]
measures = ["crp"]
"""

    found = by_address(started(treated, 'event = "line"', rest))

    assert found["clinical / crp / before the switch / median"].value == 7
    assert found["clinical / crp / after the switch / median"].value == 5


@pytest.mark.parametrize(
    ("day0", "problem"),
    [
        (
            'event = "line"\nlines = "0"',
            "day0.lines: '0' is no span of numbers from 1 to 100; write '1', '2..3' or",
        ),
        ('event = "line"\nlines = "3..2"', "day0.lines: '3..2' is no span of numbers from 1 to 100"),
        ('event = "line"\nlines = "1"\nline = 1', "day0.line: says what lines says too; leave it out"),
        ('event = "enrolment"\nlines = "1"', "day0.lines: is not a key here"),
        ('event = "enrolment"\nwhich = "all"', "day0.which: is not a key here"),
        (
            'event = "course"\nof = ["Remsimaa"]',
            "day0.of: 'Remsimaa' is no agent, class or product; did you mean 'Rem",
        ),
        ('event = "dose-change"\ndirection = "lower"', "day0.direction: "),
        ('event = "course"\ndirection = "down"', "day0.direction: is not a key here"),
        ('event = "switch"\nreturns = "yes"', "day0.returns: "),
        ('event = "episode"\nbridge = "3 months"', "day0.bridge: '3 months' is not within 0 to 3650 days"),
        ('event = "course"\nbetween = ["2003-01-01", "2002-01-01"]', "day0.between: "),
        ('event = "condition"\nof = ["gout?"]', "day0.of: 'gout?' is not one of"),
    ],
)
def test_what_cannot_be_a_day_0_is_refused_with_its_key(registry: Registry, day0: str, problem: str) -> None:
    with pytest.raises(DefinitionError) as refusal:
        started(registry, day0)

    assert any(told.startswith(problem) for told in refusal.value.problems)


__all__ = ["small"]
