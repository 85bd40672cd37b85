"""A study and its readings: the scores, the map of what each reader graded, and what changed since the study before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow.compute as pc

from projections.columns.tables import rows
from projections.tables import project
from registry.domain.references import reference
from registry.errors import UnknownFactError, UnknownStudyError
from views.drawing.change_map import change_map
from views.drawing.spine_map import spine_map
from views.pages.projected import table_of
from views.pages.sections import Section, beside, empty, pairs, section, table
from views.pages.tables import Cell, Table
from views.web.asked import path_to
from views.web.changes import changes_of
from views.web.pages import Page, Shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.columns.arrow import ArrowTable
    from projections.point_in_time import Facts
    from views.web.asked import Asked

NAMED_ABOVE: Final = ("patient", "study", "performed_on", "method", "method_version")  # of the scores of a study


def study(asked: Asked) -> Shown:
    """Return a study and its readings. Raises `UnknownStudyError`, `WithdrawnError`, `ErasedPatientError`."""
    code, live = asked.named["study"], asked.live
    patient = _owner(asked, code)
    facts = live.facts_of(patient, asked.point)
    found = _of(facts, "imaging", "study", code)
    if not found.num_rows:
        live.registry.check_not_erased(patient)
        raise UnknownStudyError("study", code)
    graded = _of(facts, "findings", "study", code)
    return Shown(
        code,
        {"sections": [_itself(found), *_readings(asked, facts, code, graded)]},
        lambda: graded,
        subtitle=f"Imaging study of {patient}",
        personal=patient,
        ways=[
            (f"Course of {patient}", asked.address(path_to("patients", patient))),
            ("History of the study", asked.address(path_to("facts", reference("imaging", code)))),
        ],
        changes=changes_of(live.log, patient, asked.point.position),
    )


def _owner(asked: Asked, code: str) -> str:
    try:
        return asked.live.owner(reference("imaging", code), asked.point.position)
    except UnknownFactError:  # it was recorded later
        raise UnknownStudyError("study", code) from None


def _of(facts: Facts, name: str, column: str, code: str) -> ArrowTable:
    """Return the rows of a table about a study."""
    made = project(name, facts)
    return made.filter(pc.equal(made[column], code))


def _itself(found: ArrowTable) -> Section:
    (row,) = rows(found)
    told = [(name.replace("_", " "), value) for name, value in row.items() if name not in ("patient", "study")]
    return section("study", "The study", pairs(told))


def _readings(asked: Asked, facts: Facts, code: str, graded: ArrowTable) -> Iterator[Section]:
    """Yield the readings by method: their scores, their map, and what became of each place since the study before."""
    read = rows(_of(facts, "readings", "study", code))
    if not read:
        yield section(
            "readings", "Readings", empty("Nobody has read this study.", "`spondyl record reading` takes one.")
        )
        return
    scores, changed = _of(facts, "scores", "study", code), _of(facts, "lesion_courses", "to_study", code)
    for method in dict.fromkeys(str(row["method"]) for row in read):
        known = facts.catalogue.methods[method]
        mine = [row for row in read if row["method"] == method]
        courses = rows(changed.filter(pc.equal(changed["method"], method)))
        found = scores.filter(pc.equal(scores["method"], method))
        yield section(
            f"method-{known.code}",
            known.title,
            table(_readers(asked, mine, known.title)),
            beside(
                spine_map(rows(graded.filter(pc.equal(graded["method"], method))), known),
                *([change_map(courses, known)] if courses else []),
            ),
            table(table_of(found, f"Scores of {known.title}", leave_out=NAMED_ABOVE, stubs=2)),
        )


def _readers(asked: Asked, read: list[dict[str, object]], title: str) -> Table:
    told = [
        (
            Cell(str(row["reader"]), href=asked.address(path_to("facts", str(row["reading_id"])))),
            row["session"] or None,
            row["read_on"],
            row["n_assessed"],
            row["n_expected"],
        )
        for row in read
    ]
    return Table(f"Who read it by {title}", ("Reader", "Session", "Read on", "Places assessed", "Of"), told)


STUDY: Final = Page("study", "/studies/{study}", study)
