"""Pages whose example is carried out: the packages are copied, changed as the page says, and used as a person would."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[2]
COPIED = ("spondyl", "registry", "projections", "views", "cli", "migrations", "tests", "docs", "pyproject.toml")


class Page(NamedTuple):
    """A page of the documentation."""

    text: str

    @classmethod
    def named(cls, name: str) -> Page:
        """The page of a name in `docs/`."""
        return cls((ROOT / "docs" / name).read_text(encoding="utf-8"))

    def blocks(self, language: str) -> list[str]:
        """The blocks of the page in a language, from the top."""
        return re.findall(rf"^```{language}\n(.*?)^```", self.text, re.DOTALL | re.MULTILINE)

    def block(self, language: str) -> str:
        """The only block of the page in a language."""
        (text,) = self.blocks(language)
        return text

    @property
    def changes(self) -> dict[str, list[str]]:
        """What the page changes: of each file, by its path, the places as lines kept, removed and added."""
        changed = {}
        for block in self.blocks("diff"):
            path, _, lines = block.removeprefix("--- ").partition("\n")
            changed[path] = lines.split("@@\n")
        return changed

    @property
    def files(self) -> list[str]:
        """The paths in the first column of the page's table."""
        return re.findall(r"^\| `([^`]+)` \|", self.text, re.MULTILINE)


class Ended(NamedTuple):
    """How a command ended."""

    out: str
    err: str
    code: int

    @property
    def json(self) -> Any:
        """The data, read as JSON."""
        return json.loads(self.out)


class Checkout(NamedTuple):
    """A copy of what a person who changes spondyl has, and a folder to work in."""

    root: Path
    folder: Path

    @classmethod
    def copied(cls, parent: Path) -> Checkout:
        """Copy this one."""
        root, folder = parent / "spondyl", parent / "work"
        root.mkdir()
        folder.mkdir()
        for name in COPIED:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / name, root / name)
        return cls(root, folder)

    def add(self, path: str, text: str) -> None:
        """Write a file that is not there."""
        assert not (self.root / path).exists(), path
        (self.root / path).write_text(text, encoding="utf-8")

    def change(self, path: str, places: list[str]) -> None:
        """Put the new lines of each place where the lines that it keeps and removes stand, which they do once.

        A line to which the page only adds may have grown since, as a list has by what others added to it.
        """
        file = self.root / path
        text = file.read_text(encoding="utf-8")
        for place in places:
            lines = place.splitlines(keepends=True)
            before, after = ("".join(line[1:] for line in lines if line[0] in signs) for signs in (" -", " +"))
            if not text.count(before) and len(lines) == 2:
                before, after = grown(text, before, after)
            assert text.count(before) == 1, f"{path}:\n{before}"
            text = text.replace(before, after)
        file.write_text(text, encoding="utf-8")

    def follow(self, page: Page) -> None:
        """Make every change of a page."""
        for path, places in page.changes.items():
            self.change(path, places)

    def spondyl(self, *arguments: str) -> Ended:
        """Call the command of the copy in the folder of work."""
        return self._python("-m", "cli.main", *arguments, folder=self.folder)

    def module(self, name: str) -> Ended:
        """Run a module of the copy as a program."""
        return self._python("-m", name, folder=self.root)

    def tests(self, *paths: str) -> Ended:
        """Run some tests of the copy."""
        return self._python("-m", "pytest", "-q", "-p", "no:cacheprovider", *paths, folder=self.root)

    def _python(self, *arguments: str, folder: Path) -> Ended:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(self.root)},
            capture_output=True,
            text=True,
            check=False,
        )
        return Ended(done.stdout, done.stderr, done.returncode)

    def write(self, name: str, text: str) -> None:
        """Write a file into the folder of work, or into one below it."""
        (self.folder / name).parent.mkdir(exist_ok=True)
        (self.folder / name).write_text(text, encoding="utf-8")


def grown(text: str, before: str, after: str) -> tuple[str, str]:
    """Return the line of a text that grew out of `before`, as it is and with what `after` adds to that.

    >>> grown('x = [1, 2]\\nn = ["a", "b", "d"]\\n', 'n = ["a", "d"]\\n', 'n = ["a", "c", "d"]\\n')
    ('n = ["a", "b", "d"]\\n', 'n = ["a", "c", "b", "d"]\\n')
    """
    (line,) = get_close_matches(before, text.splitlines(keepends=True), n=1, cutoff=0.7)
    start = before[: _alike(before, after)]
    end = before[len(before) - _alike(before[len(start) :][::-1], after[len(start) :][::-1]) :]
    assert len(start) + len(end) == len(before), f"the page does not only add to:\n{before}"
    anchor = next(start[-n:] for n in range(len(start), 0, -1) if line.count(start[-n:]) == 1)
    return line, line.replace(anchor, anchor + after[len(start) : len(after) - len(end)])


def _alike(one: str, other: str) -> int:
    """Return how many characters two texts have in common from the start."""
    return next((n for n, (a, b) in enumerate(zip(one, other)) if a != b), min(len(one), len(other)))
