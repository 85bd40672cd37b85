"""How far two readers agree who read the same studies by the same method.

Rows: `berlin total: R1 v R2` for each score of the whole, `vu-lesions erosion: R1 v R2` for the grades of each item.
Scores, at a time point and as change scores between two: the four forms of the intraclass correlation, Bland–Altman's
bias and limits with the SD of the differences (first reader minus second), and the smallest detectable change of one
reader and of the mean of the two: from status at a time point, from change between two. Grades: percent agreement and
Cohen's kappa, unweighted and weighted, over the locations that both assessed; between two time points over the change
of each location.

Only studies that both readers read count, and of scores only those whose every location both could assess; how many
were left out stands beside each figure. Intervals over locations take them as independent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from projections.cohort.definition.table_keys import Pairs, compared_pairs
from projections.cohort.figures.comparing import between, of_estimate
from projections.cohort.figures.figures import Figure
from projections.cohort.figures.grade_agreement import WEIGHTINGS, grade_agreement, row_of
from projections.cohort.figures.layout import ALONE, AT, BETWEEN, Column, Layout, Panel
from projections.cohort.members.cohort import Cohort
from projections.cohort.members.reader_pairs import ReaderPair, Readers, readers_by
from projections.cohort.members.readings import shown_methods
from projections.cohort.table import CohortTable
from projections.columns.coded import Truth
from projections.grading.score_values import score_values, whole_column
from projections.statistics.bland_altman import limits_of_agreement
from projections.statistics.detectable_change import sdc_from_change, sdc_from_status
from projections.statistics.intraclass import FORMS, icc
from projections.statistics.results import NOTHING_GIVEN, Estimate
from registry.catalogue.imaging.policies import Assessed
from registry.catalogue.imaging.scores import Score
from registry.toml_keys import Keys

ONE_READER: Final = "one-reader-only"
READERS: Final = 2
SDC: Final = {"status": sdc_from_status, "change": sdc_from_change}

Values = npt.NDArray[np.float64]

LAYOUT: Final[Layout] = (
    Panel("Intraclass correlation (CI)", tuple(Column(f"ICC({form})", AT, f"{{at}} {form}") for form in FORMS)),
    Panel(
        "Limits of agreement, and the smallest detectable change from status",
        (
            Column("bias", AT, "{at} bias"),
            Column("lower limit", AT, "{at} lower limit"),
            Column("upper limit", AT, "{at} upper limit"),
            Column("SD of differences", AT, "{at} SD of differences"),
            Column("SDC from status, one reader", AT, "{at} SDC"),
            Column("SDC from status, mean of 2", AT, "{at} SDC, mean of 2"),
        ),
    ),
    Panel(
        "Change scores",
        (
            *(Column(f"ICC({form})", BETWEEN, f"ICC({form})") for form in FORMS),
            Column("bias", BETWEEN, "bias"),
            Column("lower limit", BETWEEN, "lower limit"),
            Column("upper limit", BETWEEN, "upper limit"),
            Column("SD of differences", BETWEEN, "SD of differences"),
            Column("SDC from change, one reader", BETWEEN, "SDC"),
            Column("SDC from change, mean of 2", BETWEEN, "SDC, mean of 2"),
        ),
    ),
    Panel(
        "Grades: same, and kappa (CI)",
        (
            Column("agreement", AT, "{at} same"),
            *(Column(f"kappa, {weighting}", AT, f"{{at}} {weighting}") for weighting in WEIGHTINGS),
        ),
    ),
    Panel(
        "Changes of grades: same, and kappa (CI)",
        (
            Column("agreement", BETWEEN, "same"),
            *(Column(f"kappa, {weighting}", BETWEEN, weighting) for weighting in WEIGHTINGS),
        ),
    ),
    Panel("Readers", (Column("n", ALONE, "n"),)),
)


class PairedScores(NamedTuple):
    """A score of two readers, members × time points; 0 where `known` says that not both have it."""

    row: str
    first: Values
    second: Values
    known: Truth


class Request(NamedTuple):
    """How far readers agree by `methods`, at every time point and on the changes between `compare`."""

    methods: tuple[str, ...]
    compare: Pairs


def read_request(keys: Keys, time_points: Sequence[str]) -> Request:
    """Return what the keys `methods` and `compare` ask; by default all methods by which was read."""
    return Request(keys.words("methods", keys.catalogue.methods), compared_pairs(keys, time_points))


def figures(cohort: Cohort, request: Request) -> Iterator[Figure]:
    """Yield the agreement of every two readers, method by method; one reader alone has a reason instead."""
    for method in shown_methods(cohort, request.methods, tuple(cohort.facts.catalogue.methods)):
        readers = readers_by(cohort, method)
        if len(readers.names) < READERS:
            yield _too_few(cohort, method, readers)
        for pair in readers.pairs:
            for score in readers.grading.method.scores:
                yield from _scores(cohort, _paired_scores(readers, score, pair), pair, request.compare)
            for item in range(len(readers.grading.method.items)):
                yield from grade_agreement(cohort, readers.grading, item, pair=pair, compare=request.compare)


def _too_few(cohort: Cohort, method: str, readers: Readers) -> Figure:
    n = len(readers.names)
    return Figure(
        f"{method}: readers",
        "",
        "n",
        value=n,
        text=str(n),
        denominator_note=f"single readers by {method} in the windows: {', '.join(readers.names) or 'none'}",
        n_patients=cohort.n,
        reason=ONE_READER if n else NOTHING_GIVEN,
    )


def _paired_scores(readers: Readers, score: Score, pair: ReaderPair) -> PairedScores:
    column = whole_column(readers.grading.method, score)
    found = score_values(readers.grading, (column,))
    totals, whole = found.values[:, 0], found.known[:, 0]
    if isinstance(score.policy, Assessed):  # of a count only where nothing leaves doubt
        whole = found.n[:, 0] == column.n_expected
    known = pair.both & whole[pair.first] & whole[pair.second]
    first, second = (np.where(known, totals[places], 0) for places in (pair.first, pair.second))
    return PairedScores(row_of(f"{readers.grading.method.code} {score.name}", pair), first, second, known)


def _scores(cohort: Cohort, scores: PairedScores, pair: ReaderPair, compare: Pairs) -> Iterator[Figure]:
    for place, name in enumerate(cohort.names):
        rows = np.flatnonzero(scores.known[:, place])
        note = _note(len(rows), pair.both[:, place], pair.alone[:, place])
        ratings = np.stack([scores.first[rows, place], scores.second[rows, place]], axis=1)
        yield from _agreement(cohort, (scores.row, name), "status", ratings, note)
    for two in compare:
        before, after = (cohort.definition.place(name) for name in two)
        rows = np.flatnonzero(scores.known[:, before] & scores.known[:, after])
        read = pair.both[:, before] & pair.both[:, after]
        seen = (pair.both | pair.alone)[:, (before, after)].all(axis=1)
        note = _note(len(rows), read, seen & ~read)
        changes = [values[rows, after] - values[rows, before] for values in (scores.first, scores.second)]
        yield from _agreement(cohort, (scores.row, between(two)), "change", np.stack(changes, axis=1), note)


def _note(n: int, both: Truth, alone: Truth) -> str:
    """Return how many patients count, and how many were left out for which reason."""
    read, by_one = int(both.sum()), int(alone.sum())
    left = [f"{read - n} not complete by both"] if read > n else []
    left += [f"{by_one} read by one of the two alone"] if by_one else []
    return "; ".join([f"{n} of {read} {'patient' if read == 1 else 'patients'} of whom both read a study", *left])


def _agreement(cohort: Cohort, at: tuple[str, str], source: str, ratings: Values, note: str) -> Iterator[Figure]:
    """Yield what is said of complete ratings, patients × two readers."""
    for figure in _estimates(cohort, at, source, ratings):
        level = figure.ci_method and f"{figure.ci_method}, {100 * cohort.options.level:g}%"
        yield figure._replace(denominator=len(ratings), denominator_note=note, ci_method=level)


def _estimates(cohort: Cohort, at: tuple[str, str], source: str, ratings: Values) -> Iterator[Figure]:
    level = cohort.options.level
    for form in FORMS:
        yield of_estimate((*at, f"ICC({form})"), icc(ratings, form=form, level=level), decimals=3)
    first, second = ratings.T
    limits = limits_of_agreement(first, second, level=level)
    for name, estimate in (("bias", limits.bias), ("lower limit", limits.lower), ("upper limit", limits.upper)):
        yield of_estimate((*at, name), estimate, decimals=2)
    spread = Estimate("SD of differences", "n - 1", len(ratings), value=limits.sd)
    yield of_estimate(
        (*at, spread.name), spread._replace(reason=limits.bias.reason if limits.sd is None else None), decimals=2
    )
    for readers in (1, READERS):
        name = f"SDC from {source}, {'one reader' if readers == 1 else f'mean of {readers}'}"
        yield of_estimate((*at, name), SDC[source](first, second, readers=readers), decimals=2)


TABLE: Final = CohortTable(read_request, figures, LAYOUT)
