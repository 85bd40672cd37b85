"""A clock that once jumped forward: who records, asks by a day, or looks after the registry is told."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from registry import Registry
from registry.store.clock_check import TOLERANCE, ClockBehind, clock_behind
from registry.store.head import system_clock
from tests.cli.conftest import Spondyl

IN_2090 = int(datetime(2090, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000  # µs
WARNING = re.compile(
    r"this machine's clock \(20\d\d-[^)]+ UTC\) lies [\d,]+ days behind the log, whose events from @3 on are "
    r"later, up to 2090-01-01 00:00:00 UTC; what is recorded now is of that time too: "
    r"ask by position \(@N\) or freeze, not by day\n"
)
RECORDING = (
    ("record", "visit", "patient=P-1", "visited_on=2021-01-02"),
    ("amend", "visit/P-1/2020-01-02", "visit=week 2", "--reason", "a slip"),
    ("retract", "visit/P-1/2020-01-03", "--reason", "another patient's"),
    ("freeze", "after-the-jump"),
    ("merge", "P-2", "--into", "P-1", "--reason", "one person", "--keep-enrolment"),
    ("erase", "P-1", "--reason", "a request", "--yes"),
)


@pytest.fixture
def jumped(spondyl: Spondyl, url: str, monkeypatch: pytest.MonkeyPatch) -> Spondyl:
    """The command line on a registry whose third event was recorded by a clock in 2090, on each of the stores."""
    monkeypatch.setenv("SPONDYL_DB", url)
    with Registry.open(url, actor="ines") as registry:
        registry.enrol_patient("P-1", enrolled_on="2020-01-01")
        registry.record_visit("P-1", visited_on="2020-01-02")
    with Registry.open(url, actor="ines", clock=lambda: IN_2090) as registry:
        registry.record_visit("P-1", visited_on="2020-01-03")
    return spondyl


def test_who_records_is_warned_at_once(jumped: Spondyl) -> None:
    jumped("record", "patient", "patient=P-2", "enrolled_on=2020-01-01")

    for words in RECORDING:
        answer = jumped(*words)
        assert answer.code == 0, (words, answer)
        assert WARNING.match(answer.err.removeprefix("warning: ")), (words, answer)
        assert "clock" not in answer.out


def test_who_imports_is_warned_and_the_json_is_clean(jumped: Spondyl) -> None:
    jumped("template", "files")

    answer = jumped("import", "files", "--json")

    assert WARNING.match(answer.err.removeprefix("warning: "))
    assert answer.json["events"] == 0


def test_who_asks_by_a_day_is_told_what_it_hides_and_by_a_position_or_freeze_is_not(jumped: Spondyl) -> None:
    jumped("freeze", "after-the-jump")
    by_day = jumped("table", "visits", "--known-at", datetime.now(UTC).date().isoformat(), "--csv")
    by_position = jumped("table", "visits", "--known-at", "@3", "--csv")
    by_freeze = jumped("table", "visits", "--known-at", "after-the-jump", "--csv")

    assert WARNING.fullmatch(by_day.err.removeprefix("warning: "))
    assert "2020-01-03" not in by_day.out
    assert by_position.err == by_freeze.err == ""
    assert "2020-01-03" in by_position.out
    assert by_position.out == by_freeze.out


def test_status_and_verify_say_it(jumped: Spondyl) -> None:
    status, verified = jumped("status", "--json"), jumped("verify")

    assert WARNING.fullmatch(status.err.removeprefix("warning: "))
    assert status.json["position"] == 3
    assert verified.code == 0
    assert WARNING.fullmatch(verified.err.splitlines(keepends=True)[-1].removeprefix("note: @3: "))


def test_nobody_is_warned_where_the_clock_is_right(cohort: Spondyl) -> None:
    for words in (("status",), ("record", "visit", "patient=P-1", "visited_on=2021-01-02"), ("verify",)):
        assert "clock" not in cohort(*words).err


@pytest.mark.parametrize(
    ("behind", "by"),
    [
        (10_000_000, None),
        (10_000_001, "10 seconds"),
        (119_999_999, "119 seconds"),
        (120_000_000, "2 minutes"),
        (7_200_000_000, "2 hours"),
        (172_800_000_000, "2 days"),
    ],
)
def test_ten_seconds_are_no_difference(url: str, behind: int, by: str | None) -> None:
    now = system_clock()
    with Registry.open(url, actor="ines", clock=lambda: now) as registry:
        registry.enrol_patient("P-1", enrolled_on="2020-01-01")
    with Registry.open(url, actor="ines", clock=lambda: now - behind) as registry:
        found = clock_behind(registry.log)

    assert TOLERANCE == 10_000_000
    assert found == (None if by is None else ClockBehind(1, now - behind, now))
    assert found is None or found.by == by
