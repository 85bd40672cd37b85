"""Paired lesion verdicts in print: the table of a publication, single lesions, agreement, symptoms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypedDict

from cli.output import Row, counted, give, give_arrow, give_table, say, text

if TYPE_CHECKING:
    from projections.lesions.paired_verdicts import VerdictSelection
    from projections.point_in_time import Facts

NOTHING_READ: Final = "no lesions were judged in paired readings at this point in time"
NOT_IN_IT: Final = {  # status: why a patient is not in the table
    "not-read": "MRI on two days, no verdict",
    "one-scan": "MRI on one day only",
    "no-scan": "no MRI",
}
NOTES_AT_MOST: Final = 3
BASES: Final = {
    "agreed": "the readers had agreed",
    "differing": "they had differed",
    "single": "a single reader had judged",
    "none": "no reader's verdict is recorded",
}


class Asked(TypedDict):
    """What a person asked to see: rows of what, whose verdicts, in which session, of whom, beside which measure."""

    by: str
    reader: str
    session: str | None
    patient: str | None
    measure: str


def give_figures(facts: Facts, asked: Asked, form: str | None) -> None:
    """Print the figures as the publication does; below it who is not in it, and on what a consensus rests."""
    from projections.columns.tables import only
    from projections.verdicts import lesion_verdicts

    figures = only(lesion_verdicts.table(facts, _selected(asked)), by=asked["by"])
    if form:
        give_arrow(figures, form)
        return
    rows = figures.to_pylist()
    if not rows[-1]["n_read"]:
        say(NOTHING_READ)
        return
    give_table((asked["by"], *lesion_verdicts.FIGURES, "95% interval", "patients"), _lines(rows))
    _say_of_whom(rows)
    _say_who_is_not_in_it(facts, asked)
    _say_basis(facts, asked)


def give_lesions(facts: Facts, asked: Asked, form: str | None) -> None:
    """Print each lesion with its verdict and what the readers had said."""
    from projections.verdicts import verdict_basis

    lesions = verdict_basis.table(facts, _selected(asked))
    if form:
        give_arrow(lesions, form)
        return
    columns = ("patient", "followup_study", "lesion", "region", "kind", "location", "verdict", "basis")
    rows = [{**{name: row[name] for name in columns}, "readers": _said(row)} for row in lesions.to_pylist()]
    give(rows, None, empty=NOTHING_READ)


def give_agreement(facts: Facts, asked: Asked, form: str | None) -> None:
    """Print how far each two readers agreed."""
    from projections.verdicts import verdict_agreement

    agreement = verdict_agreement.table(facts, session=asked["session"], patients=_patients(asked))
    if form:
        give_arrow(agreement, form)
        return
    rows = [
        {
            "readers": f"{row['reader_a']} – {row['reader_b']}",
            "patients": row["n_patients"],
            "agreed": row["text"],
            "95% interval": _interval(row),
            "kappa": _three(row["kappa"], row["kappa_undefined"]),
            "on the scale": row["n_weighted"],
            "linear": _three(row["kappa_linear"], row["weighted_undefined"]),
            "quadratic": _three(row["kappa_quadratic"], row["weighted_undefined"]),
            "new": row["n_new"],
            "only one": row["n_only_a"] + row["n_only_b"],
        }
        for row in agreement.to_pylist()
    ]
    give(rows, None, empty="no two readers judged the same studies at this point in time")
    if rows:
        say("before the consensus; weighted kappa is without the lesions that either reader called new")


def give_symptoms(facts: Facts, asked: Asked, form: str | None) -> None:
    """Print each pair of studies: its lesions, and the change of a measure."""
    from projections.verdicts import verdict_symptoms

    measure = asked["measure"]
    symptoms = verdict_symptoms.table(facts, measure, selection=_selected(asked))
    is_index = measure in facts.catalogue.instruments
    if form:
        give_arrow(symptoms, form)
        return
    rows = [
        {
            "patient": row["patient"],
            "from": row["baseline_on"],
            "to": row["followup_on"],
            "baseline": row["n_baseline"],
            "responding": row["n_responding"],
            "deterioration": row["n_deterioration"],
            "new": row["n_new"],
            f"{measure}, {row['unit']}": " → ".join(
                _marked(row, study, is_index=is_index) for study in ("baseline", "followup")
            ),
            "change": row["change_text"] or f"missing: {row['missing']}",
        }
        for row in symptoms.to_pylist()
    ]
    give(rows, None, empty=NOTHING_READ)
    if rows:
        say(f"{measure} at the visits nearest to the studies, at most {verdict_symptoms.WINDOW_DAYS} days away")


def _marked(row: Row, study: str, *, is_index: bool) -> str:
    """Return a value with its mark: before a limit, beside what was computed from one, which need not be a limit."""
    value, comparator = text(row[f"{study}_value"]), row[f"{study}_comparator"]
    if comparator is None:
        return value
    return f"{value} with {comparator}" if is_index else f"{comparator}{value}"


def _lines(rows: list[dict[str, Any]]) -> list[list[object]]:
    """Return a line a row of the table; `patients` are those with a lesion at baseline, of those who were read."""
    lines: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        lines.setdefault(row["row_number"], []).append(row)
    return [
        [
            figures[0]["row"],
            *(figure["text"] for figure in figures),
            _interval(figures[-1]),
            f"{figures[0]['n_with']}/{figures[0]['n_read']}",
        ]
        for figures in lines.values()
    ]


def _say_of_whom(rows: list[dict[str, Any]]) -> None:
    total = {row["figure"]: row for row in rows if row["row_number"] == rows[-1]["row_number"]}
    baseline, new = total["baseline"], total["new"]
    pairs = f" in {baseline['n_pairs']} pairs of studies" if baseline["n_pairs"] != baseline["n_read"] else ""
    patients = counted(baseline["n_patients"], "patient")
    say(f"{baseline['n_both_scans']} of {patients} had both scans, {baseline['n_read']} were read{pairs}")
    say(f"verdicts: {baseline['reader']}; percentages of baseline lesions; patients: with one, of those read")
    if new["n"]:
        say(f"{counted(new['n'], 'new lesion')} in {counted(new['n_with'], 'patient')}")


def _say_who_is_not_in_it(facts: Facts, asked: Asked) -> None:
    from projections.columns.tables import only
    from projections.verdicts import paired_patients

    patients = only(paired_patients.table(facts, _selected(asked)), region=paired_patients.TOTAL)
    for status, why in NOT_IN_IT.items():
        rows = only(patients, status=status).to_pylist()
        notes = sorted({row["note"] for row in rows if row["note"] and status == paired_patients.ONE_SCAN})
        noted = f"; noted with the scan: {', '.join(notes[:NOTES_AT_MOST])}" if notes else ""
        if rows:
            say(f"not in the table: {counted(len(rows), 'patient')} ({why}{noted})")


def _say_basis(facts: Facts, asked: Asked) -> None:
    from projections.verdicts import verdict_basis

    stated = verdict_basis.table(facts, _selected(asked))["basis"].to_pylist()
    bases = Counter(basis for basis in stated if basis)
    reached = [f"{bases[basis]} on which {words}" for basis, words in BASES.items() if bases[basis]]
    if reached:
        say(f"consensus on {counted(bases.total(), 'lesion')}: {', '.join(reached)}")


def _selected(asked: Asked) -> VerdictSelection:
    from projections.lesions.paired_verdicts import VerdictSelection

    return VerdictSelection(asked["reader"], asked["session"], _patients(asked))


def _patients(asked: Asked) -> list[str] | None:
    return None if asked["patient"] is None else [asked["patient"]]


def _said(row: Row) -> str | None:
    """Return what each reader had said, None where a verdict rests on no reader's."""
    readers, said = row["readers"], row["said"]
    assert isinstance(readers, list)
    assert isinstance(said, list)
    return ", ".join(f"{reader} {verdict}" for reader, verdict in zip(readers, said)) or None


def _interval(row: Row) -> str | None:
    """Return the limits of a percentage to one decimal, None where there are none."""
    return None if row["ci_low"] is None else f"{row['ci_low']:.1f}–{row['ci_high']:.1f}"


def _three(value: float | None, undefined: str | None) -> str | None:
    """Return a kappa to three decimals, or why there is none."""
    return undefined if value is None else f"{value:.3f}"


VIEWS: Final[dict[str | None, Callable[[Facts, Asked, str | None], None]]] = {
    None: give_figures,
    "rows": give_lesions,
    "agreement": give_agreement,
    "symptoms": give_symptoms,
}
