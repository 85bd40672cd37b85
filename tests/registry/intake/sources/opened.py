"""Sources in files: what one of a folder holds, and what an import by a mapping beside it says."""

from __future__ import annotations

from inspect import cleandoc
from pathlib import Path
from typing import Any

import pytest

from registry import Registry
from registry.errors import BatchRefusedError, UnreadableError
from registry.intake.report import ImportReport
from registry.intake.sources.foreign_source import ForeignSource
from registry.intake.sources.mapped_import import import_mapped
from registry.intake.sources.mapping import SourceRule
from registry.intake.sources.opening import open_source

Values = dict[str, str]


def opened(folder: Path, kind: Any, *files: str, **said: Any) -> ForeignSource:
    """The source that files of a folder are."""
    return open_source(SourceRule(kind=kind, files=files, **said), folder)


def values(source: ForeignSource) -> list[Values]:
    """What each row of a source says."""
    return [dict(row.values) for row in source.rows()]


def why(folder: Path, kind: Any, *files: str, **said: Any) -> tuple[int, str]:
    """The line at which a source is refused, and the message."""
    with pytest.raises(UnreadableError) as refused:
        values(opened(folder, kind, *files, **said))
    return refused.value.line, str(refused.value)


def imported(registry: Registry, folder: Path, mapping: str) -> ImportReport:
    """The report of an import by a mapping in a folder."""
    (folder / "mapping.toml").write_text("format = 1\n" + cleandoc(mapping), encoding="utf-8")
    return import_mapped(registry, folder / "mapping.toml")


def problems(registry: Registry, folder: Path, mapping: str) -> list[str]:
    """All that is wrong with an import; nothing is stored."""
    before = registry.log.head()
    with pytest.raises(BatchRefusedError) as refused:
        imported(registry, folder, mapping)
    assert registry.log.head() == before
    return [str(problem) for problem in refused.value.problems]
