"""What may be typed at all, and what may stand in the environment: as a shell gives it, byte by byte."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Spondyl

RUN = [os.fsencode(sys.executable), b"-c", b"from cli.main import main; main()"]


def said(folder: Path, *arguments: bytes, **environment: bytes) -> tuple[int, str]:
    """Return the exit code and the last line that a command says, called with these very bytes."""
    surroundings = {**os.environb, b"PYTHONPATH": os.fsencode(Path(__file__).parents[2])}
    surroundings |= {name.encode(): value for name, value in environment.items()}
    ended = subprocess.run([*RUN, *arguments], capture_output=True, check=False, cwd=folder, env=surroundings)
    return ended.returncode, ended.stderr.decode().splitlines()[-1]


@pytest.mark.parametrize(
    "arguments",
    [
        (b"status", b"--known-at", b"caf\xe9"),
        (b"--db", b"caf\xe9.db", b"init"),
        (b"import", b"caf\xe9.csv"),
        (b"record", b"visit", b"patient=P-1", b"visited_on=2020-01-02", b"visit=caf\xe9"),
        (b"caf\xe9",),
    ],
)
def test_an_argument_that_is_no_utf_8_is_named_and_nothing_is_done(tmp_path: Path, arguments: tuple[bytes]) -> None:
    code, told = said(tmp_path, *arguments)

    place = next(place for place, each in enumerate(arguments, 1) if b"\xe9" in each)
    assert code == 2
    assert told.startswith(f"Error: argument {place} is no UTF-8: '")
    assert told.endswith("; write it in UTF-8, and rename a file that is named otherwise")
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("variable", ["SPONDYL_DB", "SPONDYL_ACTOR"])
def test_a_variable_that_is_no_utf_8_is_named(tmp_path: Path, variable: str) -> None:
    code, told = said(tmp_path, b"init", **{variable: b"caf\xe9"})

    assert (code, told.partition(":")[0], variable in told) == (2, "Error", True)
    assert [*tmp_path.iterdir()] == []


def test_an_argument_in_utf_8_is_taken(tmp_path: Path) -> None:
    assert said(tmp_path, b"--db", "Würzburg.db".encode(), b"init")[0] == 0
    assert [path.name for path in tmp_path.iterdir()] == ["Würzburg.db"]


def test_an_argument_is_as_long_as_a_path_at_most(spondyl: Spondyl) -> None:
    spondyl("init")

    longest, too_long = (spondyl("status", "--known-at", "x" * length) for length in (4_096, 4_097))

    assert (longest.code, "no such freeze" in longest.err) == (3, True)
    assert (too_long.code, too_long.err.splitlines()[-1]) == (2, "Error: argument 3 has 4,097 bytes; 4,096 at most")


def test_an_argument_has_no_zero_byte(spondyl: Spondyl) -> None:
    answer = spondyl("--db", "a\0b", "init")

    assert (answer.code, answer.err.splitlines()[-1]) == (2, r"Error: argument 2 has a zero byte in it: 'a\x00b'")
