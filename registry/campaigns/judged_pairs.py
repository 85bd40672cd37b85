"""The pairs whose lesions a reader of a campaign could not judge once more, for nothing would keep the verdicts apart.

A verdict is known by its two studies, its reader and the lesion, in whatever session it was given: of a pair a reader
has verdicts once. Who of the readers gets which pair may be drawn by the key; so each of them is asked about.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from registry.campaigns.units import ListedStudy, Unit
from registry.domain.campaigns import PAIRED_LESIONS, Campaign, Campaigns
from registry.domain.locked_sessions import campaign_of
from registry.domain.patient import Patient
from registry.domain.statements import Assignment, LesionVerdict
from registry.wording import listed, shown

ANOTHER: Final = "name another reader, or leave the pair out"


def already_judged(
    campaign: Campaign,
    units: Sequence[Unit],
    listed_studies: Sequence[ListedStudy],
    *,
    patients: Mapping[str, Patient],
    campaigns: Campaigns,
) -> Iterator[str]:
    """Yield each pair that a reader has judged, or is to judge in another campaign that is not locked, with its place.

    `campaigns` are those that were started before. Of another method than paired lesions there is none.
    """
    if campaign.method != PAIRED_LESIONS:
        return
    places = {each.study: f"{each.place}: " for each in listed_studies if each.place}
    for unit in units:
        named = f"{places.get(unit.studies[0], '')}pair {listed(map(shown, unit.studies), last='and')}"
        for reader in campaign.readers:
            if why := _why_not(reader, unit.studies, patients[unit.patient], campaigns):
                yield f"{named}: {why}"


def _why_not(reader: str, pair: Collection[str], patient: Patient, campaigns: Campaigns) -> str | None:
    """Return why a reader cannot judge a pair, and what can be done; None where it can be judged."""
    judged = _verdict(reader, pair, patient)
    if judged is not None:
        running = campaign_of(judged, campaigns)
        session = f"in session {shown(judged.session)}" if judged.session else "outside of any session"
        if running is not None and running.is_locked:
            return f"reader {reader} judged it {session}, which is locked; {ANOTHER}"
        return f"reader {reader} judged it {session}; {ANOTHER}, or retract these verdicts with a reason"
    for other in _assigned(reader, pair, patient, campaigns):
        return f"reader {reader} is to judge it in campaign {other}; {ANOTHER}, or lock that campaign first"
    return None


def _verdict(reader: str, pair: Collection[str], patient: Patient) -> LesionVerdict | None:
    """Return a verdict of a reader on a lesion of a pair, None where there is none."""
    own = (each for each in patient.facts.values() if isinstance(each, LesionVerdict) and each.reader == reader)
    return next((each for each in own if {each.baseline_study, each.followup_study} == set(pair)), None)


def _assigned(reader: str, pair: Collection[str], patient: Patient, campaigns: Campaigns) -> list[str]:
    """Return the campaigns, not locked, in which a reader is to judge the lesions of a pair, in alphabetical order."""
    shown_in: dict[tuple[str, str], set[str]] = {}
    for stated in patient.facts.values():
        if isinstance(stated, Assignment) and stated.reader == reader:
            shown_in.setdefault((stated.campaign, stated.unit), set()).add(stated.study)
    return sorted(name for (name, _), studies in shown_in.items() if studies == set(pair) and _is_open(name, campaigns))


def _is_open(name: str, campaigns: Campaigns) -> bool:
    running = campaigns.started.get(name)
    return running is not None and not running.is_locked and running.campaign.method == PAIRED_LESIONS
