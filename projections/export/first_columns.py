"""The columns of every table in the exports of spondyl 0.1, in order: their manifests name none, nor an edition.

A manifest without the columns of a table means these, in edition 1 of the table's rule.
"""

from __future__ import annotations

from typing import Final

FIRST_EDITION: Final = 1
_TABLES_OF_0_1: Final = """
patients:
    patient centre sex birth_year symptom_onset symptom_onset_precision diagnosed_on diagnosed_on_precision
    criteria hla_b27 enrolled_on consented_on follow_up_ended_on follow_up_end_reason last_seen_on
visits:
    patient visited_on visit_id visit
measures:
    patient visited_on visit_id measure value unit captured_value captured_unit comparator derived rule n_expected
    n_present version
treatments:
    patient started_on treatment_id agent atc drug_class started_on_precision stopped_on stopped_on_precision
    stop_reason dose dose_unit frequency route ongoing days
flares:
    patient started_on flare_id ended_on basis severity trigger note on_treatment last_agent days_since_last_stop
adverse_events:
    patient started_on adverse_event_id term ended_on severity serious agent outcome
imaging:
    patient performed_on study modality regions sequences note
readings:
    patient performed_on study method reader session reading_id method_version read_on seconds n_expected
    n_assessed complete
findings:
    patient performed_on study method reader session location_number item reading_id location segment grade
lesion_states:
    patient performed_on study method reader session location_number reading_id location segment state activity
lesion_courses:
    patient method reader session to_on to_study location_number location segment kind from_study from_on
    from_state to_state from_activity to_activity course basis
lesion_episodes:
    patient method reader session location_number first_seen_on location segment last_seen_on resolved_on
    peak_activity n_readings ongoing relapse
scores:
    patient performed_on study method reader session score reading_id method_version value n_expected n_assessed
    policy
responses:
    patient treatment_id visited_on criterion baseline_visit_id visit_id baseline_on met n_improved n_known rule
    baseline_window_days
events:
    position recorded_at actor source reason patient event event_version fact clinical_on payload digest
cohort_statistics:
    cohort table row timepoint statistic value text numerator denominator denominator_note variant p_value ci_low
    ci_high ci_method n_patients unit n_used zeros ties reason table_number row_number figure_number as_of
    known_at
"""


def _columns_by_table() -> dict[str, tuple[str, ...]]:
    columns: dict[str, list[str]] = {}
    for word in _TABLES_OF_0_1.split():
        if word.endswith(":"):
            columns[word[:-1]] = []
        else:
            columns[list(columns)[-1]].append(word)
    return {table: tuple(names) for table, names in columns.items()}


COLUMNS_OF_0_1: Final = _columns_by_table()
