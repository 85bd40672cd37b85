"""Members without the day that a time point counts from: every table calls them so, and none says what is not so."""

from __future__ import annotations

import pytest

from projections.cohort.definition_file import parsed
from registry import Registry
from tests.projections.cohort.defined import by_address, cohort
from tests.spec.imaging_criteria.readings import film
from tests.spec.own_measures import with_protocol

AFTER_STOP = """
cohort = "stopped"

[day0]
event = "line"

[[time_points]]
name = "baseline"
day = 0
window = [-30, 30]

[[time_points]]
name = "after it"
day = 90
window = [60, 120]
after = "stop"

[[criteria]]
name = "crp<9"
met = "crp < 9"

[tables.trajectory]
measures = ["crp"]
methods = ["msasss"]

[tables.characteristics]
measures = ["crp", "smoking"]
completeness = true

[tables.clinical]
measures = ["smoking"]

[tables.responders]
criteria = ["crp<9"]

[tables.lines]

[tables.imaging_criteria]

[[tables.models]]
name = "crp after it"
outcome = "crp"
at = ["after it"]
model = "gee"
exposure = "sex"
"""
WITHOUT = "2 of 4 patients; 2 without the day that it counts from"


@pytest.fixture
def stopped(registry: Registry) -> Registry:
    """P-1 and P-2 stopped on 1 June 2002 and were seen and filmed on 1 September; P-3 and P-4 go on."""
    with_protocol(registry)
    for patient in ("P-1", "P-2", "P-3", "P-4"):
        if patient != "P-1":
            registry.enrol_patient(patient, enrolled_on="2002-01-14", sex="female")
        stop = {"stopped_on": "2002-06-01"} if patient in ("P-1", "P-2") else {}
        registry.start_treatment(patient, agent="adalimumab", started_on="2002-01-14", **stop)
        for day in ("2002-01-14", "2002-09-01"):
            registry.record_visit(patient, visited_on=day, measures={"crp": "5", "smoking": "never"})
        study = f"{patient}-film"
        registry.record_study(study, patient=patient, performed_on="2002-09-01", modality="XR", regions="spine")
        registry.record_reading(study, reader="R1", method="msasss", grades=film())
    return registry


@pytest.mark.parametrize(
    "address",
    [
        "trajectory / crp / after it / n",
        "trajectory / msasss / after it / n",
        "clinical / smoking: never / after it / percent",
        "responders / crp<9 / after it / responders",
        "lines / no targeted therapy / after it / percent",
    ],
)
def test_who_never_stopped_has_no_day_to_count_from_in_whatever_table(stopped: Registry, address: str) -> None:
    found = by_address(cohort(parsed(AFTER_STOP.encode(), catalogue=stopped.catalogue), stopped))

    assert str(found[address].denominator_note).split(";")[:2] == WITHOUT.split(";")


def test_no_note_says_that_who_never_stopped_was_not_seen_or_will_be(stopped: Registry) -> None:
    found = by_address(cohort(parsed(AFTER_STOP.encode(), catalogue=stopped.catalogue), stopped))

    notes = {str(figure.denominator_note) for address, figure in found.items() if " / after it / " in address}
    told = ("without a visit", "not due yet", "not read", "without a total", "without crp")
    assert len(notes) > 3
    assert [note for note in notes for word in told if word in note] == []
