"""One row per figure of the table of paired lesion verdicts: a count, its percentage, its denominator.

The table of the anakinra study (Ann Rheum Dis 2004, Table 2), by region, by kind of lesion and by patient, each with
its total. `baseline` counts the lesions that were there at the first of two studies: resolved, improved, unchanged or
worse. It is the denominator of these and of `responding` (resolved or improved); `new` lesions stand outside it. A
lesion counts once a pair of studies. Percentages are rounded half up in `text` only; intervals are exact
(Clopper–Pearson, 95%) and take lesions as independent.

Order: by region, by kind, by patient; rows as published, the total last; figures from `baseline` to `responding`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from projections.columns.arrow import ArrowTable
from projections.columns.tables import Table, declared, frame, number, tabled, text, word
from projections.lesions.paired_verdicts import CONSENSUS, OF_THE_CONSENSUS, VerdictSelection, verdicts_of
from projections.statistics.proportions import CLOPPER_PEARSON, Proportion
from projections.verdicts import paired_patients
from projections.verdicts.paired_patients import NO_SCAN, NOT_READ, ONE_SCAN, READ, REGIONS, TOTAL
from registry.catalogue.codes import LESION_KINDS
from registry.catalogue.verdicts import NEW, RESPONDING, SCALE

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

BY: Final = ("region", "kind", "patient")
FIGURES: Final = ("baseline", *SCALE, NEW, "responding")
COUNTED_AS: Final = {
    **{verdict: ("baseline", verdict, *(["responding"] if verdict in RESPONDING else [])) for verdict in SCALE},
    NEW: (NEW,),
}
KINDS: Final = {kind: region for region, kinds in LESION_KINDS.items() for kind in kinds}

LESION_VERDICTS: Final[Table] = declared(
    "lesion_verdicts",
    "figure of the table of paired lesion verdicts",
    order="by row_number figure_number",
    columns=(
        word("by", "what the rows of the table are", *BY),
        number("row_number", "place of the row in its table, from 1", type_="int32"),
        word("row", "a region, a kind of lesion or a patient; total for all"),
        number("figure_number", "place of the figure in its row, from 1"),
        word(
            "figure", "baseline lesions, what became of them, new ones, or responding (resolved or improved)", *FIGURES
        ),
        number("n", "number of lesions", type_="int64"),
        number("denominator", "number of baseline lesions; null for baseline and new", type_="int64"),
        number(
            "percent", "n of denominator, not rounded; null where there is no denominator", type_="double", unit="%"
        ),
        text("text", "as it is printed: n, and the percentage rounded half up to a whole number in brackets"),
        number("ci_low", "lower limit of the percentage", type_="double", unit="%"),
        number("ci_high", "upper limit of the percentage", type_="double", unit="%"),
        word("ci_method", "how the limits were found", CLOPPER_PEARSON),
        number("n_with", "number of patients with such a lesion", type_="int32"),
        number("n_patients", "number of patients; the sum of n_read and the three that follow it", type_="int32"),
        number("n_both_scans", "number of patients with both scans; n_read + n_not_read", type_="int32"),
        number("n_read", "number of patients with two studies read side by side", type_="int32"),
        number("n_not_read", "number of patients with MRI on two days and no verdict", type_="int32"),
        number("n_one_scan", "number of patients with MRI on one day only", type_="int32"),
        number("n_no_scan", "number of patients without MRI", type_="int32"),
        number("n_pairs", "number of pairs of studies read; above n_read where a patient has several", type_="int32"),
        word("reader", "whose verdicts"),
        word("session", "the reading session that was named, null where none was"),
    ),
)


class Lesion(NamedTuple):
    """A lesion of a patient, and what the reader says became of it."""

    patient: str
    region: str
    kind: str
    verdict: str


class Scans(NamedTuple):
    """Whether a patient's scans of a region (or of any, `total`) were read: a row of `paired_patients`."""

    patient: str
    region: str
    status: str
    n_pairs: int


class Tally:
    """The lesions of one row: how many a figure counts, and in which patients."""

    def __init__(self) -> None:
        self.n: Counter[str] = Counter()
        self.patients: defaultdict[str, set[str]] = defaultdict(set)

    def add(self, lesion: Lesion, n: int) -> None:
        """Count `n` lesions under every figure that their verdict belongs to."""
        for figure in COUNTED_AS[lesion.verdict]:
            self.n[figure] += n
            self.patients[figure].add(lesion.patient)


