"""A cohort's figures at many points in time are those of each point by itself."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections import LogColumns, facts_at
from projections.cohort.definition_file import parsed
from projections.cohort.over_time.series import Cut, Schedule, calendar, check_chosen, cuts, series
from registry import Registry
from registry.errors import RangeError, UnknownCodeError
from tests.projections.cohort.defined import SMALL, by_address, cohort
from tests.projections.cohort.over_time.test_revisions import TOTALS, read
from tests.projections.shown import Clock

DAYS = st.dates(date(1990, 1, 1), date(2030, 12, 31))


def over(registry: Registry, every: str, text: str = TOTALS, **asked: object) -> list[Cut]:
    """The totals of the small cohort at each cut."""
    columns, definition = LogColumns.read(registry.log), parsed((SMALL + text).encode())
    asked_for = Schedule(columns.head.position, every, **asked)  # type: ignore[arg-type]
    return list(series(definition, columns, cuts(definition, columns, asked_for), ["scores / * / total"]))


@given(DAYS, DAYS, st.sampled_from(["year", "quarter", "month"]))
def test_cuts_are_the_last_days_of_periods_and_the_last_day(one: date, other: date, every: str) -> None:
    first, last = sorted((one, other))
    found = calendar(first, last, every)

    slowly = [first + timedelta(days=n) for n in range((last - first).days)]
    ends = {"year": (12,), "quarter": (3, 6, 9, 12), "month": tuple(range(1, 13))}[every]
    expected = [day for day in slowly if (day + timedelta(days=1)).day == 1 and day.month in ends]
    assert found == [*expected, last]


def test_every_cut_has_the_figures_of_its_own_point_in_time(scanned: Registry) -> None:
    read(scanned, "A", 3)
    read(scanned, "B", 1)

    found = over(scanned, "quarter")

    assert [str(cut.at.as_of) for cut in found[:2]] == ["2002-03-31", "2002-06-30"]
    assert found[-1].at.as_of == date(2006, 6, 12)
    for cut in found:
        alone = cohort(parsed((SMALL + TOTALS).encode()), facts_at(scanned, as_of=cut.at.as_of))
        assert cut.n_patients == alone.n
        assert {str(placed.address): placed.figure for placed in cut.placed} == {
            address: figure for address, figure in by_address(alone).items() if address.endswith(" / total")
        }


def test_on_the_recorded_clock_a_cut_is_what_was_known_at_the_end_of_its_day(scanned: Registry, clock: Clock) -> None:
    clock.set("2015-02-03T10:00")
    read(scanned, "A", 3)
    clock.set("2016-05-06T10:00")
    scanned.amend("reading/A/R1/berlin", {"T7/8": 2}, reason="misread")

    found = over(scanned, "year", recorded=True)

    totals = [cut.placed[0].figure.value for cut in found]
    assert totals == [None, 3, 2]
    assert [cut.at.position for cut in found] == [4, 5, 6]


def test_a_cut_that_cannot_be_answered_says_why_and_the_others_stand(scanned: Registry, clock: Clock) -> None:
    read(scanned, "A", 3)
    clock.set("2015-02-03T10:00")
    scanned.record_reading("A", reader="R2", method="berlin", grades={"T7/8": 1})

    first, last = over(scanned, "year", recorded=True)

    assert first.refusal is None
    assert (last.n_patients, last.placed) == (None, [])
    assert last.refusal is not None
    assert "R1, R2" in last.refusal


def test_a_cohort_of_nobody_and_an_empty_log_have_no_cuts(registry: Registry) -> None:
    nobody = TOTALS + '[who]\ncentres = ["nowhere"]\n'

    assert over(registry, "year", nobody) == []
    assert over(registry, "year", first=date(2010, 1, 1), last=date(2009, 1, 1)) == []


def test_a_figure_that_is_nowhere_is_refused(scanned: Registry) -> None:
    read(scanned, "A", 3)
    found = over(scanned, "year")

    check_chosen(["scores / berlin / baseline / total"], found)
    with pytest.raises(UnknownCodeError, match="did you mean 'scores / berlin / baseline / total'"):
        check_chosen(["scores / berlin / baseline / totl"], found)


def test_no_cut_lies_after_the_last_clinical_day_that_the_registry_knows(scanned: Registry) -> None:
    read(scanned, "A", 3)
    scanned.end_follow_up("P-1", ended_on="2007-03-05", reason="study-end")

    far = [over(scanned, "year", **{key: date(2020, 5, 6)})[-1].at.as_of for key in ("last", "as_of")]

    assert far == [date(2007, 3, 5), date(2007, 3, 5)]
    assert over(scanned, "year", last=date(2005, 5, 6))[-1].at.as_of == date(2005, 5, 6)


@pytest.mark.parametrize("recorded", [False, True])
def test_more_points_in_time_than_months_of_a_hundred_years_are_refused(scanned: Registry, recorded: bool) -> None:
    with pytest.raises(
        RangeError, match=r"^--every: [\d,]+ points in time is outside 1 to 1,200; begin later, or end ear"
    ):
        over(scanned, "month", recorded=recorded, first=date(1, 1, 1), last=date(9999, 12, 31))


def test_the_points_in_time_of_a_hundred_years_are_given(scanned: Registry) -> None:
    columns, definition = LogColumns.read(scanned.log), parsed((SMALL + TOTALS).encode())
    schedule = Schedule(columns.head.position, "month", recorded=True, first=date(1925, 1, 1), last=date(2024, 12, 31))

    assert len(cuts(definition, columns, schedule)) >= 1
