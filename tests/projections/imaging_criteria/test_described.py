"""The data dictionary says what each criterion over readings is, and the catalogue gives the same."""

from __future__ import annotations

from projections import facts_at
from projections.derived.reading_criteria import READING_CRITERIA
from projections.export.collected import collected
from registry import Registry, imaging_criteria
from registry.catalogue.catalogue import BUILT_IN


def test_the_dictionary_says_what_a_criterion_requires_and_what_was_not_verified(registry: Registry) -> None:
    described = {each["name"]: each for each in collected(facts_at(registry))["imaging_criteria"]}

    assert list(described) == sorted(described) == list(imaging_criteria()) == list(BUILT_IN.imaging_criteria)
    assert described["msasss-progression"] == {
        "name": "msasss-progression",
        "edition": 1,
        "rule": "msasss-progression/1",
        "label": "mSASSS progression of 2 units or more in 2 years, corners imputed film by film",
        "source": "Hebeisen et al., PLoS One 2020;15:e0230268",
        "methods": ("msasss",),
        "readings": 2,
        "definition": "total rises by 2 or more between studies 548 to 914 days apart; not extrapolated",
        "unverified": ("half a year to both sides of 2 years",),
    }
    assert described["berlin-remission"]["readings"] == 1
    assert described["berlin-remission"]["unverified"] == ()


def test_the_words_of_the_table_are_closed_lists(registry: Registry) -> None:
    codes = {column.name: column.codes_in(facts_at(registry).catalogue) for column in READING_CRITERIA.columns}

    assert "new-syndesmophyte-shared/1" in codes["rule"]
    assert "shared(at most 3 missing a segment)" in codes["policy"]
    assert "carry(paired), impute(segment-mean, at most 3 missing a segment)" in codes["policy"]
    assert "total falls by 2.5 or more" in codes["definition"]
