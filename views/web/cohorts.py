"""Cohorts: the definitions in the folder that the server was started with, and each cohort as a report has it.

A definition is found by the name of its file among those in the folder; an address is never a path, and a link that
leads out of the folder is not followed. The files are read at every request, so that one that was mended is seen at
once.
"""

from __future__ import annotations

import tomllib
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import pyarrow as pa

from projections.cohort.all_tables import figures
from projections.cohort.definition_file import parsed
from projections.cohort.figures.figures import Placed, statistics_table
from projections.cohort.for_figures import with_all_points
from projections.cohort.members.cohort import Cohort
from registry.errors import UnknownCodeError
from registry.toml_keys import DefinitionError, content_of
from registry.wording import counted
from views.pages.sections import pairs, section, table
from views.pages.tables import Cell, Table
from views.report.cohort import cohort_sections
from views.web.asked import path_to
from views.web.memory import give_back
from views.web.pages import Page, Shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.columns.arrow import ArrowTable
    from projections.point_in_time import Facts
    from registry.catalogue.catalogue import Catalogue
    from views.pages.sections import Section
    from views.web.asked import Asked

ENDING: Final = ".toml"
FILES_AT_MOST: Final = 200
KEY: Final = "cohort"  # that every definition of a cohort has, and no other file of ours
NO_FOLDER: Final = (
    "The server was started without cohorts: `spondyl serve --cohorts FOLDER` shows those that FOLDER defines."
)
LEADS_OUT: Final = "is a link that leads out of the folder, and is not followed; put the file itself there"
NONE_THERE: Final = "The folder of cohorts has no definition; docs/cohorts.md says how one is written."


class Found(NamedTuple):
    """A file that defines a cohort: its name, the title that it gives, and what is wrong with it.

    `leads_out` is whether it is a link out of the folder, which is not read.
    """

    name: str
    title: str
    problems: tuple[str, ...]
    leads_out: bool = False

    @property
    def says(self) -> str:
        """What is wrong with it in words, the empty text where nothing is."""
        if self.leads_out:
            return LEADS_OUT
        return counted(len(self.problems), "fault") if self.problems else ""


class Made(NamedTuple):
    """A cohort as it is shown: its sections, how many members in words, and its figures as a table."""

    title: str
    members: str
    sections: list[Section]
    statistics: ArrowTable


def cohorts(asked: Asked) -> Shown:
    """Return the cohorts of the folder."""
    catalogue = asked.facts.catalogue
    found = [_found(file, catalogue) for file in _files(asked.live.cohorts)]
    told = [
        (
            Cell(each.name, href=asked.address(path_to("cohorts", each.name))),
            Cell(each.title),
            Cell(each.says),
        )
        for each in found
    ]
    nothing = NO_FOLDER if asked.live.cohorts is None else NONE_THERE
    listed = Table("Definitions of cohorts", ("File", "Title", ""), told, empty=nothing)
    return Shown(
        "Cohorts",
        {"sections": [section("cohorts", "Defined in files", table(listed))]},
        lambda: pa.table(
            {
                "cohort": pa.array([each.name for each in found], pa.string()),
                "title": pa.array([each.title for each in found], pa.string()),
                "faults": pa.array([len(each.problems) for each in found], pa.int64()),
            }
        ),
    )


def cohort(asked: Asked) -> Shown:
    """Return a cohort. Raises `UnknownCodeError` where no file has the name, `DefinitionError` with all its faults."""
    named = {file.name.removesuffix(ENDING): file for file in _files(asked.live.cohorts)}
    name = asked.named["cohort"]
    if name not in named:
        raise UnknownCodeError(KEY, name, named, what="cohort of the folder")
    content, minimum = _content(named[name]), asked.live.minimum
    digest = sha256(content).hexdigest()
    parsed(content, named[name].name, asked.facts.catalogue)  # what is wrong with it is told at once
    key, file = f"{name} {digest}", named[name].name
    made = asked.made(key, lambda facts: _made(content, file, facts, minimum), is_large=True)
    last = section("source", "The definition", pairs([("file", named[name].name), ("SHA-256", digest)]))
    return Shown(
        made.title,
        {"sections": [*made.sections, last]},
        lambda: made.statistics,
        subtitle=f"Cohort {name}: {made.members}",
    )


def _made(content: bytes, file: str, facts: Facts, minimum: int) -> Made:
    """Return a cohort with what few patients stand behind hidden, as in a report."""
    chosen = Cohort.of(with_all_points(parsed(content, file, facts.catalogue)), facts)
    placed = list[Placed]()
    for _, of_table in groupby(figures(chosen), key=lambda each: each.table):
        placed += of_table
        give_back()  # what one table took, before the next is made
    shown = cohort_sections(chosen, placed, minimum=minimum)
    table = statistics_table(chosen.definition.name, shown.placed, facts.at)
    return Made(chosen.definition.title, shown.members, shown.sections, table)


def _files(folder: Path | None) -> Iterator[Path]:
    """Yield the files of a folder that define a cohort, or cannot be read as TOML, by name."""
    if folder is not None:
        named = sorted(file for file in folder.glob(f"*{ENDING}") if file.is_file())
        yield from filter(_may_define, named[:FILES_AT_MOST])


def _content(file: Path) -> bytes:
    """Return what a file of the folder holds. Raises `DefinitionError` for a link out of it, and as reading does."""
    if _leads_out(file):
        raise DefinitionError(file.name, [LEADS_OUT])
    return content_of(file)


def _leads_out(file: Path) -> bool:
    return not file.resolve().is_relative_to(file.parent.resolve())


def _may_define(file: Path) -> bool:
    try:
        return KEY in tomllib.loads(_content(file).decode("utf-8"))
    except (DefinitionError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return True


def _found(file: Path, catalogue: Catalogue) -> Found:
    name = file.name.removesuffix(ENDING)
    try:
        return Found(name, parsed(_content(file), file.name, catalogue).title, ())
    except DefinitionError as error:
        return Found(name, "", tuple(error.lines), leads_out=_leads_out(file))


COHORTS: Final = Page("cohorts", "/cohorts", cohorts)
COHORT: Final = Page("cohort", "/cohorts/{cohort}", cohort)
