"""Cases that were read, recorded as readings of the studies that were shown: the one door, whoever brings them.

They were un-blinded by their codes before; what was seen from A to B is turned round here. What was recorded before
alike is left alone. Of what is stored nothing says which case it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, Literal, NamedTuple

from msgspec.structs import replace

from registry.application import Registry
from registry.campaigns.read_cases import RETRACTED, ReadCase, ReturnedCase
from registry.campaigns.states import CampaignState
from registry.campaigns.unblinded import SeenLesion
from registry.catalogue.verdicts import Comparison, unmasked
from registry.domain.campaigns import PAIRED_LESIONS, session_of
from registry.domain.notes import Note
from registry.domain.patient import Patient
from registry.domain.statements import LesionVerdict, Reading, Statement
from registry.domain.studies import study_of
from registry.errors import BatchRefusedError, ConcurrentChangeError, RefusalError
from registry.places import Place, Problem
from registry.schema.keys import reference_to_record
from registry.schema.tables import tables_of
from registry.streams import encoded

DECIDED_AT_MOST: Final = 8  # times, when somebody else records about the same patients in between
OTHERWISE: Final = (
    "this case was read otherwise before; a second reading is another case, or an amendment with a reason"
)


class CasesRecorded(NamedTuple):
    """The cases with what became of each, in their order, and how many `events` were stored, or would be."""

    cases: list[ReturnedCase]
    events: int


def record_cases(
    registry: Registry, state: CampaignState, cases: Iterable[ReadCase], *, dry_run: bool = False
) -> CasesRecorded:
    """Let the patients decide, and store the outcome, all or nothing; decide again where somebody was faster.

    Raises `BatchRefusedError` with every problem, each at the place of its case, and `ConcurrentChangeError`.
    """
    read = [*cases]
    for _ in range(DECIDED_AT_MOST):
        deciding = _Deciding(registry, state, read)
        if deciding.problems:
            raise BatchRefusedError(deciding.problems)
        events = [encoded(event) for patient in deciding.patients.values() for event in patient.collect_events()]
        if not dry_run:
            try:
                registry.patient_batch.save(events, standards=deciding.standards)
            except ConcurrentChangeError:
                continue
        return CasesRecorded(deciding.cases, len(events))
    raise ConcurrentChangeError


class _Deciding:
    """What patients decide about cases that were read: the `cases` with what became of each, or all `problems`."""

    def __init__(self, registry: Registry, state: CampaignState, read: list[ReadCase]) -> None:
        batch, campaign = registry.patient_batch, state.begun.campaign
        self._state, self._actor = state, registry.actor
        self._tables = tables_of(registry.catalogue)
        self.problems: list[Problem] = []
        self.cases: list[ReturnedCase] = []
        self._places: dict[str, str] = {}
        self._holders = batch.holders_of_studies({study for each in read for study in each.case.letters})
        kind = "lesion" if campaign.method == PAIRED_LESIONS else "reading"
        self.patients = batch.patients(sorted(set(self._holders.values())), [kind])
        self.standards = batch.standards()
        for each in read:
            self._decide(each)
        for patient in self.patients.values():
            for fact, refusal in patient.refusals(self.standards):
                self._wrong(self._places.get(fact, state.name), str(refusal))

    def _wrong(self, place: str, why: str) -> None:
        problem = Problem(Place(place, 1), why)
        if problem not in self.problems:
            self.problems.append(problem)

    def _decide(self, read: ReadCase) -> None:
        whose = {self._holders.get(study) for study in read.case.letters}
        holder = whose.pop() if len(whose) == 1 else None
        if holder is None:
            self._wrong(read.place, RETRACTED)
            return
        patient = self.patients[holder]
        stated = [*self._stated(read, patient)]
        known = _known_alike(patient, stated)
        if known is None:
            self._wrong(read.place, OTHERWISE)
            return
        new = [statement for statement in stated if _untimed(statement) not in known]
        if new and self.standards.campaigns.started[self._state.name].is_locked:
            self._wrong(read.place, f"campaign {self._state.name} is locked, and nothing is read in it any more")
            return
        for statement in new:
            self._place(patient, statement, read)
        what: Literal["recorded", "unchanged"] = "recorded" if new else "unchanged"
        self.cases.append(ReturnedCase(read.source, read.case.reader, read.case.code, what))

    def _stated(self, read: ReadCase, patient: Patient) -> Iterator[Statement]:
        """Yield what a case says of its studies."""
        key, campaign = read.case.assigned.key, self._state.begun.campaign
        session = session_of(campaign.campaign, repeat=key.repeat)
        study_at = {letter: study for study, letter in read.case.letters.items()}
        if isinstance(read.said, list):
            told = (_verdict(seen, study_at, patient, reader=key.reader, session=session) for seen in read.said)
            yield from (replace(each, read_on=read.read_on) for each in told)
            return
        for letter, grades in read.said.items():
            yield Reading(
                study=study_at[letter],
                reader=key.reader,
                method=campaign.method,
                method_version=campaign.method_version,
                session=session,
                read_on=read.read_on,
                seconds=read.seconds if len(read.said) == 1 else None,
                grades=grades,
            )

    def _place(self, patient: Patient, statement: Statement, read: ReadCase) -> None:
        table = self._tables["readings" if isinstance(statement, Reading) else "lesions"]
        fields = {column: getattr(statement, column) for column in (*table.key, "session")}
        try:
            fact = reference_to_record(patient, table, fields, statement)
            patient.record(fact, statement, Note(self._actor, read.source))
        except RefusalError as refusal:
            self._wrong(read.place, str(refusal))
            return
        self._places[fact] = read.place


def _verdict(
    seen: SeenLesion, study_at: dict[str, str], patient: Patient, *, reader: str, session: str
) -> LesionVerdict:
    """Return the verdict on a lesion in the order of the studies' days: what was seen from A to B is turned round."""
    first, second = (study_of(patient, study_at[letter]) for letter in ("A", "B"))
    assert first is not None, "the patient has the study"
    assert second is not None, "the patient has the study"
    compared = Comparison(first.study, second.study, seen.verdict)
    told = unmasked(compared, first_on=first.performed_on, second_on=second.performed_on)
    return LesionVerdict(
        baseline_study=told.first,
        followup_study=told.second,
        reader=reader,
        session=session,
        lesion=seen.lesion,
        region=seen.region,
        kind=seen.kind,
        location=seen.location,
        verdict=told.verdict,
        read_on=None,
    )


