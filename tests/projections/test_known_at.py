"""Places on the recorded clock, as a person writes them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from projections import facts_at
from projections.known_at import day_of, latest_day
from registry import Registry
from registry.errors import ClinicalDayError, UnknownPointError
from tests.projections.shown import Clock


@pytest.fixture
def three_days(registry: Registry, clock: Clock) -> Registry:
    """P-1 enrolled on 30 June 2014 at 9:00, a visit recorded on 1 July at noon, another on 2 July at 23:59:59.5."""
    clock.set("2014-07-01T12:00")
    registry.record_visit("P-1", visited_on="2014-06-01")
    clock.set("2014-07-02T23:59:59.5")
    registry.record_visit("P-1", visited_on="2014-06-02")
    return registry


@pytest.mark.parametrize(
    ("known_at", "position"),
    [
        (None, 3),
        ("@0", 0),
        ("@2", 2),
        (2, 2),
        ("2014-06-29", 0),
        ("2014-06-30", 1),
        ("2014-07-01", 2),
        ("2014-07-02", 3),
        (date(2014, 7, 1), 2),
        ("2014-07-01T11:59:59.999999", 1),
        ("2014-07-01T12:00", 2),
        ("2014-07-01T12:00:00Z", 2),
        ("2014-07-01 12:00", 2),
        ("2014-07-01T13:00+01:00", 2),
        ("2014-07-01T12:00+01:00", 1),
        ("2014-07-02T23:59:59.499999", 2),
        ("2014-07-02T23:59:59.5", 3),
        (datetime(2014, 7, 1, 12, 0, tzinfo=UTC), 2),
        (datetime(2014, 7, 1, 12, 0), 2),  # noqa: DTZ001 - without a zone it is UTC
    ],
)
def test_a_place_on_the_recorded_clock_is_a_position(three_days: Registry, known_at: str, position: int) -> None:
    assert facts_at(three_days, known_at=known_at).at.position == position


def test_a_freeze_is_a_place_on_the_recorded_clock(three_days: Registry) -> None:
    three_days.freeze("paper-2014")
    three_days.record_visit("P-1", visited_on="2014-06-03")

    assert facts_at(three_days, known_at="paper-2014").count("visits") == 2
    assert facts_at(three_days).count("visits") == 3


def test_a_point_in_time_says_what_it_is(three_days: Registry) -> None:
    at = facts_at(three_days, as_of="2014-06-01", known_at="2014-07-01").at

    assert at.as_of == date(2014, 6, 1)
    assert at.recorded_at == datetime(2014, 7, 1, 12, 0, tzinfo=UTC)
    assert at.digest == three_days.log.head_at(2).digest


def test_before_the_first_event_nothing_is_known(three_days: Registry) -> None:
    at = facts_at(three_days, known_at="@0").at

    assert (at.recorded_at, at.digest) == (None, bytes(32))


@pytest.mark.parametrize(
    ("known_at", "message"),
    [
        ("@5", "known_at '@5': the log goes from @0 to @4"),
        (-1, "known_at '@-1': the log goes from @0 to @4"),
        ("2014-02-30", "known_at '2014-02-30': is on no calendar and no clock"),
        ("2014-07-01T25:00", "known_at '2014-07-01T25:00': is on no calendar and no clock"),
        ("30.06.2014", "known_at '30.06.2014': write a position @N, a day YYYY-MM-DD, an instant "),
        ("paper-2015", "known_at 'paper-2015': there is no such freeze; write paper-2014"),
    ],
)
def test_a_place_that_the_log_does_not_have_is_refused(three_days: Registry, known_at: str, message: str) -> None:
    three_days.freeze("paper-2014")

    with pytest.raises(UnknownPointError) as refusal:
        facts_at(three_days, known_at=known_at)

    assert str(refusal.value).startswith(message)


@pytest.mark.parametrize(
    "known_at",
    ["2014-07-03", "2014-07-03T00:00:00.5Z", date(2014, 7, 3), datetime(2014, 7, 2, 23, 59, 59, 600_000)],  # noqa: DTZ001
)
def test_a_day_or_an_instant_that_has_not_begun_is_no_place(three_days: Registry, known_at: str | date) -> None:
    with pytest.raises(UnknownPointError, match="lies in the future, and what will be known then is not known yet"):
        facts_at(three_days, known_at=known_at)


def test_today_is_a_place_and_means_what_is_known_so_far(three_days: Registry) -> None:
    assert facts_at(three_days, known_at="2014-07-02").at.position == 3


def test_where_the_clock_was_set_back_what_is_recorded_is_known(three_days: Registry, clock: Clock) -> None:
    clock.set("2014-01-01T00:00")

    assert facts_at(three_days, known_at="2014-07-01").at.position == 2


@pytest.mark.parametrize(
    ("instant", "day"),
    [("0001-01-01T00:00+23:59", date.min), ("9999-12-31T23:59-23:59", date.max)],
)
def test_an_instant_that_lies_on_no_day_of_the_calendar_has_the_nearest(
    three_days: Registry, instant: str, day: date
) -> None:
    assert latest_day(three_days.log, instant) == day


@pytest.fixture(params=["America/Adak", "UTC", "Pacific/Kiritimati"])
def zone(request: pytest.FixtureRequest, in_zone: Callable[[str], None]) -> str:
    """The machine's own zone: 10 or 9 hours behind UTC, UTC, 14 hours ahead of it."""
    in_zone(request.param)
    return str(request.param)


@pytest.mark.usefixtures("zone")
@pytest.mark.parametrize(
    ("known_at", "day"),
    [
        ("2014-07-01", date(2014, 7, 1)),
        (date(2014, 7, 1), date(2014, 7, 1)),
        ("2014-07-01T23:30", date(2014, 7, 1)),
        ("2014-07-02T00:30+01:00", date(2014, 7, 1)),
        (datetime(2014, 7, 1, 0, 30, tzinfo=UTC), date(2014, 7, 1)),
        ("paper-2014", date(2014, 7, 2)),
        ("@2", date(2014, 7, 1)),
        (3, date(2014, 7, 2)),
        ("@0", date.min),
    ],
)
def test_the_day_of_a_fixed_place_is_one_of_utc_wherever_the_machine_stands(
    three_days: Registry, known_at: str, day: date
) -> None:
    three_days.freeze("paper-2014")

    assert day_of(three_days.log, known_at) == day


@pytest.mark.usefixtures("zone")
def test_a_clinical_day_after_that_of_a_fixed_place_is_refused_wherever_the_machine_stands(
    three_days: Registry,
) -> None:
    with pytest.raises(ClinicalDayError, match="lies after 2014-07-01, and what was true then was not known yet"):
        facts_at(three_days, as_of="2014-07-02", known_at="2014-07-01")


@pytest.mark.usefixtures("zone")
def test_a_position_has_a_day_and_sets_no_limit_to_the_one_that_is_asked_for(three_days: Registry) -> None:
    assert latest_day(three_days.log, "@2") is None
    assert facts_at(three_days, as_of="2014-07-02", known_at="@2").at.as_of == date(2014, 7, 2)


def test_the_day_of_the_end_of_the_log_is_today_where_the_registry_is_kept(three_days: Registry, zone: str) -> None:
    its_own = {"America/Adak": date(2014, 7, 2), "UTC": date(2014, 7, 2), "Pacific/Kiritimati": date(2014, 7, 3)}

    assert day_of(three_days.log, None) == its_own[zone]
