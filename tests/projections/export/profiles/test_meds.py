"""A data set of MEDS is what row by row comes of the tables, is taken by the `meds` package, tells no later word."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import meds
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from projections import facts_at, project
from projections.errors import ProfileError
from projections.export import Manifest, export
from projections.export.manifest import Choices
from projections.export.profiles.known import profile
from projections.export.profiles.meds.rows import TABLES_OF_MEDS
from projections.export.reproducing import reproduce
from registry import Registry
from tests.projections.export.profiles.releasing import KEY, OTHER_KEY, key_file
from tests.projections.export.profiles.slow_meds import SlowMeds, split, subject
from tests.projections.shown import Clock

Rows = list[dict[str, Any]]


def data_set(registry: Registry, out: Path, key: Path, *, available_at: Any = "study", **point: Any) -> Manifest:
    """A data set of MEDS in a folder."""
    made = profile("meds", Choices(available_at=available_at), key_file=key)
    return export(registry, out, profile=made, **point)


def shards(out: Path) -> list[pa.Table]:
    """The shards of a data set, in order."""
    return [pq.read_table(path) for path in sorted((out / "data").iterdir())]


def rows_in(out: Path) -> Rows:
    """The rows of a data set, shard after shard."""
    return [row for shard in shards(out) for row in shard.to_pylist()]


def slow(registry: Registry, *, available_at: str = "study", as_of: str | None = None, known_at: Any = None) -> Rows:
    """The rows as the oracle makes them."""
    facts = facts_at(registry, as_of=as_of, known_at=known_at)
    tables = {name: project(name, facts).to_pylist() for name in (*TABLES_OF_MEDS, "readings", "events")}
    return SlowMeds(KEY, tables, as_of=facts.at.as_of).rows(available_at=available_at)


def said(rows: Rows, code: str) -> list[tuple[Any, ...]]:
    """The time, the exact value and the text of the rows of a code."""
    return [(str(row["time"]), row["value"], row["text_value"]) for row in rows if row["code"] == code]


@pytest.fixture
def measured(registry: Registry, clock: Clock) -> Registry:
    """A registry with two values at a visit, a study and two readings of it; one was read in 2010."""
    clock.set("2015-02-03T04:05:06")
    registry.record(
        "visits",
        {"patient": "P-1", "visited_on": "2004-02-03", "visit": "baseline", "crp [mg/dl]": "<2.47"},
    )
    study = {"patient": "P-1", "performed_on": "2004-02-04", "modality": "MRI", "regions": "spine"}
    registry.record("imaging", {"study": "MR-1", **study})
    grades = dict.fromkeys(_locations(), 1)
    registry.record_reading("MR-1", reader="anna", method="berlin", grades=grades, read_on="2010-09-09")
    registry.record_reading("MR-1", reader="bert", method="berlin", grades=grades)
    return registry


def _locations() -> list[str]:
    from registry.catalogue.catalogue import BUILT_IN

    return [location.name for location in BUILT_IN.methods["berlin"].locations]


def test_the_meds_package_takes_every_file(published: Registry, key: Path, tmp_path: Path, short_ranges: None) -> None:
    out = tmp_path / "out"
    data_set(published, out, key)

    for shard in shards(out):
        meds.DataSchema.validate(shard)
    meds.CodeMetadataSchema.validate(pq.read_table(out / meds.code_metadata_filepath))
    meds.SubjectSplitSchema.validate(pq.read_table(out / meds.subject_splits_filepath))
    meds.DatasetMetadataSchema.validate(json.loads((out / meds.dataset_metadata_filepath).read_bytes()))
    assert len(shards(out)) > 2
    assert meds.data_subdirectory == "data"
    assert {meds.birth_code, meds.death_code} == {"MEDS_BIRTH", "MEDS_DEATH"}


@pytest.mark.parametrize("available_at", ["study", "reading"])
@pytest.mark.parametrize("source", ["sensitive", "published"])
def test_the_rows_are_what_row_by_row_comes_of_the_tables(
    source: str, available_at: str, key: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    registry = request.getfixturevalue(source)
    data_set(registry, tmp_path / "out", key, available_at=available_at)

    found = rows_in(tmp_path / "out")

    assert len(found) > 100
    assert found == slow(registry, available_at=available_at)


def test_parts_change_neither_rows_nor_order_and_no_subject_stands_in_two(
    published: Registry, key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = data_set(published, tmp_path / "whole", key)
    monkeypatch.setattr("projections.export.pieces.EVENTS_OF_A_RANGE", 40)

    cut = data_set(published, tmp_path / "cut", key)

    assert len(shards(tmp_path / "cut")) > len(shards(tmp_path / "whole")) == 1
    assert cut.tables["data"].content_hash == whole.tables["data"].content_hash
    subjects = [set(shard["subject_id"].to_pylist()) for shard in shards(tmp_path / "cut")]
    assert sum(map(len, subjects)) == len(set.union(*subjects))


def test_the_exact_value_stands_beside_the_nearest_32_bit_number(measured: Registry, key: Path, tmp_path: Path) -> None:
    data_set(measured, tmp_path / "out", key)

    [row] = [row for row in rows_in(tmp_path / "out") if row["code"] == "MEASURE//crp"]

    assert (row["value"], row["unit"], row["comparator"]) == ("24.70", "mg/l", "<")
    assert row["numeric_value"] == float(np.float32("24.7")) != 24.7


def test_a_score_is_there_on_the_day_of_its_study_or_when_it_was_read(
    measured: Registry, key: Path, tmp_path: Path
) -> None:
    data_set(measured, tmp_path / "study", key)
    data_set(measured, tmp_path / "reading", key, available_at="reading")

    by_study, by_reading = (said(rows_in(tmp_path / folder), "SCORE//berlin//total") for folder in ("study", "reading"))
    assert by_study == 2 * [("2004-02-04 00:00:00", by_study[0][1], None)]
    assert [row[0] for row in by_reading] == ["2010-09-09 00:00:00", "2015-02-03 04:05:06"]
    assert [row[1:] for row in by_reading] == [row[1:] for row in by_study]


@pytest.mark.parametrize(("as_of", "n"), [("2010-09-08", 0), ("2010-09-09", 1), ("2015-02-02", 1), ("2015-02-03", 2)])
def test_what_was_read_after_as_of_is_not_there(
    measured: Registry, key: Path, tmp_path: Path, *, as_of: str, n: int
) -> None:
    data_set(measured, tmp_path / "out", key, available_at="reading", as_of=as_of)

    assert len(said(rows_in(tmp_path / "out"), "SCORE//berlin//total")) == n
    assert rows_in(tmp_path / "out") == slow(measured, available_at="reading", as_of=as_of)


def test_what_is_recorded_later_changes_nothing_at_an_earlier_known_at(
    measured: Registry, clock: Clock, key: Path, tmp_path: Path
) -> None:
    position = measured.head.position
    before = data_set(measured, tmp_path / "before", key, available_at="reading")
    clock.set("2016-01-01T00:00")
    measured.amend("visit/P-1/2004-02-03/baseline", {"crp": 5}, reason="typing error")
    measured.record("visits", {"patient": "P-1", "visited_on": "2003-01-01", "visit": "early", "crp": 9})
    measured.enrol_patient("P-2", enrolled_on="2002-01-01", sex="male")
    measured.start_treatment("P-1", agent="adalimumab", started_on="2003-05")
    measured.retract("reading/MR-1/anna/berlin", reason="of another study")

    then = data_set(measured, tmp_path / "then", key, available_at="reading", known_at=f"@{position}")
    now = data_set(measured, tmp_path / "now", key, available_at="reading")

    assert then.tables["data"].content_hash == before.tables["data"].content_hash
    assert then.profile == before.profile
    assert all(row["position"] <= position for row in rows_in(tmp_path / "then"))
    assert now.tables["data"].content_hash != before.tables["data"].content_hash
    assert said(rows_in(tmp_path / "now"), "MEASURE//crp") == [
        ("2003-01-01 00:00:00", "9", None),
        ("2004-02-03 00:00:00", "5", None),
    ]


def test_what_holds_at_all_times_has_no_time_and_stands_first(sensitive: Registry, key: Path, tmp_path: Path) -> None:
    data_set(sensitive, tmp_path / "out", key)

    rows = [row for row in rows_in(tmp_path / "out") if row["subject_id"] == subject(KEY, "ULM-001")]

    assert [row["code"] for row in rows if row["time"] is None] == [row["code"] for row in rows[:4]]
    assert [row["code"] for row in rows[:5]] == [
        "CENTRE//ULM-CITY", "CRITERIA//mNY", "HLA_B27//positive", "SEX//female", "MEDS_BIRTH",
    ]  # fmt: skip
    assert (str(rows[4]["time"]), rows[4]["precision"]) == ("1971-01-01 00:00:00", "year")


def test_the_death_of_a_patient_is_that_of_meds(sensitive: Registry, key: Path, tmp_path: Path) -> None:
    data_set(sensitive, tmp_path / "out", key)

    found = rows_in(tmp_path / "out")

    assert said(found, "MEDS_DEATH") == said(found, "FOLLOW_UP_END//died") == [("2013-12-31 00:00:00", None, None)]
    [died] = [row["subject_id"] for row in found if row["code"] == "MEDS_DEATH"]
    assert died == subject(KEY, "ULM-007")


def test_subjects_follow_from_the_key_and_keep_their_split(sensitive: Registry, tmp_path: Path) -> None:
    patients = [f"ULM-{number:03}" for number in range(1, 8)]
    for name, key in (("one", KEY), ("other", OTHER_KEY)):
        data_set(sensitive, tmp_path / name, key_file(tmp_path / f"{name}.key", key))
        rows = pq.read_table(tmp_path / name / "metadata/subject_splits.parquet").to_pylist()

        assert {row["subject_id"] for row in rows} == {row["subject_id"] for row in rows_in(tmp_path / name)}
        assert {row["subject_id"]: row["split"] for row in rows} == {
            subject(key, patient): split(key, patient) for patient in patients
        }


def test_two_patients_with_one_number_are_refused(
    sensitive: Registry, key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projections.export.profiles.meds.subjects.BITS", 2)  # four numbers, seven patients

    with pytest.raises(ProfileError, match=r"profile meds: subject_id \d would be that of two patients"):
        data_set(sensitive, tmp_path / "out", key)
    assert not (tmp_path / "out").exists()


def test_every_code_is_told_with_the_codes_of_terminologies(sensitive: Registry, key: Path, tmp_path: Path) -> None:
    manifest = data_set(sensitive, tmp_path / "out", key)

    told = {row["code"]: row for row in pq.read_table(tmp_path / "out/metadata/codes.parquet").to_pylist()}

    assert set(told) == {row["code"] for row in rows_in(tmp_path / "out")}
    assert all(row["description"] for row in told.values())
    assert told["DRUG_START//adalimumab"]["parent_codes"] == ["ATC/L04AB04", "RxNorm/327361"]
    assert told["MEASURE//crp"]["parent_codes"] == ["LOINC/1988-5"]
    assert told["CONDITION//uveitis"]["parent_codes"] == ["ICD10/H20", "ICD10/H22.1"]
    assert told["MEASURE//smoking//never"]["description"] == "smoking, taken: never"
    assert manifest.profile is not None
    assert manifest.profile.report == {
        "subjects": 7,
        "codes": len(told),
        "codes_with_parents": sum(bool(row["parent_codes"]) for row in told.values()),
    }


def test_it_is_made_again_with_its_key_and_an_edited_file_is_told(
    sensitive: Registry, key: Path, tmp_path: Path
) -> None:
    data_set(sensitive, tmp_path / "out", key, available_at="reading")

    assert reproduce(sensitive, tmp_path / "out", key_file=key).identical
    assert reproduce(None, tmp_path / "out").identical
    codes = tmp_path / "out/metadata/codes.parquet"
    codes.write_bytes(codes.read_bytes()[:-1] + b"?")
    assert [each.table for each in reproduce(None, tmp_path / "out").differences] == [None]


def test_nothing_of_an_empty_registry_is_taken_by_meds_too(url: str, key: Path, tmp_path: Path) -> None:
    with Registry.open(url, actor="lindner") as registry:
        data_set(registry, tmp_path / "out", key)

    [shard] = shards(tmp_path / "out")
    meds.DataSchema.validate(shard)
    assert shard.num_rows == 0


def test_only_some_tables_give_only_their_events(sensitive: Registry, key: Path, tmp_path: Path) -> None:
    data_set(sensitive, tmp_path / "out", key, tables=["conditions"])

    assert [row["code"] for row in rows_in(tmp_path / "out")] == ["CONDITION//uveitis"]


def test_what_meds_has_not_is_refused(sensitive: Registry, key: Path, tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="profile meds: findings is not in it: no event of MEDS comes of it"):
        data_set(sensitive, tmp_path / "out", key, tables=["findings"])
    with pytest.raises(ProfileError, match="profile meds: takes no --minimum"):
        profile("meds", Choices(minimum=5), key_file=key)
    with pytest.raises(ProfileError, match="profile deidentified: takes no --available-at"):
        profile("deidentified", Choices(available_at="reading"), key_file=key)
    with pytest.raises(ProfileError, match="profile meds: needs a key"):
        profile("meds", Choices())
