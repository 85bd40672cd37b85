"""In which state of the ASDAS the members were, over the time points."""

from __future__ import annotations

import pytest

from projections.cohort.figures.figures import Figure
from registry import Registry
from tests.projections.cohort.defined import by_address, small

ROWS = ("inactive", "low", "high", "very high", "not known")


def answers(back_pain: str, stiffness: str, others: str, **acute_phase: str) -> dict[str, str]:
    """What an ASDAS is computed from; with a CRP of 2 mg/l and nothing else it is 0.579 ln 3, which is 0.64."""
    rated = {"basdai_2": back_pain, "basdai_6": stiffness, "basdai_3": others, "patient_global": f"{others}0"}
    return {**rated, **acute_phase}


INACTIVE = answers("0", "0", "0", crp="2")
LOW = answers("6", "0", "0", crp="2")  # 0.64 + 0.73 = 1.36
HIGH = answers("10", "10", "0", crp="2")  # 0.64 + 1.21 + 0.58 = 2.43
VERY_HIGH = answers("10", "10", "10", crp="2")  # 2.43 + 0.73 + 1.10 = 4.26


@pytest.fixture
def scored(registry: Registry) -> Registry:
    """At baseline each state once, and P-5 with an ASDAS by the ESR alone; afterwards P-1 alone was seen."""
    for patient, measures in (("P-1", INACTIVE), ("P-2", LOW), ("P-3", HIGH), ("P-4", VERY_HIGH)):
        if patient != "P-1":
            registry.enrol_patient(patient, enrolled_on="2002-01-14")
        registry.record_visit(patient, visited_on="2002-01-14", measures=measures)
    registry.enrol_patient("P-5", enrolled_on="2002-01-14")
    registry.record_visit("P-5", visited_on="2002-01-14", measures=answers("0", "0", "0", esr="100"))  # 2.93
    registry.record_visit("P-1", visited_on="2004-07-02", measures=HIGH)
    return registry


def states(registry: Registry, text: str = "") -> dict[str, Figure]:
    found = by_address(small(registry, f"[tables.states]\n{text}"))
    return {address.removeprefix("states / "): figure for address, figure in found.items()}


def counts(found: dict[str, Figure], at: str) -> list[float | None]:
    return [found[f"{row} / {at} / percent"].numerator for row in ROWS]


def test_every_member_is_in_one_state_or_not_known(scored: Registry) -> None:
    found = states(scored)

    assert counts(found, "baseline") == [1, 1, 1, 1, 1]
    assert counts(found, "2 years") == [0, 0, 1, 0, 4]
    assert {figure.denominator for figure in found.values()} == {5}


def test_states_of_the_asdas_with_esr_are_its_own(scored: Registry) -> None:
    assert counts(states(scored, 'measure = "asdas_esr"\n'), "baseline") == [0, 0, 1, 0, 4]


def test_points_are_the_percentages_at_each_time_point(scored: Registry) -> None:
    found = states(scored, "points = true\n")

    assert found["not known / 2 years / point 2"].value == 80.0
