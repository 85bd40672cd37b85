"""What cannot be true of a patient, one rule a kind of fact.

Each rule says why a statement cannot stand beside the patient's other facts, or that it can. Rules look at one
patient's facts, at today and at the catalogue, and at nothing else; implausible is not impossible, and is a warning
elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cached_property
from operator import attrgetter
from typing import Final, NamedTuple

from registry.catalogue.catalogue import Catalogue
from registry.catalogue.codes import LESION_KINDS, SPINE_REGIONS
from registry.catalogue.imaging.method import Method
from registry.domain.campaigns import NO_CAMPAIGNS, PAIRED_LESIONS, PAIRED_LESIONS_EDITION, Campaigns
from registry.domain.days import first_day, last_day
from registry.domain.follow_up import DIED, WITHDRAWN, FollowUp, Span
from registry.domain.statements import (
    AdverseEvent,
    Assignment,
    Condition,
    Enrolment,
    Flare,
    LesionVerdict,
    Reading,
    Resumption,
    Statement,
    Study,
    Treatment,
    Visit,
)
from registry.domain.studies import Facts, studies_read, study_of
from registry.errors import (
    AlreadyRecordedError,
    ClinicalDayError,
    ConsentWithdrawnError,
    MissingValueError,
    NotAssignedError,
    RefusalError,
    StudyMisfitError,
    UnknownCodeError,
    UnknownStudyError,
)

FOLLOWED_DAYS: Final[dict[type[Statement], tuple[str, ...]]] = {  # which lie in no gap of follow-up and not after it
    Visit: ("visited_on",),
    Treatment: ("started_on", "stopped_on"),
    Flare: ("started_on", "ended_on"),
    AdverseEvent: ("started_on", "ended_on"),
    Condition: ("started_on", "ended_on"),
    Study: ("performed_on",),
}
ASSIGNED: Final = ("study", "campaign", "reader", "repeat")  # the fields that no two assignments have alike


class Standards(NamedTuple):
    """What facts are judged by, beside one another: today (clinical clock), the registry's catalogue and campaigns."""

    today: date
    catalogue: Catalogue
    campaigns: Campaigns = NO_CAMPAIGNS


class PatientFacts:
    """What a rule is given: the facts of a patient, which stay as they are while they are judged, and the standards."""

    def __init__(self, patient: Facts, standards: Standards) -> None:
        self.patient, self.today, self.catalogue = patient, standards.today, standards.catalogue
        self.campaigns = standards.campaigns
        self._stated: dict[tuple[object, ...], list[str]] = {}  # the facts that state something, by what that is
        self._known: set[type[Statement]] = set()

    @property
    def enrolment(self) -> Enrolment:
        """The patient's enrolment; rules are asked of enrolled patients only."""
        enrolment = self.patient.enrolment
        assert enrolment is not None
        return enrolment

    @cached_property
    def follow_up(self) -> FollowUp:
        """The spans of the patient's follow-up."""
        return FollowUp.of(self.patient.facts)

    def facts_with_key(self, statement: Statement, key: tuple[str, ...]) -> list[str]:
        """Return all facts that state the same in the fields of a key; a kind of statement has one key."""
        kind, said_of = type(statement), attrgetter(*key)
        if kind not in self._known:
            self._known.add(kind)
            for fact, other in self.patient.facts.items():
                if type(other) is kind:
                    self._stated.setdefault((kind, said_of(other)), []).append(fact)
        return self._stated.get((kind, said_of(statement)), [])

    def study(self, field: str, code: str) -> Study:
        """Return the patient's study of a code, or refuse."""
        study = study_of(self.patient, code)
        if study is None:
            raise UnknownStudyError(field, code, self.patient.studies, whose=" of this patient")
        return study


def may_lie_in(span: Span, statement: Statement) -> bool:
    """Return whether any day of a statement that must lie in follow-up may lie in one of its spans."""
    days = (getattr(statement, field) for field in FOLLOWED_DAYS.get(type(statement), ()))
    return any(day is not None and span.may_hold(*_earliest_and_latest(day)) for day in days)


def why_not(statement: Statement, judged: PatientFacts) -> RefusalError | None:
    """Return why a statement cannot stand beside the patient's other facts, None where it can."""
    try:
        RULES[type(statement)](statement, judged)
    except RefusalError as refusal:
        return refusal
    return None


