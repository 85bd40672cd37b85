"""The tables of OMOP's Common Data Model 5.4 that are written: every column of the model, in its order and type.

A column is written `name:type!`: without a type a whole number of 32 bits, a number of characters for a text of so many
at most, `!` for what is never null. Columns that the registry has nothing for are there, and null.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from projections.columns.tables import Column, ForeignKey, Table, declared, refers

TYPES: Final = {
    "": "int32",
    "day": "date32",
    "time": "timestamp[us]",
    "number": "double",
    "text": "string",
}
OF_AN_EVENT: Final = "provider_id visit_occurrence_id visit_detail_id"
_MODEL: Final = {  # table, by whom a row is known: its columns
    ("person", "person_id"): "person_id! gender_concept_id! year_of_birth! month_of_birth day_of_birth "
    "birth_datetime:time race_concept_id! ethnicity_concept_id! location_id provider_id care_site_id "
    "person_source_value:50 gender_source_value:50 gender_source_concept_id race_source_value:50 "
    "race_source_concept_id ethnicity_source_value:50 ethnicity_source_concept_id",
    ("observation_period", "observation_period_id"): "observation_period_id! person_id! "
    "observation_period_start_date:day! observation_period_end_date:day! period_type_concept_id!",
    ("visit_occurrence", "visit_occurrence_id"): "visit_occurrence_id! person_id! visit_concept_id! "
    "visit_start_date:day! visit_start_datetime:time visit_end_date:day! visit_end_datetime:time "
    "visit_type_concept_id! provider_id care_site_id visit_source_value:50 visit_source_concept_id "
    "admitted_from_concept_id admitted_from_source_value:50 discharged_to_concept_id discharged_to_source_value:50 "
    "preceding_visit_occurrence_id",
    ("condition_occurrence", "condition_occurrence_id"): "condition_occurrence_id! person_id! condition_concept_id! "
    "condition_start_date:day! condition_start_datetime:time condition_end_date:day condition_end_datetime:time "
    f"condition_type_concept_id! condition_status_concept_id stop_reason:20 {OF_AN_EVENT} condition_source_value:50 "
    "condition_source_concept_id condition_status_source_value:50",
    ("drug_exposure", "drug_exposure_id"): "drug_exposure_id! person_id! drug_concept_id! "
    "drug_exposure_start_date:day! drug_exposure_start_datetime:time drug_exposure_end_date:day! "
    "drug_exposure_end_datetime:time verbatim_end_date:day drug_type_concept_id! stop_reason:20 refills "
    f"quantity:number days_supply sig:text route_concept_id lot_number:50 {OF_AN_EVENT} drug_source_value:50 "
    "drug_source_concept_id route_source_value:50 dose_unit_source_value:50",
    ("procedure_occurrence", "procedure_occurrence_id"): "procedure_occurrence_id! person_id! procedure_concept_id! "
    "procedure_date:day! procedure_datetime:time procedure_end_date:day procedure_end_datetime:time "
    f"procedure_type_concept_id! modifier_concept_id quantity {OF_AN_EVENT} procedure_source_value:50 "
    "procedure_source_concept_id modifier_source_value:50",
    ("measurement", "measurement_id"): "measurement_id! person_id! measurement_concept_id! measurement_date:day! "
    "measurement_datetime:time measurement_time:10 measurement_type_concept_id! operator_concept_id "
    "value_as_number:number value_as_concept_id unit_concept_id range_low:number range_high:number "
    f"{OF_AN_EVENT} measurement_source_value:50 measurement_source_concept_id unit_source_value:50 "
    "unit_source_concept_id value_source_value:50 measurement_event_id meas_event_field_concept_id",
    ("observation", "observation_id"): "observation_id! person_id! observation_concept_id! observation_date:day! "
    "observation_datetime:time observation_type_concept_id! value_as_number:number value_as_string:60 "
    f"value_as_concept_id qualifier_concept_id unit_concept_id {OF_AN_EVENT} observation_source_value:50 "
    "observation_source_concept_id unit_source_value:50 qualifier_source_value:50 value_source_value:50 "
    "observation_event_id obs_event_field_concept_id",
    ("death", "person_id"): "person_id! death_date:day! death_datetime:time death_type_concept_id cause_concept_id "
    "cause_source_value:50 cause_source_concept_id",
    ("care_site", "care_site_id"): "care_site_id! care_site_name:255 place_of_service_concept_id location_id "
    "care_site_source_value:50 place_of_service_source_value:50",
    ("cdm_source", "cdm_source_name"): "cdm_source_name:255! cdm_source_abbreviation:25! cdm_holder:255! "
    "source_description:text source_documentation_reference:255 cdm_etl_reference:255 source_release_date:day! "
    "cdm_release_date:day! cdm_version:10 cdm_version_concept_id! vocabulary_version:20!",
    ("concept", "concept_id"): "concept_id! concept_name:255! domain_id:20! vocabulary_id:20! concept_class_id:20! "
    "standard_concept:1 concept_code:50! valid_start_date:day! valid_end_date:day! invalid_reason:1",
    ("vocabulary", "vocabulary_id"): "vocabulary_id:20! vocabulary_name:255! vocabulary_reference:255 "
    "vocabulary_version:255 vocabulary_concept_id!",
    ("domain", "domain_id"): "domain_id:20! domain_name:255! domain_concept_id!",
    ("concept_class", "concept_class_id"): "concept_class_id:20! concept_class_name:255! concept_class_concept_id!",
}  # fmt: skip
TELLS: Final = {  # how the name of a column ends: what stands in it
    "_type_concept_id": "how it came to be known: Registry",
    "_source_concept_id": "not filled",
    "_source_value": "the registry's own word, as long as the model lets it be",
    "_concept_id": "OMOP's number of the standard concept, 0 where none is known for sure",
    "_date": "day on the clinical clock; partial days as the middle of the days that they can mean",
    "_id": "number of a row in this data set, and in no other",
}
REFERS: Final = {
    "person_id": refers("person_id", "person"),
    "visit_occurrence_id": refers("visit_occurrence_id", "visit_occurrence"),
    "care_site_id": refers("care_site_id", "care_site"),
    "domain_id": refers("domain_id", "domain"),
    "vocabulary_id": refers("vocabulary_id", "vocabulary"),
    "concept_class_id": refers("concept_class_id", "concept_class"),
}


def _declared(name: str, key: str, said: str) -> Table:
    kept = [each.rstrip("!").partition(":") for each in said.split()]
    columns = tuple(_column(name, kind) for name, _, kind in kept)
    never_null = " ".join(each.rstrip("!").partition(":")[0] for each in said.split() if each.endswith("!"))
    table = declared(name, name.replace("_", " "), order=key, columns=columns)
    return table.keyed(key, *_foreign_keys(name, table), never_null=never_null)


def _column(name: str, kind: str) -> Column:
    meaning = next((tells for ending, tells in TELLS.items() if name.endswith(ending)), "as the model says")
    return Column(name, TYPES.get(kind, "string"), meaning)


def _foreign_keys(name: str, table: Table) -> Iterator[ForeignKey]:
    for column in table.columns:
        if column.name in REFERS and REFERS[column.name].table != name:
            yield REFERS[column.name]
        elif column.name.endswith("_concept_id") and name not in ("concept", "vocabulary", "domain", "concept_class"):
            yield ForeignKey((column.name,), "concept", ("concept_id",))


CDM: Final[Mapping[str, Table]] = {name: _declared(name, key, said) for (name, key), said in _MODEL.items()}
LENGTHS: Final[Mapping[str, Mapping[str, int]]] = {  # table, column: characters of a text at most
    name: {
        column: int(kind)
        for column, _, kind in (each.rstrip("!").partition(":") for each in said.split())
        if kind.isdecimal()
    }
    for (name, _), said in _MODEL.items()
}
VOCABULARY: Final = ("concept", "vocabulary", "domain", "concept_class")
OF_PERSONS: Final = tuple(name for name in CDM if name not in (*VOCABULARY, "care_site", "cdm_source"))
