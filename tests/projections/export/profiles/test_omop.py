"""A data set of OMOP is taken by OHDSI's own model, and is what row by row comes of the tables of an export."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pyarrow.parquet as pq
import pytest

from projections import facts_at, project
from projections.errors import ProfileError
from projections.export import Manifest, export
from projections.export.manifest import Choices
from projections.export.profiles.known import profile
from projections.export.profiles.omop.declared import CDM, LENGTHS, OF_PERSONS
from projections.export.profiles.omop.profile import TABLES_OF_OMOP
from projections.export.reproducing import reproduce
from projections.observation.observed_spans import observed_spans
from projections.point_in_time import Facts
from registry import Registry
from tests.projections.export.profiles.cdm import columns_of, load, vacant_model
from tests.projections.export.profiles.releasing import rows_in
from tests.projections.export.profiles.slow_omop import SlowOmop
from tests.projections.shown import Clock

Rows = list[dict[str, Any]]
KINDS = {
    "integer": "int32",
    "date": "date32",
    "timestamp without time zone": "timestamp[us]",
    "numeric": "double",
    "character varying": "string",
    "text": "string",
}


def data_set(registry: Registry, out: Path, **point: Any) -> Manifest:
    """A data set of OMOP in a folder."""
    return export(registry, out, profile=profile("omop", Choices()), **point)


def told(out: Path) -> dict[str, Rows]:
    """The rows of each table, of each row what it tells."""
    return {
        name: [{column: value for column, value in row.items() if value is not None} for row in rows]
        for name, rows in rows_in(out).items()
    }


def slow(facts: Facts) -> dict[str, Rows]:
    """The tables of persons as the oracle makes them."""
    spans = observed_spans(facts)
    days = ([date(1970, 1, 1) + timedelta(days=int(day)) for day in each] for each in (spans.began, spans.ended))
    observed = [*zip(spans.patient.array().to_pylist(), *days)]
    tables = {name: project(name, facts).to_pylist() for name in (*TABLES_OF_OMOP, "events")}
    return SlowOmop(tables, observed, as_of=facts.at.as_of).tables()


@pytest.mark.parametrize("source", ["sensitive", "published"])
def test_ohdsis_own_model_takes_every_table_with_all_its_keys(
    source: str, postgres_server: str, tmp_path: Path, short_ranges: None, request: pytest.FixtureRequest
) -> None:
    data_set(request.getfixturevalue(source), tmp_path / "out")

    with vacant_model(postgres_server) as model:
        load(model, tmp_path / "out")
        for name, rows in rows_in(tmp_path / "out").items():
            [n] = model.execute(f'SELECT count(*) FROM "{name}"').fetchone() or ()
            assert n == len(rows)


@pytest.mark.parametrize(
    ("mistake", "refusal"),
    [
        ({"measurement": {"visit_occurrence_id": 99_999}}, psycopg.errors.ForeignKeyViolation),
        ({"measurement": {"unit_concept_id": 1}}, psycopg.errors.ForeignKeyViolation),
        ({"person": {"gender_concept_id": 4}}, psycopg.errors.ForeignKeyViolation),
        ({"person": {"person_id": 2}}, psycopg.errors.UniqueViolation),
        ({"person": {"year_of_birth": None}}, psycopg.errors.NotNullViolation),
        ({"drug_exposure": {"drug_exposure_end_date": None}}, psycopg.errors.NotNullViolation),
        ({"visit_occurrence": {"visit_source_value": 51 * "x"}}, psycopg.errors.StringDataRightTruncation),
        ({"concept": {"domain_id": "Nowhere"}}, psycopg.errors.ForeignKeyViolation),
    ],
)
def test_the_model_would_not_take_a_mistake(
    modelled: Path, postgres_server: str, *, mistake: dict[str, Any], refusal: type[Exception]
) -> None:
    with vacant_model(postgres_server) as model:
        with pytest.raises(refusal):
            load(model, modelled, **mistake)
        model.rollback()


def test_the_tables_have_every_column_of_the_model_in_its_order_and_type(postgres_server: str) -> None:
    with vacant_model(postgres_server) as model:
        for name, table in CDM.items():
            ours = [
                (column.name, column.type, LENGTHS[name].get(column.name), column.name not in table.never_null)
                for column in table.columns
            ]
            assert ours == [
                (column, KINDS[kind], length, null) for column, kind, length, null in columns_of(model, name)
            ]


@pytest.mark.parametrize("source", ["sensitive", "published"])
def test_the_rows_are_what_row_by_row_comes_of_the_tables(
    source: str, tmp_path: Path, short_ranges: None, request: pytest.FixtureRequest
) -> None:
    registry = request.getfixturevalue(source)
    data_set(registry, tmp_path / "out")

    found = told(tmp_path / "out")

    assert {name: found[name] for name in OF_PERSONS} == slow(facts_at(registry))


def test_parts_change_no_row(published: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = data_set(published, tmp_path / "whole")
    monkeypatch.setattr("projections.export.pieces.EVENTS_OF_A_RANGE", 40)

    cut = data_set(published, tmp_path / "cut")

    assert len(cut.tables["measurement"].parts) > len(whole.tables["measurement"].parts) == 1
    for name, table in whole.tables.items():
        assert (name, cut.tables[name].content_hash) == (name, table.content_hash)
    assert cut.profile == whole.profile


def test_care_sites_are_numbered_as_persons_have_them_however_these_are_cut(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for patient, centre in (("P-2", "south"), ("P-3", "north"), ("P-4", "south"), ("P-5", "east")):
        registry.enrol_patient(patient, enrolled_on="2002-01-14", birth_year=1960, centre=centre)
    for events in (1, 100):
        monkeypatch.setattr("projections.export.pieces.EVENTS_OF_A_RANGE", events)

        data_set(registry, tmp_path / str(events))

        found = told(tmp_path / str(events))
        assert [row["care_site_name"] for row in found["care_site"]] == ["south", "north", "east"]
        assert [row["care_site_id"] for row in found["person"]] == [1, 2, 1, 3]


def test_what_has_no_standard_concept_goes_out_as_0_with_its_own_word_and_is_counted(
    registry: Registry, tmp_path: Path
) -> None:
    registry.enrol_patient("P-2", enrolled_on="2002-01-14", birth_year=1960, sex="other")
    for agent in ("secukinumab", "adalimumab"):
        registry.start_treatment("P-2", agent=agent, started_on="2003-01-01")
    registry.record("visits", {"patient": "P-2", "visited_on": "2003-02-03", "crp": "<5", "basdai": 4})

    manifest = data_set(registry, tmp_path / "out")

    found = told(tmp_path / "out")
    drugs = [(row["drug_concept_id"], row["drug_source_value"]) for row in found["drug_exposure"]]
    assert drugs == [(0, "secukinumab"), (1119119, "adalimumab")]
    assert manifest.profile is not None
    report = manifest.profile.report
    assert report["with_standard_concept"]["drug_exposure.drug_concept_id"] == 1
    without = report["without_standard_concept"]
    assert without["drug_exposure.drug_concept_id"] == {"secukinumab": 1}
    assert without["measurement.measurement_concept_id"] == {"basdai": 1}
    assert without["measurement.unit_concept_id"] == {"score": 1}
    assert without["person.gender_concept_id"] == {"other": 1}
    assert report["left_out"] == {"patients without a year of birth": 1}


def test_who_has_no_year_of_birth_is_no_person_and_nothing_of_him_goes_out(registry: Registry, tmp_path: Path) -> None:
    registry.record("visits", {"patient": "P-1", "visited_on": "2003-02-03", "crp": 5})

    manifest = data_set(registry, tmp_path / "out")

    assert not any(told(tmp_path / "out")[name] for name in OF_PERSONS)
    assert manifest.profile is not None
    assert manifest.profile.report["left_out"] == {"patients without a year of birth": 1}


def test_a_start_that_nobody_knows_is_left_out_and_long_words_are_cut_and_both_are_counted(
    registry: Registry, tmp_path: Path
) -> None:
    registry.enrol_patient("P-2", enrolled_on="2002-01-14", birth_year=1960)
    registry.record_condition("P-2", condition="psoriasis")
    registry.record("visits", {"patient": "P-2", "visited_on": "2003-02-03", "visit": 51 * "x"})
    registry.record_adverse_event("P-2", term=61 * "y", started_on="2003-02-03")

    manifest = data_set(registry, tmp_path / "out")

    assert told(tmp_path / "out")["condition_occurrence"] == []
    assert told(tmp_path / "out")["visit_occurrence"][0]["visit_source_value"] == 50 * "x"
    assert manifest.profile is not None
    assert manifest.profile.report["left_out"] == {
        "conditions whose start nobody knows": 1,
        "patients without a year of birth": 1,
    }
    assert manifest.profile.report["shortened"] == {
        "observation.value_as_string": 1,
        "observation.value_source_value": 1,
        "visit_occurrence.visit_source_value": 1,
    }


def test_an_end_of_follow_up_without_a_reason_goes_out_as_unknown_and_is_counted(
    registry: Registry, tmp_path: Path
) -> None:
    end = {"follow_up_ended_on": "2004-05-06"}
    registry.record("patients", {"patient": "P-2", "enrolled_on": "2002-01-14", "birth_year": 1960, **end})
    registry.record("follow_ups", {"patient": "P-2", "resumed_on": "2005-01-02", "ended_on": "2006-02-03"})

    manifest = data_set(registry, tmp_path / "out")

    ends = [row for row in told(tmp_path / "out")["observation"] if row["observation_source_value"] == "follow_up_end"]
    assert [(str(row["observation_date"]), row["value_as_string"], row["value_source_value"]) for row in ends] == [
        ("2004-05-06", "unknown", "unknown"),
        ("2006-02-03", "unknown", "unknown"),
    ]
    assert manifest.profile is not None
    without = manifest.profile.report["without_standard_concept"]
    assert without["observation.observation_concept_id"] == {"follow_up_end": 2, "follow_up_resumption": 1}


@pytest.mark.parametrize(
    ("as_of", "days"),
    [(None, ["1999-07-02", "2001-02-14"]), ("2001-02-09", ["1999-07-02", "2001-02-05"]), ("1999-03-01", [])],
)
def test_onset_and_diagnosis_lie_in_the_middle_of_the_days_that_they_can_mean(
    registry: Registry, tmp_path: Path, *, as_of: str | None, days: list[str]
) -> None:
    told_days = {"symptom_onset": "1999", "diagnosed_on": "2001-02"}
    registry.record("patients", {"patient": "P-2", "enrolled_on": "2001-02-05", "birth_year": 1960, **told_days})

    data_set(registry, tmp_path / "out", as_of=as_of)

    found = told(tmp_path / "out")["observation"]
    assert [str(row["observation_date"]) for row in found] == days
    assert [row["value_as_string"] for row in found] == ["1999", "2001-02"][: len(days)]


def test_an_end_after_as_of_has_not_happened(registry: Registry, tmp_path: Path) -> None:
    registry.enrol_patient("P-2", enrolled_on="2002-01-14", birth_year=1960)
    registry.start_treatment("P-2", agent="adalimumab", started_on="2003-01-01")
    registry.stop_treatment("treatment/P-2/adalimumab/2003-01-01", stopped_on="2008-08-08", stop_reason="remission")
    registry.record_condition("P-2", condition="psoriasis", started_on="2003-01-01", ended_on="2008-08-08")

    data_set(registry, tmp_path / "out", as_of="2005-05-05")

    found = told(tmp_path / "out")
    [course], [condition] = found["drug_exposure"], found["condition_occurrence"]
    assert course["drug_exposure_end_date"] == date(2005, 5, 5)  # seen later, and so observed on that day
    assert not {"verbatim_end_date", "stop_reason"} & set(course)
    assert "condition_end_date" not in condition
    assert condition["condition_concept_id"] == 140168


def test_what_is_recorded_later_changes_nothing_at_an_earlier_known_at(
    sqlite_url: str, tmp_path: Path, clock: Clock
) -> None:
    with Registry.open(sqlite_url, actor="lindner", clock=clock) as registry:
        registry.enrol_patient("P-1", enrolled_on="2002-01-14", birth_year=1960)
        registry.record("visits", {"patient": "P-1", "visited_on": "2003-02-03", "visit": "one", "crp": 5})
        position, before = registry.head.position, data_set(registry, tmp_path / "before")
        registry.amend("visit/P-1/2003-02-03/one", {"crp": 7}, reason="typing error")
        registry.enrol_patient("A-1", enrolled_on="2002-01-14", birth_year=1950)

        then = data_set(registry, tmp_path / "then", known_at=f"@{position}")
        now = data_set(registry, tmp_path / "now")

    for name, table in before.tables.items():
        assert (name, then.tables[name].content_hash) == (name, table.content_hash)
    assert now.tables["measurement"].content_hash != before.tables["measurement"].content_hash


def test_concepts_that_are_used_stand_in_the_vocabulary_and_no_others(modelled: Path) -> None:
    found = rows_in(modelled)

    used = {
        value
        for rows in found.values()
        for row in rows
        for column, value in row.items()
        if column.endswith("concept_id") and value is not None
    }
    assert {row["concept_id"] for row in found["concept"]} == used
    assert [row["concept_name"] for row in found["concept"] if row["concept_id"] == 0] == ["No matching concept"]


def test_it_is_made_again_by_its_manifest(sensitive: Registry, modelled: Path) -> None:
    assert reproduce(sensitive, modelled).identical
    assert reproduce(None, modelled).identical


def test_nothing_of_an_empty_registry_is_taken_by_the_model_too(url: str, postgres_server: str, tmp_path: Path) -> None:
    with Registry.open(url, actor="lindner") as registry:
        data_set(registry, tmp_path / "out")

    with vacant_model(postgres_server) as model:
        load(model, tmp_path / "out")
    assert pq.read_table(tmp_path / "out/cdm_source").num_rows == 1


def test_what_omop_has_not_is_refused(sensitive: Registry, tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="profile omop: findings is not in it: no table of OMOP comes of it"):
        data_set(sensitive, tmp_path / "out", tables=["findings"])
    with pytest.raises(ProfileError, match="profile omop: needs the table patients"):
        data_set(sensitive, tmp_path / "out", tables=["visits"])
    with pytest.raises(ProfileError, match="profile omop: takes no --key-file"):
        profile("omop", Choices(), key_file=tmp_path / "key")
    with pytest.raises(ProfileError, match="profile omop: takes no --available-at"):
        profile("omop", Choices(available_at="reading"))
