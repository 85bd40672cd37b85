"""Hostile folders: what is no file, and too many of them."""

from __future__ import annotations

import os
from pathlib import Path

from tests.faults.hostile.kinds import hostile
from tests.faults.hostile.texts import HEADER, ROW


@hostile("folder: a pipe", "patients.csv:1: not a file but a pipe or a device")
def pipe(folder: Path) -> None:
    os.mkfifo(folder / "patients.csv")


@hostile("folder: a link to a device that never ends", "patients.csv:1: not a file but a pipe or a device")
def device(folder: Path) -> None:
    (folder / "patients.csv").symlink_to("/dev/zero")


@hostile("folder: links in a circle", "patients.csv:1: not a file but a pipe or a device")
def circle(folder: Path) -> None:
    (folder / "patients.csv").symlink_to(folder / "visits.csv")
    (folder / "visits.csv").symlink_to(folder / "patients.csv")


@hostile("folder: a folder that is named like a table", "patients.csv:1: a folder; write one file")
def folder_like_a_table(folder: Path) -> None:
    (folder / "patients.csv").symlink_to(folder)


@hostile("folder: 10,000 files of no table", "x0.csv:1:", is_large=True)
def many_files(folder: Path) -> None:
    for number in range(10_000):
        (folder / f"x{number}.csv").write_bytes(HEADER)


@hostile("folder: 10,000 files beside a table", "stored")
def many_others(folder: Path) -> None:
    (folder / "patients.csv").write_bytes(HEADER + ROW)
    for number in range(10_000):
        (folder / f"x{number}.txt").touch()


@hostile("folder: names that are no text", "visits")
def strange_names(folder: Path) -> None:
    (folder / "patients.csv").write_bytes(HEADER + ROW)
    (Path(os.fsdecode(os.fsencode(folder) + b"/visits.\xff\x1b[2J\n"))).touch()
