"""What is killed: the work of each undertaking, and how one sees afterwards that it is whole or was never begun."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Callable
from contextlib import closing
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path

from sqlalchemy import Engine, event

import registry.store.postgres  # noqa: F401 – everything is imported before the process is forked
from projections import LogColumns, facts_at, feed_run, feed_verify, project
from projections.export import export, reproduce
from projections.log import blocks
from registry import Registry
from registry.domain.notes import Note
from registry.errors import FreezeExistsError, NoRegistryError
from registry.intake import import_batch
from registry.store.backup import backup
from registry.store.blocks_folder import blocks_folder, purge_blocks
from registry.store.head import system_clock
from registry.store.log import EventLog
from registry.store.opening import create_database, open_database
from registry.store.verify import verify
from registry.streams import PatientStreams
from tests.faults.stepping import NEVER, Steps

Tell = Callable[[object], None]
PATIENTS = 10
VISITS = 10
EVENTS_OF_A_BATCH = PATIENTS * (1 + VISITS) + 1  # the last notes the batch
MANY_VISITS = 31
SHORT_BLOCK, SHORT_TAIL = 20, 8  # events
EVENTS_OF_A_LARGE_BATCH = PATIENTS * (1 + MANY_VISITS) + 1


def batch(folder: Path, number: int, *, visits: int = VISITS) -> Path:
    """Write a batch of patients and visits that no other batch has."""
    files = folder / f"batch-{number}"
    files.mkdir()
    names = [f"P-{number}-{patient}" for patient in range(PATIENTS)]
    rows = [f"{name},2020-01-01" for name in names]
    (files / "patients.csv").write_text("\n".join(["patient,enrolled_on", *rows]))
    rows = [f"{name},2020-03-{day:02},{day}.5" for name in names for day in range(1, visits + 1)]
    (files / "visits.csv").write_text("\n".join(["patient,visited_on,crp", *rows]))
    return files


def importing(url: str, folder: Path, number: int, tell: Tell) -> None:
    with Registry.open(url, actor="ines") as opened:
        tell(import_batch(opened, folder / f"batch-{number}").events)


def appending(url: str, folder: Path, number: int, tell: Tell) -> None:
    """Record a patient's visits one after the other, and tell of each as soon as it is acknowledged."""
    with Registry.open(url, actor="ines") as opened:
        opened.enrol_patient(f"A-{number}", enrolled_on="2020-01-01")
        for day in range(1, 29):
            opened.record_visit(f"A-{number}", visited_on=f"2020-02-{day:02}", measures={"crp": day})
            tell(day)


def exporting(url: str, folder: Path, number: int, tell: Tell) -> None:
    """Export to a place for two numbers each; the odd one finds what the even one may have left."""
    with Registry.open(url, actor="ines") as opened:
        export(opened, exported(folder, number), overwrite=number % 2 == 1)


def exported(folder: Path, number: int) -> Path:
    return folder / f"export-{number // 2}"


def replacing(url: str, folder: Path, number: int, tell: Tell) -> None:
    """Export as of another day than the last time, up to which there were more visits, or fewer."""
    with Registry.open(url, actor="ines") as opened:
        export(opened, replaced(folder), as_of=f"2020-03-{number % VISITS + 1:02}", overwrite=True)


def replaced(folder: Path) -> Path:
    return folder / "out"


def reproducing(url: str, folder: Path, number: int, tell: Tell) -> None:
    """Rebuild an export, the temporary files of which lie in a folder of their own, from a log as if it were long."""
    blocks.EVENTS_AT_MOST, blocks.TAIL_EVENTS = SHORT_BLOCK, SHORT_TAIL  # type: ignore[misc]
    tempfile.tempdir = str(put_aside(folder))
    with Registry.open(url, actor="ines") as opened:
        tell(reproduce(opened, folder / "out").identical)


def put_aside(folder: Path) -> Path:
    return folder / "temporary"


def feeding(url: str, folder: Path, number: int, tell: Tell) -> None:
    with Registry.open(url, actor="ines") as opened:
        tell(len(feed_run(opened, fed(folder))))


def feeding_in_steps(working: Connection, url: str, folder: Path, die: int = NEVER) -> None:
    """Run a feed, and tell the lines that were run of where it is published; or be killed before one of them."""
    with Registry.open(url, actor="ines") as opened:
        with Steps(working, ("projections/feed/running.py", "projections/feed/batch_files.py"), die=die) as steps:
            feed_run(opened, fed(folder))
        working.send(steps.lines)


def fed(folder: Path) -> Path:
    return folder / "feed"


def something_happens(url: str, folder: Path, number: int) -> None:
    """Import a batch, and erase somebody of the one before."""
    with Registry.open(url, actor="ines") as opened:
        import_batch(opened, batch(folder, number))
        if number:
            opened.erase_patient(f"P-{number - 1}-0", reason="asked for it")


def visits_after(happened: int) -> int:
    """Return how many visits there are after something happened so many times since the first."""
    return (PATIENTS * (happened + 1) - happened) * VISITS


def is_whole_feed(folder: Path, rows: int | None = None) -> bool:
    """Return whether a feed is what it says, and has so many rows of visits."""
    found = feed_verify(fed(folder))
    return not found.problems and rows in (None, found.rows.get("visits", 0))


