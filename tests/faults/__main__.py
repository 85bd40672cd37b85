"""`python -m tests.faults`: every harness in its long form, its figures as a table in docs/trust.md."""

from __future__ import annotations

import json
import os
import platform
import re
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = ROOT / "docs" / "trust.md"
BEGIN: Final = "<!-- figures of make faults -->"
END: Final = "<!-- end of figures -->"
HEADING: Final = "# Trust: what is promised, and how it is shown\n"


def main() -> int:
    """Run the harnesses; write the table only where all of them hold. Return the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        figures = Path(folder) / "figures"
        ended = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "worksteal", "tests/faults", *sys.argv[1:]],
            cwd=ROOT,
            env={**os.environ, "SPONDYL_FAULTS": "long", "SPONDYL_FAULTS_FIGURES": str(figures)},
            check=False,
        )
        rows = [json.loads(line) for line in figures.read_text(encoding="utf-8").splitlines()]
    if ended.returncode == 0:
        table = _table(rows)
        text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else HEADING
        PAGE.write_text(_with_table(text, table), encoding="utf-8")
        print(table)
    return ended.returncode


def _table(rows: list[dict[str, str | int]]) -> str:
    lines = [
        f"| {row['what']} | {row['where']} | {row['tried']:,} | {row['found']} |"
        for row in sorted(rows, key=lambda row: (str(row["what"]), str(row["where"])))
    ]
    measured = (
        f"Measured with `make faults` on {os.cpu_count()} CPUs ({platform.machine()}), "
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
