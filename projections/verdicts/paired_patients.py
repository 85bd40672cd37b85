"""One row per patient and region: whether both scans were there and were read side by side, and if not, why not.

Regions are `sij`, `spine` and `total` (any of the two). `read`: the reader judged a lesion between two studies that
both show the region, of that region or of another. `not-read`: MRI on two days, and no verdict; nobody read them, or
nobody saw a lesion. `one-scan`, `no-scan`: MRI on one day or none. Patients with a study or a verdict count as well
as enrolled ones. All days are on the clinical clock.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from projections.columns.arrow import ArrowTable
from projections.columns.tables import Table, day, declared, frame, number, tabled, text, word
from projections.lesions.paired_verdicts import CONSENSUS, OF_THE_CONSENSUS, VerdictSelection, verdicts_of
from registry.catalogue.codes import SPINE_REGIONS

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

    from projections.point_in_time import Facts

REGIONS: Final = ("sij", "spine")  # in the order of the publication
TOTAL: Final = "total"
SCANNED: Final = "MRI"
READ: Final = "read"
NOT_READ: Final = "not-read"
ONE_SCAN: Final = "one-scan"
NO_SCAN: Final = "no-scan"
STATUSES: Final = (READ, NOT_READ, ONE_SCAN, NO_SCAN)

PAIRED_PATIENTS: Final[Table] = declared(
    "paired_patients",
    "patient and region",
    order="patient region",
    columns=(
        word("patient", "pseudonym"),
        word("region", "region that the scans must show; total for any", *REGIONS, TOTAL),
        word("status", "read in pairs, or why not", *STATUSES),
        number("n_scan_days", "number of days with an MRI of the region", type_="int32", unit="d"),
        number("n_pairs", "number of pairs of studies of the region that the reader judged", type_="int32"),
        day("first_scan_on", "day of the first MRI of the region"),
        day("last_scan_on", "day of the last MRI of the region"),
        text("note", "the note of the last MRI, which may say why there is no other"),
    ),
)


class Scan(NamedTuple):
    """One study of a patient: what it is, and which of the regions it shows."""

    performed_on: date
    study: str
    is_mri: bool
    regions: frozenset[str]
    note: str | None


def paired_patients(
    facts: Facts,
    reader: str = CONSENSUS,
    *,
    session: str | None = None,
    patients: Collection[str] | None = None,
) -> pd.DataFrame:
    """Return patients and regions as a frame, one row each two; columns as declared in `PAIRED_PATIENTS`."""
    return frame(table(facts, VerdictSelection(reader, session, patients)))


def table(facts: Facts, selection: VerdictSelection = OF_THE_CONSENSUS) -> ArrowTable:
    """Return patients and regions as an Arrow table by patient and region; of all patients where none are named.

    Raises what `verdicts_of` raises.
    """
    lesions = verdicts_of(facts, selection)
    pairs: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for patient, *pair in zip(*(lesions[name].to_pylist() for name in ("patient", "baseline_study", "followup_study"))):
        pairs[patient].add((pair[0], pair[1]))
    scans = _scans(facts)
    known = {*scans, *facts.of("patients")["patient"].to_pylist()}
    wanted = known if selection.patients is None else known.intersection(selection.patients)
    return tabled(
        PAIRED_PATIENTS,
        (row for patient in sorted(wanted) for row in _of_patient(patient, scans[patient], pairs[patient])),
    )


def _scans(facts: Facts) -> defaultdict[str, list[Scan]]:
    studies = facts.of("imaging").select(["patient", "performed_on", "study", "modality", "regions", "note"])
    scans: defaultdict[str, list[Scan]] = defaultdict(list)
    for row in studies.to_pylist():
        spine = {"spine"} if set(row["regions"]).intersection(SPINE_REGIONS) else set()
        regions = frozenset({*spine, *set(row["regions"]).intersection(REGIONS), TOTAL})
        is_mri = row["modality"] == SCANNED
        scans[row["patient"]].append(Scan(row["performed_on"], row["study"], is_mri, regions, row["note"]))
    return scans


def _of_patient(patient: str, scans: list[Scan], pairs: set[tuple[str, str]]) -> Iterator[dict[str, object]]:
    for region in (*REGIONS, TOTAL):
        of_region = {scan.study: scan for scan in scans if region in scan.regions}
        mri = sorted((scan for scan in of_region.values() if scan.is_mri), key=lambda scan: scan[:2])
        days = {scan.performed_on for scan in mri}
        n_pairs = sum(set(pair) <= of_region.keys() for pair in pairs)
        yield {
            "patient": patient,
            "region": region,
            "status": READ if n_pairs else _why_not(len(days)),
            "n_scan_days": len(days),
            "n_pairs": n_pairs,
            "first_scan_on": mri[0].performed_on if mri else None,
            "last_scan_on": mri[-1].performed_on if mri else None,
            "note": mri[-1].note if mri else None,
        }


def _why_not(n_scan_days: int) -> str:
    return {0: NO_SCAN, 1: ONE_SCAN}.get(n_scan_days, NOT_READ)