def clinical_day(statement: Statement, patient: Facts, *, ended: bool = False) -> date | None:
    """Return the day on the clinical clock to which a statement belongs; the day of the end where it `ended`.

    An assignment, a reading and a verdict belong to the day of the examination, whenever it was read.
    """
    match statement:
        case Enrolment():
            return statement.follow_up_ended_on if ended else statement.enrolled_on
        case Resumption():
            return statement.ended_on if ended else statement.resumed_on
        case Visit():
            return statement.visited_on
        case Treatment():
            return first_day((statement.stopped_on if ended else None) or statement.started_on)
        case Flare():
            return statement.ended_on if ended else statement.started_on
        case AdverseEvent():
            return statement.started_on
        case Condition():
            day = (statement.ended_on if ended else None) or statement.started_on
            return None if day is None else first_day(day)
        case Study():
            return statement.performed_on
        case Assignment(study=code) | Reading(study=code) | LesionVerdict(followup_study=code):
            study = study_of(patient, code)
            return study.performed_on if study else None
    raise AssertionError(f"no clinical day for {type(statement).__name__}")


def _possible(field: str, day: date | str | None, judged: PatientFacts, *, within_follow_up: bool = True) -> None:
    """Refuse a day that is still to come, before the patient's birth, or in no span of follow-up."""
    if day is None:
        return
    first, last = _earliest_and_latest(day)
    enrolment = judged.enrolment
    if first > judged.today:
        raise ClinicalDayError(field, day, f"is in the future; today is {judged.today}")
    if enrolment.birth_year is not None and last.year < enrolment.birth_year:
        raise ClinicalDayError(field, day, f"lies before the year of birth, {enrolment.birth_year}")
    if within_follow_up and (why := judged.follow_up.why_outside(first, last)):
        raise ClinicalDayError(field, day, why)


def _earliest_and_latest(day: date | str) -> tuple[date, date]:
    return (first_day(day), last_day(day)) if isinstance(day, str) else (day, day)


def _in_order(field: str, day: date | str | None, *, after: str, start: date | str) -> None:
    """Refuse a day that lies before the one it must follow; partial days by what they can mean at the latest."""
    if day is None:
        return
    latest = last_day(day) if isinstance(day, str) else day
    earliest = first_day(start) if isinstance(start, str) else start
    if latest < earliest:
        raise ClinicalDayError(field, day, f"lies before {after}, {start}")


def _enrolment(stated: Enrolment, judged: PatientFacts) -> None:
    for field in ("enrolled_on", "symptom_onset", "diagnosed_on", "consented_on", "follow_up_ended_on"):
        _possible(field, getattr(stated, field), judged, within_follow_up=False)
    _in_order("follow_up_ended_on", stated.follow_up_ended_on, after="enrolled_on", start=stated.enrolled_on)
    if stated.follow_up_end_reason is not None and stated.follow_up_ended_on is None:
        raise MissingValueError("follow_up_ended_on", "the day on which follow-up ended, or no reason")


def _resumption(stated: Resumption, judged: PatientFacts) -> None:
    for field in ("resumed_on", "ended_on"):
        _possible(field, getattr(stated, field), judged, within_follow_up=False)
    _in_order("resumed_on", stated.resumed_on, after="enrolment", start=judged.enrolment.enrolled_on)
    _in_order("ended_on", stated.ended_on, after="resumed_on", start=stated.resumed_on)
    if stated.end_reason is not None and stated.ended_on is None:
        raise MissingValueError("ended_on", "the day on which follow-up ended, or no end_reason")
    before, after = judged.follow_up.around(stated)
    _resumes(stated, before, judged.follow_up)
    if after is not None:
        _ends_before(after, stated, judged.follow_up)


def _resumes(stated: Resumption, before: Span, follow_up: FollowUp) -> None:
    """Refuse a resumption of what goes on, of what ended for ever, and of what consent was withdrawn to."""
    day = stated.resumed_on
    if before.ended_on is None:
        raise ClinicalDayError(
            "resumed_on", day, f"resumes follow-up that goes on since {before.begun_on}; record first when it ended"
        )
    if day <= before.ended_on:
        raise ClinicalDayError("resumed_on", day, f"does not lie after the end of follow-up, {before.ended_on}")
    if before.end_reason == DIED:
        raise ClinicalDayError("resumed_on", day, f"lies after the patient's death, {before.ended_on}")
    if before.end_reason == WITHDRAWN:
        if not follow_up.is_consent_anew(before.ended_on):
            raise ConsentWithdrawnError(
                before.ended_on, mend="amend consented_on of the enrolment to the day of a new consent first"
            )
        if consented_on := follow_up.consented_after(day):
            raise ClinicalDayError("resumed_on", day, f"lies before consent was given anew, {consented_on}")


