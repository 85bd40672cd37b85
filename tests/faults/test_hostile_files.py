"""Whatever a hostile file is, it is stored or refused in a GiB of memory and a minute; never a traceback."""

from __future__ import annotations

import os
import resource
import shutil
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from cli.exit_codes import DEFECT, DONE, REFUSED
from cli.main import main
from tests.faults.hostile import KINDS
from tests.faults.killing import run
from tests.faults.lengths import LENGTH, figure
from tests.faults.what_logs_say import everything_in

MEMORY: Final = 2**30  # bytes, at most, of addresses beside those that its libraries have reserved when they are loaded
MEMORY_IN_USE: Final = 600 * 2**20  # bytes, at most, of what it ever had in memory
SECONDS: Final = 60  # of processor time
WAITING: Final = 600  # s; the machine may be busy
CHOSEN: Final = [name for name, kind in KINDS.items() if LENGTH == "long" or not kind.is_large]


class Answer(NamedTuple):
    """What a command ended with and said, and how many bytes it had in memory at most."""

    code: int
    said: str
    memory: int


def importing(db: str, folder: str, said: str, words: Sequence[str], tell: Callable[[object], None]) -> None:
    """Run `spondyl import` within a limited memory, and tell how it ended."""
    memory = _reserved() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    os.dup2(os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
    sys.argv = ["spondyl", "--db", db, "import", folder, *words]
    code = 0
    try:
        main()
    except SystemExit as end:
        code = int(end.code or 0)
    except BaseException:  # noqa: BLE001 – what is no refusal is told as the command line would
        traceback.print_exc()
        code = DEFECT
    tell((code, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024))


def _reserved() -> int:
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def answer(db: Path, folder: Path, *words: str) -> Answer:
    """Import a folder in a process of its own; return how that ended."""
    said = db.with_name("said.txt")
    ended = run(importing, str(db), str(folder), str(said), words, within=WAITING)
    assert ended.told, f"killed after {SECONDS} s of processor time, or for want of memory"
    [(code, memory)] = ended.told
    return Answer(code, said.read_text(encoding="utf-8"), memory)


@pytest.mark.parametrize("name", CHOSEN)
def test_a_hostile_file_is_stored_or_refused_in_little_memory_and_time(
    name: str, sqlite_template: Path, tmp_path: Path
) -> None:
    kind, folder, db = KINDS[name], tmp_path / "files", Path(shutil.copy(sqlite_template, tmp_path / "registry.db"))
    folder.mkdir()
    kind.write(folder)
    before = everything_in(db)

    dry = answer(db, folder, "--dry-run") if LENGTH == "long" else None
    real = answer(db, folder)

    for each in filter(None, (dry, real)):
        assert each.memory < MEMORY_IN_USE, f"{each.memory:,} bytes"
        assert each.code == (DONE if kind.answer == "stored" else REFUSED), each.said[-2000:]
        assert "Traceback" not in each.said
    if kind.answer == "stored":
        assert everything_in(db) != before
    else:
        assert real.said.startswith(kind.answer), real.said[:300]
        assert dry is None or real.said == dry.said
        assert everything_in(db) == before, "what is refused leaves everything as it was"
    shutil.rmtree(folder)
    found = "stored" if kind.answer == "stored" else "refused at its place"
    figure(f"import of a hostile file, {name}", "SQLite", 2, f"{found}, at most {real.memory >> 20} MiB")
