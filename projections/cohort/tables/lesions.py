"""Lesions of a graded or binary method, as in Table 1 of Baraliakos et al. J Rheumatol 2013;40:1891–6.

Rows: each count of the method (erosions, inflammation, …), then its segments (`active-erosions:cervical`), then what
became of each state. At a time point: `n` locations, `percent` of those assessed, `share of inflammation` where the
count is a part of it, `per patient`, `patients` with one at least, and `patients of inflamed`; `segments p` and `parts
p` ask whether the locations are spread evenly. Between two time points: `reduction` in percent of the earlier count
with its exact interval and, beside it, that of a patient-cluster bootstrap, for locations of one patient are not
independent; `p` of the signed-rank test on the counts of each patient; `patients p` by McNemar. Which patients count
where it is asked who has one is said by the table's key `patients`. `known` is of how many of all members a reading
leaves no doubt of the count, where the key `completeness` asks for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np

from projections.cohort.definition.table_keys import Pairs, compared_pairs, counted_methods
from projections.cohort.figures.compared import Compared, Numbers, Words
from projections.cohort.figures.comparing import (
    between,
    left_out,
    left_out_for,
    of_estimate,
    proportion_test,
    rank_test,
)
from projections.cohort.figures.completeness import COMPLETENESS, asks_completeness, share_known
from projections.cohort.figures.dependent_rows import bootstrapped, totals_by_patient
from projections.cohort.figures.figures import Figure
from projections.cohort.figures.layout import AT, BETWEEN, Column, Crossed, Layout, Panel, count_and_percent
from projections.cohort.figures.location_counts import LocationCounts, in_segment, location_counts
from projections.cohort.figures.location_figures import (
    denominator,
    mean_of_a_patient,
    number_of_locations,
    percentage,
    reduction_in_percent,
)
from projections.cohort.figures.patients_with_lesions import (
    JUDGED_PATIENTS,
    JudgedPatients,
    judged_patients,
    patients_with_one,
)
from projections.cohort.figures.points import with_points
from projections.cohort.figures.predilection import spread
from projections.cohort.figures.transitions import transitions
from projections.cohort.members.cohort import Cohort
from projections.cohort.members.readings import readings_of
from projections.cohort.members.visit_windows import NONE
from projections.cohort.table import CohortTable
from projections.statistics.cluster_bootstrap import reduction
from registry.catalogue.imaging.scores import Score
from registry.catalogue.instruments.values import Values
from registry.toml_keys import Keys

METHOD: Final = "vu-lesions"
INFLAMMATION: Final = "inflammation"
WITHIN_INFLAMMATION: Final = ("inflammation-only", "active-erosions")
NOT_READ: Final = "not read at both time points"

WHOLE: Final = r"[^:→]+"  # rows of all locations
SEGMENT: Final = r"[^→]+:[^→]+"
COUNTS: Final = (
    Column("n", AT, "{at} n (%)"),
    Column("reduction", BETWEEN, "reduction % (CI)"),
    Column("p", BETWEEN, "p"),
)

LAYOUT: Final[Layout] = (
    Panel("Locations", COUNTS, WHOLE),
    Panel("Of the locations with inflammation", (Column("share of inflammation", AT, "{at}"),), WHOLE),
    Panel(
        "Patients with one at least",
        (Column("patients", AT, "{at} n (%)"), Column("patients p", BETWEEN, "p")),
        WHOLE,
    ),
    Panel("Of the patients with inflammation", (Column("patients of inflamed", AT, "{at} n (%)"),), WHOLE),
    Panel(
        "Spread over the spine",
        (Column("segments p", AT, "{at} segments p"), Column("parts p", AT, "{at} parts p")),
        WHOLE,
    ),
    Panel(
        "By patient",
        (
            Column("per patient", AT, "{at} mean"),
            Column("reduction by patients", BETWEEN, "reduction % (bootstrap CI)"),
        ),
        WHOLE,
    ),
    Panel("By segment", COUNTS, SEGMENT),
    COMPLETENESS,
    Crossed("What became of each state", "n", worded=count_and_percent),
)


class Row(NamedTuple):
    """One row of the table: its name, and the count at each time point, of the cohort's members who were read."""

    name: str
    at: list[LocationCounts]
    inflamed: list[LocationCounts] | None


class Request(NamedTuple):
    """Counts of locations by state, of `method`, at every time point; `compare` pairs of time points.

    `patients` says who counts among the patients with one at least; `completeness` asks of how many members each
    count is known.
    """

    method: str
    compare: Pairs
    patients: JudgedPatients
    points: bool = False
    completeness: bool = False


def read_request(keys: Keys, time_points: Sequence[str]) -> Request:
    """Return what the keys ask; by default the counts of `vu-lesions`."""
    method, compare = keys.word("method", counted_methods(keys.catalogue), METHOD), compared_pairs(keys, time_points)
    patients = keys.word("patients", JUDGED_PATIENTS, "complete")
    return Request(method, compare, patients, keys.yes_no("points", False), asks_completeness(keys))


def figures(cohort: Cohort, request: Request) -> Iterator[Figure]:
    """Yield the figures of every row: at each time point, then of each comparison; with points where asked for."""
    found = _figures(cohort, request)
    yield from with_points(found, "percent") if request.points else found


def _figures(cohort: Cohort, request: Request) -> Iterator[Figure]:
    locations = readings_of(cohort, request.method).grading.method.locations
    for row in _rows(cohort, request.method):
        for place, name in enumerate(cohort.names):
            yield from _at(cohort, row, place, request.patients)
            yield from spread(locations, (row.name, name), row.at[place])
            if request.completeness:
                yield _known(cohort, (row.name, name), row.at[place])
        for pair in request.compare:
            yield from _between(cohort, row, pair, request.patients)
    yield from transitions(cohort, request.method, request.compare)


