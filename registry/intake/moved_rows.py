"""Rows that moved: their source gives an id to another patient now than it did, and the fact goes there whole.

It is retracted in the one stream and recorded in the other, with all that sources said of it. Other sources are heard
where it was as well, for they repeat there what they said. What rests on a study goes with the study, with all that was
said and withdrawn of it. An enrolment is known by its patient, and never moves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from registry.batch import PatientBatch
from registry.domain.memories import Carried
from registry.domain.patient import Patient
from registry.domain.references import reference
from registry.domain.statements import Study
from registry.domain.studies import studies_read
from registry.schema.typed_references import PATIENT_KEYED
from registry.streams import SourceRow


class Whither(NamedTuple):
    """Whose a row is now, and where it stands."""

    patient: str
    place: str


class Move(NamedTuple):
    """A fact that goes from one patient to another: as it was there, its reference here, and the row that says so.

    Of the sources that are `heard` the giver remembers what they said as well.
    """

    carried: Carried
    giver: str
    taker: str
    fact: str
    place: str
    heard: frozenset[str] = frozenset()


class Moves:
    """The moves of a batch, each once for who gives and once for who takes.

    Nothing moves from pseudonyms that were `merged`: what is remembered of them is another name's.
    """

    def __init__(self, patients: PatientBatch, kinds: list[str], source: str, *, merged: Collection[str] = ()) -> None:
        self._patients, self._kinds, self._source, self._merged = patients, kinds, source, merged
        self._known: dict[tuple[str, str], Move] = {}

    def add(self, rows: Mapping[SourceRow, Whither]) -> list[Move]:
        """Take in the rows that a source gave to another patient before; return what moves for them."""
        all_holders = self._patients.holders_of_rows({row: where.patient for row, where in rows.items()}, self._source)
        holders = {row: holder for row, holder in all_holders.items() if holder[0] not in self._merged}
        if not holders:
            return []
        names = {name for name, _ in holders.values()} | {rows[row].patient for row in holders}
        patients = self._patients.patients(names, self._kinds)
        moves = [
            self._of_row(patients[giver], fact, taker=patients[rows[row].patient], row_id=row[1], place=rows[row].place)
            for row, (giver, fact) in holders.items()
        ]
        for giver in sorted({move.giver for move in moves}):
            moves += _with_their_studies(patients[giver], [move for move in moves if move.giver == giver], patients)
        added = [move for move in moves if (move.giver, move.carried.fact) not in self._known]
        self._known |= {(move.giver, move.carried.fact): move for move in added}
        return added

    def __bool__(self) -> bool:
        return bool(self._known)

    def given_by(self, patient: str) -> list[Move]:
        """Return what a patient gives away."""
        return [move for move in self._known.values() if move.giver == patient]

    def taken_by(self, patient: str) -> list[Move]:
        """Return what a patient takes over."""
        return [move for move in self._known.values() if move.taker == patient]

    def _of_row(self, giver: Patient, fact: str, *, taker: Patient, row_id: str, place: str) -> Move:
        """Return the move of a fact whose row moved; of a study nobody is heard where it was: it is one study."""
        move = _move(giver, fact, taker=taker, row_id=row_id, place=place)
        if fact.partition("/")[0] not in PATIENT_KEYED:
            return move
        said = move.carried.memories
        heard = frozenset(said) - {self._source}
        without_ids = {source: said[source]._replace(row=None) for source in heard}
        return move._replace(carried=move.carried._replace(memories={**said, **without_ids}), heard=heard)

    @property
    def givers(self) -> set[str]:
        """Who gives anything away."""
        return {move.giver for move in self._known.values()}


def _with_their_studies(giver: Patient, moves: list[Move], patients: Mapping[str, Patient]) -> Iterator[Move]:
    """Yield the moves of readings and verdicts whose studies all go to one patient."""
    studies = {move.carried.statement.study: move for move in moves if isinstance(move.carried.statement, Study)}
    moved = {move.carried.fact for move in moves}
    withdrawn = {fact: giver.withdrawn(fact) for fact in giver.memories if fact not in giver.facts}
    for fact, statement in (giver.facts | withdrawn).items():
        if statement is None:
            continue
        whither = [studies.get(code) for code in studies_read(statement)]
        takers = {move.taker if move else None for move in whither}
        if whither and whither[0] is not None and len(takers) == 1 and fact not in moved:
            yield _move(giver, fact, taker=patients[whither[0].taker], row_id=None, place=whither[0].place)


def _move(giver: Patient, fact: str, *, taker: Patient, row_id: str | None, place: str) -> Move:
    """Return the move of a fact: a study, and what goes with one, keep their reference, which names no patient."""
    kind = fact.partition("/")[0]
    whose = (taker.pseudonym,) if kind in PATIENT_KEYED else ()
    proposed = fact if row_id is None or kind == "imaging" else reference(kind, *whose, row_id=row_id)
    return Move(giver.carried(fact), giver.pseudonym, taker.pseudonym, taker.free_reference(proposed), place)