def _ends_before(after: Span, stated: Resumption, follow_up: FollowUp) -> None:
    """Refuse what goes on, or ended for ever, although it was resumed later."""
    resumed_on, day = after.begun_on, stated.ended_on
    if day is None:
        raise MissingValueError("ended_on", f"the last day before follow-up was resumed again, on {resumed_on}")
    if day >= resumed_on:
        raise ClinicalDayError("ended_on", day, f"does not lie before the next resumption, {resumed_on}")
    is_consent_missing = not follow_up.is_consent_anew(day) or follow_up.consented_after(resumed_on)
    if stated.end_reason == DIED or (stated.end_reason == WITHDRAWN and is_consent_missing):
        why = "" if stated.end_reason == DIED else " without a new consent"
        raise RefusalError(
            f"end_reason: {stated.end_reason} cannot be; follow-up was resumed on {resumed_on}{why}",
            field="end_reason",
            value=stated.end_reason,
        )


def _visit(stated: Visit, judged: PatientFacts) -> None:
    _possible("visited_on", stated.visited_on, judged)  # before enrolment it is history, from the chart


def _treatment(stated: Treatment, judged: PatientFacts) -> None:
    _possible("started_on", stated.started_on, judged)
    _possible("stopped_on", stated.stopped_on, judged)
    _in_order("stopped_on", stated.stopped_on, after="started_on", start=stated.started_on)
    if stated.stop_reason is not None and stated.stopped_on is None:
        raise MissingValueError("stopped_on", "the day of the stop, or no stop_reason")
    if stated.dose is not None and stated.dose_unit is None:
        raise MissingValueError("dose_unit", "the unit of the dose, e.g. mg")
    _contains(stated.product, stated.agent, judged.catalogue)


def _contains(product: str | None, agent: str, catalogue: Catalogue) -> None:
    """Refuse a product in which another substance is than the one that is said beside it."""
    if product is not None and (contained := catalogue.products[product].agent) != agent:
        raise RefusalError(
            f"product: {product} is {contained}, not {agent}; give another product, or leave it empty",
            field="product",
            value=product,
        )


def _flare(stated: Flare, judged: PatientFacts) -> None:
    _possible("started_on", stated.started_on, judged)
    _possible("ended_on", stated.ended_on, judged)
    _in_order("ended_on", stated.ended_on, after="started_on", start=stated.started_on)


def _adverse_event(stated: AdverseEvent, judged: PatientFacts) -> None:
    _possible("started_on", stated.started_on, judged)
    _possible("ended_on", stated.ended_on, judged)
    _in_order("ended_on", stated.ended_on, after="started_on", start=stated.started_on)


def _condition(stated: Condition, judged: PatientFacts) -> None:
    _possible("started_on", stated.started_on, judged)  # before enrolment it is history, as of a visit
    _possible("ended_on", stated.ended_on, judged)
    if stated.started_on is not None:
        _in_order("ended_on", stated.ended_on, after="started_on", start=stated.started_on)


def _only_one(stated: Statement, judged: PatientFacts, *key: str) -> None:
    """Refuse what another fact says already, under the id of another row."""
    for fact in judged.facts_with_key(stated, key):
        if judged.patient.facts[fact] is not stated:
            raise AlreadyRecordedError(fact)


def _study(stated: Study, judged: PatientFacts) -> None:
    _possible("performed_on", stated.performed_on, judged)
    _only_one(stated, judged, "study")


def _assignment(stated: Assignment, judged: PatientFacts) -> None:
    _only_one(stated, judged, *ASSIGNED)
    study = judged.study("study", stated.study)
    running = judged.campaigns.started.get(stated.campaign)
    if running is None:
        raise UnknownCodeError("campaign", stated.campaign, judged.campaigns.started)
    if running.campaign.method != PAIRED_LESIONS:
        _fits(study, judged.catalogue.methods[running.campaign.method])


