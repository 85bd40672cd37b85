"""The cases of a campaign: what each reader is to read, in that reader's order, with codes and letters by the key.

What stands with the patients is who reads which study; what is shown together is a case. A case whose study was
withdrawn since, and one whose study went to another patient, is there still.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

import msgspec

from registry.campaigns.blinding import Blinding, CaseKey, letter_of
from registry.campaigns.design import in_order
from registry.campaigns.states import CampaignState
from registry.domain.campaigns import Campaign, session_of
from registry.domain.events import StudyAssigned
from registry.domain.patient import Patient
from registry.domain.statements import Assignment, LesionVerdict, Reading
from registry.domain.studies import studies_read, study_of
from registry.domain.topics import name_of
from registry.streams import PatientStreams


class CaseStudy(NamedTuple):
    """A study of a case: whether it was withdrawn since, whether its reader has read it, and its day (clinical clock).

    `performed_on` is None where it was withdrawn.
    """

    study: str
    is_retracted: bool
    is_read: bool
    performed_on: date | None


class AssignedCase(NamedTuple):
    """One unit that is shown to one reader, as whoever has no key knows it; studies in the order of their codes."""

    key: CaseKey
    role: str
    studies: tuple[CaseStudy, ...]

    @property
    def is_retracted(self) -> bool:
        """Whether a study of it was withdrawn: then it can be read no more."""
        return any(each.is_retracted for each in self.studies)

    @property
    def is_read(self) -> bool:
        """Whether all of its studies are read."""
        return all(each.is_read for each in self.studies)

    @property
    def is_open(self) -> bool:
        """Whether it is to be read still."""
        return not self.is_read and not self.is_retracted


class Case(NamedTuple):
    """A case as its reader gets it: the `number` in that reader's order, from 1, its code, and each study's letter.

    `letters` are in alphabetical order with the code of their study; a unit of one study has the letter `""`.
    """

    number: int
    code: str
    assigned: AssignedCase
    letters: dict[str, str]

    @property
    def reader(self) -> str:
        """Whose case it is."""
        return self.assigned.key.reader


class AssignedStudy(msgspec.Struct):
    """As much of an event as says of whom a study was assigned, and in which campaign."""

    class Stated(msgspec.Struct):
        campaign: str

    patient: str
    statement: Stated


def assigned_cases(streams: PatientStreams, state: CampaignState) -> list[AssignedCase]:
    """Return all cases of a campaign by reader, unit and repeat, as they stand now; what was erased is not there."""
    found: dict[CaseKey, list[tuple[Assignment, CaseStudy]]] = {}
    names = _patients_of(streams, state)
    for patient in streams.patients(sorted(names), ["assignment"]).values():
        for assignment, study in _studies_of(patient, state.name):
            key = CaseKey(assignment.reader, assignment.unit, assignment.repeat)
            found.setdefault(key, []).append((assignment, study))
    return [
        AssignedCase(key, members[0][0].role, tuple(sorted(study for _, study in members)))
        for key, members in sorted(found.items())
    ]


def cases_of(streams: PatientStreams, state: CampaignState, key: bytes, *, reader: str | None = None) -> list[Case]:
    """Return the cases of a campaign as its readers get them, by reader and number; of one reader where it is given."""
    blinding, length = Blinding(key, state.name), state.begun.code_length
    cases = blinded(state.begun.campaign, assigned_cases(streams, state), blinding, length=length)
    return [case for case in cases if reader in (None, case.reader)]


def blinded(campaign: Campaign, assigned: Iterable[AssignedCase], blinding: Blinding, *, length: int) -> list[Case]:
    """Return cases as readers get them, by reader and number; codes have so many characters."""
    by_key = {case.key: case for case in assigned}
    units = {each.unit for each in by_key}
    return [
        Case(number, blinding.code(case, length=length), by_key[case], _letters(campaign, by_key[case], blinding))
        for name in sorted({each.reader for each in by_key})
        for number, case in enumerate(
            in_order(campaign, (each for each in by_key if each.reader == name), units, blinding), 1
        )
    ]


def _letters(campaign: Campaign, case: AssignedCase, blinding: Blinding) -> dict[str, str]:
    """Return the letter of each study of a case: by the key where the order is masked, else by their days."""
    codes = [each.study for each in case.studies]
    if campaign.unit == "study":
        return dict.fromkeys(codes, "")
    if campaign.order == "masked":
        return dict(sorted(blinding.letters(case.key, codes).items(), key=lambda pair: (len(pair[1]), pair[1])))
    by_day = sorted(case.studies, key=lambda each: (each.performed_on or date.max, each.study))
    return {each.study: letter_of(place) for place, each in enumerate(by_day)}


def _patients_of(streams: PatientStreams, state: CampaignState) -> set[str]:
    """Return under which pseudonyms a study was ever assigned in a campaign."""
    log, decoder = streams.event_log, msgspec.json.Decoder(AssignedStudy)
    return {
        assigned.patient
        for chunk in log.columns(after=state.begun.first - 1, topics=[name_of(StudyAssigned)])
        for payload in chunk.payload
        if payload is not None and (assigned := decoder.decode(payload)).statement.campaign == state.name
    }


def _studies_of(patient: Patient, campaign: str) -> Iterator[tuple[Assignment, CaseStudy]]:
    """Yield what is assigned in a campaign of a patient's studies, with what became of each."""
    read = {each for statement in patient.facts.values() for each in _read(statement)}
    for statement in patient.facts.values():
        if isinstance(statement, Assignment) and statement.campaign == campaign:
            code, session = statement.study, session_of(campaign, repeat=statement.repeat)
            study = study_of(patient, code)
            is_read = (code, statement.reader, session) in read
            yield statement, CaseStudy(code, study is None, is_read, None if study is None else study.performed_on)


def _read(statement: object) -> Iterable[tuple[str, str, str]]:
    """Return which studies a statement says to be read, with the reader and the session."""
    if isinstance(statement, Reading | LesionVerdict):
        return [(study, statement.reader, statement.session) for study in studies_read(statement)]
    return ()
