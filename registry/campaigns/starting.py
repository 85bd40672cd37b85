"""The start of a campaign: all of its assignments, and last that it was started, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from secrets import token_bytes
from typing import Final, NamedTuple

from msgspec.structs import replace
from sqlalchemy import Connection

from registry.campaigns.assigning import assignment_of
from registry.campaigns.blinding import Blinding, CaseKey, code_length
from registry.campaigns.design import READER, first_cases, possible_cases
from registry.campaigns.file import Declared
from registry.campaigns.judged_pairs import already_judged
from registry.campaigns.keys import BYTES, digest_of, new_key
from registry.campaigns.states import CampaignState, campaign_at, campaigns_at
from registry.campaigns.units import ListedStudy, Unit, units_of
from registry.domain.campaigns import PAIRED_LESIONS, REPEAT, Campaign, Campaigns, CampaignStarted, Running
from registry.domain.events import LesionVerdictAmended, LesionVerdictRecorded, ReadingAmended, ReadingRecorded
from registry.domain.naming import is_named_in
from registry.domain.notes import Note
from registry.domain.patient import Patient
from registry.domain.rules import Standards
from registry.domain.statements import Assignment
from registry.domain.topics import name_of
from registry.errors import CampaignStateError, ConcurrentChangeError, RegistryError
from registry.streams import PatientStreams, encoded
from registry.toml_keys import DefinitionError

DECIDED_AT_MOST: Final = 8  # times, when somebody else records about the same patients in between
READ: Final = [
    name_of(event) for event in (ReadingRecorded, ReadingAmended, LesionVerdictRecorded, LesionVerdictAmended)
]


class Chosen(NamedTuple):
    """The studies that a campaign is to read, and the position of the log at which they were chosen."""

    listed: Sequence[ListedStudy]
    position: int


class CampaignStart(NamedTuple):
    """What the start of a campaign did, or would do in a dry run, which has no `state`.

    `per_reader` is how many cases each reader gets, by reader; `is_new` whether it was started just now.
    """

    campaign: Campaign
    studies: int
    units: int
    per_reader: dict[str, int]
    state: CampaignState | None
    is_new: bool


class _Decided(NamedTuple):
    """Who reads what, decided by the patients; nothing is stored yet."""

    campaign: Campaign
    patients: list[Patient]
    units: list[Unit]
    cases: list[CaseKey]
    standards: Standards


def start(
    streams: PatientStreams, declared: Declared, chosen: Chosen, note: Note, *, key_file: Path, dry_run: bool = False
) -> CampaignStart:
    """Start a campaign: make its key, and store who reads which study; what was started alike before is left alone.

    Raises `DefinitionError` with all that is wrong with its studies, `CampaignStateError` where another campaign has
    the name, or readings have the session, and `CampaignKeyError` where the key cannot be kept. No key is left then.
    """
    known = campaigns_at(streams.event_log).get(declared.campaign.campaign)
    if known is not None:
        return _started_before(declared.campaign, known)
    checked = streams.event_log.head().position
    _check_sessions(streams, declared.campaign, after=0)
    if dry_run:
        return _told(_decide(streams, declared, chosen, note, key=token_bytes(BYTES)), None)
    _decide(streams, declared, chosen, note, key=bytes(BYTES))  # no key is made for what is refused
    key = new_key(key_file, declared.campaign.campaign)
    try:
        decided = _stored(streams, declared, chosen, note, key=key, checked=checked)
    except RegistryError:
        _forget(key_file, key, campaigns_at(streams.event_log).get(declared.campaign.campaign))
        raise
    return _told(decided, campaign_at(streams.event_log, declared.campaign.campaign))


def _forget(key_file: Path, key: bytes, state: CampaignState | None) -> None:
    """Remove the key of a campaign that was not started; one that the log has stays, whatever failed after that."""
    if state is None or state.begun.key_sha256 != digest_of(key):
        with suppress(OSError):
            key_file.unlink()


def _started_before(campaign: Campaign, known: CampaignState) -> CampaignStart:
    """Return the start of a campaign that is asked for again. Raises `CampaignStateError` where it was another one."""
    begun = known.begun
    if not _says_the_same(campaign, begun.campaign):
        raise CampaignStateError(
            known.name, f"was started @{known.started.position} already, otherwise; give this one another name"
        )
    return CampaignStart(begun.campaign, begun.studies, begun.units, {}, known, is_new=False)


def _says_the_same(campaign: Campaign, known: Campaign) -> bool:
    """Return whether two campaigns are one; the name of its list may have been left out, as it named a patient."""
    here, there = campaign.chosen_in, known.chosen_in
    is_same_list = (here and here.sha256) == (there and there.sha256)
    return is_same_list and replace(campaign, chosen_in=None) == replace(known, chosen_in=None)


def _stored(
    streams: PatientStreams, declared: Declared, chosen: Chosen, note: Note, *, key: bytes, checked: int
) -> _Decided:
    """Decide, and store the outcome; decide again where somebody was faster.

    That its sessions had no readings was `checked` up to a position of the log.
    """

    def unread(_: Connection | None = None) -> None:
        _check_sessions(streams, declared.campaign, after=checked)

    for _ in range(DECIDED_AT_MOST):
        unread()
        decided = _decide(streams, declared, chosen, note, key=key)
        started = _started(decided, chosen, note, key=key)

        def closing(first: int, started: CampaignStarted = started) -> CampaignStarted:
            return replace(started, first=first)

        events = [encoded(event) for patient in decided.patients for event in patient.collect_events()]
        try:
            streams.store(events, standards=decided.standards, guard=unread, closing=closing)
        except ConcurrentChangeError:
            if (known := campaigns_at(streams.event_log).get(declared.campaign.campaign)) is not None:
                raise CampaignStateError(known.name, f"was started @{known.started.position} meanwhile") from None
            continue
        return decided
    raise ConcurrentChangeError


def _decide(streams: PatientStreams, declared: Declared, chosen: Chosen, note: Note, *, key: bytes) -> _Decided:
    """Let patients decide who reads which of their studies. Raises `DefinitionError` with all that is wrong."""
    holders = streams.holders_of_studies({each.study for each in chosen.listed})
    deciding = ["assignment", *(["lesion"] if declared.campaign.method == PAIRED_LESIONS else [])]
    patients = streams.patients(sorted(set(holders.values())), deciding)
    units, problems = units_of(chosen.listed, declared.campaign.unit, patients, holders)
    if problems or not units:
        raise DefinitionError(declared.file, problems or ["no study is chosen that the campaign could read"])
    standards = streams.standards()
    campaign = _without_names(declared.campaign, patients)
    judged = already_judged(campaign, units, chosen.listed, patients=patients, campaigns=standards.campaigns)
    if problems := [*judged]:
        raise DefinitionError(declared.file, problems)
    cases = first_cases(campaign, [unit.name for unit in units], Blinding(key, campaign.campaign))
    by_name = {unit.name: unit for unit in units}
    for case in cases:
        unit = by_name[case.unit]
        for study in unit.studies:
            patients[unit.patient].record(*assignment_of(campaign.campaign, case, study, READER), note)
    problems = list(_refusals(campaign, patients.values(), chosen.listed, standards))
    if problems:
        raise DefinitionError(declared.file, problems)
    return _Decided(campaign, [*patients.values()], units, cases, standards)


def _refusals(
    campaign: Campaign, patients: Iterable[Patient], listed: Sequence[ListedStudy], standards: Standards
) -> Iterator[str]:
    """Yield why studies cannot be read in a campaign, once a study, where the list has it."""
    started = {**standards.campaigns.started, campaign.campaign: Running(campaign)}
    judged = standards._replace(campaigns=Campaigns(standards.campaigns.version, started))
    places = {each.study: each.place for each in listed}
    told: dict[str, str] = {}
    for patient in patients:
        for fact, refusal in patient.refusals(judged):
            assignment = patient.facts[fact]
            assert isinstance(assignment, Assignment), "nothing else was placed"
            told.setdefault(assignment.study, str(refusal))
    for study, why in told.items():
        named = why if study in why else f"study {study}: {why}"
        yield f"{places[study]}: {named}" if places[study] else named


def _without_names(campaign: Campaign, patients: Iterable[str]) -> Campaign:
    """Return a campaign without the name of its list, where that names one of its patients: it is there for ever."""
    chosen_in = campaign.chosen_in
    name = "" if chosen_in is None else chosen_in.name or ""
    if chosen_in is None or not any(is_named_in(patient, name) for patient in patients):
        return campaign
    return replace(campaign, chosen_in=replace(chosen_in, name=None))


def _started(decided: _Decided, chosen: Chosen, note: Note, *, key: bytes) -> CampaignStarted:
    """Return what is told of the start, but the position of its first event."""
    blinding, campaign = Blinding(key, decided.campaign.campaign), decided.campaign
    return CampaignStarted(
        campaign=campaign,
        position=chosen.position,
        first=0,
        key_sha256=digest_of(key),
        code_length=code_length(blinding, possible_cases(campaign, [unit.name for unit in decided.units])),
        studies=sum(len(unit.studies) for unit in decided.units),
        units=len(decided.units),
        cases=len(decided.cases),
        actor=note.actor,
        source=note.source,
    )


def _told(decided: _Decided, state: CampaignState | None) -> CampaignStart:
    per_reader = {reader: sum(case.reader == reader for case in decided.cases) for reader in decided.campaign.readers}
    studies = sum(len(unit.studies) for unit in decided.units)
    return CampaignStart(decided.campaign, studies, len(decided.units), per_reader, state, is_new=state is not None)


def _check_sessions(streams: PatientStreams, campaign: Campaign, *, after: int) -> None:
    """Refuse a campaign whose session has readings already, recorded after a position of the log."""
    name = campaign.campaign
    wanted = [f'"session":"{name}"', f'"session":"{name}{REPEAT}"']
    for chunk in streams.event_log.columns(after=after, topics=READ):
        for payload in chunk.payload:
            if payload is not None and any(each in payload for each in wanted):
                raise CampaignStateError(name, "is the session of readings already; give the campaign another name")
