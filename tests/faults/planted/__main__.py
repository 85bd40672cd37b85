"""`python -m tests.faults.planted [NAME…]`: every bug is planted, and the harness that is to find it must fail.

A NAME is a part of the name of a bug or of its harness: `killed-3`, `test_clocks`. The harnesses are run once where
nothing is planted too: one that fails there finds nothing. Where all bugs were planted and all were found, the table in
docs/trust.md is written anew.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue
from tempfile import TemporaryDirectory
from typing import Final

from tests.faults.planted.bugs import ROOT, PlantedBug, planted_bugs
from tests.faults.planted.page import write_table

FOUND: Final = 1  # what pytest ends with where a test failed; where it could not run one it ends with another number
SECONDS: Final = 600  # for a harness, several times what the longest takes
AT_ONCE: Final = 2
FOUND_IT: Final = "found"


def main() -> int:
    """Plant the bugs that are asked for. Return 1 where one was not found."""
    every, asked = planted_bugs(), sys.argv[1:]
    chosen = [bug for bug in every if not asked or any(word in f"{bug.name} {bug.harness}" for word in asked)]
    with TemporaryDirectory(prefix="planted-") as folder:
        copies: Queue[Path] = Queue()
        for number in range(AT_ONCE):
            copies.put(_copied(Path(folder) / f"copy-{number}"))
        with ThreadPoolExecutor(AT_ONCE) as threads:
            sound = threads.submit(_hold, chosen, copies)
            found = list(threads.map(lambda bug: _is_found(bug, copies), chosen))
    missed = [bug for bug, is_found in zip(chosen, found, strict=True) if not is_found]
    print(f"{len(chosen) - len(missed)} of {len(chosen)} planted bugs were found")
    for bug in missed:
        print(f"not found by {bug.harness}: {bug.name}, {bug.file}: {bug.says}")
    if not missed and sound.result() and len(chosen) == len(every):
        write_table()
    return 0 if chosen and not missed and sound.result() else 1


def _hold(bugs: list[PlantedBug], copies: Queue[Path]) -> bool:
    """Return whether all the harnesses pass where nothing is planted, and say which do not."""
    begun, copy = time.monotonic(), copies.get()
    ended = _run(sorted({bug.harness for bug in bugs}), copy, maxfail=0)
    copies.put(copy)
    print(f"{time.monotonic() - begun:.0f} s without a bug: {ended.stdout.splitlines()[-1]}", flush=True)
    if ended.returncode:
        print("\n".join(line for line in ended.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))))
    return ended.returncode == 0


def _is_found(bug: PlantedBug, copies: Queue[Path]) -> bool:
    begun, copy = time.monotonic(), copies.get()
    answer = outcome(bug, copy)
    copies.put(copy)
    print(f"{answer} {time.monotonic() - begun:.0f} s {bug.name}: {bug.says}", flush=True)
    return answer == FOUND_IT


def outcome(bug: PlantedBug, copy: Path) -> str:
    """Plant a bug in a copy of the sources and run its harness; return `found` or what else came."""
    place = copy / bug.file
    sound = place.read_text(encoding="utf-8")
    place.write_text(bug.planted(sound), encoding="utf-8")
    try:
        ended = _run([bug.harness], copy, maxfail=1, seconds=SECONDS)
    except subprocess.TimeoutExpired:
        return "NOT ENDED"  # by a bug, or on a busy machine
    finally:
        place.write_text(sound, encoding="utf-8")
    if os.environ.get("SPONDYL_PLANTED_OUTPUT"):
        print(ended.stdout)
    if ended.returncode == FOUND and not re.search(r"\d error", ended.stdout):
        return FOUND_IT
    return "NOT RUN" if ended.returncode or " passed" not in ended.stdout else "MISSED"


def _run(names: list[str], copy: Path, *, maxfail: int, seconds: int | None = None) -> subprocess.CompletedProcess[str]:
    """Run harnesses in a copy of the sources, to the end or until so many failed."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", f"--maxfail={maxfail}", "-p", "no:cacheprovider", *names],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy), "SPONDYL_FAULTS": "planted", "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=seconds,
    )


def _copied(place: Path) -> Path:
    """Return a copy of all that stands under version control, as it is now, and of what is new."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, place / name)
    return place


if __name__ == "__main__":
    sys.exit(main())
