"""What a de-identified release promises: new names, moved days, bands, and that it is an export as any other."""

from __future__ import annotations

import json
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from projections import TABLES, facts_at, project
from projections.columns.sensitivity import sensitivity_of
from projections.columns.tables import Table, number, refers, text
from projections.errors import ManifestError, ProfileError, ReleaseKeyError, SmallGroupsError
from projections.export import export, reproduce
from projections.export.cohorts import OF_COHORTS
from projections.export.manifest import Choices
from projections.export.profiles.known import profile
from projections.export.profiles.released_columns import released_table
from registry import Registry
from registry.catalogue.measures import HOLDS
from registry.errors import UnknownCodeError
from tests.example_cohorts import EXAMPLES
from tests.oracle.test_keys import broken
from tests.projections.export.profiles.releasing import KEY, OTHER_KEY, key_file, release, rows_in
from tests.projections.export.profiles.slow_release import SlowRelease
from tests.projections.export.profiles.told_registry import CENTRES, PATIENTS
from tests.projections.export.test_export import files

RELEASED = [
    *(
        "patients",
        "follow_ups",
        "visits",
        "measures",
        "treatments",
        "flares",
        "adverse_events",
        "conditions",
        "imaging",
    ),
    *("readings", "findings", "lesion_states", "lesion_courses", "lesion_episodes", "scores", "final_scores"),
    *("reading_criteria", "responses"),
]
TODAY = date(2014, 6, 30)


@pytest.fixture(scope="module")
def slow(sensitive: Registry) -> SlowRelease:
    facts = facts_at(sensitive)
    return SlowRelease(KEY, {name: project(name, facts).to_pylist() for name in RELEASED}, today=TODAY)


@pytest.mark.parametrize("name", [name for name in (*TABLES, *OF_COHORTS) if not name.endswith("_versions")])
def test_every_column_of_every_table_says_what_it_can_betray(name: str) -> None:
    columns = (TABLES | OF_COHORTS)[name].columns

    assert [column.name for column in columns if column.told is None] == []


def test_what_no_column_said_is_taken_for_a_text_and_left_out() -> None:
    untold = Table(
        "t", "thing", ("patient",), (text("patient", "pseudonym"), number("wealth", "in euros")), key=("patient",)
    )
    named = untold.keyed("patient", refers("patient", "patients"), betrays={"identifier": "patient"})

    released = released_table(named, (), band=5)

    assert [column.sensitivity for column in named.columns] == ["identifier", "text"]
    assert [column.name for column in released.columns] == ["patient"]


def test_every_kind_of_measure_says_what_its_values_can_betray(sensitive: Registry) -> None:
    own = facts_at(sensitive).catalogue.measures

    assert {name: sensitivity_of(own[name]) for name in ("occupation", "last_dxa", "smoking", "crp")} == {
        "occupation": "text", "last_dxa": "day", "smoking": "none", "crp": "none"
    }  # fmt: skip
    assert set(HOLDS) == {"number", "count", "yes-no", "codes", "partial-day", "text"}


@pytest.mark.parametrize("name", RELEASED)
def test_a_table_is_what_row_by_row_comes_of_it(released: Path, slow: SlowRelease, name: str) -> None:
    assert rows_in(released)[name] == slow.table(TABLES[name])


def test_the_log_what_turns_on_the_clock_and_what_counts_small_groups_are_not_in_it(
    sensitive: Registry, key: Path, tmp_path: Path
) -> None:
    manifest = release(sensitive, tmp_path / "out", key)

    assert [*manifest.tables] == RELEASED
    assert set(TABLES) - set(RELEASED) == {"events", "assignments", "expected_visits", "completeness", "agreement"}
    with pytest.raises(ProfileError, match="profile deidentified: events is not in it: it is the log, with every text"):
        release(sensitive, tmp_path / "log", key, tables=["events"])
    assert not (tmp_path / "log").exists()


def test_keys_foreign_keys_and_what_is_never_null_hold(released: Path) -> None:
    assert broken(rows_in(released)) == []


def test_it_is_an_export_with_hashes_a_dictionary_and_the_numbers_of_the_columns(
    sensitive: Registry, key: Path, tmp_path: Path
) -> None:
    manifest = release(sensitive, tmp_path / "out", key)

    assert reproduce(None, tmp_path / "out").identical
    described = json.loads((tmp_path / "out" / "dictionary.json").read_bytes())["tables"]["flares"]["columns"]
    schema = pq.read_schema(tmp_path / "out" / "flares" / "part-00000.parquet")
    assert schema.names == [column["name"] for column in described] == [*manifest.tables["flares"].columns]
    assert "note" not in schema.names
    assert [(column["name"], column["id"]) for column in described][6:8] == [("trigger", 7), ("on_treatment", 9)]
    assert described[1]["sensitivity"] == "day"
    assert described[1]["released"].startswith("moved by a keyed number of days")


