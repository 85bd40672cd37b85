"""How much of what was expected is there, and who is left in the registry."""

from __future__ import annotations

import pytest

from projections import facts_at
from projections.columns.tables import rows
from projections.followed import completeness, recalls, registry_retention
from registry import Registry
from registry.errors import UnknownCodeError
from tests.projections.followed.conftest import Scheduling, baseline, yearly
from tests.projections.shown import Clock


@pytest.fixture
def followed(registry: Registry, scheduled: Scheduling, clock: Clock) -> Registry:
    """P-1, and of the centre C1 P-2, enrolled a year later, seen twice, the second time late."""
    scheduled(baseline(requires=("crp",)), yearly(), lost_after="18 months")
    registry.enrol_patient("P-2", enrolled_on="2003-01-14", centre="C1")
    clock.set("2014-07-10T10:00")
    registry.record_visit("P-2", visited_on="2003-01-14", measures={"crp": "5"})
    registry.record_visit("P-2", visited_on="2004-05-01")
    return registry


def test_completeness_counts_windows_that_are_over(followed: Registry) -> None:
    counted = rows(completeness.table(facts_at(followed, as_of="2004-12-31"), by=("centre",)))

    assert [tuple(row.values()) for row in counted] == [
        ("", "", "measure:crp", 1, 0, 0, None),
        ("", "", "visit:baseline", 1, 0, 0, None),
        ("", "", "visit:year {n}", 2, 0, 0, None),
        ("C1", "", "measure:crp", 1, 1, 1, 4195.0),
        ("C1", "", "visit:baseline", 1, 1, 1, 4195.0),
        ("C1", "", "visit:year {n}", 1, 1, 0, 3722.0),
    ]


def test_the_median_of_two_delays_is_their_middle(followed: Registry) -> None:
    followed.record_visit("P-1", visited_on="2002-01-18")

    counted = rows(completeness.table(facts_at(followed, as_of="2004-12-31"), by=()))

    assert [row["median_days_to_record"] for row in counted if row["what"] == "visit:baseline"] == [(4195 + 4556) / 2]


def test_counts_of_ranges_add_up_to_those_of_all(followed: Registry) -> None:
    from projections.log.block_files import Patients

    facts = facts_at(followed)
    ranges = [facts.among(Patients(name, name)) for name in ("P-1", "P-2")]

    assert completeness.of_counts(map(completeness.counts, ranges)).equals(completeness.table(facts))


def test_what_cannot_be_counted_by_is_refused(followed: Registry) -> None:
    with pytest.raises(UnknownCodeError, match="by: 'sex' is not a known column to count by"):
        completeness.table(facts_at(followed), by=("sex",))


def test_the_recall_list_has_the_overdue_first_and_says_who_counts_as_lost(followed: Registry) -> None:
    found = rows(recalls.table(facts_at(followed, as_of="2004-12-31")))

    assert [
        (row["patient"], row["schedule"], row["state"], str(row["last_seen_on"]), str(row["lost_on"])) for row in found
    ] == [
        ("P-1", "year 3", "due", "2002-01-14", "2003-07-15"),
        ("P-2", "year 2", "due", "2004-05-01", "None"),
    ]


def test_retention_says_of_everybody_at_risk_what_became_of_them(followed: Registry) -> None:
    followed.enrol_patient("P-3", enrolled_on="2003-01-14")
    followed.end_follow_up("P-3", ended_on="2003-03-01", reason="died")

    found = rows(registry_retention.table(facts_at(followed, as_of="2004-12-31")))

    assert [tuple(row.values()) for row in found] == [
        (1, 3, 1, 0, 1, 0, 0, 0),
        (2, 2, 1, 1, 0, 0, 0, 1),
    ]
