"""What a lock of a campaign keeps as it is: its assignments, readings and verdicts, and those of a study that is gone.

A fact may go to another patient whole, by a merge or with its study: nothing of it is read otherwise then. A study can
be withdrawn although it is assigned or read, and what rests on it in a campaign stays, to be told of.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from registry.domain.campaigns import Campaigns, Running
from registry.domain.rules import PatientFacts, why_not
from registry.domain.statement_cells import same
from registry.domain.statements import Assignment, LesionVerdict, Reading, Statement
from registry.domain.studies import Facts, studies_read, study_of
from registry.errors import CampaignLockedError


def campaign_of(statement: Statement | None, campaigns: Campaigns) -> Running | None:
    """Return the campaign to which an assignment, a reading or a verdict belongs, None where it is of none."""
    match statement:
        case Assignment(campaign=name):
            return campaigns.started.get(name)
        case Reading(session=name) | LesionVerdict(session=name):
            session = campaigns.session(name)
            return None if session is None else session.running
    return None


def locked_facts(
    before: Mapping[str, Statement | None], now: Mapping[str, Statement], campaigns: Campaigns
) -> Iterator[tuple[str, CampaignLockedError]]:
    """Yield each fact that was changed although its campaign is locked; `before` has None for what did not stand."""
    for fact, was in before.items() if campaigns.started else ():
        is_ = now.get(fact)
        if was is not None and is_ is not None and same(was, is_):
            continue
        for running in (campaign_of(was, campaigns), campaign_of(is_, campaigns)):
            if running is not None and running.is_locked:
                yield fact, CampaignLockedError(running.campaign.campaign, fact)
                break


def outlives_its_study(statement: Statement, patient: Facts, campaigns: Campaigns) -> bool:
    """Return whether a fact of a campaign stands although a study on which it rests does not."""
    is_gone = any(study_of(patient, code) is None for code in studies_read(statement))
    return is_gone and campaign_of(statement, campaigns) is not None


def is_broken(statement: Statement, judged: PatientFacts) -> bool:
    """Return whether a fact cannot stand any more beside what was changed; what outlives its study can."""
    return why_not(statement, judged) is not None and not outlives_its_study(
        statement, judged.patient, judged.campaigns
    )