def freezing(url: str, folder: Path, number: int, tell: Tell) -> None:
    with Registry.open(url, actor="ines") as opened:
        try:
            tell(opened.freeze(f"freeze-{number}").position)
        except FreezeExistsError:
            tell("was there")


def told_of(number: int) -> tuple[str, str]:
    """Return a pseudonym, and what else is said of that patient and of nobody else."""
    return f"Gone-{number:04}", f"Kniegelenk {number:04} rechts"


def person(url: str, number: int, tell: Tell) -> None:
    """Record somebody of whom much is said, and make blocks of it."""
    blocks.EVENTS_AT_MOST, blocks.TAIL_EVENTS = SHORT_BLOCK, 1  # type: ignore[misc]
    name, note = told_of(number)
    with Registry.open(url, actor="ines") as opened:
        opened.enrol_patient(name, enrolled_on="2020-01-01")
        for day in range(1, 20):
            opened.start_flare(name, started_on=f"2020-02-{day:02}", note=note)
        assert blocks.sealed_blocks(opened.log)


def erasing(url: str, folder: Path, number: int, tell: Tell) -> None:
    with Registry.open(url, actor="ines") as opened:
        tell(opened.erase_patient(told_of(number)[0], reason="asked for it").overwritten)


def erasing_half(url: str, folder: Path, number: int, tell: Tell) -> None:
    """Erase a patient, and be killed as soon as the transaction is committed."""
    opened = PatientStreams.open(url, clock=system_clock)
    opened.erase(told_of(number)[0], Note("ines", "test", "asked for it"))
    os.kill(os.getpid(), signal.SIGKILL)


def is_erased(url: str, number: int) -> bool:
    """Return whether a patient was erased, as the next command sees it, which opens the registry and reads."""
    with Registry.open(url, actor="ines") as opened:
        found = opened.verify()
        assert (found.problems, found.notes, found.to_overwrite) == ((), (), 0)
        patient = opened.patient_batch.patients([told_of(number)[0]])[told_of(number)[0]]
        assert patient.is_erased or len(patient.facts) == 20
        return patient.is_erased


def migrating(url: str, folder: Path, number: int, tell: Tell) -> None:
    """Create a registry, and tell of how many statements that took; it is killed before the one of a number from 1."""
    statements = count(1)

    def counted(*_: object) -> None:
        if next(statements) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", counted)
    create_database(url).close()
    tell(next(statements) - 1)


def copying(url: str, folder: Path, number: int, tell: Tell) -> None:
    with closing(open_database(url)) as opened:
        backup(opened, folder / f"copy-{number // 2}.db", overwrite=number % 2 == 1)


def block_building(url: str, folder: Path, number: int, tell: Tell) -> None:
    """Make the blocks of a short log as if it were long: anew, or by an odd number what of them is missing."""
    blocks.EVENTS_AT_MOST, blocks.TAIL_EVENTS = SHORT_BLOCK, SHORT_TAIL  # type: ignore[misc]
    with Registry.open(url, actor="ines") as opened:
        if number % 2 == 0:
            purge_blocks(opened.log.database)
        tell(len(blocks.sealed_blocks(opened.log)))


def all_blocks(url: str) -> bool:
    """Return whether all blocks are there, and see that what is read by them is what the log says."""
    with Registry.open(url, actor="ines") as opened:
        read, decoded = LogColumns.read(opened.log), LogColumns.decoded(opened.log)
        for table in ("patients", "visits", "measures"):
            assert project(table, facts_at(read)).equals(project(table, facts_at(decoded)))
        found = blocks.sealed_blocks(opened.log, extend=False)
        return bool(found) and opened.head.position - found[-1].block.last < SHORT_TAIL


def left_by_the_killed(url: str) -> list[Path]:
    """Return the folders of blocks that were never finished."""
    with closing(open_database(url)) as opened:
        found = Path(blocks_folder(opened).path).iterdir()
        return [path for path in found if not (path / blocks.BLOCK).exists()]


def is_whole_import(url: str, before: int) -> bool:
    """Return whether a batch is there, and see that it is there whole or not at all."""
    with Registry.open(url, actor="ines") as opened:
        added = opened.head.position - before
        assert added in (0, EVENTS_OF_A_BATCH)
        assert opened.verify().is_whole
    return added > 0


def head(url: str) -> int:
    with closing(open_database(url)) as opened:
        return EventLog(opened).head().position


def visits_recorded(url: str, number: int) -> int:
    """Return how many of a patient's visits are there, and see that they are the first ones without a gap."""
    with Registry.open(url, actor="ines") as opened:
        facts = [
            fact
            for fact in opened.patient_batch.patients([f"A-{number}"])[f"A-{number}"].facts
            if fact.startswith("visit/")
        ]
        assert facts == [f"visit/A-{number}/2020-02-{day:02}" for day in range(1, len(facts) + 1)]
        assert opened.verify().is_whole
    return len(facts)


def is_whole_export(url: str, out: Path) -> bool:
    """Return whether an export is there, and see that it is the log's and that every byte is as its manifest says."""
    if not out.exists():
        return False
    with Registry.open(url, actor="ines") as opened:
        assert reproduce(opened, out).identical
        assert reproduce(None, out, files_only=True).identical
    return True


def is_registry(url: str) -> bool:
    """Return whether a registry is there, and see that there is nothing else."""
    try:
        database = open_database(url)
    except NoRegistryError:
        return False
    with closing(database):
        assert verify(EventLog(database)).is_whole
    return True
