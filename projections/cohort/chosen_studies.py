"""The studies that a campaign over a cohort reads: those in the windows of its time points that the method reads.

Of several studies of a member in one window that one counts which the time point prefers; a study that would stand at
two time points stands at the first of them. A unit of several studies is of members who have one at each time point
that is wanted: two of a pair, two or more of a series. How many members have none is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.cohort.definition.definition import TimePoint
from projections.cohort.definition_file import read_definition
from projections.cohort.members.cohort import Cohort
from projections.cohort.members.visit_windows import NONE, Candidates, Dated
from projections.columns.arrow import ArrowTable, truth
from projections.columns.coded import coded, day_numbers
from projections.point_in_time import Facts
from registry.campaigns.file import Declared, declared_in
from registry.campaigns.units import ListedStudy
from registry.domain.campaigns import PAIRED_LESIONS
from registry.toml_keys import DefinitionError


class ChosenStudies(NamedTuple):
    """What was chosen for a campaign: its studies, how many members there are, and how many have what it wants."""

    studies: list[ListedStudy]
    members: int
    with_unit: int


def chosen_studies(facts: Facts, file: Path | str) -> ChosenStudies:
    """Return the studies that the campaign of a file reads over its cohort, by what is known at a point in time.

    Raises `DefinitionError` for a file that is wrong, its own or the cohort's, and for time points that are not there.
    """
    declared = declared_in(file, facts.catalogue)
    if declared.campaign.chosen_by != "cohort":
        raise DefinitionError(str(file), ["cohort: is missing; the campaign reads a list of studies"])
    definition = read_definition(declared.chosen_in, catalogue=facts.catalogue)
    cohort = Cohort.of(definition, facts)
    points = _time_points(declared, definition.time_points)
    read = _studies_read(facts, declared.campaign.method)
    chosen = _in_windows(cohort, read, points)
    least = {"study": 1, "pair": len(points), "series": 2}[declared.campaign.unit]
    units = [codes for codes in chosen if len(codes) >= least]
    studies = [ListedStudy(code) for codes in units for code in codes]
    return ChosenStudies(studies, cohort.n, len(units))


def _time_points(declared: Declared, known: Sequence[TimePoint]) -> list[TimePoint]:
    """Return the time points that count, in the cohort's order."""
    names = [point.name for point in known]
    strange = [name for name in declared.time_points if name not in names]
    if strange:
        raise DefinitionError(
            declared.file, [f"time_points: {strange[0]!r} is no time point of the cohort; write {', '.join(names)}"]
        )
    points = [point for point in known if not declared.time_points or point.name in declared.time_points]
    if declared.campaign.unit == "pair" and len(points) != 2:
        mend = f"write time_points = [two of {', '.join(names)}]"
        raise DefinitionError(declared.file, [f"time_points: the cohort has {len(points)}, a pair is of two; {mend}"])
    return points


def _studies_read(facts: Facts, method: str) -> ArrowTable:
    """Return the studies of the modalities and of any of the regions that a method reads."""
    studies = facts.of("imaging").sort_by("study")
    if method == PAIRED_LESIONS:
        return studies
    reads = facts.catalogue.methods[method]
    wanted = pa.array(list(reads.regions))
    regions = [pc.any(pc.is_in(pa.array(shown, pa.string()), value_set=wanted)).as_py() for shown in _regions(studies)]
    fits = truth(pc.is_in(studies["modality"], value_set=pa.array(list(reads.modalities))))
    return studies.filter(pa.array(fits & np.array(regions, dtype=bool)))


def _regions(studies: ArrowTable) -> list[list[str]]:
    shown: list[list[str]] = studies["regions"].to_pylist()
    return shown


def _in_windows(cohort: Cohort, studies: ArrowTable, points: Sequence[TimePoint]) -> list[list[str]]:
    """Return for each member the codes of the studies that stand at time points, each once."""
    members = cohort.admitted
    performed_on = day_numbers(studies["performed_on"]).astype(np.int64)
    dated = Dated.of(members, coded(studies["patient"]), performed_on)
    candidates = Candidates.of(dated, list(points), members.anchors(list(points)))
    rows = candidates.chosen(np.ones(studies.num_rows, dtype=bool))
    codes = studies["study"].to_pylist()
    return [list(dict.fromkeys(codes[row] for row in of_member if row != NONE)) for of_member in rows.tolist()]