def _fits(study: Study, method: Method) -> None:
    """Refuse a study of another modality, or of other regions, than a method reads."""
    if study.modality not in method.modalities:
        raise StudyMisfitError(
            "study", study.study, f"is {study.modality}; {method.code} reads {_or(method.modalities)}"
        )
    if not set(study.regions) & set(method.regions):
        raise StudyMisfitError(
            "study", study.study, f"shows {_or(study.regions)}; {method.code} reads {_or(method.regions)}"
        )


def _reading(stated: Reading, judged: PatientFacts) -> None:
    _only_one(stated, judged, "study", "reader", "method", "session")
    study = judged.study("study", stated.study)
    method = judged.catalogue.methods[stated.method]
    _fits(study, method)
    method.refuse(stated.grades)
    _in_its_campaign(stated, judged, method=(stated.method, stated.method_version))
    _read_on(stated.read_on, study, judged)


def _lesion(stated: LesionVerdict, judged: PatientFacts) -> None:
    _only_one(stated, judged, "baseline_study", "followup_study", "reader", "session", "lesion")
    baseline = judged.study("baseline_study", stated.baseline_study)
    followup = judged.study("followup_study", stated.followup_study)
    if baseline.performed_on >= followup.performed_on:
        raise ClinicalDayError(
            "followup_study",
            followup.performed_on,
            f"does not follow the baseline study, {baseline.performed_on}; exchange the two where they are swapped",
        )
    if stated.kind not in LESION_KINDS[stated.region]:
        raise UnknownCodeError("kind", stated.kind, LESION_KINDS[stated.region], what=f"kind of {stated.region} lesion")
    wanted = SPINE_REGIONS if stated.region == "spine" else (stated.region,)
    for field, study in (("baseline_study", baseline), ("followup_study", followup)):
        if not set(wanted) & set(study.regions):
            raise StudyMisfitError(field, study.study, f"shows {_or(study.regions)}, not the {stated.region}")
    _in_its_campaign(stated, judged, method=(PAIRED_LESIONS, PAIRED_LESIONS_EDITION))
    _read_on(stated.read_on, followup, judged)


def _in_its_campaign(stated: Reading | LesionVerdict, judged: PatientFacts, *, method: tuple[str, int]) -> None:
    """Refuse what is read in the session of a campaign by another method, or was not given to that reader."""
    session = judged.campaigns.session(stated.session)
    if session is None:
        return
    campaign = session.running.campaign
    if method != (wanted := (campaign.method, campaign.method_version)):
        (code, edition), (own, own_edition) = method, wanted
        why = f"campaign {campaign.campaign} reads by {own}, edition {own_edition}, not by {code}, edition {edition}"
        raise RefusalError(f"method: {why}", field="method", value=code)
    units = set()
    for study in studies_read(stated):
        units.add(_assigned(study, stated, judged, campaign=campaign.campaign, repeat=session.is_repeat).unit)
    if len(units) > 1:
        raise StudyMisfitError("followup_study", studies_read(stated)[-1], "is shown with another one in this campaign")


def _assigned(
    study: str, stated: Reading | LesionVerdict, judged: PatientFacts, *, campaign: str, repeat: bool
) -> Assignment:
    """Return the assignment of a study to who read it. Raises `NotAssignedError`."""
    reader, field = stated.reader, "study" if isinstance(stated, Reading) else "baseline_study"
    looked_for = Assignment(campaign=campaign, reader=reader, study=study, unit="", repeat=repeat, role="")
    for fact in judged.facts_with_key(looked_for, ASSIGNED):
        found = judged.patient.facts[fact]
        assert isinstance(found, Assignment)
        return found
    raise NotAssignedError(campaign, reader=reader, study=study, repeat=repeat, field=field)


def _read_on(day: date | None, study: Study, judged: PatientFacts) -> None:
    _possible("read_on", day, judged, within_follow_up=False)
    _in_order("read_on", day, after=f"the examination {study.study}", start=study.performed_on)


def _or(words: tuple[str, ...]) -> str:
    return " or ".join(words)


RULES: Final[dict[type[Statement], Callable[..., None]]] = {
    Enrolment: _enrolment,
    Resumption: _resumption,
    Visit: _visit,
    Treatment: _treatment,
    Flare: _flare,
    AdverseEvent: _adverse_event,
    Condition: _condition,
    Study: _study,
    Assignment: _assignment,
    Reading: _reading,
    LesionVerdict: _lesion,
}