def test_the_same_key_gives_the_same_bytes_and_another_key_other_names_days_and_order(
    sensitive: Registry, key: Path, tmp_path: Path
) -> None:
    for name in ("out", "again"):
        release(sensitive, tmp_path / name, key)
    release(sensitive, tmp_path / "other", key_file(tmp_path / "other.key", OTHER_KEY))

    one, other = rows_in(tmp_path / "out")["visits"], rows_in(tmp_path / "other")["visits"]
    assert files(tmp_path / "out") == files(tmp_path / "again")
    for column in ("patient", "visit_id", "visited_on"):
        assert {row[column] for row in one} & {row[column] for row in other} == set()


def test_what_lies_between_days_of_a_patient_is_as_it_was(
    sensitive: Registry, slow: SlowRelease, key: Path, tmp_path: Path
) -> None:
    release(sensitive, tmp_path / "out", key)

    visits = rows_in(tmp_path / "out")["visits"]
    for patient in PATIENTS:
        true = [
            row["visited_on"] for row in project("visits", facts_at(sensitive)).to_pylist() if row["patient"] == patient
        ]
        moved = [row["visited_on"] for row in visits if row["patient"] == slow.name("patient", patient)]
        assert [b - a for a, b in pairwise(moved)] == [b - a for a, b in pairwise(true)]
        assert 1 <= (true[0] - moved[0]).days <= 365


@pytest.mark.usefixtures("short_ranges")
def test_ranges_of_patients_make_no_difference_and_no_part_keeps_the_old_order(
    sensitive: Registry, slow: SlowRelease, key: Path, tmp_path: Path
) -> None:
    manifest = release(sensitive, tmp_path / "out", key)

    assert len(manifest.tables["findings"].parts) > 2
    for name in ("patients", "measures", "findings", "lesion_courses"):
        assert rows_in(tmp_path / "out")[name] == slow.table(TABLES[name])
    assert reproduce(sensitive, tmp_path / "out", key_file=key).identical


def test_the_manifest_says_the_profile_and_never_the_key(sensitive: Registry, key: Path, tmp_path: Path) -> None:
    manifest = release(sensitive, tmp_path / "out", key, band=10, without=("centre",))

    told = json.loads((tmp_path / "out" / "manifest.json").read_bytes())["profile"]
    assert (told["name"], told["edition"], told["of"]) == ("deidentified", 1, RELEASED)
    assert told["choices"] == {"band": 10, "without": ["centre"]}
    assert all(KEY[:16] not in content.decode("latin-1") for content in files(tmp_path / "out").values())
    assert manifest.profile is not None
    assert KEY not in repr(profile("deidentified", Choices(), key_file=key).__dict__)


def test_it_is_made_again_with_its_key_and_with_no_other(sensitive: Registry, key: Path, tmp_path: Path) -> None:
    release(sensitive, tmp_path / "out", key, without=("smoking", "follow_up_end_reason"))
    other = key_file(tmp_path / "other.key", OTHER_KEY)

    assert reproduce(sensitive, tmp_path / "out", key_file=key).identical
    with pytest.raises(ProfileError, match="profile deidentified: was made with a key; give it by --key-file"):
        reproduce(sensitive, tmp_path / "out")
    with pytest.raises(ReleaseKeyError, match=r"is another one: fingerprint [0-9a-f]{16}, the manifest's [0-9a-f]{16}"):
        reproduce(sensitive, tmp_path / "out", key_file=other)


def test_an_edited_report_is_found(sensitive: Registry, key: Path, tmp_path: Path) -> None:
    release(sensitive, tmp_path / "out", key)
    file = tmp_path / "out" / "manifest.json"
    file.write_text(file.read_text().replace('"smallest_group": 1', '"smallest_group": 11'))

    (found,) = reproduce(sensitive, tmp_path / "out", key_file=key).differences

    assert str(found) == "profile deidentified: the report would be another one"


def test_after_an_erasure_nobody_can_say_whose_rows_are_missing(registry: Registry, key: Path, tmp_path: Path) -> None:
    registry.enrol_patient("P-2", enrolled_on="2003-01-14")
    release(registry, tmp_path / "out", key)
    registry.erase_patient("P-2", reason="asked for it")

    result = reproduce(registry, tmp_path / "out", key_file=key)

    assert result.erased == 1
    assert any("whether only for that cannot be told" in str(each) for each in result.differences)
    manifest = release(registry, tmp_path / "anew", key)
    assert manifest.tables["patients"].rows == 1


def test_who_is_ninety_or_older_is_born_in_one_band(registry: Registry, key: Path, tmp_path: Path) -> None:
    for place, year in enumerate((1901, 1919, 1924, 1925)):
        registry.enrol_patient(f"P-{place + 2}", enrolled_on="2003-01-14", birth_year=year)

    release(registry, tmp_path / "out", key)

    born = [row["birth_year"] for row in rows_in(tmp_path / "out")["patients"]]
    assert sorted(filter(None, born)) == [1920, 1920, 1920, 1925]


