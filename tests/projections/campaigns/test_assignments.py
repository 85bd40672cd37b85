"""The table of assignments: who is to read what, whether it is read, whether it is late, at any point in time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from projections import LogColumns, facts_at, project
from projections.campaigns.progress import progress
from projections.log.block_files import Patients
from registry import Registry
from tests.projections.campaigns.reading import PAIRS, adjudicating, given_to_adjudicator
from tests.projections.shown import shown
from tests.spec import given
from tests.spec.campaigns import NAME, declared, examined, read, started

STATE = "study reader is_read overdue study_retracted"


@pytest.fixture
def clock() -> given.StandingClock:
    return given.StandingClock()


@pytest.fixture
def registry(sqlite_url: str, clock: given.StandingClock) -> Iterator[Registry]:
    """A registry with two patients and four studies; its recorded clock stands where it is set."""
    with Registry.open(sqlite_url, actor="lindner", clock=clock) as opened:
        examined(opened)
        yield opened


def test_an_assignment_says_who_is_to_read_what_since_when(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path, listed="study\nMR-0001\nMR-0002", readers='["R1"]', due="2014-12-31")

    columns = "patient performed_on study campaign reader repeat assignment_id role unit assigned_at due"
    at = "2014-06-30 09:00:00+00:00"
    assert shown(facts_at(registry), "assignments", columns) == [
        ("BAR1-01", "2002-06-03", "MR-0001", NAME, "R1", False, f"assignment/MR-0001/{NAME}/R1", "reader",
         "MR-0001+MR-0002", at, "2014-12-31"),
        ("BAR1-01", "2004-06-07", "MR-0002", NAME, "R1", False, f"assignment/MR-0002/{NAME}/R1", "reader",
         "MR-0001+MR-0002", at, "2014-12-31"),
    ]  # fmt: skip


def test_it_is_read_once_its_reader_has_read_it_in_its_session(
    registry: Registry, tmp_path: Path, clock: given.StandingClock
) -> None:
    started(registry, tmp_path, listed="study\nMR-0001", unit='"study"', repeats="1")
    clock.now = given.instant("2014-07-02T10:00")
    read(registry, "MR-0001", reader="R9", session="another")
    read(registry, "MR-0001")

    assert shown(facts_at(registry), "assignments", "reader repeat is_read read_at") == [
        ("R1", False, True, "2014-07-02 10:00:00+00:00"),
        ("R1", True, False, None),
        ("R2", False, False, None),
        ("R2", True, False, None),
    ]


def test_a_reading_that_was_withdrawn_is_to_be_read_again(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path, listed="study\nMR-0001", unit='"study"', readers='["R1"]')
    registry.retract(read(registry, "MR-0001"), reason="of another study")

    assert shown(facts_at(registry), "assignments", STATE) == [("MR-0001", "R1", False, False, False)]


@pytest.mark.parametrize(("as_of", "overdue"), [("2014-07-31", False), ("2014-08-01", True)])
def test_what_is_unread_is_overdue_from_the_day_after_the_due_day(
    registry: Registry, tmp_path: Path, clock: given.StandingClock, *, as_of: str, overdue: bool
) -> None:
    started(registry, tmp_path, listed="study\nMR-0001\nMR-0011", unit='"study"', readers='["R1"]', due="2014-07-31")
    read(registry, "MR-0011")
    clock.now = given.instant("2014-09-01T09:00")

    assert shown(facts_at(registry, as_of=as_of), "assignments", STATE) == [
        ("MR-0001", "R1", False, overdue, False),
        ("MR-0011", "R1", True, False, False),
    ]


def test_nothing_is_overdue_where_the_file_has_no_due_day(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)

    assert {overdue for (overdue,) in shown(facts_at(registry), "assignments", "overdue")} == {False}


def test_nobody_waits_for_the_other_study_of_a_pair_of_which_one_was_withdrawn(
    registry: Registry, tmp_path: Path
) -> None:
    started(registry, tmp_path, readers='["R1"]', due="2014-01-01")
    registry.retract("imaging/MR-0001", reason="of another patient")

    assert shown(facts_at(registry), "assignments", STATE) == [
        ("MR-0001", "R1", False, False, True),
        ("MR-0002", "R1", False, False, False),
        ("MR-0011", "R1", False, True, False),
        ("MR-0012", "R1", False, True, False),
    ]


def test_an_assignment_of_a_study_that_was_withdrawn_is_listed(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path, listed="study\nMR-0001\nMR-0011", unit='"study"', readers='["R1"]', due="2014-01-01")
    read(registry, "MR-0001")
    for study in ("MR-0001", "MR-0011"):
        registry.retract(f"imaging/{study}", reason="of somebody else")

    assert shown(facts_at(registry), "assignments", f"performed_on {STATE}") == [
        ("2002-06-03", "MR-0001", "R1", True, False, True),
        ("2003-01-13", "MR-0011", "R1", False, False, True),
    ]


def test_it_is_there_from_the_day_of_the_study_and_from_the_start_on(registry: Registry, tmp_path: Path) -> None:
    before = registry.head.position
    started(registry, tmp_path, readers='["R1"]')

    assert project("assignments", facts_at(registry, known_at=f"@{before}")).num_rows == 0
    assert shown(facts_at(registry, as_of="2003-12-31"), "assignments", "study") == [("MR-0001",), ("MR-0011",)]


def test_a_verdict_reads_both_studies_of_its_pair(registry: Registry, tmp_path: Path) -> None:
    pair = "study\nMR-0001\nMR-0002"
    started(registry, tmp_path, method='"paired-lesions"', listed=pair, readers='["R1"]')
    given.verdict(registry, reader="R1", session=NAME)

    assert shown(facts_at(registry), "assignments", STATE) == [
        ("MR-0001", "R1", True, False, False),
        ("MR-0002", "R1", True, False, False),
    ]


def test_after_a_merge_they_are_the_survivor_s_and_assigned_when_they_were(
    registry: Registry, tmp_path: Path, clock: given.StandingClock
) -> None:
    started(registry, tmp_path, readers='["R1"]')
    read(registry, "MR-0011")
    clock.now = given.instant("2014-07-02T10:00")

    registry.merge_patients("BAR1-02", into="BAR1-01", reason="one person")

    assert shown(facts_at(registry), "assignments", "patient study is_read assigned_at") == [
        ("BAR1-01", study, is_read, "2014-06-30 09:00:00+00:00")
        for study, is_read in (("MR-0001", False), ("MR-0011", True), ("MR-0002", False), ("MR-0012", False))
    ]


def test_an_erased_patient_has_none(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path, readers='["R1"]')

    registry.erase_patient("BAR1-01", reason="request of 2026-03-02")

    assert shown(facts_at(registry), "assignments", "study") == [("MR-0011",), ("MR-0012",)]


def test_the_rows_of_ranges_of_patients_are_those_of_all(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path, due="2014-01-01")
    registry.merge_patients("BAR1-02", into="BAR1-01", reason="one person")
    registry.retract("imaging/MR-0012", reason="of somebody else")
    facts = facts_at(LogColumns.read(registry.log))

    ranges = [facts.among(Patients(name, name)) for name in ("BAR1-01", "BAR1-02")]

    rows = [row for each in ranges for row in project("assignments", each).to_pylist()]
    assert rows == project("assignments", facts).to_pylist()
    assert len(rows) == 8


def test_two_campaigns_over_the_same_studies_are_apart(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path, listed="study\nMR-0001", unit='"study"', readers='["R1"]', due="2014-01-01")
    again = declared(tmp_path, campaign='"second"', listed="study\nMR-0001", unit='"study"', readers='["R1"]')
    registry.start_campaign(again, key=tmp_path / "second.key")
    read(registry, "MR-0001")

    assert shown(facts_at(registry), "assignments", "campaign is_read due") == [
        (NAME, True, "2014-01-01"),
        ("second", False, None),
    ]


def test_the_adjudicator_comes_after_the_readers(registry: Registry, tmp_path: Path) -> None:
    adjudicating(registry, tmp_path)
    given_to_adjudicator(registry, *PAIRS[0])

    found = progress(facts_at(registry))

    assert found[["reader", "role", "cases"]].to_numpy().tolist() == [
        ["R1", "reader", 2],
        ["R2", "reader", 2],
        ["R3", "adjudicator", 1],
    ]
