"""The paired verdicts of one reader: whose verdicts a table rests on is chosen, never guessed.

A reader judges a pair of studies in one session; the same pair judged again in another session would count every
lesion twice. That is refused with what would mend it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray, ArrowTable
from projections.columns.coded import coded, day_numbers, in_order
from projections.columns.tables import day, word
from projections.lesions.paired_courses import NUMBERED_WITHIN, lesion_numbers
from registry.errors import RegistryError, UnknownCodeError

if TYPE_CHECKING:
    from projections.point_in_time import Facts

CONSENSUS: Final = "consensus"
PAIR: Final = ("patient", "baseline_study", "followup_study")
PAIR_COLUMNS: Final = (  # by which the tables of verdicts name the pair
    word("patient", "pseudonym"),
    day("baseline_on", "day of the earlier examination"),
    word("baseline_study", "code of the earlier examination"),
    day("followup_on", "day of the later examination"),
    word("followup_study", "code of the later examination"),
)


class VerdictSelection(NamedTuple):
    """Whose verdicts: a reader's, in one session (None for every session), on some patients (None for everybody).

    `pairs` are earlier and later studies; None for all that were read side by side.
    """

    reader: str = CONSENSUS
    session: str | None = None
    patients: Collection[str] | None = None
    pairs: Collection[tuple[str, str]] | None = None


OF_THE_CONSENSUS: Final = VerdictSelection()


class SeveralSessionsError(RegistryError):
    """A reader judged one pair of studies in several sessions."""

    def __init__(self, reader: str, sessions: Collection[str]) -> None:
        named = ", ".join(repr(session) for session in sorted(sessions))
        super().__init__(
            f"session: reader {reader!r} judged the same two studies in several sessions; name one of {named}"
        )
        self.reader, self.sessions = reader, tuple(sorted(sessions))


def verdicts_of(facts: Facts, selection: VerdictSelection = OF_THE_CONSENSUS) -> ArrowTable:
    """Return the verdicts that were selected as facts, by patient, pair of studies and lesion.

    Raises `UnknownCodeError` where others have verdicts and this reader has none, or none in the session;
    `SeveralSessionsError` where lesions would count twice.
    """
    everybodys = facts.of("lesions")
    of_reader = everybodys.filter(pc.equal(everybodys["reader"], selection.reader))
    if everybodys.num_rows and not of_reader.num_rows:
        raise UnknownCodeError("reader", selection.reader, _words(everybodys["reader"]))
    chosen = _chosen(of_reader, selection.session, selection.patients)
    return chosen if selection.pairs is None else _of_pairs(chosen, selection.pairs)


def _of_pairs(verdicts: ArrowTable, pairs: Collection[tuple[str, str]]) -> ArrowTable:
    """Return the verdicts between some studies, in their order."""
    read = zip(*(verdicts[name].to_pylist() for name in PAIR[1:]))
    return verdicts.filter(pa.array([pair in pairs for pair in read], pa.bool_()))


def readers_verdicts(
    facts: Facts, *, session: str | None = None, patients: Collection[str] | None = None
) -> ArrowTable:
    """Return the verdicts of all single readers as facts, without the consensus; else as `verdicts_of`."""
    everybodys = facts.of("lesions")
    return _chosen(everybodys.filter(pc.not_equal(everybodys["reader"], CONSENSUS)), session, patients)


def ordered(lesions: ArrowTable) -> ArrowTable:
    """Return verdicts by patient, days and codes of the two studies, lesion, reader, session and reference."""
    words = {name: coded(lesions[name]) for name in (*NUMBERED_WITHIN, "lesion")}
    patient, baseline, followup, reader, session, _ = words.values()
    days = [day_numbers(lesions[name]) for name in ("baseline_on", "performed_on")]
    numbers = lesion_numbers(lesions, words)
    keys = (patient, days[0], baseline, days[1], followup, numbers, reader, session)
    return lesions.take(pa.array(in_order(*keys, ties=lambda: coded(lesions["fact"]))))


def _chosen(verdicts: ArrowTable, session: str | None, patients: Collection[str] | None) -> ArrowTable:
    if session is not None:
        of_session = verdicts.filter(pc.equal(verdicts["session"], session))
        if verdicts.num_rows and not of_session.num_rows:
            raise UnknownCodeError("session", session, _words(verdicts["session"]))
        verdicts = of_session
    if patients is not None:
        verdicts = verdicts.filter(pc.is_in(verdicts["patient"], value_set=pa.array(sorted(patients), pa.string())))
    _check_sessions(verdicts)
    return ordered(verdicts)


def _check_sessions(lesions: ArrowTable) -> None:
    counted = lesions.group_by([*PAIR, "reader"]).aggregate([("session", "count_distinct"), ("session", "distinct")])
    for row in counted.filter(pc.greater(counted["session_count_distinct"], 1)).to_pylist():
        raise SeveralSessionsError(row["reader"], row["session_distinct"])


def _words(column: ArrowArray) -> list[str]:
    words: list[str] = coded(column).words.to_pylist()
    return words
