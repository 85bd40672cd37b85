"""The table of the planted bugs in docs/trust.md."""

from __future__ import annotations

import re
from typing import Final

from tests.faults.planted.bugs import ROOT, PlantedBug, planted_bugs

PAGE: Final = ROOT / "docs" / "trust.md"
BEGIN: Final = "<!-- planted bugs -->"
END: Final = "<!-- end of planted bugs -->"


def table() -> str:
    """Return the bugs by the harness that finds them."""
    rows = [f"| {_harness(bug)} | `{bug.file}` | {bug.says} |" for bug in sorted(planted_bugs(), key=_order)]
    return "\n".join(["| harness | planted in | what the bug is |", "|---|---|---|", *rows])


def write_table() -> None:
    """Write the table between its markers."""
    text = PAGE.read_text(encoding="utf-8")
    marked = f"{BEGIN}\n\n{table()}\n\n{END}"
    PAGE.write_text(re.sub(f"{BEGIN}.*{END}", lambda _: marked, text, flags=re.DOTALL), encoding="utf-8")


def _harness(bug: PlantedBug) -> str:
    """Return what a harness says, as a sentence's words."""
    name = bug.test.rpartition("::")[2]
    return name.removeprefix("test_").replace("_", " ")


def _order(bug: PlantedBug) -> tuple[str, str, str]:
    return bug.module, _harness(bug), bug.name
