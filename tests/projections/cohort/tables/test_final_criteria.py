"""Criteria over the final scores of a campaign: what has a final score is judged by it, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from projections.cohort.figures.figures import Figure
from projections.cohort.members.reader_selection import CohortError
from registry import Registry
from tests.projections.campaigns.reading import totals
from tests.projections.cohort.defined import by_address, small
from tests.spec.campaigns import NAME, examined, started
from tests.spec.imaging_criteria.readings import film

FINAL = f'[imaging]\nrule = "final"\ncampaign = "{NAME}"\n'
CHANGE = "baseline → 2 years"


def found(registry: Registry, keys: str) -> dict[str, Figure]:
    return by_address(small(registry, FINAL + keys))


@pytest.fixture
def filmed(registry: Registry, tmp_path: Path) -> Registry:
    """P-1 with films of 2002 and 2004 in a campaign of two readers, who find a rise of 1 and of 3 of the mSASSS."""
    for study, performed_on in (("XR-1", "2002-01-14"), ("XR-2", "2004-07-01")):
        registry.record_study(study, patient="P-1", performed_on=performed_on, modality="XR", regions="spine")
    started(registry, tmp_path, method='"msasss"', listed="study\nXR-1\nXR-2", final='"mean"')
    for reader, rise in (("R1", 1), ("R2", 3)):
        for study, grade in (("XR-1", 0), ("XR-2", rise)):
            registry.record_reading(study, reader=reader, method="msasss", grades=film(L1_lower=grade), session=NAME)
    return registry


def test_the_limit_is_held_against_the_final_score(registry: Registry, tmp_path: Path) -> None:
    examined(registry)
    started(registry, tmp_path, final='"mean"')
    totals(registry, "R1", 1, 2, 3, 0)
    totals(registry, "R2", 3, 3, 0, 0)

    figures = found(registry, "[tables.imaging_criteria]\n")

    baseline = figures["imaging_criteria / berlin-remission / baseline / met"]
    assert baseline.text == "1 of 1 (100.0%)"  # BAR1-01: the mean of 1 and 3 is 2
    assert f"final scores of {NAME}, mean" in str(baseline.variant)
    later = figures["imaging_criteria / berlin-remission / 2 years / met"]
    assert later.text == "1 of 2 (50.0%)"  # BAR1-01: 2.5; BAR1-02: 0


def test_progression_is_the_change_of_the_final_scores(filmed: Registry) -> None:
    figures = found(filmed, "[tables.progression]\n")

    met = figures[f"progression / msasss-progression / {CHANGE} / met"]
    assert (met.text, met.denominator_note) == ("1 of 1 (100.0%)", "1 of 1 patient")
    assert figures[f"progression / msasss-progression / {CHANGE} / mean"].value == 2
    assert {address.split(" / ")[1] for address in figures} == {"msasss-progression"}


def test_of_another_interval_the_final_scores_say_nothing(filmed: Registry) -> None:
    figures = found(filmed, "[tables.progression]\ninterval = [300, 500]\n")

    met = figures[f"progression / msasss-progression / {CHANGE} / met"]
    assert (met.denominator, met.denominator_note) == (0, "0 of 1 patient; 1 studies not 300 to 500 days apart")


@pytest.mark.parametrize("criterion", ["new-syndesmophyte", "msasss-progression-carried"])
def test_what_has_no_final_score_is_refused_where_it_is_asked_for(filmed: Registry, criterion: str) -> None:
    with pytest.raises(CohortError, match=f"{criterion} judges something else of msasss"):
        found(filmed, f'[tables.progression]\ncriteria = ["{criterion}"]\n')


@pytest.mark.parametrize(("second", "met", "open_"), [(1, "1 of 1 (100.0%)", "0 of 1"), (0, "0 of 0", "1 of 1")])
def test_a_verdict_between_no_and_yes_cannot_be_said(
    registry: Registry, tmp_path: Path, second: int, met: str, open_: str
) -> None:
    registry.record_study("MR-1", patient="P-1", performed_on="2002-01-14", modality="MRI", regions="sij")
    started(registry, tmp_path, method='"asas-mri-sij"', unit='"study"', listed="study\nMR-1", final='"mean"')
    for reader, verdict in (("R1", 1), ("R2", second)):
        grades = {"both joints positive": verdict, "both joints active lesions": 2}
        registry.record_reading("MR-1", reader=reader, method="asas-mri-sij", grades=grades, session=NAME)

    figures = found(registry, "[tables.imaging_criteria]\n")

    assert figures["imaging_criteria / asas-mri-positive / baseline / met"].text == met
    assert figures["imaging_criteria / asas-mri-positive / baseline / open"].text == open_
