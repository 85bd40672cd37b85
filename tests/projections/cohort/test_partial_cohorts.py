"""A cohort gathered range by range is the cohort of the whole registry."""

from __future__ import annotations

import pickle

import pytest

from projections import Facts, facts_at
from projections.cohort.all_tables import cohort_statistics
from projections.cohort.definition.definition import Definition
from projections.cohort.definition_file import parsed
from projections.cohort.members.cohort import Cohort
from projections.cohort.members.due import DATA_CUT
from projections.cohort.members.groups import grouped
from projections.cohort.partial_cohorts import PartialCohort, whole_cohort
from projections.export.pieces import ranges
from projections.observation.data_cut import data_cut
from registry import Registry
from tests.projections.cohort.defined import SMALL, of_paper
from tests.projections.cohort.grouped import in_groups

ENROLLED = 'event = "enrolment"'


def gathered(definition: Definition, facts: Facts, *, at_most: int) -> Cohort:
    cut = ranges(facts.events_by_patient(), at_most=at_most)
    assert len(cut) > 3
    of_ranges = [pickle.loads(pickle.dumps(PartialCohort.of(definition, facts.among(patients)))) for patients in cut]
    return whole_cohort(definition, facts, of_ranges)


@pytest.mark.parametrize("as_of", [None, "2006-06-30"])
@pytest.mark.parametrize("name", ["baraliakos2013", "anakinra2004"])
def test_a_cohort_gathered_from_ranges_has_the_flow_and_the_figures_of_the_whole(
    name: str, as_of: str | None, published: Registry
) -> None:
    facts = facts_at(published, as_of=as_of)
    whole = of_paper(name, facts, resamples=100)

    found = gathered(whole.definition, facts, at_most=100)

    assert found.flow == whole.flow
    assert found.members == whole.members
    assert cohort_statistics(found).equals(cohort_statistics(whole))


@pytest.mark.parametrize(
    "text", ['by = "sex"\ntests = true', 'by = "line"', 'by = "active-erosion"', 'by = "uveitis"\nlandmark = 90']
)
def test_groups_of_a_cohort_gathered_from_ranges_are_those_of_the_whole(text: str, published: Registry) -> None:
    whole = in_groups(of_paper("baraliakos2013", published, resamples=100), text)

    found = gathered(whole.definition, whole.facts, at_most=100)

    assert grouped(found).sizes == grouped(whole).sizes
    assert cohort_statistics(found).equals(cohort_statistics(whole))


@pytest.mark.parametrize(
    "day0",
    ['event = "switch"\nwhich = "all"', 'event = "dose-change"\ndirection = "down"', 'event = "line"\nlines = "1.."'],
)
def test_what_follows_from_courses_is_gathered_as_of_the_whole(day0: str, registry: Registry) -> None:
    for number in range(6):
        patient, year = f"Q-{number}", 2003 + number
        registry.enrol_patient(patient, enrolled_on="2002-01-14", sex="female" if number % 2 else "male")
        registry.record_visit(patient, visited_on="2013-01-01", measures={"crp": "5"})
        for agent, dose, start, stop in (
            ("etanercept", 50, f"{year}-01-01", f"{year}-03-01"),
            ("etanercept", 25 if number else 100, f"{year}-03-01", f"{year}-06-01"),
            ("secukinumab" if number != 1 else "naproxen", 150, f"{year}-06-01", f"{year}-11-01"),
            ("etanercept" if number != 2 else "naproxen", 50, f"{year + 1}-06-01", None),
        ):
            cells = {"dose": dose, "dose_unit": "mg", "frequency": "weekly", "stopped_on": stop}
            registry.start_treatment(patient, agent=agent, started_on=start, **cells)
    text = f'{SMALL.replace(ENROLLED, day0)}[groups]\nby = "sex"\n[tables.lines]\n[tables.nsaid]\n[tables.switch]\n'
    facts = facts_at(registry)
    whole = Cohort.of(parsed(text.encode()), facts)

    found = gathered(whole.definition, facts, at_most=8)

    assert whole.n >= 5
    assert found.flow == whole.flow
    assert cohort_statistics(found).equals(cohort_statistics(whole))


def test_what_is_carried_on_of_a_range_is_about_the_members_alone(published: Registry) -> None:
    facts = facts_at(published)
    whole = of_paper("anakinra2004", facts)

    events = PartialCohort.of(whole.definition, facts).events

    assert {patient for table in events.values() for patient in table["patient"].to_pylist()} == set(whole.members)
    assert facts.count("patients") > len(whole.members)


def test_a_registry_without_patients_gives_a_cohort_without_members(registry: Registry, published: Registry) -> None:
    definition = of_paper("anakinra2004", facts_at(published)).definition
    nobody = facts_at(published, known_at=0)

    assert whole_cohort(definition, nobody, []).flow == Cohort.of(definition, nobody).flow


def test_with_other_rules_for_partial_days_a_gathered_cohort_is_cut_by_the_latest_day_of_the_whole_registry(
    published: Registry,
) -> None:
    facts = facts_at(published)
    whole = of_paper("anakinra2004", facts)
    found = gathered(whole.definition, facts, at_most=100).with_partial_days("shortest")

    assert data_cut(found.facts) < data_cut(facts)  # the members were not seen last of all
    assert found.once_of_facts(DATA_CUT, lambda: data_cut(found.facts)) == data_cut(facts)
