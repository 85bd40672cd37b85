"""Hostile manifests: refused with their place, or an honest answer; never a defect, and never long or large."""

from __future__ import annotations

import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from itertools import islice
from pathlib import Path
from random import Random
from typing import Final

from cli.main import main
from projections.export import export
from registry import Registry
from tests.faults.hostile_manifests import hostile
from tests.faults.killing import run
from tests.faults.lengths import figure, times

TRIED = times(short=240, long=5_000)
SECONDS_AT_MOST: Final = 60
BYTES_AT_MOST: Final = 1 << 30
WHY_NOT: Final = {
    "pipe": "it is no file, but a pipe or a device",
    "zeros": "it is no file, but a pipe or a device",
    "huge": "it has 1,099,511,627,776 bytes; 67,108,864 at most",
}
Tell = Callable[[object], None]


def asked(*words: object) -> tuple[int, str]:
    """Return the exit code of a command and what it said; an exception that is none of its own comes out."""
    sys.argv = ["spondyl", *map(str, words)]
    said = StringIO()
    with redirect_stdout(StringIO()), redirect_stderr(said):
        try:
            main()
        except SystemExit as end:
            return int(end.code or 0), said.getvalue()
    return 0, said.getvalue()


def asking(db: str, out: Path, seed: int, tell: Tell) -> None:
    """Ask every command that reads a manifest about hostile ones, and tell what came of each."""
    sound = (out / "manifest.json").read_bytes()
    for what, text in islice(hostile(sound, Random(seed)), TRIED):
        (out / "manifest.json").write_bytes(text)
        for words in (
            ("--db", db, "reproduce", out),
            ("reproduce", "--files-only", out),
            ("--db", db, "verify", "--against", out / "manifest.json"),
        ):
            begun = time.monotonic()
            try:
                code, said = asked(*words)
            except BaseException as defect:  # noqa: BLE001 – whatever it is, it is told
                tell((what, words[-2:], type(defect).__name__, str(defect)[:200]))
                continue
            spent = time.monotonic() - begun
            tell((what, words[-2:], code, said[:200]))
            if spent > SECONDS_AT_MOST:
                tell((what, words[-2:], "took too long", spent))
    tell(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


def test_a_hostile_manifest_is_refused_or_answered(sqlite_url: str, tmp_path: Path) -> None:
    with Registry.open(sqlite_url, actor="ines") as registry:
        registry.enrol_patient("P-1", enrolled_on="2020-01-01")
        registry.record_visit("P-1", visited_on="2020-01-02", measures={"crp": 3})
        export(registry, tmp_path / "out", tables=["patients", "visits"])

    *told, most = run(asking, sqlite_url, tmp_path / "out", 15, within=60 * SECONDS_AT_MOST).told

    answers = Counter(each[2] for each in told if isinstance(each, tuple))
    assert [each for each in told if isinstance(each, tuple) and each[2] not in (0, 3)] == []
    assert [each for each in told if isinstance(each, tuple) and each[2] == 3 and not each[3].strip()] == []
    assert isinstance(most, int)
    assert most < BYTES_AT_MOST
    assert answers[3] > TRIED
    figure(
        "hostile manifests, three commands each",
        "reproduce, verify",
        len(told),
        f"{answers[0]:,} answered, {answers[3]:,} refused or told to differ, no defect",
    )


def test_what_is_no_manifest_file_is_refused_and_not_waited_for(sqlite_url: str, tmp_path: Path) -> None:
    for name, make in {
        "pipe": os.mkfifo,
        "folder": os.mkdir,
        "loop": lambda path: path.symlink_to(path),
        "zeros": lambda path: path.symlink_to("/dev/zero"),
        "huge": lambda path: (path.touch(), os.truncate(path, 1 << 40)),
    }.items():
        (tmp_path / name).mkdir()
        make(tmp_path / name / "manifest.json")
        for words in (
            ("reproduce", "--files-only", tmp_path / name),
            ("--db", sqlite_url, "reproduce", tmp_path / name),
            ("--db", sqlite_url, "verify", "--against", tmp_path / name),
            ("--db", sqlite_url, "export", tmp_path / name, "--overwrite"),
        ):
            code, said = asked(*words)
            assert (code, said.count("\n")) == (3, 1), (words, said)
            assert "export" in words or WHY_NOT.get(name, "") in said


def test_a_path_that_no_file_can_have_is_refused(sqlite_url: str) -> None:
    for path in ("x" * 300, "x/" * 3_000, "", "\n"):
        for words in (("reproduce", "--files-only", path), ("--db", sqlite_url, "verify", "--against", path)):
            code, said = asked(*words)
            assert code in (2, 3), (words, said)
            assert said.count("\n") < 5
