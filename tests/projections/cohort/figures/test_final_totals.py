"""Final scores of a campaign as the totals of a cohort."""

from __future__ import annotations

from pathlib import Path

import pytest

from projections.cohort.figures.figures import Figure
from projections.cohort.members.reader_selection import CohortError
from registry import Registry
from registry.errors import UnknownCodeError
from registry.toml_keys import DefinitionError
from tests.projections.campaigns.reading import PAIRS, adjudicating, given_to_adjudicator, totals
from tests.projections.cohort.defined import by_address, small
from tests.spec.campaigns import NAME, examined, started

SCORES = '[tables.scores]\nmethods = ["berlin"]\n'
FINAL = f'[imaging]\nrule = "final"\ncampaign = "{NAME}"\n'


@pytest.fixture
def registry(registry: Registry) -> Registry:
    """Two patients, enrolled on 14 January 2002, with MRIs of 2002 and 2004, and of 2003 and 2005."""
    examined(registry)
    return registry


def found(registry: Registry, keys: str = SCORES + FINAL) -> dict[str, Figure]:
    return by_address(small(registry, keys))


def test_totals_are_the_final_scores_of_the_campaign(registry: Registry, tmp_path: Path) -> None:
    adjudicating(registry, tmp_path, final='"mean-of-two-closest"')
    totals(registry, "R1", 4, 20, 3, 3)
    totals(registry, "R2", 10, 22, 3, 4)
    given_to_adjudicator(registry, *PAIRS[0])
    totals(registry, "R3", 9, 21)
    totals(registry, "R1", 60, 60, session="another")

    figures = found(registry)

    baseline = figures["scores / berlin / baseline / total"]
    assert (baseline.value, baseline.n_patients) == (9.5, 1)
    assert baseline.variant == (f"sum over patients, complete-only; final scores of {NAME}, mean-of-two-closest")
    assert figures["scores / berlin / 2 years / total"].value == 21 + 3.5  # MR-0002 and MR-0012


def test_a_study_without_a_final_score_counts_for_nobody(registry: Registry, tmp_path: Path) -> None:
    adjudicating(registry, tmp_path)
    totals(registry, "R1", 4, 20)
    totals(registry, "R2", 14, 20)

    baseline = found(registry)["scores / berlin / baseline / total"]

    assert (baseline.value, baseline.n_patients, baseline.reason) == (None, 0, "nothing-given")


def test_a_study_that_one_has_not_read_stands_for_nobody(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)
    totals(registry, "R1", 4, 20)
    totals(registry, "R2", 5)

    figures = found(registry)

    assert figures["scores / berlin / baseline / total"].value == 4.5
    assert figures["scores / berlin / 2 years / total"].value is None


def test_locations_have_no_final_score(registry: Registry, tmp_path: Path) -> None:
    for study in ("MR-0001", "MR-0002"):
        registry.record_reading(study, reader="R1", method="vu-lesions", grades={})
    started(registry, tmp_path, method='"vu-lesions"')

    with pytest.raises(
        CohortError, match=r"imaging\.rule: 'final' gives scores, and nothing of single locations by vu"
    ):
        found(registry, "[tables.lesions]\n" + FINAL)


def test_a_campaign_that_was_not_started_is_refused(registry: Registry) -> None:
    with pytest.raises(UnknownCodeError, match="campaign"):
        found(registry)


@pytest.mark.parametrize("key", ['reader = "R1"', 'session = "s"', 'readers = ["R1", "R2"]'])
def test_final_scores_are_of_no_reader_and_no_other_session(registry: Registry, key: str) -> None:
    with pytest.raises(DefinitionError, match="imaging"):
        found(registry, SCORES + FINAL + key + "\n")


def test_final_scores_need_their_campaign(registry: Registry) -> None:
    with pytest.raises(DefinitionError, match=r"imaging\.campaign"):
        found(registry, SCORES + '[imaging]\nrule = "final"\n')
