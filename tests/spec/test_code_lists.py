"""Tables and code lists: the columns and the words that the intake contract has, no more and no fewer."""

from __future__ import annotations

import pytest

from registry.catalogue import codes
from registry.catalogue.catalogue import BUILT_IN
from registry.catalogue.measures import BASMI_VERSIONS, MEASURES
from registry.schema.tables import tables_of

TABLES = tables_of(BUILT_IN)

KEYS = {
    "patients": "patient",
    "follow_ups": "patient resumed_on",
    "visits": "patient visited_on visit",
    "treatments": "patient agent started_on",
    "flares": "patient started_on",
    "adverse_events": "patient term started_on",
    "conditions": "patient condition started_on",
    "imaging": "study",
    "readings": "study reader method session",
    "lesions": "baseline_study followup_study reader lesion",
}
REQUIRED = {
    "patients": "patient enrolled_on",
    "follow_ups": "patient resumed_on",
    "visits": "patient visited_on",
    "treatments": "patient agent started_on",
    "flares": "patient started_on",
    "adverse_events": "patient term started_on",
    "conditions": "patient condition",
    "imaging": "study patient performed_on modality regions",
    "readings": "study reader method location",
    "lesions": "baseline_study followup_study reader lesion region kind verdict",
}
OPTIONAL = {
    "patients": "centre sex birth_year symptom_onset diagnosed_on criteria hla_b27 consented_on follow_up_ended_on "
    "follow_up_end_reason id",
    "follow_ups": "ended_on end_reason id",
    "visits": f"visit {' '.join(MEASURES)} basmi_version id",
    "treatments": "stopped_on stop_reason dose dose_unit frequency route product id",
    "flares": "ended_on basis severity trigger note id",
    "adverse_events": "ended_on severity serious agent outcome id",
    "conditions": "started_on ended_on basis side note id",
    "imaging": "sequences note id",
    "readings": "item grade session read_on seconds id",
    "lesions": "location read_on session id",
}
PARTIAL = {
    "patients": ["symptom_onset", "diagnosed_on"],
    "treatments": ["started_on", "stopped_on"],
    "conditions": ["started_on", "ended_on"],
}


def test_the_tables_are_those_of_the_contract() -> None:
    assert list(TABLES) == list(KEYS)


@pytest.mark.parametrize("table", KEYS)
def test_the_key_of_a_table_identifies_its_rows(table: str) -> None:
    assert " ".join(TABLES[table].key) == KEYS[table]


@pytest.mark.parametrize("table", REQUIRED)
def test_a_table_requires_what_the_contract_requires(table: str) -> None:
    required = {column.name for column in TABLES[table].columns.values() if column.required}

    assert required == set(REQUIRED[table].split())


@pytest.mark.parametrize("table", OPTIONAL)
def test_a_table_has_the_columns_of_the_contract(table: str) -> None:
    assert set(TABLES[table].columns) == {*REQUIRED[table].split(), *OPTIONAL[table].split()}


@pytest.mark.parametrize("table", KEYS)
def test_only_the_days_that_the_contract_calls_partial_may_be_so(table: str) -> None:
    partial = [column.name for column in TABLES[table].columns.values() if column.holds == "partial day"]

    assert partial == PARTIAL.get(table, [])


@pytest.mark.parametrize(
    ("words", "contract"),
    [
        (codes.SEXES, "female male other unknown"),
        (codes.CLASSIFICATION_CRITERIA, "mNY ASAS-axSpA ASAS-imaging ASAS-clinical"),
        (codes.HLA_B27, "positive negative unknown"),
        (codes.FOLLOW_UP_END_REASONS, "lost withdrawn moved died study-end other"),
        (
            codes.STOP_REASONS,
            (
                "lack-of-efficacy loss-of-efficacy adverse-event remission pregnancy patient-wish non-adherence "
                "surgery infection malignancy supply-or-cost non-medical-switch protocol-end lost died other unknown"
            ),
        ),
        (codes.FLARE_BASES, "patient physician laboratory criteria"),
        (codes.SEVERITIES, "mild moderate severe"),
        (codes.FLARE_TRIGGERS, "withdrawal infection injury none unknown"),
        (codes.YES_NO, "yes no"),
        (codes.ADVERSE_EVENT_OUTCOMES, "resolved ongoing sequelae fatal unknown"),
        (codes.CONDITION_BASES, "reported clinician imaging laboratory"),
        (codes.SIDES, "left right both"),
        (codes.MODALITIES, "MRI XR CT"),
        (codes.REGIONS, "spine cervical-spine thoracic-spine lumbar-spine sij"),
        (codes.LESION_KINDS["spine"], "romanus end-plate facet-joint spinous-process"),
        (codes.LESION_KINDS["sij"], "subchondral"),
        (codes.VERDICTS, "resolution improvement unchanged deterioration new"),
        (BASMI_VERSIONS, "2-step 10-step linear"),
    ],
    ids=lambda value: value.split()[0] if isinstance(value, str) else "",
)
def test_a_code_list_has_the_words_of_the_contract(words: tuple[str, ...], contract: str) -> None:
    assert " ".join(words) == contract


def test_the_sequences_of_the_contract_have_a_canonical_spelling() -> None:
    assert {"T1", "STIR", "T1-Gd", "T2"} <= set(codes.SEQUENCES)
