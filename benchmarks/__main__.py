"""`python -m benchmarks`: every benchmark, one after the other, each in a process of its own; then the page."""

from __future__ import annotations

import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Final

from benchmarks.measuring import ROOT
from benchmarks.records import WHOLE, Scale, read_record
from benchmarks.rendering import page
from benchmarks.running import scale_of, scale_options

NAMES: Final = (
    "append",
    "commits",
    "merging",
    "intake",
    "sources",
    "redcap",
    "own_measures",
    "without_protocol",
    "simulate",
    "verify",
    "reading",
    "known_at",
    "imaging",
    "methods",
    "projecting",
    "following",
    "grouped",
    "exporting",
    "feed",
    "scaling",
    "commands",
    "instruments",
    "agreement",
    "models",
    "campaigns",
    "views",
)
PAGE: Final = ROOT / "docs" / "benchmarks.md"


def main() -> None:
    """Measure all benchmarks or those that are named, and write the page when every one has a record."""
    parser = scale_options(ArgumentParser("python -m benchmarks", description=__doc__))
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which: {', '.join(NAMES)}; all if none is named")
    parser.add_argument("--missing", action="store_true", help="only what has no record yet")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(NAMES):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    scale = scale_of(asked)
    size = ["--full"] if asked.full else ["--events", str(scale.events)]
    for name in asked.names or NAMES:
        if not (asked.missing and read_record(scale.folder, name)):
            subprocess.run(
                [sys.executable, "-m", f"benchmarks.{name}", *size, "--cache", str(asked.cache.absolute())],
                check=True,
                cwd=ROOT,
            )
            print(flush=True)
    write_page(scale, PAGE if scale.events == WHOLE else scale.folder / "benchmarks.md")


def write_page(scale: Scale, path: Path) -> None:
    """Write all records as a page, unless some are missing."""
    records = {name: read_record(scale.folder, name) for name in NAMES}
    if missing := [name for name, record in records.items() if record is None]:
        print(f"{path} is not written, for there are no records of {', '.join(missing)}", file=sys.stderr)
        return
    path.write_text(page([record for record in records.values() if record is not None]), encoding="utf-8")
    print(f"wrote {path}")


if __name__ == "__main__":
    main()