def _rows(cohort: Cohort, method: str) -> Iterator[Row]:
    declared = readings_of(cohort, method).grading.method
    scores = {score.name: score for score in declared.counts}
    at = {name: location_counts(cohort, method, score) for name, score in scores.items()}
    for segment in (None, *declared.segments):
        overs = {name: in_segment(declared, score, segment) for name, score in scores.items()}
        here = {name: [each.over(overs[name]) for each in counts] for name, counts in at.items()}
        for name, score in scores.items():
            within = here.get(INFLAMMATION) if name in WITHIN_INFLAMMATION else None
            yield Row(_named(score, segment), here[name], within)


def _named(score: Score, segment: str | None) -> str:
    return score.name if segment is None or score.by_segment is None else score.by_segment(segment)


def _at(cohort: Cohort, row: Row, place: int, who: JudgedPatients) -> Iterator[Figure]:
    counts, options, name = row.at[place], cohort.options, cohort.names[place]
    n_read = len(counts.members)
    of, note = denominator(counts, options)
    yield number_of_locations((row.name, name, "n"), counts, of, note=note)
    yield percentage((row.name, name, "percent"), counts.total, of, options, note=note)._replace(n_patients=n_read)
    if row.inflamed is not None:
        inflamed = row.inflamed[place].total
        within = int(inflamed) if inflamed.denominator == 1 else 0
        read = left_out_for(cohort.n, cohort.absent_at(name, cohort.n - n_read, "not read"))
        note = f"locations with inflammation, of {read}"
        yield percentage((row.name, name, "share of inflammation"), counts.total, within, options, note=note)
    yield mean_of_a_patient((row.name, name, "per patient"), counts)
    yield patients_with_one(cohort, (row.name, name, "patients"), counts, who)
    if row.inflamed is not None:
        inflammation = row.inflamed[place]
        is_inflamed = inflammation.present.certain & judged_patients(inflammation, who)
        of_inflamed = counts.of(inflammation.members[is_inflamed])
        at = (row.name, name, "patients of inflamed")
        yield patients_with_one(cohort, at, of_inflamed, who, note="patients with inflammation, ")


def _known(cohort: Cohort, at: tuple[str, str], counts: LocationCounts) -> Figure:
    n, n_read = int(counts.complete.sum()), len(counts.members)
    left_out = [*cohort.absent_at(at[1], cohort.n - n_read, "not read"), (n_read - n, JUDGED_PATIENTS["complete"])]
    known = np.zeros(cohort.n, dtype=bool)
    known[counts.members[counts.complete]] = True
    return share_known(cohort, at, known, note=left_out_for(cohort.n, left_out))


def _counted_at(cohort: Cohort, row: Row, pair: tuple[str, str]) -> tuple[LocationCounts, LocationCounts]:
    """Return the counts at two time points of the members who were read at both."""
    before, after = (row.at[cohort.definition.place(name)] for name in pair)
    if cohort.options.change == "assessed-at-both":
        before, after = before.assessed_at(after), after.assessed_at(before)
    both = np.intersect1d(before.members, after.members)
    return before.of(both), after.of(both)


def _between(cohort: Cohort, row: Row, pair: tuple[str, str], who: JudgedPatients) -> Iterator[Figure]:
    options = cohort.options
    before, after = _counted_at(cohort, row, pair)
    both = before.members
    note = left_out(cohort.n - len(both), cohort.n, NOT_READ)
    at = (row.name, between(pair))
    yield reduction_in_percent((*at, "reduction"), before.total, after.total, options)._replace(
        denominator_note=f"locations at {pair[0]} of {note}", n_patients=len(both)
    )
    rows = np.stack([before.totals.doubles(), after.totals.doubles()], axis=1)
    by_patients = bootstrapped(totals_by_patient(cohort, both, rows), options, reduction)
    yield of_estimate((*at, "reduction by patients"), by_patients, unit="%", scale=100)._replace(denominator_note=note)
    yield rank_test((*at, "p"), before.totals, after.totals, options, note=note)
    judged = judged_patients(before, who) & judged_patients(after, who)
    unknown = left_out(len(both) - int(judged.sum()), len(both), f"not {who} at both time points")
    had, has = before.present.certain[judged], after.present.certain[judged]
    yield proportion_test((*at, "patients p"), had, has, options, note=unknown)


def compared(cohort: Cohort, request: Request) -> Iterator[Compared]:
    """Yield what groups are compared by: the count of each patient, who has one, and how far the count fell."""
    for row in _rows(cohort, request.method):
        for counts, name in zip(row.at, cohort.names, strict=True):
            yield Compared(row.name, name, "per patient", Numbers(_of_all(cohort, counts), ranks=None))
            judged, present = (np.zeros(cohort.n, dtype=bool) for _ in range(2))
            judged[counts.members] = judged_patients(counts, request.patients)
            present[counts.members] = counts.present.certain
            yield Compared(row.name, name, "patients", Words.yes_no(present, judged))
        for pair in request.compare:
            before, after = (_of_all(cohort, each) for each in _counted_at(cohort, row, pair))
            fall = Numbers(before - after, ranks=None)
            yield Compared(row.name, between(pair), "reduction of a patient", fall)


def _of_all(cohort: Cohort, counts: LocationCounts) -> Values:
    """Return the count of each member, unknown of whom nobody read."""
    place = np.full(cohort.n, NONE)
    place[counts.members] = np.arange(len(counts.members))
    return counts.totals.take(place)


TABLE: Final = CohortTable(read_request, figures, LAYOUT, compared=compared)
