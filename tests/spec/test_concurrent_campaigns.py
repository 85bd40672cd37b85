"""Campaigns and readings at the same time: what is read is before the lock, or refused; on a file as on a server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from registry import Registry
from registry.domain.notes import Note
from registry.errors import (
    BatchRefusedError,
    CampaignLockedError,
    CampaignStateError,
    ConcurrentChangeError,
    NotAssignedError,
)
from registry.intake import import_batch
from registry.streams import encoded
from tests.spec import given
from tests.spec.campaigns import NAME, STUDIES, declared, examined, read, started


@pytest.fixture
def registry(url: str) -> Iterator[Registry]:
    """A registry with two patients and four studies, in each of the stores."""
    with Registry.open(url, actor="lindner", clock=given.StandingClock()) as opened:
        examined(opened)
        yield opened


@pytest.fixture
def interrupted(url: str) -> Iterator[Callable[..., Registry]]:
    """Open the registry for somebody who is interrupted before storing: `interrupted(somebody)`."""
    opened: list[Registry] = []

    def somebody_else(somebody: Callable[[int], object]) -> Registry:
        opened.append(Registry.open(url, actor="voss", clock=given.InterruptedClock(somebody)))
        return opened[-1]

    yield somebody_else
    for each in opened:
        each.close()


def test_a_reading_that_is_decided_before_the_lock_and_stored_after_it_is_refused(
    registry: Registry, interrupted: Callable[..., Registry], tmp_path: Path
) -> None:
    started(registry, tmp_path)
    slower = interrupted(lambda _: registry.lock_campaign(NAME, reason="the paper is due"))

    with pytest.raises(CampaignLockedError, match=f"^session: campaign {NAME} is locked"):
        read(slower, "MR-0001")

    assert f"reading/MR-0001/R1/berlin/{NAME}" not in registry.patient_batch.patients(["BAR1-01"])["BAR1-01"].facts


def test_a_reading_that_is_decided_before_the_start_and_stored_after_it_is_one_of_the_campaign(
    registry: Registry, interrupted: Callable[..., Registry], tmp_path: Path
) -> None:
    slower = interrupted(lambda _: started(registry, tmp_path))

    with pytest.raises(NotAssignedError, match=f"^study: campaign {NAME} gave 'R9' no study 'MR-0001'"):
        read(slower, "MR-0001", reader="R9")


def test_a_start_during_which_its_session_is_read_is_refused_and_leaves_no_key(
    registry: Registry, interrupted: Callable[..., Registry], tmp_path: Path
) -> None:
    file = declared(tmp_path)
    times: list[int] = []

    def read_at_the_second_question(_: int) -> None:
        times.append(1)
        if len(times) == 1:
            read(registry, "MR-0001", reader="R9")

    slower = interrupted(read_at_the_second_question)

    with pytest.raises(CampaignStateError, match=f"^campaign: {NAME} is the session of readings already"):
        slower.start_campaign(file, key=tmp_path / "campaign.key")

    assert not (tmp_path / "campaign.key").exists()
    assert registry.campaigns() == []


def test_a_program_that_judges_without_the_campaigns_stores_no_reading(registry: Registry, tmp_path: Path) -> None:
    started(registry, tmp_path)
    batch = registry.patient_batch
    patient = batch.patients(["BAR1-01"])["BAR1-01"]
    fact = f"assignment/MR-0001/{NAME}/R1"
    patient.retract(fact, Note("lindner", "program", "R1 is ill"))

    with pytest.raises(ConcurrentChangeError):
        batch.save([*map(encoded, patient.collect_events())])


def write_readings(folder: Path, reader: str) -> Path:
    """A file with what one reader read of all studies in the campaign."""
    file = folder / reader / "readings.csv"
    file.parent.mkdir()
    rows = [f"{study},{reader},berlin,C2/3,1,{NAME}" for study in STUDIES]
    file.write_text("\n".join(["study,reader,method,location,grade,session", *rows, ""]))
    return file


def test_of_two_imports_at_the_time_of_the_lock_each_is_whole_before_it_or_refused(
    registry: Registry, url: str, tmp_path: Path
) -> None:
    started(registry, tmp_path)
    files = {reader: write_readings(tmp_path, reader) for reader in ("R1", "R2")}

    def importing(reader: str) -> list[str]:
        """What is wrong with an import, told."""
        with Registry.open(url, actor=reader) as own:
            try:
                import_batch(own, files[reader])
            except BatchRefusedError as refusal:
                return [*map(str, refusal.problems)]
            return []

    def locking() -> int:
        with Registry.open(url, actor="lock") as own:
            locked = own.lock_campaign(NAME, reason="the paper is due").locked
            assert locked is not None
            return locked.position

    with ThreadPoolExecutor(3) as people:
        refused = [people.submit(importing, reader) for reader in files]
        locked = people.submit(locking).result()
        problems = [each.result() for each in refused]

    read_at = [at for chunk in registry.log.columns(topics=["ReadingRecorded"]) for at in chunk.position]
    assert len(read_at) == len(STUDIES) * problems.count([])
    assert all("is locked" in problem for told in problems for problem in told)
    assert all(position < locked for position in read_at)
    assert registry.verify().is_whole
