"""Which studies of a cohort a campaign reads: those in the windows of its time points that the method reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from projections import chosen_studies, facts_at
from registry import Registry
from registry.toml_keys import DefinitionError
from tests.spec import given
from tests.spec.campaigns import declared, examined
from tests.spec.given import refused

COHORT = """
cohort = "paper"
[day0]
event = "first-study"
[[time_points]]
name = "baseline"
day = 0
window = [-30, 30]
[[time_points]]
name = "year 2"
day = 730
window = [600, 900]
[[time_points]]
name = "year 4"
day = 1461
window = [1200, 1700]
"""
PAIR = {"time_points": '["baseline", "year 2"]'}


@pytest.fixture
def registry(registry: Registry) -> Registry:
    """Two patients with two studies two years apart."""
    examined(registry)
    return registry


def over_a_cohort(folder: Path, **keys: str) -> Path:
    """A campaign's file that names a cohort's, which lies beside it."""
    (folder / "paper.toml").write_text(COHORT, "utf-8")
    file = declared(folder, **{"cohort": '"paper.toml"', **keys})
    file.write_text(file.read_text("utf-8").replace('studies = "studies.csv"\n', ""), "utf-8")
    return file


def codes(registry: Registry, file: Path) -> list[str]:
    return [each.study for each in chosen_studies(facts_at(registry), file).studies]


def test_a_study_stands_at_each_time_point(registry: Registry, tmp_path: Path) -> None:
    file = over_a_cohort(tmp_path, unit='"study"')

    assert codes(registry, file) == ["MR-0001", "MR-0002", "MR-0011", "MR-0012"]


def test_a_study_outside_of_all_windows_is_not_chosen(registry: Registry, tmp_path: Path) -> None:
    given.mri(registry, "MR-0003", "2003-06-02")

    assert "MR-0003" not in codes(registry, over_a_cohort(tmp_path, unit='"study"'))


def test_of_several_in_a_window_the_nearest_is_chosen(registry: Registry, tmp_path: Path) -> None:
    given.mri(registry, "MR-0003", "2004-06-02")  # day 730; MR-0002 is day 735

    assert codes(registry, over_a_cohort(tmp_path, **PAIR)) == ["MR-0001", "MR-0003", "MR-0011", "MR-0012"]


def test_a_pair_is_of_members_who_have_both(registry: Registry, tmp_path: Path) -> None:
    given.enrolled(registry, "BAR1-03")
    given.mri(registry, "MR-0021", "2003-02-03", patient="BAR1-03")

    chosen = chosen_studies(facts_at(registry), over_a_cohort(tmp_path, **PAIR))

    assert [each.study for each in chosen.studies] == ["MR-0001", "MR-0002", "MR-0011", "MR-0012"]
    assert (chosen.members, chosen.with_unit) == (3, 2)


def test_a_study_of_regions_that_the_method_does_not_read_is_not_chosen(registry: Registry, tmp_path: Path) -> None:
    given.enrolled(registry, "BAR1-03")
    given.mri(registry, "MR-0021", "2003-02-03", patient="BAR1-03", regions="sij")
    registry.record_study("XR-1", patient="BAR1-03", performed_on="2005-02-01", modality="XR", regions="spine")

    assert codes(registry, over_a_cohort(tmp_path, unit='"study"')) == ["MR-0001", "MR-0002", "MR-0011", "MR-0012"]


def test_what_is_chosen_is_started_as_any_list_is(registry: Registry, tmp_path: Path) -> None:
    file, facts = over_a_cohort(tmp_path, **PAIR), facts_at(registry)

    start = registry.start_campaign(
        file, studies=chosen_studies(facts, file).studies, key=tmp_path / "k", position=facts.at.position
    )

    assert (start.units, start.per_reader) == (2, {"R1": 2, "R2": 2})
    assert start.state is not None
    assert (start.state.begun.campaign.chosen_by, start.state.begun.position) == ("cohort", facts.at.position)


def test_a_campaign_over_a_cohort_is_not_started_without_its_studies(registry: Registry, tmp_path: Path) -> None:
    with refused(registry, DefinitionError, "cohort: chooses the studies; give those of chosen_studies$"):
        registry.start_campaign(over_a_cohort(tmp_path, **PAIR), key=tmp_path / "k")


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        (
            {},
            r"time_points: the cohort has 3, a pair is of two; write time_points = \[two of baseline, year 2, y",
        ),
        ({"time_points": '["baseline", "year 9"]'}, "time_points: 'year 9' is no time point of the cohort; write base"),
        ({"time_points": '["baseline"]'}, "time_points: has 1; a pair is of two$"),
    ],
)
def test_time_points_that_are_none_or_no_two_are_refused(
    registry: Registry, tmp_path: Path, keys: dict[str, str], message: str
) -> None:
    with refused(registry, DefinitionError, message):
        codes(registry, over_a_cohort(tmp_path, **keys))


def test_a_campaign_of_a_list_has_no_cohort_to_choose_from(registry: Registry, tmp_path: Path) -> None:
    with refused(registry, DefinitionError, "cohort: is missing; the campaign reads a list of studies$"):
        codes(registry, declared(tmp_path))
