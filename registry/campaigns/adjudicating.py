"""Adjudication: the units about which readers differ are given to one reader more, in one transaction.

Which these are is no question of this module; whoever asks it has found them. The adjudicator gets the whole unit,
under a code of its own, and nothing of what others read.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from registry.campaigns.assigning import assignment_of
from registry.campaigns.blinding import CaseKey
from registry.campaigns.design import ADJUDICATOR
from registry.campaigns.states import CampaignState, campaign_at
from registry.campaigns.worklists import AssignedCase, assigned_cases
from registry.domain.notes import Note
from registry.errors import CampaignStateError, ConcurrentChangeError, UnknownCodeError
from registry.streams import PatientStreams, encoded

DECIDED_AT_MOST: Final = 8  # times, when somebody else records about the same patients in between


class Adjudicating(NamedTuple):
    """What became of units that were given to an adjudicator, by their names in order.

    `assigned` were given just now, `known` before; of `retracted` a study is gone, and nobody can read them.
    """

    adjudicator: str
    assigned: list[str]
    known: list[str]
    retracted: list[str]


def adjudicate(streams: PatientStreams, name: str, units: Iterable[str], note: Note) -> Adjudicating:
    """Give units of a campaign to its adjudicator, all or nothing; what was given before is left alone.

    Raises `UnknownCodeError` for a campaign, or a unit of it, that there is not, and `CampaignStateError` where nobody
    adjudicates, or nothing is read any more.
    """
    asked = sorted(set(units))
    for _ in range(DECIDED_AT_MOST):
        state = campaign_at(streams.event_log, name)
        adjudicator = _adjudicator(state)
        cases = _cases_of_units(assigned_cases(streams, state), asked)
        known = {unit for unit in asked if any(case.key.reader == adjudicator for case in cases[unit])}
        gone = {unit for unit in asked if cases[unit][0].is_retracted} - known
        new = [unit for unit in asked if unit not in known | gone]
        try:
            _assign(streams, name, [(CaseKey(adjudicator, unit), cases[unit][0]) for unit in new], note)
        except ConcurrentChangeError:
            continue
        return Adjudicating(adjudicator, new, sorted(known), sorted(gone))
    raise ConcurrentChangeError


def _adjudicator(state: CampaignState) -> str:
    adjudicator = state.begun.campaign.adjudicator
    if adjudicator is None:
        raise CampaignStateError(state.name, "has no adjudicator; its file says nothing of [adjudicate]")
    if state.locked is not None:
        raise CampaignStateError(state.name, "is locked, and nothing is read in it any more")
    return adjudicator


def _cases_of_units(assigned: Iterable[AssignedCase], units: Iterable[str]) -> dict[str, list[AssignedCase]]:
    """Return the cases of each unit. Raises `UnknownCodeError` for a unit that nobody was to read."""
    found: dict[str, list[AssignedCase]] = {}
    for case in assigned:
        found.setdefault(case.key.unit, []).append(case)
    for unit in units:
        if unit not in found:
            raise UnknownCodeError("unit", unit, found)
    return found


def _assign(streams: PatientStreams, name: str, cases: list[tuple[CaseKey, AssignedCase]], note: Note) -> None:
    """Let patients decide that cases go to one reader more, and store it. Raises the first refusal."""
    holders = streams.holders_of_studies({each.study for _, case in cases for each in case.studies})
    patients = streams.patients(sorted(set(holders.values())), ["assignment"])
    standards = streams.standards()
    for key, case in cases:
        for each in case.studies:
            patients[holders[each.study]].record(*assignment_of(name, key, each.study, ADJUDICATOR), note)
    for patient in patients.values():
        for _, refusal in patient.refusals(standards):
            raise refusal
    events = [encoded(event) for patient in patients.values() for event in patient.collect_events()]
    streams.store(events, standards=standards)
