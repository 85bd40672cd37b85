"""`python -m tests.faults [--resume] [NAME…]`: every harness in its long form, its figures as a table in docs/trust.md.

A NAME is a part of a harness's name, as `hostile` or `test_a_freeze`; with any, no table is written. What was found,
and how long each harness took, is kept in `.faults/` until the next run: `--resume` goes on where one was stopped, if
the commit is the same.
"""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Final

from tests.faults.lengths import DONE, FIGURES

ROOT: Final = Path(__file__).parents[2]
KEPT: Final = ROOT / ".faults"
PAGE: Final = ROOT / "docs" / "trust.md"
BEGIN: Final = "<!-- figures of make faults -->"
END: Final = "<!-- end of figures -->"
HEADING: Final = "# Trust: what is promised, and how it is shown\n"
LAWS: Final = (  # `make test` has a short form of them
    "tests/projections/feed",
    "tests/oracle/test_rows_of_omop.py",
    "tests/oracle/test_events_of_meds.py",
    "tests/oracle/test_releases.py",
)
LISTED: Final = 20  # harnesses, those that took longest


def main() -> int:
    """Run the harnesses; write the table only where all were run and all held. Return the exit code."""
    names = [word for word in sys.argv[1:] if word != "--resume"]
    commit = _commit()
    if "--resume" not in sys.argv[1:] or not _is_of(commit):
        _begin(commit)
    chosen = ["-k", " or ".join(names)] if names else []
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-v", "-n", "2", "--dist", "worksteal", "tests/faults", *LAWS, *chosen],
        cwd=ROOT,
        env={**os.environ, "SPONDYL_FAULTS": "long", FIGURES: str(KEPT / "figures"), DONE: str(KEPT / "done")},
        check=False,
    )
    _say_times()
    if ended.returncode == 0 and not names:
        rows = {(row["what"], row["where"]): row for row in _kept("figures")}
        table = _table([*rows.values()], commit)
        text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else HEADING
        PAGE.write_text(_with_table(text, table), encoding="utf-8")
        print(table)
    return ended.returncode


def _commit() -> str:
    """Return the commit that is tried, and say whether anything in it was changed."""
    words = ["git", "describe", "--always", "--dirty", "--exclude=*"]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def _is_of(commit: str) -> bool:
    return (KEPT / "commit").exists() and (KEPT / "commit").read_text(encoding="utf-8") == commit


def _begin(commit: str) -> None:
    shutil.rmtree(KEPT, ignore_errors=True)
    KEPT.mkdir()
    (KEPT / "commit").write_text(commit, encoding="utf-8")


def _kept(name: str) -> list[dict[str, str | int]]:
    place = KEPT / name
    return [json.loads(line) for line in place.read_text(encoding="utf-8").splitlines()] if place.exists() else []


def _say_times() -> None:
    """Print what the harnesses took in all, and which took longest."""
    done = sorted(_kept("done"), key=lambda each: -float(each["seconds"]))
    minutes = sum(float(each["seconds"]) for each in done) / 60
    print(f"{len(done)} harnesses held, in {minutes:.0f} minutes of two processes")
    for each in done[:LISTED]:
        print(f"{float(each['seconds']):7.0f} s {each['name']}")


def _table(rows: list[dict[str, str | int]], commit: str) -> str:
    lines = [
        f"| {row['what']} | {row['where']} | {row['tried']:,} | {row['found']} |"
        for row in sorted(rows, key=lambda row: (str(row["what"]), str(row["where"])))
    ]
    measured = (
        f"Measured in one run of `make faults` on commit {commit}, on {os.cpu_count()} CPUs ({platform.machine()}), "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}."
    )
    return "\n".join([measured, "", "| what was done | where | times | what was found |", "|---|---|---:|---|", *lines])


def _with_table(text: str, table: str) -> str:
    """Return the page with the table between its markers, at the end where it has none."""
    marked = f"{BEGIN}\n\n{table}\n\n{END}"
    if BEGIN in text:
        return re.sub(f"{BEGIN}.*{END}", lambda _: marked, text, flags=re.DOTALL)
    return f"{text.rstrip()}\n\n## Measured\n\n{marked}\n"


if __name__ == "__main__":
    sys.exit(main())
