"""One row per verdict of a reader: for a consensus, with the readers' verdicts on the same lesion on which it rests.

A consensus on a lesion rests on what single readers said of the lesion of the same code between the same two studies;
of a reader who judged the two in several sessions, on what was said in the session of the consensus. `basis` says
whether the readers had said the same (`agreed`) or not (`differing`), whether only one had judged the lesion (`single`)
or none (`none`). The verdict of a single reader rests on the images: it has no basis.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pyarrow.compute as pc

from projections.columns.arrow import ArrowTable
from projections.columns.tables import Table, declared, frame, number, tabled, text, word, words
from projections.lesions.paired_verdicts import (
    CONSENSUS,
    OF_THE_CONSENSUS,
    PAIR,
    PAIR_COLUMNS,
    VerdictSelection,
    ordered,
    verdicts_of,
)
from registry.catalogue import codes

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

AGREED: Final = "agreed"
DIFFERING: Final = "differing"
SINGLE: Final = "single"
NONE: Final = "none"
BASES: Final = (AGREED, DIFFERING, SINGLE, NONE)
LESION: Final = (*PAIR, "lesion")

VERDICT_BASIS: Final[Table] = declared(
    "verdict_basis",
    "verdict of a reader",
    order="patient baseline_on baseline_study followup_on followup_study",
    columns=(
        *PAIR_COLUMNS,
        word("session", "reading session or campaign, empty where there was none"),
        word("reader", "whose verdict"),
        word("lesion", "code of the lesion within its pair; within a pair in the order of the codes"),
        word("region", "region", *codes.LESION_KINDS),
        word("kind", "kind of lesion", *(kind for kinds in codes.LESION_KINDS.values() for kind in kinds)),
        word("location", "where, as recorded"),
        word("verdict", "what became of the lesion", *codes.VERDICTS),
        text("verdict_id", "reference of the verdict"),
        word("basis", "for a consensus, whether the readers had agreed; null for a single reader", *BASES),
        words("readers", "for a consensus, the readers who judged the lesion, in alphabetical order; else empty"),
        words("rests_on", "references of their verdicts, in the same order"),
        words("said", "what their verdicts were, in the same order", *codes.VERDICTS),
        number("n_readers", "number of readers who judged the lesion; null for a single reader"),
        number("n_same", "number of them whose verdict is that of the consensus; null for a single reader"),
    ),
)


class Said(NamedTuple):
    """What one reader said of a lesion in a session, with the reference of the verdict.

    `is_only_session`: the reader judged the two studies in no other session.
    """

    reader: str
    session: str
    verdict: str
    verdict_id: str
    is_only_session: bool


def verdict_basis(
    facts: Facts,
    reader: str = CONSENSUS,
    *,
    session: str | None = None,
    patients: Collection[str] | None = None,
) -> pd.DataFrame:
    """Return the verdicts of a reader as a frame, one row a verdict; columns as declared in `VERDICT_BASIS`."""
    return frame(table(facts, VerdictSelection(reader, session, patients)))


def table(facts: Facts, selection: VerdictSelection = OF_THE_CONSENSUS) -> ArrowTable:
    """Return the verdicts of a reader as an Arrow table by patient, pair of studies and lesion.

    Raises what `verdicts_of` raises.
    """
    chosen = verdicts_of(facts, selection)
    is_consensus = selection.reader == CONSENSUS
    heard = _heard(facts) if is_consensus else {}
    return tabled(VERDICT_BASIS, _rows(chosen.to_pylist(), heard, is_consensus=is_consensus))


def _heard(facts: Facts) -> dict[tuple[str, ...], list[Said]]:
    """Return what each single reader said of each lesion, by the columns `LESION`, readers in alphabetical order."""
    everybodys = facts.of("lesions")
    lesions = ordered(everybodys.filter(pc.not_equal(everybodys["reader"], CONSENSUS)))
    rows = lesions.select([*LESION, "reader", "session", "verdict", "fact"]).to_pylist()
    sessions: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    for row in rows:
        sessions[_at(row, *PAIR, "reader")].add(row["session"])
    heard: defaultdict[tuple[str, ...], list[Said]] = defaultdict(list)
    for row in rows:
        is_only = len(sessions[_at(row, *PAIR, "reader")]) == 1
        heard[_at(row, *LESION)].append(Said(row["reader"], row["session"], row["verdict"], row["fact"], is_only))
    return {lesion: sorted(said) for lesion, said in heard.items()}


def _at(row: dict[str, Any], *names: str) -> tuple[str, ...]:
    return tuple(row[name] for name in names)


def basis_of(said: Collection[Said]) -> str:
    """Return on what the consensus on a lesion rests, by what the readers had said."""
    if len(said) < 2:
        return SINGLE if said else NONE
    return AGREED if len({each.verdict for each in said}) == 1 else DIFFERING


def _rows(
    verdicts: list[dict[str, Any]], heard: dict[tuple[str, ...], list[Said]], *, is_consensus: bool
) -> Iterator[dict[str, object]]:
    for row in verdicts:
        everything = heard.get(_at(row, *LESION), [])
        said = [each for each in everything if each.is_only_session or each.session == row["session"]]
        yield {
            **row,
            "followup_on": row["performed_on"],
            "verdict_id": row["fact"],
            "basis": basis_of(said) if is_consensus else None,
            "readers": [each.reader for each in said],
            "rests_on": [each.verdict_id for each in said],
            "said": [each.verdict for each in said],
            "n_readers": len(said) if is_consensus else None,
            "n_same": sum(each.verdict == row["verdict"] for each in said) if is_consensus else None,
        }
