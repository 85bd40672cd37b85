"""The read side of spondyl: pure functions of the log at a point in time.

    facts = facts_at(registry, as_of="2004-12-31", known_at="paper-2013")
    lesion_courses(facts)             # a pandas frame
    project("lesion_courses", facts)  # the same as an Arrow table

The names below are those of `spondyl`; everything is imported when it is first asked for: Arrow, NumPy and pandas take
longer to import than most commands to run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from registry.lazy_names import lazily

if TYPE_CHECKING:
    from projections.campaigns.agreement import agreement
    from projections.campaigns.assignments import assignments
    from projections.campaigns.disagreements import Disagreement, disagreements
    from projections.campaigns.final_scores import final_scores
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
        ManifestError,
        NewerLogError,
        OtherRegistryError,
        OutputError,
        SchedulerError,
        TemporaryFilesError,
    )
    from projections.export.content import content_hash
    from projections.export.manifest import Manifest, read_manifest
    from projections.export.reproducing import Difference, Reproduction, reproduce
    from projections.followed.completeness import completeness
    from projections.followed.expected_visits import expected_visits
    from projections.followed.recalls import recalls
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
    from projections.statistics.bland_altman import LimitsOfAgreement, limits_of_agreement
    from projections.statistics.category_squares import kappa_of_grades, square_of_grades
    from projections.statistics.cluster_bootstrap import bootstrap_between, cluster_bootstrap
    from projections.statistics.contingency import chi_squared, least_expected
    from projections.statistics.cumulative_incidence import CumulativeIncidence, cumulative_incidence
    from projections.statistics.cumulative_probability import ProbabilityPlot, changes_at_least, probability_plot
    from projections.statistics.detectable_change import sdc_from_change, sdc_from_status, sdc_with_limits
    from projections.statistics.fisher import fisher_exact
    from projections.statistics.goodness_of_fit import goodness_of_fit, smallest_expected
    from projections.statistics.gray import gray
    from projections.statistics.groups_at_risk import Grouping
    from projections.statistics.intraclass import MeanSquares, icc, mean_squares
    from projections.statistics.kaplan_meier import SurvivalCurve, kaplan_meier
    from projections.statistics.kappa import Kappa, kappa, square_of_words
    from projections.statistics.kappa_of_values import kappa_of_values
    from projections.statistics.kruskal_wallis import kruskal_wallis
    from projections.statistics.late_entry import Entry
    from projections.statistics.log_rank import LogRank, log_rank
    from projections.statistics.lundex import lundex
    from projections.statistics.mann_whitney import mann_whitney
    from projections.statistics.mcnemar import PairedAnswers, mcnemar, paired_answers
    from projections.statistics.proportion_intervals import proportion
    from projections.statistics.proportions import Interval, Proportion, clopper_pearson
    from projections.statistics.rate_ratio import EventsInTime, rate_ratio, rate_ratio_of_patients, rate_ratio_test
    from projections.statistics.rates import Rate, rate
    from projections.statistics.responsiveness import effect_size, guyatt_responsiveness, standardised_response_mean
    from projections.statistics.results import Estimate, Outcome
    from projections.statistics.risk_table import RiskTable, risk_table
    from projections.statistics.signed_rank import signed_rank
    from projections.statistics.spearman import p_of_correlation, spearman, spearman_interval
    from projections.statistics.standardised_difference import (
        standardised_difference,
        standardised_difference_of_counts,
    )
    from projections.statistics.t_intervals import one_sample_t, paired_t, paired_t_interval, t_interval
    from projections.statistics.welch import welch_anova, welch_interval, welch_t
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
    "ChosenStudies",
    "Cohort",
    "CohortError",
    "CumulativeIncidence",
    "Cut",
    "Definition",
    "DefinitionError",
    "Difference",
    "Disagreement",
    "Duration",
    "Entry",
    "Estimate",
    "EventsInTime",
    "ExistingOutputError",
    "Facts",
    "Figure",
    "Grouping",
    "Interval",
    "Kappa",
    "LimitsOfAgreement",
    "LogColumns",
    "LogRank",
    "Manifest",
    "ManifestError",
    "MeanSquares",
    "NewerLogError",
    "Observation",
    "ObservedSpans",
    "OtherRegistryError",
    "Outcome",
    "OutputError",
    "PairedAnswers",
    "Placed",
    "PointInTime",
    "PrintedFigure",
    "ProbabilityPlot",
    "Proportion",
    "Published",
    "Rate",
    "Reconciled",
    "Reconciliation",
    "Reproduction",
    "Responders",
    "Revision",
    "Revisions",
    "RiskTable",
    "Schedule",
    "SchedulerError",
    "SeveralSessionsError",
    "SurvivalCurve",
    "TemporaryFilesError",
    "VisitSummary",
    "adverse_events",
    "agents_of",
    "agreement",
    "all_warnings",
    "assignments",
    "bootstrap_between",
    "changes_at_least",
    "chi_squared",
    "chosen_studies",
    "clopper_pearson",
    "cluster_bootstrap",
    "cohort_statistics",
    "completeness",
    "computed_flares",
    "conditions",
    "content_hash",
    "contradictions",
    "cumulative_incidence",
    "cuts",
    "disagreements",
    "duration",
    "effect_size",
    "episodes_not_judged",
    "events",
    "expected_visits",
    "exposure_on",
    "facts_at",
    "facts_of",
    "figures",
    "final_scores",
    "findings",
    "fisher_exact",
    "flare_rates",
    "flares",
    "flares_after_stop",
    "follow_up",
    "follow_ups",
    "goodness_of_fit",
    "gray",
    "guyatt_responsiveness",
    "icc",
    "imaging",
    "implausible_values",
    "kaplan_meier",
    "kappa",
    "kappa_of_grades",
    "kappa_of_values",
    "kruskal_wallis",
    "least_expected",
    "lesion_courses",
    "lesion_episodes",
    "lesion_states",
    "lesion_verdicts",
    "limits_of_agreement",
    "log_rank",
    "lundex",
    "mann_whitney",
    "mcnemar",
    "mean_squares",
    "measures",
    "observed_spans",
    "one_sample_t",
    "p_of_correlation",
    "paired_answers",
    "paired_patients",
    "paired_t",
    "paired_t_interval",
    "patient_years",
    "patients",
    "patients_given",
    "probability_plot",
    "project",
    "proportion",
    "rate",
    "rate_ratio",
    "rate_ratio_of_patients",
    "rate_ratio_test",
    "read_definition",
    "read_manifest",
    "read_published",
    "reading_criteria",
    "readings",
    "recalls",
    "reconcile",
    "registry_retention",
    "reproduce",
    "responders",
    "responses",
    "revisions",
    "risk_table",
    "scores",
    "sdc_from_change",
    "sdc_from_status",
    "sdc_with_limits",
    "series",
    "signed_rank",
    "smallest_expected",
    "spearman",
    "spearman_interval",
    "square_of_grades",
    "square_of_words",
    "standardised_difference",
    "standardised_difference_of_counts",
    "standardised_response_mean",
    "statistics_table",
    "t_interval",
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
    "welch_anova",
    "welch_interval",
    "welch_t",
]
MODULES: Final = {  # and the names that each makes
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
        "ManifestError",
        "NewerLogError",
        "OtherRegistryError",
        "OutputError",
        "SchedulerError",
        "TemporaryFilesError",
    ),
    "projections.export.content": ("content_hash",),
    "projections.export.manifest": ("Manifest", "read_manifest"),
    "projections.export.reproducing": ("Difference", "Reproduction", "reproduce"),
    "projections.followed.completeness": ("completeness",),
    "projections.followed.expected_visits": ("expected_visits",),
    "projections.followed.recalls": ("recalls",),
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
    "projections.statistics.bland_altman": ("LimitsOfAgreement", "limits_of_agreement"),
    "projections.statistics.category_squares": ("kappa_of_grades", "square_of_grades"),
    "projections.statistics.cluster_bootstrap": ("bootstrap_between", "cluster_bootstrap"),
    "projections.statistics.contingency": ("chi_squared", "least_expected"),
    "projections.statistics.cumulative_incidence": ("CumulativeIncidence", "cumulative_incidence"),
    "projections.statistics.cumulative_probability": ("ProbabilityPlot", "changes_at_least", "probability_plot"),
    "projections.statistics.detectable_change": ("sdc_from_change", "sdc_from_status", "sdc_with_limits"),
    "projections.statistics.fisher": ("fisher_exact",),
    "projections.statistics.goodness_of_fit": ("goodness_of_fit", "smallest_expected"),
    "projections.statistics.gray": ("gray",),
    "projections.statistics.groups_at_risk": ("Grouping",),
    "projections.statistics.intraclass": ("MeanSquares", "icc", "mean_squares"),
    "projections.statistics.kaplan_meier": ("SurvivalCurve", "kaplan_meier"),
    "projections.statistics.kappa": ("Kappa", "kappa", "square_of_words"),
    "projections.statistics.kappa_of_values": ("kappa_of_values",),
    "projections.statistics.kruskal_wallis": ("kruskal_wallis",),
    "projections.statistics.late_entry": ("Entry",),
    "projections.statistics.log_rank": ("LogRank", "log_rank"),
    "projections.statistics.lundex": ("lundex",),
    "projections.statistics.mann_whitney": ("mann_whitney",),
    "projections.statistics.mcnemar": ("PairedAnswers", "mcnemar", "paired_answers"),
    "projections.statistics.proportion_intervals": ("proportion",),
    "projections.statistics.proportions": ("Interval", "Proportion", "clopper_pearson"),
    "projections.statistics.rate_ratio": ("EventsInTime", "rate_ratio", "rate_ratio_of_patients", "rate_ratio_test"),
    "projections.statistics.rates": ("Rate", "rate"),
    "projections.statistics.responsiveness": ("effect_size", "guyatt_responsiveness", "standardised_response_mean"),
    "projections.statistics.results": ("Estimate", "Outcome"),
    "projections.statistics.risk_table": ("RiskTable", "risk_table"),
    "projections.statistics.signed_rank": ("signed_rank",),
    "projections.statistics.spearman": ("p_of_correlation", "spearman", "spearman_interval"),
    "projections.statistics.standardised_difference": ("standardised_difference", "standardised_difference_of_counts"),
    "projections.statistics.t_intervals": ("one_sample_t", "paired_t", "paired_t_interval", "t_interval"),
    "projections.statistics.welch": ("welch_anova", "welch_interval", "welch_t"),
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
