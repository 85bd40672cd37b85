"""The planted bugs as they are written down, and the harnesses that are to find them."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

FOLDER: Final = Path(__file__).parent
ROOT: Final = FOLDER.parents[2]


class PlantedBug(NamedTuple):
    """A text of a source file, which stands there once, and the bug in its place; and which harness is to find it."""

    name: str
    harness: str
    file: str
    before: str
    after: str
    says: str

    @property
    def module(self) -> str:
        """The harness's file, from the root."""
        return self.harness.partition("::")[0]

    @property
    def test(self) -> str:
        """The harness without its parameters."""
        return self.harness.partition("[")[0]

    def planted(self, source: str) -> str:
        """Return a source with the bug in it; what it replaces must stand there once."""
        assert source.count(self.before) == 1, f"{self.name}: stands {source.count(self.before)} times in {self.file}"
        return source.replace(self.before, self.after)


def planted_bugs() -> list[PlantedBug]:
    """Return all bugs, in the order of their files; each is named by its file and its number there."""
    return [
        PlantedBug(f"{path.stem}-{number}", **entry)
        for path in sorted(FOLDER.glob("*.toml"))
        for number, entry in enumerate(tomllib.loads(path.read_text(encoding="utf-8"))["planted"], 1)
    ]


def harnesses() -> set[str]:
    """Return the tests of `tests/faults/` as pytest names them, without parameters: each file of them needs bugs."""
    return {name for path in sorted(FOLDER.parent.glob("test_*.py")) for name in named_tests(path)}


@cache
def named_tests(path: Path) -> frozenset[str]:
    """Return the tests of a file as pytest names them, without parameters; none where there is no such file."""
    if not path.is_file():
        return frozenset()
    names = _tests(ast.parse(path.read_text(encoding="utf-8")).body)
    return frozenset(f"{path.relative_to(ROOT).as_posix()}::{name}" for name in names)


def _tests(statements: list[ast.stmt]) -> Iterator[str]:
    for statement in statements:
        if isinstance(statement, ast.ClassDef) and statement.name.startswith("Test"):
            yield from (f"{statement.name}::{name}" for name in _tests(statement.body))
        elif isinstance(statement, ast.FunctionDef) and statement.name.startswith("test_"):
            yield statement.name
