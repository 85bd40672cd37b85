"""Opening the source that a mapping names, by its kind; a library that only one kind needs is loaded for that alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Final

from registry.errors import UnreadableError
from registry.intake.sources.foreign_source import ForeignSource
from registry.intake.sources.mapping import Kind, SourceRule
from registry.wording import visible

Opener = Callable[[SourceRule, Sequence[Path]], ForeignSource]
OPENERS: Final[dict[Kind, str]] = {  # module.function that opens a source of a kind
    "redcap": "redcap.project.open_project",
    "csv": "delimited.open_text",
    "xlsx": "sheets.open_sheet",
    "parquet": "columnar.open_parquet",
    "sav": "statistical.open_statistical",
    "dta": "statistical.open_statistical",
    "xpt": "statistical.open_statistical",
    "sql": "queries.open_query",
}
QUERY: Final = "query"  # what a query is called in places
FILES_AT_MOST: Final = 10_000


def open_source(rule: SourceRule, folder: Path) -> ForeignSource:
    """Return the source that a rule names; its files are relative to a folder.

    Raises `UnreadableError` with the file, `OSError`.
    """
    module, _, function = OPENERS[rule.kind].rpartition(".")
    opener: Opener = getattr(import_module(f"registry.intake.sources.{module}"), function)
    files = [] if rule.kind == "sql" else files_of(rule, folder)
    try:
        return opener(rule, files)
    except UnreadableError as error:
        error.file = error.file or (visible(files[0].name) if files else QUERY)
        raise


def files_of(rule: SourceRule, folder: Path) -> list[Path]:
    """Return the files that a rule names, each once, in the order of their names."""
    found: dict[Path, None] = {}
    for pattern in rule.files:
        there = _matched(pattern, folder) if set(pattern) & set("*?[") else [folder / pattern]
        if not there or not all(Path(each).exists() for each in there):
            raise UnreadableError(1, "no such file in the folder of the mapping", file=visible(pattern))
        if strange := next((each for each in there if not each.is_file()), None):
            raise UnreadableError(1, f"{visible(strange.name)} is no file, but a folder, a pipe or a device",
                                  file=visible(pattern))  # fmt: skip
        found.update(dict.fromkeys(map(Path, there)))
    if len(found) > FILES_AT_MOST:
        raise UnreadableError(1, f"{len(found):,} files; at most {FILES_AT_MOST:,}", file=visible(rule.files[0]))
    return [*found]


def _matched(pattern: str, folder: Path) -> list[Path]:
    """Return the files of a pattern, which lie in the folder or below it."""
    if Path(pattern).is_absolute() or ".." in Path(pattern).parts:
        raise UnreadableError(
            1, "a pattern means files beside the mapping; name this one in full", file=visible(pattern)
        )
    return sorted(each for each in folder.glob(pattern) if each.is_file())
