"""The read side of spondyl: pure functions of the log at a point in time.

    facts = facts_at(registry, as_of="2004-12-31", known_at="paper-2013")
    lesion_courses(facts)             # a pandas frame
    project("lesion_courses", facts)  # the same as an Arrow table

The names below are those of `spondyl`, but for the statistics, which `projections.statistics.public_names` lists;
everything is imported when it is first asked for: Arrow, NumPy and pandas take longer to import than most commands to
run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from registry.lazy_names import lazily

if TYPE_CHECKING:
    from projections.campaigns.agreement import agreement
    from projections.campaigns.assignments import assignments
    from projections.campaigns.disagreements import Disagreement, disagreements
    from projections.campaigns.final_scores import final_scores
    from projections.changes.between import ChangesBetween, changes_between
    from projections.changes.change import Change, EventNote
    from projections.checks.all_warnings import all_warnings
    from projections.checks.implausible import implausible_values
    from projections.checks.reading_contradictions import contradictions
    from projections.clinical.computed_flares import computed_flares
    from projections.cohort.all_tables import cohort_statistics, figures
    from projections.cohort.chosen_studies import ChosenStudies, chosen_studies
    from projections.cohort.definition.definition import Definition
    from projections.cohort.definition_file import read_definition
    from projections.cohort.figures.figures import Figure, Placed, statistics_table
    from projections.cohort.members.cohort import Cohort
    from projections.cohort.members.reader_selection import CohortError
    from projections.cohort.over_time.revisions import Revision, Revisions, revisions
    from projections.cohort.over_time.series import Cut, Schedule, cuts, series
    from projections.derived.flares import flares
    from projections.derived.lesion_courses import lesion_courses
    from projections.derived.lesion_episodes import lesion_episodes
    from projections.derived.lesion_states import lesion_states
    from projections.derived.measures import measures
    from projections.derived.reading_criteria import reading_criteria
    from projections.derived.responders import Responders, episodes_not_judged, responders
    from projections.derived.responses import responses
    from projections.derived.scores import scores
    from projections.derived.visit_summaries import VisitSummary, visit_summaries
    from projections.errors import (
        ExistingOutputError,
        FeedError,
        ManifestError,
        NewerLogError,
        OtherRegistryError,
        OutputError,
        ProfileError,
        ReleaseKeyError,
        SchedulerError,
        SmallGroupsError,
        TargetError,
        TemporaryFilesError,
    )
    from projections.export.content import content_hash
    from projections.export.manifest import Choices, Manifest, read_manifest
    from projections.export.profiles.known import profile
    from projections.export.reproducing import Difference, Reproduction, reproduce
    from projections.feed.lateness import FeedStatus, feed_status
    from projections.feed.running import feed_init, feed_run
    from projections.feed.targets.applying import feed_apply
    from projections.feed.targets.delta_publications import published_versions
    from projections.feed.targets.opening import open_target
    from projections.feed.targets.verifying import TargetStatus, TargetVerification, target_status, target_verify
    from projections.feed.verifying import FeedVerification, feed_verify
    from projections.followed.backlog import backlog
    from projections.followed.completeness import completeness
    from projections.followed.expected_visits import expected_visits
    from projections.followed.recalls import recalls
    from projections.followed.recruitment import recruitment
    from projections.followed.registry_retention import registry_retention
    from projections.lesions.paired_verdicts import SeveralSessionsError
    from projections.log.log_columns import LogColumns
    from projections.observation.durations import Duration, duration
    from projections.observation.follow_up import follow_up
    from projections.observation.observed_spans import Observation, ObservedSpans, observed_spans
    from projections.point_in_time import Facts, PointInTime, facts_at, facts_of
    from projections.reconciliation.published_figures import PrintedFigure, Published, read_published
    from projections.reconciliation.reconcile import reconcile
    from projections.reconciliation.report import Reconciled, Reconciliation
    from projections.stated.adverse_events import adverse_events
    from projections.stated.conditions import conditions
    from projections.stated.events import events
    from projections.stated.findings import findings
    from projections.stated.follow_ups import follow_ups
    from projections.stated.imaging import imaging
    from projections.stated.patients import patients
    from projections.stated.readings import readings
    from projections.stated.treatments import treatments
    from projections.stated.visits import visits
    from projections.tables import TABLES, project
    from projections.therapy.exposure import exposure_on, washout_on
    from projections.therapy.flare_rates import flare_rates
    from projections.therapy.flares_after_stop import flares_after_stop
    from projections.therapy.patient_years import patient_years
    from projections.therapy.treatment_episodes import treatment_episodes
    from projections.therapy.treatment_lines import treatment_lines
    from projections.therapy.treatments_of import agents_of, patients_given, treatments_of
    from projections.verdicts.lesion_verdicts import lesion_verdicts
    from projections.verdicts.paired_patients import paired_patients
    from projections.verdicts.verdict_agreement import verdict_agreement
    from projections.verdicts.verdict_basis import verdict_basis
    from projections.verdicts.verdict_symptoms import verdict_symptoms
    from registry.toml_keys import DefinitionError

__all__ = [
    "TABLES",
    "Change",
    "ChangesBetween",
    "Choices",
    "ChosenStudies",
    "Cohort",
    "CohortError",
    "Cut",
    "Definition",
    "DefinitionError",
    "Difference",
    "Disagreement",
    "Duration",
    "EventNote",
    "ExistingOutputError",
    "Facts",
    "FeedError",
    "FeedStatus",
    "FeedVerification",
    "Figure",
    "LogColumns",
    "Manifest",
    "ManifestError",
    "NewerLogError",
    "Observation",
    "ObservedSpans",
    "OtherRegistryError",
    "OutputError",
    "Placed",
    "PointInTime",
    "PrintedFigure",
    "ProfileError",
    "Published",
    "Reconciled",
    "Reconciliation",
    "ReleaseKeyError",
    "Reproduction",
    "Responders",
    "Revision",
    "Revisions",
    "Schedule",
    "SchedulerError",
    "SeveralSessionsError",
    "SmallGroupsError",
    "TargetError",
    "TargetStatus",
    "TargetVerification",
    "TemporaryFilesError",
    "VisitSummary",
    "adverse_events",
    "agents_of",
    "agreement",
    "all_warnings",
    "assignments",
    "backlog",
    "changes_between",
    "chosen_studies",
    "cohort_statistics",
    "completeness",
    "computed_flares",
    "conditions",
    "content_hash",
    "contradictions",
    "cuts",
    "disagreements",
    "duration",
    "episodes_not_judged",
    "events",
    "expected_visits",
    "exposure_on",
    "facts_at",
    "facts_of",
    "feed_apply",
    "feed_init",
    "feed_run",
    "feed_status",
    "feed_verify",
    "figures",
    "final_scores",
    "findings",
    "flare_rates",
    "flares",
    "flares_after_stop",
    "follow_up",
    "follow_ups",
    "imaging",
    "implausible_values",
    "lesion_courses",
    "lesion_episodes",
    "lesion_states",
    "lesion_verdicts",
    "measures",
    "observed_spans",
    "open_target",
    "paired_patients",
    "patient_years",
    "patients",
    "patients_given",
    "profile",
    "project",
    "published_versions",
    "read_definition",
    "read_manifest",
    "read_published",
    "reading_criteria",
    "readings",
    "recalls",
    "reconcile",
    "recruitment",
    "registry_retention",
    "reproduce",
    "responders",
    "responses",
    "revisions",
    "scores",
    "series",
    "statistics_table",
    "target_status",
    "target_verify",
    "treatment_episodes",
    "treatment_lines",
    "treatments",
    "treatments_of",
    "verdict_agreement",
    "verdict_basis",
    "verdict_symptoms",
    "visit_summaries",
    "visits",
    "washout_on",
]
MODULES: Final = {  # and the names that each makes
    "projections.changes.between": ("ChangesBetween", "changes_between"),
    "projections.changes.change": ("Change", "EventNote"),
    "projections.checks.all_warnings": ("all_warnings",),
    "projections.checks.implausible": ("implausible_values",),
    "projections.checks.reading_contradictions": ("contradictions",),
    "projections.clinical.computed_flares": ("computed_flares",),
    "projections.cohort.all_tables": ("cohort_statistics", "figures"),
    "projections.cohort.definition.definition": ("Definition",),
    "registry.toml_keys": ("DefinitionError",),
    "projections.cohort.definition_file": ("read_definition",),
    "projections.cohort.figures.figures": ("Figure", "Placed", "statistics_table"),
    "projections.cohort.members.cohort": ("Cohort",),
    "projections.cohort.members.reader_selection": ("CohortError",),
    "projections.cohort.over_time.revisions": ("Revision", "Revisions", "revisions"),
    "projections.cohort.over_time.series": ("Cut", "Schedule", "cuts", "series"),
    "projections.derived.flares": ("flares",),
    "projections.derived.lesion_courses": ("lesion_courses",),
    "projections.derived.lesion_episodes": ("lesion_episodes",),
    "projections.derived.lesion_states": ("lesion_states",),
    "projections.derived.measures": ("measures",),
    "projections.derived.reading_criteria": ("reading_criteria",),
    "projections.derived.responders": ("Responders", "episodes_not_judged", "responders"),
    "projections.derived.responses": ("responses",),
    "projections.derived.scores": ("scores",),
    "projections.derived.visit_summaries": ("VisitSummary", "visit_summaries"),
    "projections.errors": (
        "ExistingOutputError",
        "FeedError",
        "ManifestError",
        "NewerLogError",
        "OtherRegistryError",
        "OutputError",
        "ProfileError",
        "ReleaseKeyError",
        "SchedulerError",
        "SmallGroupsError",
        "TargetError",
        "TemporaryFilesError",
    ),
    "projections.export.content": ("content_hash",),
    "projections.export.manifest": ("Choices", "Manifest", "read_manifest"),
    "projections.export.profiles.known": ("profile",),
    "projections.export.reproducing": ("Difference", "Reproduction", "reproduce"),
    "projections.feed.lateness": ("FeedStatus", "feed_status"),
    "projections.feed.running": ("feed_init", "feed_run"),
    "projections.feed.targets.applying": ("feed_apply",),
    "projections.feed.targets.delta_publications": ("published_versions",),
    "projections.feed.targets.opening": ("open_target",),
    "projections.feed.targets.verifying": ("TargetStatus", "TargetVerification", "target_status", "target_verify"),
    "projections.feed.verifying": ("FeedVerification", "feed_verify"),
    "projections.followed.backlog": ("backlog",),
    "projections.followed.completeness": ("completeness",),
    "projections.followed.expected_visits": ("expected_visits",),
    "projections.followed.recalls": ("recalls",),
    "projections.followed.recruitment": ("recruitment",),
    "projections.followed.registry_retention": ("registry_retention",),
    "projections.lesions.paired_verdicts": ("SeveralSessionsError",),
    "projections.log.log_columns": ("LogColumns",),
    "projections.observation.durations": ("Duration", "duration"),
    "projections.observation.follow_up": ("follow_up",),
    "projections.observation.observed_spans": ("Observation", "ObservedSpans", "observed_spans"),
    "projections.point_in_time": ("Facts", "PointInTime", "facts_at", "facts_of"),
    "projections.reconciliation.published_figures": ("PrintedFigure", "Published", "read_published"),
    "projections.reconciliation.reconcile": ("reconcile",),
    "projections.reconciliation.report": ("Reconciled", "Reconciliation"),
    "projections.stated.adverse_events": ("adverse_events",),
    "projections.campaigns.agreement": ("agreement",),
    "projections.campaigns.assignments": ("assignments",),
    "projections.campaigns.disagreements": ("Disagreement", "disagreements"),
    "projections.campaigns.final_scores": ("final_scores",),
    "projections.cohort.chosen_studies": ("ChosenStudies", "chosen_studies"),
    "projections.stated.conditions": ("conditions",),
    "projections.stated.events": ("events",),
    "projections.stated.findings": ("findings",),
    "projections.stated.follow_ups": ("follow_ups",),
    "projections.stated.imaging": ("imaging",),
    "projections.stated.patients": ("patients",),
    "projections.stated.readings": ("readings",),
    "projections.stated.treatments": ("treatments",),
    "projections.stated.visits": ("visits",),
    "projections.tables": ("TABLES", "project"),
    "projections.therapy.exposure": ("exposure_on", "washout_on"),
    "projections.therapy.flare_rates": ("flare_rates",),
    "projections.therapy.flares_after_stop": ("flares_after_stop",),
    "projections.therapy.patient_years": ("patient_years",),
    "projections.therapy.treatment_episodes": ("treatment_episodes",),
    "projections.therapy.treatment_lines": ("treatment_lines",),
    "projections.therapy.treatments_of": ("agents_of", "patients_given", "treatments_of"),
    "projections.verdicts.lesion_verdicts": ("lesion_verdicts",),
    "projections.verdicts.paired_patients": ("paired_patients",),
    "projections.verdicts.verdict_agreement": ("verdict_agreement",),
    "projections.verdicts.verdict_basis": ("verdict_basis",),
    "projections.verdicts.verdict_symptoms": ("verdict_symptoms",),
}

if not TYPE_CHECKING:  # or mypy would take any name
    __getattr__, __dir__ = lazily(__name__, MODULES)
