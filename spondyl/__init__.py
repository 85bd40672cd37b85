"""Everything public, under one name: `from spondyl import Registry, facts_at, lesion_courses`.

    with Registry.open("cohort.db") as registry:
        facts = facts_at(registry, as_of="2012-12-31", known_at="paper-2013")
    lesion_courses(facts)  # a frame; project("lesion_courses", facts) is the same as an Arrow table

What is recorded
    Registry: a command a method; what they and its questions answer: Erasure, FactVersion, Freeze, Head,
    ImportedBatch, KnownFact, Merge, Proof, Verification, Witness. Proofs of others: read_proof, check_proof.
    Files: import_batch, ImportOptions, ImportReport, write_templates.
    Foreign sources, by a mapping: import_mapped; draft_mapping, DraftOptions; check_mapping, MappingCheck, FieldFate,
    Finding; show_tables, ShownTables.
    Reading campaigns, by methods of Registry: ListedStudy, CampaignStart, CampaignState, Case, Adjudicating; sheets
    that come back: import_sheets, SheetsReport, ReturnedCase.
    Invented cohorts: simulated, CohortSize, SimulatedCohort, write_simulated, record_simulated.
What is known at a point in time
    facts_at, facts_of, Facts, PointInTime; LogColumns, to decode the log once for many points; TABLES, project.
    Between two points: changes_between, ChangesBetween; Change, EventNote.
    Stated: patients, follow_ups, visits, treatments, flares, adverse_events, conditions, imaging, readings, findings,
    events.
    Reading campaigns: assignments; chosen_studies, ChosenStudies, what one over a cohort reads; disagreements,
    Disagreement, final_scores, agreement.
    Derived: measures, lesion_states, lesion_courses, lesion_episodes, scores, reading_criteria,
    responses.
    A patient: course. Summaries: visit_summaries, VisitSummary; responders, Responders, episodes_not_judged.
    Doubts: all_warnings, implausible_values, contradictions.
Therapy
    treatments_of, agents_of, patients_given, treatment_episodes, treatment_lines, exposure_on, washout_on,
    observed_spans, Observation, ObservedSpans, duration, Duration, follow_up,
    patient_years, flare_rates, flares_after_stop, computed_flares.
Follow-up by the schedule of the protocol
    expected_visits, completeness, recalls, registry_retention, recruitment, backlog.
Verdicts of readers who saw two studies side by side
    lesion_verdicts, paired_patients, verdict_agreement, verdict_basis, verdict_symptoms.
Cohorts
    read_definition, Definition, Cohort; figures, Figure, Placed, statistics_table, cohort_statistics.
    Over time: series, cuts, Schedule, Cut; between two points: revisions, Revisions, Revision.
    Beside a paper: read_published, Published, PrintedFigure, reconcile, Reconciliation, Reconciled.
Exports
    export, reproduce, Reproduction, Difference, read_manifest, Manifest, content_hash; profile, Choices.
    What changed, for a warehouse: feed_init, feed_run, feed_status, FeedStatus, feed_verify, FeedVerification;
    applied to targets: open_target, feed_apply, target_status, TargetStatus, target_verify, TargetVerification,
    published_versions.
Statistics, pure functions over arrays
    Results: Outcome of a test, Estimate with its interval.
    Agreement: icc, mean_squares, MeanSquares, kappa, Kappa, square_of_words, kappa_of_grades, square_of_grades,
    kappa_of_values, limits_of_agreement, LimitsOfAgreement, sdc_from_change, sdc_from_status,
    sdc_with_limits.
    Tests: mcnemar, paired_answers, PairedAnswers, signed_rank, mann_whitney, paired_t, one_sample_t, goodness_of_fit,
    smallest_expected.
    Between groups: welch_t, welch_anova, kruskal_wallis, chi_squared, least_expected, fisher_exact, log_rank, LogRank,
    gray, Grouping of who is compared; rate_ratio, rate_ratio_test, rate_ratio_of_patients, EventsInTime;
    standardised_difference, standardised_difference_of_counts.
    Models: cox of Episodes, proportional_hazards, ProportionalHazards; logistic, robust_poisson, mixed_model and gee of
    Observations; what they answer: Regression, Coefficient, contrast, wald_test.
    Estimates: t_interval, paired_t_interval, welch_interval, proportion, Proportion, clopper_pearson, Interval, rate,
    Rate, cluster_bootstrap, bootstrap_between, spearman, spearman_interval, p_of_correlation.
    Change: effect_size, standardised_response_mean, guyatt_responsiveness, probability_plot, ProbabilityPlot,
    changes_at_least.
    Time to event: kaplan_meier, SurvivalCurve, cumulative_incidence, CumulativeIncidence, risk_table, RiskTable,
    lundex, Entry.
What the profession has agreed on
    Catalogue, of a registry at a point in time, with all that its protocol adds: `facts.catalogue`. Built in, the same
    for every registry: AGENTS, Agent, agent_of_atc; MEASURES, Measure; instruments, Instrument; criteria, Criterion;
    classifications, Classification; methods, Method; imaging_criteria, ImagingCriterion; activity_states,
    ACTIVITY_STATES; nsaid_scores, NsaidIntakes; the columns that they take and give: Values, Truths.
What can be mended: RegistryError, the root
    StoreError, the registry cannot be used as asked: NoRegistryError, NotARegistryError, OldSchemaError,
    NewSchemaError, NewerLogError, UnreachableError, NoRoomError, CopyError, ExistingCopyError, ServerCopyError,
    UnwritableError, ConcurrentChangeError, DamagedEventError, DamagedFreezeError, FreezeExistsError, UnknownPointError,
    OutputError, ExistingOutputError, SchedulerError, TemporaryFilesError, ManifestError, OtherRegistryError,
    ProfileError, SmallGroupsError, ReleaseKeyError, FeedError, TargetError.
    RefusalError, what was asked may not be recorded: MissingValueError, FormatError,
    UnknownCodeError, UnitError, RangeError, ConflictingOptionsError, GradeError, ClinicalDayError,
    NotEnrolledError, UnknownFactError, DeclarationError,
    RetractedFactError, ConsentWithdrawnError, ErasedPatientError, MergedPatientError, MergeRefusedError, ProofError,
    AlreadyRecordedError, AlreadyEndedError, UnknownStudyError, StudyMisfitError, HeldFactError, ShiftedDatesError,
    BatchRefusedError, CampaignLockedError, NotAssignedError, CampaignStateError, CampaignKeyError.
    What was asked cannot be answered: DefinitionError, CohortError, SeveralSessionsError.
    ShadowedError, an ImportError: something of somebody else's stands before one of spondyl's packages.

Each is imported when it is first asked for, and its own documentation says the rest.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from spondyl.shadows import is_the_command, shadow

REFUSED: Final = 3  # the exit code of what a person can mend
_SHADOW: Final = shadow()

if _SHADOW is not None and not is_the_command():
    raise _SHADOW

if TYPE_CHECKING:
    from projections import *  # noqa: F403 - what it lists; the packages hold the one list of names
    from projections.course import course as course
    from projections.export import export as export
    from projections.statistics.public_names import *  # noqa: F403
    from registry import *  # noqa: F403
    from spondyl.shadows import ShadowedError as ShadowedError
elif _SHADOW is None:  # not seen by mypy, which would take any name
    from projections import MODULES as _READ_SIDE
    from projections.statistics.public_names import MODULES as _STATISTICS
    from registry import MODULES as _WRITE_SIDE
    from registry.lazy_names import lazily

    _OTHERS = {  # `projections` cannot have these two: there they are folders
        "projections.course": ("course",),
        "projections.export": ("export",),
        "spondyl.shadows": ("ShadowedError",),
    }
    __getattr__, __dir__ = lazily(__name__, _WRITE_SIDE | _READ_SIDE | _STATISTICS | _OTHERS)
    __all__ = list(__dir__())


def main() -> None:
    """Run the command `spondyl`; where something shadows its packages, say so in one line with exit code 3."""
    if _SHADOW is not None:
        sys.stderr.write(f"spondyl: {_SHADOW.told}\n")
        sys.exit(REFUSED)
    from cli.main import main as run

    run()
