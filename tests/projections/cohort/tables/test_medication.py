"""What members had before day 0 and take on it."""

from __future__ import annotations

import pytest

from projections import facts_at
from projections.cohort.figures.figures import Figure
from projections.therapy.treatment_lines import treatment_lines
from registry import Registry
from tests.projections.cohort.defined import by_address, small


def medication(registry: Registry) -> dict[str, Figure]:
    """The figures of the medication, as row and statistic."""
    found = by_address(small(registry, "[tables.medication]\n"))
    return {address.replace("medication / ", "").replace(" / day 0", ""): figure for address, figure in found.items()}


@pytest.fixture
def treated(registry: Registry) -> Registry:
    """P-1, enrolled on 14 January 2002, after two NSAIDs that failed and one that was kept; P-2 given none."""
    registry.enrol_patient("P-2", enrolled_on="2002-01-14")
    for agent, started, stopped, reason in (
        ("ibuprofen", "1999", "2000-05", "lack-of-efficacy"),
        ("naproxen", "2000-05", "2001-02-03", "loss-of-efficacy"),
        ("ibuprofen", "2001-03", "2001-04", "adverse-event"),
        ("diclofenac", "2001-04", None, None),
        ("methotrexate", "2001-01", "2001-12-17", "other"),
        ("infliximab", "2002-01-14", None, None),
    ):
        registry.start_treatment("P-1", agent=agent, started_on=started, stopped_on=stopped, stop_reason=reason)
    return registry


def test_agents_before_day_0_are_counted_once_a_patient(treated: Registry) -> None:
    found = medication(treated)

    assert [found[f"NSAID / {statistic}"].value for statistic in ("agents mean", "agents failed mean")] == [3, 2]
    assert found["NSAID / agents mean"].denominator_note == "1 of 2 patients; 1 given none"


def test_a_class_that_is_still_taken_has_not_ended(treated: Registry) -> None:
    found = medication(treated)

    assert [found[f"NSAID / {statistic}"].numerator for statistic in ("ever", "at day 0", "ended before")] == [1, 1, 0]
    assert [found[f"methotrexate / {name}"].numerator for name in ("ever", "at day 0", "ended before")] == [1, 0, 1]
    assert (found["methotrexate / failed"].numerator, found["ibuprofen / failed"].numerator) == (0, 1)


def test_what_begins_on_day_0_is_no_earlier_medication(treated: Registry) -> None:
    assert not any(address.startswith(("TNFi", "infliximab")) for address in medication(treated))


def test_without_earlier_medication_the_table_is_empty(registry: Registry) -> None:
    assert medication(registry) == {}


def test_a_drug_given_up_for_an_adverse_event_has_failed_as_in_lines_of_treatment(registry: Registry) -> None:
    for agent, reason in (("etanercept", "adverse-event"), ("golimumab", "patient-wish"), ("secukinumab", "lost")):
        registry.start_treatment(
            "P-1", agent=agent, started_on="2001-01-01", stopped_on="2001-06-01", stop_reason=reason
        )

    found = medication(registry)

    failed = {agent: found[f"{agent} / failed"].numerator for agent in ("etanercept", "golimumab", "secukinumab")}
    assert failed == {"etanercept": 1, "golimumab": 0, "secukinumab": 0}
    lines = treatment_lines(facts_at(registry))
    assert dict(zip(lines["agent"], lines["failure"].eq(True).fillna(False).astype(int))) == failed
