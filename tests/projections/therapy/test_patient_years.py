"""Follow-up, and how much of it on which treatment."""

from __future__ import annotations

import pytest

from projections import facts_at
from projections.observation.follow_up import table as follow_up
from projections.therapy.patient_years import table
from registry import Registry
from tests.projections.rows_of import row_of, rows_of

COLUMNS = "level name n_patients n_observed days"


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        (None, ("2002-01-14", "2004-01-14", "follow-up-end", 730)),
        ("2004-01-14", ("2002-01-14", "2004-01-14", "follow-up-end", 730)),
        ("2004-01-13", ("2002-01-14", "2004-01-13", "as-of", 729)),
    ],
)
def test_follow_up_ends_with_its_end_or_with_as_of(
    registry: Registry, as_of: str | None, expected: tuple[object, ...]
) -> None:
    registry.end_follow_up("P-1", ended_on="2004-01-14", reason="study-end")

    assert row_of(follow_up(facts_at(registry, as_of=as_of)), "began_on ended_on ended_by days") == expected


def test_without_an_end_follow_up_lasts_until_the_patient_was_last_seen(registry: Registry) -> None:
    registry.record_visit("P-1", visited_on="2006-01-14")

    assert row_of(follow_up(facts_at(registry)), "ended_on ended_by days years") == (
        "2006-01-14", "last-contact", 1461, 4.0,
    )  # fmt: skip


def test_only_time_within_follow_up_counts_and_overlaps_count_once(registry: Registry) -> None:
    registry.record_visit("P-1", visited_on="2002-04-24")  # 100 days
    registry.start_treatment("P-1", agent="etanercept", started_on="2001-01-01", stopped_on="2002-01-24")
    registry.start_treatment("P-1", agent="infliximab", started_on="2002-01-19", stopped_on="2002-02-03")
    registry.start_treatment("P-1", agent="adalimumab", started_on="2002-04-14")
    registry.start_treatment("P-1", agent="naproxen", started_on="2001")
    registry.start_treatment("P-1", agent="diclofenac", started_on="1999", stopped_on="2000")

    assert rows_of(table(facts_at(registry)), COLUMNS) == [
        ("follow-up", "all", 1, 1, 100),
        ("treatment", "immunomodulating", 1, 1, 30),
        ("treatment", "none", 1, 1, 70),
        ("drug_class", "NSAID", 1, 1, 100),
        ("drug_class", "TNFi", 1, 1, 30),
        ("agent", "adalimumab", 1, 1, 10),
        ("agent", "etanercept", 1, 1, 10),
        ("agent", "infliximab", 1, 1, 15),
        ("agent", "naproxen", 1, 1, 100),
    ]


def test_nobody_under_observation_is_nobody_and_no_time(registry: Registry) -> None:
    registry.start_treatment("P-1", agent="naproxen", started_on="1999")

    assert rows_of(table(facts_at(registry, as_of="2001-12-31")), COLUMNS) == [
        ("follow-up", "all", 0, 0, 0),
        ("treatment", "immunomodulating", 0, 0, 0),
        ("treatment", "none", 0, 0, 0),
    ]


def test_the_anakinra_study_in_patient_years(published: Registry) -> None:
    found = {row[:2]: row[2:] for row in rows_of(table(facts_at(published)), "level name n_patients n_observed days")}

    assert found["agent", "anakinra"] == (9, 31, 747)  # nine times 83 days
    assert found["agent", "infliximab"][0] == 13
    assert found["drug_class", "TNFi"][0] == 22