def lesion_verdicts(
    facts: Facts,
    reader: str = CONSENSUS,
    *,
    session: str | None = None,
    patients: Collection[str] | None = None,
) -> pd.DataFrame:
    """Return the figures as a frame, one row a figure; columns as declared in `LESION_VERDICTS`.

    Raises what `verdicts_of` raises.
    """
    return frame(table(facts, VerdictSelection(reader, session, patients)))


def table(facts: Facts, selection: VerdictSelection = OF_THE_CONSENSUS) -> ArrowTable:
    """Return the figures as an Arrow table in the order of the publication; of all patients where none are named."""
    lesions = verdicts_of(facts, selection)
    counted = lesions.group_by(list(Lesion._fields)).aggregate([([], "count_all")])
    counts = {Lesion(*key): n for *key, n in zip(*(column.to_pylist() for column in counted.columns))}
    read = paired_patients.table(facts, selection).select(Scans._fields)
    scans = [Scans(*row) for row in zip(*(column.to_pylist() for column in read.columns))]
    whose = {"reader": selection.reader, "session": selection.session}
    return tabled(LESION_VERDICTS, ({**row, **whose} for row in figures(counts, scans)))


def figures(counts: dict[Lesion, int], scans: Iterable[Scans]) -> Iterator[dict[str, object]]:
    """Yield every figure of every row, from the number of lesions of each description and the patients' scans."""
    tallies: defaultdict[tuple[str, str | None], Tally] = defaultdict(Tally)
    for lesion, n in counts.items():
        for by in BY:
            tallies[by, getattr(lesion, by)].add(lesion, n)
            tallies[by, None].add(lesion, n)
    of_region: defaultdict[str, list[Scans]] = defaultdict(list)
    for scan in scans:
        of_region[scan.region].append(scan)
    read = {scan.patient: [scan] for scan in of_region[TOTAL] if scan.status == READ}
    rows: dict[str, dict[str, list[Scans]]] = {
        "region": {region: of_region[region] for region in REGIONS},
        "kind": {kind: of_region[region] for kind, region in KINDS.items()},
        "patient": dict(sorted(read.items())),
    }
    for by in BY:
        for place, (row, seen) in enumerate([*rows[by].items(), (None, of_region[TOTAL])], 1):
            shared = {"by": by, "row_number": place, "row": row or TOTAL, **_scanned(seen)}
            yield from ({**shared, **figure} for figure in _figures_of(tallies[by, row]))


def _scanned(scans: list[Scans]) -> dict[str, object]:
    status = Counter(scan.status for scan in scans)
    return {
        "n_patients": len(scans),
        "n_both_scans": status[READ] + status[NOT_READ],
        "n_read": status[READ],
        "n_not_read": status[NOT_READ],
        "n_one_scan": status[ONE_SCAN],
        "n_no_scan": status[NO_SCAN],
        "n_pairs": sum(scan.n_pairs for scan in scans),
    }


def _figures_of(tally: Tally) -> Iterator[dict[str, object]]:
    baseline = tally.n["baseline"]
    for place, figure in enumerate(FIGURES, 1):
        n = tally.n[figure]
        part = None if figure in ("baseline", NEW) else Proportion(n, baseline)
        limits = part.interval() if part else None
        yield {
            "figure_number": place,
            "figure": figure,
            "n": n,
            "denominator": part.of if part else None,
            "percent": part.percent if part else None,
            "text": _text(figure, n, part),
            "ci_low": 100 * limits.low if limits else None,
            "ci_high": 100 * limits.high if limits else None,
            "ci_method": CLOPPER_PEARSON if limits else None,
            "n_with": len(tally.patients[figure]),
        }


def _text(figure: str, n: int, part: Proportion | None) -> str:
    """Return a figure as the publication prints it: no percentage of nothing, and none of no lesion."""
    if part is None or part.whole_percent is None:
        return str(n)
    if figure == "responding":
        return f"{n}/{part.of} ({part.whole_percent}%)"
    return f"{n} ({part.whole_percent})" if n else str(n)
