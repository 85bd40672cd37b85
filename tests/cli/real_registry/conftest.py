"""The registry of examples/north, made as its owner makes it: a protocol adopted, a folder imported."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Answer, Spondyl

NORTH = Path(__file__).parents[3] / "examples" / "north"
Row = dict[str, str]
Rows = Callable[..., list[Row]]
Refused = Callable[..., list[str]]


@pytest.fixture
def north(spondyl: Spondyl) -> Spondyl:
    """The command on the registry with the protocol and all files of the folder."""
    for command in (("init",), ("protocol", "adopt", NORTH / "protocol.toml"), ("import", NORTH)):
        answer = spondyl(*command)
        assert answer.code == 0, answer.err
    return spondyl


@pytest.fixture
def rows(north: Spondyl) -> Rows:
    """What gives the rows of a command with --csv, of some columns in the order of the table, where they are named."""

    def of(*command: object, columns: str = "", **where: str) -> list[Row]:
        answer = north(*command, "--csv")
        assert answer.code == 0, answer.err
        found = [row for row in csv.DictReader(answer.out.splitlines()) if where.items() <= row.items()]
        return [{name: row[name] for name in columns.split()} for row in found] if columns else found

    return of


@pytest.fixture
def refused(north: Spondyl, tmp_path: Path) -> Refused:
    """What gives the problems with which a file of some lines is refused; nothing is stored then."""

    def with_problems(table: str, *lines: str) -> list[str]:
        (tmp_path / f"{table}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        before = north("status", "--json").json
        answer: Answer = north("import", tmp_path / f"{table}.csv")
        assert answer.code == 3
        assert north("status", "--json").json == before
        return [line for line in answer.err.splitlines() if line.startswith(f"{table}.csv:")]

    return with_problems