def _known_alike(patient: Patient, stated: list[Statement]) -> list[Statement] | None:
    """Return those of a case's statements that are known already; None where something else was said of the case.

    On which day it was read, and how long that took, makes no difference, and is left out of those that are returned.
    """
    known = [_untimed(fact) for fact in patient.facts.values() if isinstance(fact, Reading | LesionVerdict)]
    said = [_untimed(statement) for statement in stated]
    read = {_identity(statement) for statement in said}
    before = [fact for fact in known if _identity(fact) in read]
    if any(fact not in said for fact in before):
        return None
    is_list = isinstance(stated[0], LesionVerdict)
    return None if is_list and before and len(before) != len(stated) else before


def _untimed(statement: Statement) -> Statement:
    """Return a reading, or a verdict, without when it was read and how long that took."""
    match statement:
        case Reading():
            return replace(statement, read_on=None, seconds=None)
        case LesionVerdict():
            return replace(statement, read_on=None)
    raise AssertionError(f"{type(statement).__name__} is no reading")


def _identity(statement: Statement) -> tuple[object, ...]:
    """Return of what a statement is the only one: a reading of a study, or the verdicts on a pair."""
    match statement:
        case Reading():
            return statement.study, statement.reader, statement.method, statement.session
        case LesionVerdict():
            return statement.baseline_study, statement.followup_study, statement.reader, statement.session
    raise AssertionError(f"{type(statement).__name__} is no reading")
