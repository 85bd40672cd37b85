"""Somebody who takes every number of a release for days, and tries by it to find how far those of a patient moved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from projections import TABLES
from projections.export import export
from projections.export.manifest import Choices
from projections.export.profiles.deidentified import LEFT_OUT
from projections.export.profiles.known import profile
from registry import Registry
from registry.catalogue.protocol import MeasureRecord, Protocol
from registry.errors import UnknownCodeError
from tests.projections.export.profiles.releasing import KEY, release, rows_in
from tests.projections.export.profiles.slow_release import SlowRelease
from tests.projections.export.profiles.test_linking_back import told_harmless

SHIFT = -SlowRelease(KEY, {}, today=date(2014, 6, 30)).shift("P-1")  # back
AS_OF = date(2012, 12, 31)
MEANT = (  # what each partial day of the patient counts as, and the first and last day that it can mean
    *(date(2005, 7, 2), date(2005, 1, 1), date(2005, 12, 31)),  # the course that was stopped in 2005
    *(date(2004, 3, 16), date(2004, 3, 1), date(2004, 3, 31)),  # and begun in March 2004
    *(date(1999, 7, 2), date(1999, 1, 1), date(1999, 12, 31)),  # the uveitis, the first symptoms, the densitometry
)
EXACT = {  # columns that count days between two days that are always exact, or that are alike in every release
    ("reading_criteria", "interval_days"),
    ("responses", "baseline_window_days"),
}


@pytest.fixture
def partial(registry: Registry) -> Registry:
    """A registry with a patient of whom every day that may be partial is, and others are near enough to count from."""
    registry.adopt_protocol(
        Protocol(
            protocol="south",
            title="Southern cohort",
            measures=(MeasureRecord(name="last_dxa", label="last bone densitometry", holds="partial-day"),),
        )
    )
    registry.amend("patient/P-1", {"symptom_onset": "1999", "diagnosed_on": "1999"}, reason="now known")
    course = {"patient": "P-1", "agent": "adalimumab", "started_on": "2004-03", "stopped_on": "2005"}
    registry.record("treatments", course)
    registry.start_treatment("P-1", agent="etanercept", started_on="2011-04-05")
    registry.record_condition("P-1", condition="uveitis", started_on="1999", ended_on="1999")
    registry.start_flare("P-1", started_on="2009-10-11")
    for day, basdai in (("2004-02-08", 7), ("2009-11-03", 4), ("2011-04-01", 7), ("2011-09-09", 2)):
        registry.record(
            "visits", {"patient": "P-1", "visited_on": day, "basdai": basdai, "crp": basdai, "last_dxa": "1999"}
        )
    for study, day in (("XR-1", "2009-10-23"), ("XR-2", "2011-01-17")):
        registry.record_study(study, patient="P-1", performed_on=day, modality="XR", regions="spine")
        registry.record_reading(study, reader="anna", method="msasss", grades={"C3 upper": 1}, read_on="2012-02-03")
    return registry


def telling(out: Path) -> set[tuple[str, str]]:
    """Return the tables and columns by which the shift of the patient is found."""
    return {
        (table, column)
        for table, rows in rows_in(out).items()
        for row in rows
        for column, n in row.items()
        if type(n) in (int, float) and column != "birth_year" and _tells(row, n)
    }


def _tells(row: dict[str, Any], n: float) -> bool:
    """Return whether a number of days to or from a day of the row, or to the point in time, gives the shift."""
    for day in (value for value in row.values() if isinstance(value, date)):
        for other in _days_away(day, n):
            if any(meant - other == SHIFT for meant in MEANT):
                return True
        if any(true - day == SHIFT for true in _days_away(AS_OF, n)):
            return True
    return False


def _days_away(day: date, n: float) -> Iterator[date]:
    if n == int(n) and abs(n) < 40_000:
        yield from (day - timedelta(int(n)), day + timedelta(int(n)))


def released(registry: Registry, out: Path, key: Path) -> Path:
    """A release of the registry as of a day."""
    export(registry, out, profile=profile("deidentified", Choices(), key_file=key), as_of=AS_OF)
    return out


def test_no_number_of_a_release_tells_how_far_days_moved(partial: Registry, key: Path, tmp_path: Path) -> None:
    out = released(partial, tmp_path / "out", key)

    assert telling(out) == set()
    [flare] = rows_in(out)["flares"]
    assert "days_since_last_stop" not in flare
    assert (flare["started_on"], flare["last_agent"]) == (date(2009, 10, 11) - SHIFT, "adalimumab")


@pytest.mark.parametrize("column", [("flares", "days_since_last_stop"), ("treatments", "days")])
def test_days_that_were_forgotten_are_found(
    partial: Registry, key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, column: tuple[str, str]
) -> None:
    told_harmless(*column)(monkeypatch)

    assert telling(released(partial, tmp_path / "out", key)) == {column}


def test_every_column_of_days_is_left_out_but_those_between_exact_days(
    partial: Registry, key: Path, tmp_path: Path
) -> None:
    kept = {
        (table.name, column.name)
        for name, table in TABLES.items()
        if name not in LEFT_OUT
        for column in table.columns
        if (column.unit == "d" or "days" in column.name) and column.sensitivity != "cut"
    }

    assert kept == EXACT
    rows = rows_in(released(partial, tmp_path / "out", key))
    assert {row["interval_days"] for row in rows["reading_criteria"]} - {None} == {451}


def test_any_column_but_those_of_keys_can_be_left_out(partial: Registry, key: Path, tmp_path: Path) -> None:
    chosen = ("on_treatment", "last_agent", "before_enrolment")

    release(partial, tmp_path / "out", key, without=chosen)

    names = {name for rows in rows_in(tmp_path / "out").values() for row in rows for name in row}
    assert names & {*chosen} == set()
    with pytest.raises(UnknownCodeError, match="without: 'flare_id' is not a known"):
        release(partial, tmp_path / "odd", key, without=("flare_id",))
