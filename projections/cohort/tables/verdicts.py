"""What became of single lesions, as in Table 2 of the anakinra pilot study: two studies read side by side.

Rows: each region, each kind of lesion, and `total`. Figures: `baseline` lesions; what became of them, and `responding`
(resolved or improved), each in percent of the baseline lesions; `new` ones beside them; and for each in how many
patients it was seen. Whose verdicts count is said by the table's key `reader`, by default the consensus.

The earlier study of a pair stands for the first of two time points, the later one for the second. The figures of one
such comparison stand at `paired studies`, those of several at the comparison. Every pair that was read, whatever the
time points, counts where the key `pairs` says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, Literal, NamedTuple

import pyarrow.compute as pc

from projections.cohort.definition.table_keys import Pairs, compared_pairs
from projections.cohort.figures.comparing import between, left_out_for, share
from projections.cohort.figures.figures import Figure
from projections.cohort.figures.layout import AT, BETWEEN, Column, Layout, Panel
from projections.cohort.members.cohort import Cohort
from projections.cohort.members.study_pairs import pairs_between
from projections.cohort.table import CohortTable
from projections.lesions.paired_verdicts import CONSENSUS, VerdictSelection, verdicts_of
from projections.statistics.results import NOTHING_GIVEN
from projections.verdicts import lesion_verdicts
from projections.verdicts.paired_patients import TOTAL
from registry.toml_keys import Keys

CountedPairs = Literal["time-points", "all"]

COUNTED_PAIRS: Final[dict[CountedPairs, str]] = {
    "time-points": "pairs whose studies stand for the two time points",
    "all": "every pair that was read, whatever the time points",
}
PERIOD = "paired studies"
BY = ("region", "kind")
LEFT_OUT = {"n_not_read": "not read in pairs", "n_one_scan": "with one scan only", "n_no_scan": "without a scan"}

VERDICTS: Final = ("baseline", "resolution", "improvement", "unchanged", "deterioration", "new", "responding")

LAYOUT: Final[Layout] = (
    Panel("Lesions", tuple(Column(verdict, over, verdict) for over in (AT, BETWEEN) for verdict in VERDICTS)),
    Panel(
        "Patients with one",
        tuple(Column(f"patients with {verdict}", over, verdict) for over in (AT, BETWEEN) for verdict in VERDICTS),
    ),
)


class Request(NamedTuple):
    """Whose paired verdicts count, of which session (None of the only one there is), and of which pairs of studies.

    `compare` are pairs of time points, of no meaning where all pairs count.
    """

    reader: str
    session: str | None
    pairs: CountedPairs
    compare: Pairs


def read_request(keys: Keys, time_points: Sequence[str]) -> Request:
    """Return what the keys `reader`, `session`, `pairs` and `compare` ask; by default the consensus at time points."""
    session = keys.text("session") if keys.there("session") else None
    pairs = keys.word("pairs", COUNTED_PAIRS, "time-points")
    if pairs == "all" and keys.there("compare"):
        keys.wrong("compare", "names time points, and 'pairs' takes every pair whatever they are; write one of them")
    return Request(keys.text("reader", CONSENSUS), session, pairs, compared_pairs(keys, time_points))


def figures(cohort: Cohort, request: Request) -> Iterator[Figure]:
    """Yield the figures of each comparison: of each region, then of each kind of lesion."""
    selection = VerdictSelection(request.reader, request.session, frozenset(cohort.members))
    if request.pairs == "all":
        yield from _selected(cohort, request.reader, selection, PERIOD)
        return
    verdicts = verdicts_of(cohort.facts, selection)
    for pair in request.compare:
        at_time_points = selection._replace(pairs=pairs_between(cohort, verdicts, pair))
        period = PERIOD if len(request.compare) == 1 else between(pair)
        yield from _selected(cohort, request.reader, at_time_points, period)


def _selected(cohort: Cohort, reader: str, selection: VerdictSelection, period: str) -> Iterator[Figure]:
    verdicts = lesion_verdicts.table(cohort.facts, selection)
    for by in BY:
        for row in verdicts.filter(pc.equal(verdicts["by"], by)).to_pylist():
            if by == BY[0] or row["row"] != TOTAL:  # the total of the kinds is that of the regions
                yield from _figures_of(cohort, row, reader, period)


def _figures_of(cohort: Cohort, row: dict[str, Any], reader: str, period: str) -> Iterator[Figure]:
    note, whose = _note(row), f"verdicts of {reader}"
    at = (row["row"], period, row["figure"])
    if row["denominator"] is not None:
        told = f"lesions at the earlier study; {note}"
        percent = share(at, row["n"], row["denominator"], cohort.options, note=told)
        yield percent._replace(text=row["text"], variant=f"{whose}; {percent.variant}", n_patients=row["n_read"])
    else:
        yield Figure(
            *at,
            value=row["n"],
            text=row["text"],
            numerator=row["n"],
            denominator=row["n_read"],
            denominator_note=f"patients read in pairs; {note}",
            variant=whose,
            n_patients=row["n_read"],
            reason=None if row["n_read"] else NOTHING_GIVEN,
        )
    yield Figure(
        row["row"],
        period,
        f"patients with {row['figure']}",
        value=row["n_with"],
        text=str(row["n_with"]),
        numerator=row["n_with"],
        denominator=row["n_read"],
        denominator_note=f"patients read in pairs; {note}",
        variant=whose,
        n_patients=row["n_read"],
    )


def _note(row: dict[str, Any]) -> str:
    return left_out_for(row["n_patients"], [(row[column], why) for column, why in LEFT_OUT.items()])


TABLE: Final = CohortTable(read_request, figures, LAYOUT)
