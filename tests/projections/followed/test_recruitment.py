"""Who was enrolled when, by centre, and how long visits took until they were recorded."""

from __future__ import annotations

import pytest

from projections import facts_at
from projections.columns.tables import rows
from projections.followed import backlog, recruitment
from registry import Registry
from registry.errors import UnknownCodeError
from tests.projections.shown import Clock


@pytest.fixture
def enrolled(registry: Registry) -> Registry:
    """P-1 of no centre in the first quarter of 2002, P-2 and P-3 of C1 in its third."""
    for patient, day in (("P-2", "2002-07-01"), ("P-3", "2002-09-30")):
        registry.enrol_patient(patient, enrolled_on=day, centre="C1")
    return registry


def test_every_centre_has_every_quarter_up_to_that_of_today(enrolled: Registry) -> None:
    found = [
        tuple(row.values()) for row in rows(recruitment.table(facts_at(enrolled, as_of="2002-10-15"), every="quarter"))
    ]

    assert found == [
        ("", "2002-Q1", 1, 1, True),
        ("", "2002-Q2", 0, 1, True),
        ("", "2002-Q3", 0, 1, True),
        ("", "2002-Q4", 0, 1, False),
        ("C1", "2002-Q1", 0, 0, True),
        ("C1", "2002-Q2", 0, 0, True),
        ("C1", "2002-Q3", 2, 2, True),
        ("C1", "2002-Q4", 0, 2, False),
    ]


@pytest.mark.parametrize(("as_of", "over"), [("2002-09-30", False), ("2002-10-01", True)])
def test_a_period_is_over_after_its_last_day(enrolled: Registry, as_of: str, over: bool) -> None:
    found = rows(recruitment.table(facts_at(enrolled, as_of=as_of), every="month"))

    assert [row["over"] for row in found if (row["centre"], row["period"]) == ("C1", "2002-09")] == [over]


def test_who_is_enrolled_later_is_not_counted_yet(enrolled: Registry) -> None:
    found = rows(recruitment.table(facts_at(enrolled, as_of="2002-07-01")))

    assert [tuple(row.values()) for row in found] == [("", "2002", 1, 1, False), ("C1", "2002", 1, 1, False)]


@pytest.mark.parametrize("projection", [recruitment, backlog])
def test_other_periods_are_refused(enrolled: Registry, projection: object) -> None:
    with pytest.raises(UnknownCodeError, match="every: 'week' is not a known length of a period"):
        projection.table(facts_at(enrolled), every="week")  # type: ignore[attr-defined]


def visit(registry: Registry, clock: Clock, day: str, recorded: str) -> str:
    clock.set(f"{recorded}T12:00")
    return registry.record_visit("P-1", visited_on=day)


def test_the_backlog_counts_from_the_visit_to_its_first_record(registry: Registry, clock: Clock) -> None:
    for day, recorded in (("2014-07-01", "2014-07-11"), ("2014-07-02", "2014-07-22"), ("2014-07-03", "2014-10-11")):
        last = visit(registry, clock, day, recorded)
    visit(registry, clock, "2015-02-01", "2015-02-01")
    clock.set("2015-03-01T12:00")
    registry.amend(last, {"visit": "late"}, reason="its label")

    found = [tuple(row.values()) for row in rows(backlog.table(facts_at(registry), every="quarter"))]

    assert found == [
        ("2014-Q3", 3, 10.0, 20.0, 100.0, 2, 2, True),
        ("2014-Q4", 0, None, None, None, 0, 0, True),
        ("2015-Q1", 1, 0.0, 0.0, 0.0, 1, 1, False),
    ]


def test_the_backlog_is_that_which_was_known_then(registry: Registry, clock: Clock) -> None:
    visit(registry, clock, "2014-07-01", "2014-07-11")
    known = registry.head.position
    visit(registry, clock, "2014-07-02", "2015-07-02")

    (row,) = rows(backlog.table(facts_at(registry, known_at=f"@{known}"), every="quarter"))

    assert (row["n_visits"], row["median"]) == (1, 10.0)


def test_nobody_and_no_visit_give_no_rows(registry: Registry) -> None:
    assert rows(backlog.table(facts_at(registry))) == []
    assert rows(recruitment.table(facts_at(registry, as_of="2001-01-01"))) == []
