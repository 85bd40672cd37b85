"""Measures before, at and after a switch to another targeted drug."""

from __future__ import annotations

import pytest

from projections.cohort.definition_file import parsed
from projections.cohort.figures.figures import Figure
from registry import Registry
from registry.toml_keys import DefinitionError
from tests.projections.cohort.defined import SMALL, by_address, small

Course = tuple[str, str, str | None, str | None]
Figures = dict[str, Figure]


def treat(registry: Registry, patient: str, *courses: Course) -> None:
    """Give a patient, enrolled where needed, courses: agent, start, stop, reason of the stop."""
    if patient != "P-1":
        registry.enrol_patient(patient, enrolled_on="2002-01-14")
    for agent, started_on, stopped_on, reason in courses:
        registry.start_treatment(patient, agent=agent, started_on=started_on, stopped_on=stopped_on, stop_reason=reason)


def measure(registry: Registry, patient: str, **days: str) -> None:
    """Record a BASFI on days, written as `y2003_06_01="4.0"`."""
    for day, value in days.items():
        registry.record_visit(patient, visited_on=day[1:].replace("_", "-"), measures={"basfi": value})


@pytest.fixture
def switched(registry: Registry) -> Registry:
    """P-1 to another class after lack of efficacy, P-2 within the class, P-3 to the same drug again, P-4 not at all."""
    treat(
        registry,
        "P-1",
        ("adalimumab", "2002-02-01", "2003-05-20", "lack-of-efficacy"),
        ("secukinumab", "2003-06-01", None, None),
        ("etanercept", "2004-06-01", None, None),
    )
    treat(registry, "P-2", ("adalimumab", "2002-02-01", None, None), ("etanercept", "2003-06-01", None, None))
    treat(
        registry,
        "P-3",
        ("adalimumab", "2002-02-01", "2002-06-01", None),
        ("adalimumab", "2003-06-01", None, None),
    )
    treat(registry, "P-4", ("adalimumab", "2002-02-01", None, None))
    measure(registry, "P-1", y2002_09_01="6.0", y2003_05_25="7.0", y2003_06_02="6.5", y2004_01_10="3.0")
    measure(registry, "P-2", y2003_05_30="4.0", y2004_01_10="2.0")
    measure(registry, "P-3", y2003_05_30="9.0", y2004_01_10="9.0")
    return registry


def table(registry: Registry, text: str = "") -> Figures:
    return by_address(small(registry, f'[tables.switch]\nmeasures = ["basfi"]\n{text}'))


@pytest.mark.parametrize("order", [("secukinumab", "etanercept"), ("etanercept", "secukinumab")])
def test_two_agents_begun_on_one_day_are_no_switch_whatever_they_are_called_and_are_told(
    registry: Registry, order: tuple[str, str]
) -> None:
    treat(registry, "P-1", ("adalimumab", "2002-02-01", "2003-05-20", None))
    treat(registry, "P-1", *((agent, "2003-06-01", None, None) for agent in order))
    treat(registry, "P-2", ("adalimumab", "2002-01-14", "2003-05-20", None), ("etanercept", "2002-01-14", None, None))
    treat(registry, "P-2", ("adalimumab", "2004-01-14", None, None))  # begun again, after two of one day
    treat(registry, "P-3", ("adalimumab", "2002-02-01", None, None), ("etanercept", "2003-06-01", None, None))

    found = table(registry)

    switch, returned = (found[f"switch / {row} / from day 0 / patients"] for row in ("switch", "return"))
    assert (switch.text, returned.numerator) == ("1 of 3 (33.3%)", 0)
    assert str(switch.denominator_note).endswith(
        "; 1 with several targeted agents begun on one day, which is no switch"
    )


def test_who_switched_is_of_all_members_and_a_restart_of_the_same_drug_is_none(switched: Registry) -> None:
    found = table(switched)

    assert found["switch / switch / from day 0 / patients"].text == "2 of 4 (50.0%)"
    assert found["switch / switch: within-class / from day 0 / patients"].text == "1 of 2 (50.0%)"
    assert found["switch / switch: between-classes / from day 0 / patients"].text == "1 of 2 (50.0%)"
    assert found["switch / switch / from day 0 / days median"].text == "503 (503–503)"  # 2002-01-14 to 2003-06-01


def test_why_the_drug_before_was_stopped_is_of_those_of_whom_it_is_said(switched: Registry) -> None:
    stopped = table(switched)["switch / stopped: lack-of-efficacy / from day 0 / patients"]

    assert (stopped.text, stopped.denominator_note) == (
        "1 of 1 (100.0%)",
        "1 of 2 patients; 1 whose drug before went on, or was stopped for a reason that was not said",
    )


def test_values_stand_before_at_and_after_the_first_day_of_the_next_drug(switched: Registry) -> None:
    found = table(switched)

    means = [found[f"switch / basfi / {at} the switch / mean"].value for at in ("before", "at", "after")]
    assert means == [6, 5.5, 2.5]  # at the switch of P-1 the 7.0 of the week before, not the 6.5 of the day after
    assert found["switch / basfi / at the switch → after the switch / mean difference"].value == 3
    assert found["switch / basfi / before the switch / known"].text == "1 of 2 (50.0%)"


def test_other_windows_take_other_values(switched: Registry) -> None:
    found = table(switched, "before = [-90, -1]\nat = [0, 14]\n")

    assert [found[f"switch / basfi / {at} the switch / mean"].value for at in ("before", "at")] == [5.5, 6.5]


def test_a_switch_known_to_the_year_counts_as_one_and_at_no_time_point(registry: Registry) -> None:
    treat(registry, "P-1", ("adalimumab", "2002-02-01", None, None), ("secukinumab", "2003", None, None))
    measure(registry, "P-1", y2003_06_01="6.0")

    found = table(registry)

    assert found["switch / switch / from day 0 / patients"].numerator == 1
    assert found["switch / basfi / at the switch / n"].value == 0


def test_nobody_who_switched_is_a_result_with_its_reason(registry: Registry) -> None:
    found = table(registry)

    assert found["switch / switch / from day 0 / patients"].text == "0 of 1 (0.0%)"
    assert found["switch / basfi / at the switch / mean"].reason == "nothing-given"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("before = [-90, -10]\n", "tables.switch: before, at and after share days; a day belongs to one of them"),
        ("at = [1, 14]\n", "tables.switch.at: goes from day 1 to day 14 and leaves out the day of the switch, 0"),
        ("after = [0, 9]\n", r"tables.switch.after: '\[0, 9\]' is not two whole numbers from 1"),
    ],
)
def test_windows_that_cannot_be_are_refused_with_their_key(text: str, message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        parsed(f"{SMALL}[tables.switch]\n{text}".encode())