def test_centres_have_new_names_in_the_dictionary_and_no_titles(
    sensitive: Registry, slow: SlowRelease, key: Path, tmp_path: Path
) -> None:
    release(sensitive, tmp_path / "out", key)

    described = json.loads((tmp_path / "out" / "dictionary.json").read_bytes())
    new = sorted(slow.name("place", centre) for centre in CENTRES)
    assert described["catalogue"]["centres"] == [{"code": code, "title": None, "until": None} for code in new]
    (column,) = (each for each in described["tables"]["patients"]["columns"] if each["name"] == "centre")
    assert column["codes"] == new


def test_columns_and_measures_can_be_left_out(sensitive: Registry, key: Path, tmp_path: Path) -> None:
    manifest = release(sensitive, tmp_path / "out", key, without=("symptom_onset", "follow_up_end_reason", "smoking"))

    assert {"symptom_onset", "symptom_onset_precision", "follow_up_end_reason"} & {
        *manifest.tables["patients"].columns
    } == set()
    assert "end_reason" not in manifest.tables["follow_ups"].columns
    assert "smoking" not in {row["measure"] for row in rows_in(tmp_path / "out")["measures"]}
    with pytest.raises(UnknownCodeError, match="without: 'visit_id' is not a known"):
        release(sensitive, tmp_path / "odd", key, without=("visit_id",))


def test_a_group_below_the_minimum_is_a_refusal_and_nothing_is_written(
    sensitive: Registry, key: Path, tmp_path: Path
) -> None:
    with pytest.raises(SmallGroupsError, match="the smallest group of patients has 1, the minimum is 2; it would have"):
        release(sensitive, tmp_path / "out", key, minimum=2)

    assert not (tmp_path / "out").exists()
    everything = ("centre", "sex", "birth_year", "symptom_onset", "criteria", "hla_b27", "follow_up_end_reason")
    manifest = release(sensitive, tmp_path / "out", key, minimum=7, without=everything)
    assert manifest.profile is not None
    assert manifest.profile.report["smallest_group"] == 7


def test_figures_of_cohorts_and_workers_of_a_scheduler_are_refused(
    sensitive: Registry, key: Path, tmp_path: Path
) -> None:
    made = profile("deidentified", Choices(), key_file=key)
    cohort = EXAMPLES / "baraliakos2013.toml"

    with pytest.raises(ProfileError, match="is made on one machine; leave out the scheduler"):
        export(sensitive, tmp_path / "out", profile=made, scheduler="tcp://127.0.0.1:1")
    with pytest.raises(ProfileError, match="cohort_statistics is not in it: figures of small groups, by true days"):
        export(sensitive, tmp_path / "out", profile=made, cohorts=[cohort])


def test_who_withdrew_can_be_left_out_as_of_any_export(registry: Registry, key: Path, tmp_path: Path) -> None:
    registry.enrol_patient("P-2", enrolled_on="2003-01-14", consented_on="2003-01-14")
    registry.end_follow_up("P-2", ended_on="2004-01-14", reason="withdrawn")
    made: Any = profile("deidentified", Choices(), key_file=key)

    manifest = export(registry, tmp_path / "out", profile=made, withdrawn="exclude")

    assert manifest.tables["patients"].rows == 1
    assert reproduce(registry, tmp_path / "out", key_file=key).identical


def test_a_release_is_replaced_as_an_export_is(sensitive: Registry, key: Path, tmp_path: Path) -> None:
    release(sensitive, tmp_path / "out", key)
    made = profile("deidentified", Choices(band=10), key_file=key)

    export(sensitive, tmp_path / "out", overwrite=True, profile=made)
    manifest = export(sensitive, tmp_path / "out", overwrite=True)

    assert manifest.profile is None
    assert reproduce(sensitive, tmp_path / "out").identical


def test_a_release_of_a_later_edition_is_told_and_does_not_differ(
    sensitive: Registry, key: Path, tmp_path: Path
) -> None:
    release(sensitive, tmp_path / "out", key, band=10)
    file = tmp_path / "out" / "manifest.json"
    later = (
        file.read_text()
        .replace('"edition": 1,\n    "of"', '"edition": 2,\n    "of"')
        .replace('"band": 10', '"band": 20')
    )
    file.write_text(later)

    result = reproduce(sensitive, tmp_path / "out", key_file=key)

    assert result.differences == ()
    assert [str(each) for each in result.other_editions] == ["patients: made by edition 2, this computes 1"]


@pytest.mark.parametrize(
    "path", ["../a.json", "/etc/a.json", "visits/part-00000.parquet/x", "a b.json", "metadata/a.txt"]
)
def test_a_manifest_with_files_that_no_profile_writes_is_refused(
    sensitive: Registry, key: Path, tmp_path: Path, path: str
) -> None:
    release(sensitive, tmp_path / "out", key)
    file = tmp_path / "out" / "manifest.json"
    stated = json.loads(file.read_bytes())
    stated["profile"]["files"] = {path: {"bytes": 1, "sha256": "0" * 64}}
    file.write_text(json.dumps(stated))

    with pytest.raises(ManifestError, match="is no manifest: "):
        reproduce(None, tmp_path / "out")
