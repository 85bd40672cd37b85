"""A project of a test, opened as its XML and as its CSV."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from registry.intake.sources.foreign_source import ForeignSource, SourceRow
from registry.intake.sources.mapping import FORM_STATUSES, SourceRule
from registry.intake.sources.redcap.project import open_project
from tests.registry.intake.sources.redcap.projects import Project


def rule(file: str, **changes: Any) -> SourceRule:
    """The rule of a mapping that counts forms of every status."""
    return SourceRule(**{"kind": "redcap", "files": (file,), "forms": FORM_STATUSES, **changes})


def as_xml(project: Project, folder: Path, **changes: Any) -> ForeignSource:
    """Open a project as its XML."""
    project.write(folder)
    return open_project(rule("project.xml", **changes), [folder / "project.xml"])


def as_csv(project: Project, folder: Path, **changes: Any) -> ForeignSource:
    """Open a project as its CSV, with whatever goes beside it."""
    project.write(folder)
    beside = {"events": "events.csv", "arms": "arms.csv"} if project.events else {}
    said = {"dictionary": "dictionary.csv", **beside, **changes}
    return open_project(rule("data.csv", **said), [folder / "data.csv"])


def both(project: Project, folder: Path, **changes: Any) -> list[SourceRow]:
    """The rows of a project, which its XML and its CSV both give, without their lines."""
    xml, csv = as_xml(project, folder, **changes), as_csv(project, folder, **changes)
    assert dict(xml.fields) == dict(csv.fields) or project.missing
    assert xml.events == csv.events
    rows = without_lines(xml.rows())
    assert rows == without_lines(csv.rows())
    return rows


def without_lines(rows: Iterable[SourceRow]) -> list[SourceRow]:
    """Rows in one order, whichever file they come from."""
    named = [row._replace(line=0, values=dict(sorted(row.values.items()))) for row in rows]
    return sorted(named, key=lambda row: (row.record, row.event, row.instrument, row.instance or 0))


def opened(folder: Path, file: str = "data.csv", **changes: Any) -> ForeignSource:
    """Open what stands in a folder, as it is there now."""
    beside = {} if file.endswith(".xml") else {"dictionary": "dictionary.csv"}
    return open_project(rule(file, **{**beside, **changes}), [folder / file])
