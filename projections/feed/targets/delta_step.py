"""One step of a target of Delta tables: each table in a commit of its own, then the publication of all.

Whoever is killed in between leaves tables that are ahead of what is published. Their commits say of which step they
are: of this one, and they are done; of another one, and they are put back to what is published before anything else.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from projections.errors import TargetError
from projections.feed.replaying import stated_table
from projections.feed.targets.delta_files import DataFiles
from projections.feed.targets.delta_log import DeltaLog, Step
from projections.feed.targets.delta_publications import Publication
from projections.feed.targets.delta_rows import Rewriting, data_files
from projections.feed.targets.sql_tables import HISTORY
from projections.stated.events import EVENTS

if TYPE_CHECKING:
    from projections.columns.tables import Table
    from projections.feed.targets.target import Applied

WORKERS: Final = 3  # tables at once: while one waits for the disk, another one reads
UNDONE: Final = "undone"
Work = Callable[[DataFiles, Rewriting], None]


class Member(NamedTuple):
    """A Delta table of a target: the rows of a table as they are, or the versions that they had."""

    table: Table
    of_history: bool

    @property
    def name(self) -> str:
        """Its folder."""
        return f"{self.table.name}{HISTORY if self.of_history else ''}"

    def files(self, folder: Path) -> DataFiles:
        """Return its files in the folder of a target."""
        return data_files(folder / self.name, self.table, of_history=self.of_history)


def members(state: Applied) -> list[Member]:
    """Return the Delta tables of a target in a state."""
    found = []
    for name, rule in state.tables.items():
        table = stated_table(name, rule)
        found.append(Member(table, of_history=False))
        if state.with_history and name != EVENTS.name:
            found.append(Member(table, of_history=True))
    return found


class DeltaStep:
    """A step from what is published to another state."""

    def __init__(self, folder: Path, place: str, before: Publication | None, step: Step) -> None:
        """Begin a step in the folder of a target, which messages call `place`."""
        self._folder = folder
        self._place = place
        self._before = before
        self._were = {} if before is None else {each.name: each for each in members(before.state)}
        self._step = step

    def versions(self, work: dict[Member, Work]) -> dict[str, int]:
        """Do the work on each table, and return the version that each then has.

        Raises `TargetError` where somebody else wrote to one of them, before anything is changed.
        """
        with ThreadPoolExecutor(max_workers=WORKERS) as threads:
            opened = list(threads.map(self._opened, work))
            return dict(zip([each.name for each in work], threads.map(self._done, opened, work, work.values())))

    def _opened(self, member: Member) -> DeltaLog | None:
        """Open a table, None where it is not there yet. Raises `TargetError` where it is not as the feed left it."""
        place = self._folder / member.name
        log = DeltaLog.open(place)
        if log is None:
            if self._version(member) is not None:
                raise TargetError(self._place, f"has no table {member.name} any more; begin a new target")
            if place.is_dir() and any(
                each.suffix != ".parquet" for each in place.iterdir() if each.name != "_delta_log"
            ):
                raise TargetError(self._place, f"has a folder {member.name} that no feed made; name a place of its own")
            return None
        log.steps_since(self._first(member), self._place)
        return log

    def _done(self, log: DeltaLog | None, member: Member, work: Work) -> int:
        """Do the work on a table, unless it is done, and return its version."""
        if log is not None and (steps := log.steps_since(self._first(member), self._place)):
            if steps[-1] == self._step.said and log.is_done(self._step):
                return log.version
            log = self._put_back(log, member, steps[-1])
        files = member.files(self._folder)
        there = [] if log is None else log.files()
        rewriting = Rewriting(files, there)
        if log is None:
            files.folder.mkdir(exist_ok=True)
        work(files, rewriting)
        changed = rewriting.done()
        if log is None:
            return DeltaLog.create(files.folder, files.schema, changed.come, self._step).version
        if files.schema != self._were[member.name].files(self._folder).schema:
            kept = [files.again(each) for each in there if each not in changed.go]
            log.replace([*kept, *changed.come], files.schema, self._step)
        elif changed:
            log.commit(changed.come, changed.go, files.schema, self._step)
        return log.version

    def _put_back(self, log: DeltaLog, member: Member, last: str) -> DeltaLog | None:
        """Have a table be what it is in the publication: gone, where it is in none."""
        version, folder = self._version(member), self._folder / member.name
        if self._before is None or version is None:
            shutil.rmtree(folder)
            return None
        undone = Step(self._before.number, UNDONE)
        if last != undone.said:
            were = self._were[member.name].files(self._folder)
            log.replace([were.again(each) for each in log.files(version)], were.schema, undone)
        return log

    def _version(self, member: Member) -> int | None:
        return None if self._before is None else self._before.versions.get(member.name)

    def _first(self, member: Member) -> int:
        """Return the version after which every commit is one of a step that was not published."""
        version = self._version(member)
        return -1 if version is None else version
