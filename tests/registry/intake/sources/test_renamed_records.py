"""A record with another name at the source than it had makes no second patient: it is refused, or said to be one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from registry import Registry
from registry.errors import BatchRefusedError
from registry.intake.report import ImportOptions
from registry.intake.sources.mapped_import import import_mapped
from registry.toml_keys import DefinitionError
from tests.registry.intake.sources.opened import imported, problems

MAPPING = """
[source]
kind = "csv"
files = ["cohort.csv"]
[patient]
field = "pat"
{patient}
[[table]]
to = "patients"
when = {{ field = "nr", is = "1" }}
enrolled_on = {{ {enrolled_on} }}
sex = {{ field = "sex" }}
birth_year = {{ field = "born" }}
[[table]]
to = "visits"
key = ["pat", "nr"]
visited_on = {{ field = "day" }}
crp = {{ field = "crp" }}
"""
HEADER = "pat,nr,sex,born,enrolled,day,crp"
FIRST = ["12,1,female,1980,2020-01-02,2020-01-02,5", "12,2,,,,2020-04-02,7"]
SECOND = ["13,1,male,1975,2020-01-03,2020-01-03,2", "13,2,,,,2020-04-05,3"]
THIRD = ["14,1,male,1969,2020-02-03,2020-02-03,2"]


def mapping(patient: str = "", enrolled_on: str = 'field = "enrolled"') -> str:
    return MAPPING.format(patient=patient, enrolled_on=enrolled_on)


def delivered(folder: Path, *records: Sequence[str]) -> Path:
    rows = [HEADER, *(row for record in records for row in record)]
    (folder / "cohort.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


def called(record: Sequence[str], name: str) -> list[str]:
    """A record under another name."""
    return [f"{name},{row.partition(',')[2]}" for row in record]


@pytest.fixture
def folder(registry: Registry, tmp_path: Path) -> Path:
    """Where three records were delivered and imported."""
    assert imported(registry, delivered(tmp_path, FIRST, SECOND, THIRD), mapping()).events == 8
    return tmp_path


def test_a_record_with_another_name_is_refused_at_its_place_with_both_names_and_the_mend(
    registry: Registry, folder: Path
) -> None:
    delivered(folder, called(FIRST, "112"), SECOND, THIRD)

    (problem,) = problems(registry, folder, mapping())

    assert problem == (
        "cohort.csv (patients):2:pat: 112 says what 12 said before, who is not in this delivery: another name would "
        'make a second patient of one; where they are the same, write renamed = { "112" = "12" }; where '
        'not, new = ["112"], under [patient]'
    )


def test_all_that_have_another_name_are_told_in_one_message(registry: Registry, folder: Path) -> None:
    delivered(folder, called(FIRST, "112"), THIRD, called(SECOND, "113"))

    (problem,) = problems(registry, folder, mapping())

    assert "112 says what 12 said before, 113 (cohort.csv (patients):5) what 13 said, who are not" in problem
    assert 'renamed = { "112" = "12", "113" = "13" }; where not, new = ["112", "113"]' in problem


def test_it_is_refused_though_a_visit_was_added_and_one_day_of_four_is_another_one(
    registry: Registry, folder: Path
) -> None:
    long = [*FIRST, "12,3,,,,2020-07-01,1", "12,4,,,,2020-10-01,1"]
    imported(registry, delivered(folder, long), mapping())

    delivered(folder, [*called(long, "112"), "112,5,,,,2021-01-01,1"])
    assert len(problems(registry, folder, mapping())) == 1

    delivered(folder, [*called(long, "112")[:3], "112,4,,,,2020-10-02,1"])
    assert len(problems(registry, folder, mapping())) == 1

    delivered(folder, [*called(long, "112")[:2], "112,3,,,,2020-07-02,1", "112,4,,,,2020-10-02,1"])
    assert imported(registry, folder, mapping()).tables["patients"].recorded == 1


def test_what_renamed_says_is_the_same_patient_with_the_same_facts(registry: Registry, folder: Path) -> None:
    delivered(folder, [called(FIRST, "112")[0], "112,2,,,,2020-04-03,7"], SECOND, THIRD)

    report = imported(registry, folder, mapping('renamed = { 112 = "12" }'))

    assert [(each.what, each.reference) for each in report.changes] == [("amended", "visit/12/id=12%2F2")]
    assert registry.patient_batch.unseen(["112"]) == {"112"}


def test_an_old_name_beside_the_new_one_is_refused(registry: Registry, folder: Path) -> None:
    delivered(folder, THIRD, called(THIRD, "114"))

    assert problems(registry, folder, mapping('renamed = { 114 = "14" }')) == [
        "cohort.csv:2:pat: '14' is there under its old name, and renamed says that it has another one now (1 row)"
    ]


def test_who_is_said_to_be_new_is_a_patient_of_their_own_and_needs_no_saying_once_recorded(
    registry: Registry, folder: Path
) -> None:
    delivered(folder, called(FIRST, "112"), SECOND, THIRD)

    assert imported(registry, folder, mapping('new = ["112"]')).events == 3
    assert imported(registry, folder, mapping()).events == 0


@pytest.mark.parametrize(
    "other",
    [
        "112,1,male,1980,2020-01-02,2020-01-02,5",
        "112,1,female,1981,2020-01-02,2020-01-02,5",
        "112,1,female,1980,2020-01-03,2020-01-02,5",
        "112,1,female,1980,2020-01-02,2020-01-07,5",
    ],
    ids=["sex", "year of birth", "enrolment", "visits"],
)
def test_a_new_patient_of_whom_anything_else_is_said_is_recorded(registry: Registry, folder: Path, other: str) -> None:
    delivered(folder, [other], SECOND, THIRD)

    assert imported(registry, folder, mapping()).tables["patients"].recorded == 1


def test_sex_and_what_the_mapping_says_of_all_alike_tell_nobody_from_others(registry: Registry, tmp_path: Path) -> None:
    said = mapping('[ignore]\nenrolled = "known by heart"', 'constant = "2020-01-02"')
    imported(registry, delivered(tmp_path, ["12,1,female,,,2020-01-02,5"]), said)
    delivered(tmp_path, ["112,1,female,,,2020-01-02,5"])

    assert imported(registry, tmp_path, said).tables["patients"].recorded == 1


def test_the_days_of_two_visits_tell_a_patient_from_others(registry: Registry, tmp_path: Path) -> None:
    said = mapping('[ignore]\nenrolled = "known by heart"', 'constant = "2020-01-02"')
    imported(registry, delivered(tmp_path, ["12,1,female,,,2020-01-02,5", "12,2,,,,2020-02-02,5"]), said)
    delivered(tmp_path, ["112,1,female,,,2020-01-02,5", "112,2,,,,2020-02-02,4"])

    assert len(problems(registry, tmp_path, said)) == 1


def test_a_delivery_of_some_of_the_records_passes(registry: Registry, folder: Path) -> None:
    assert imported(registry, delivered(folder, SECOND), mapping()).events == 0


def test_a_first_import_passes_however_much_two_records_say_the_same(registry: Registry, tmp_path: Path) -> None:
    assert imported(registry, delivered(tmp_path, FIRST, called(FIRST, "112")), mapping()).events == 6


def test_a_new_patient_beside_one_who_says_the_same_and_is_there_is_recorded(registry: Registry, folder: Path) -> None:
    delivered(folder, FIRST, called(FIRST, "112"), SECOND, THIRD)

    assert imported(registry, folder, mapping()).events == 3


def test_what_another_source_said_is_not_gone_from_this_one(registry: Registry, folder: Path) -> None:
    delivered(folder, called(FIRST, "112"))

    report = import_mapped(registry, folder / "mapping.toml", options=ImportOptions(source="another hospital"))

    assert report.events == 3


def test_a_dry_run_refuses_too(registry: Registry, folder: Path) -> None:
    delivered(folder, called(FIRST, "112"), SECOND, THIRD)

    with pytest.raises(BatchRefusedError, match="nothing was stored: 1 problem"):
        import_mapped(registry, folder / "mapping.toml", options=ImportOptions(dry_run=True))


def test_behind_pseudonyms_the_old_one_is_written_beside_the_new_name_and_no_name_is_told(
    registry: Registry, tmp_path: Path
) -> None:
    said, codes = mapping('mapped = "codes.csv"'), tmp_path / "codes.csv"
    codes.write_text("12,P-1\n13,P-2\n", encoding="utf-8")
    imported(registry, delivered(tmp_path, FIRST, SECOND), said)
    delivered(tmp_path, called(FIRST, "Maier"), SECOND)

    codes.write_text("Maier,P-3\n13,P-2\n", encoding="utf-8")
    (problem,) = problems(registry, tmp_path, said)
    codes.write_text("Maier,P-1\n13,P-2\n", encoding="utf-8")

    assert "P-3 says what P-1 said before" in problem
    assert 'write the old pseudonym of each in "codes.csv"; where not, new = ["P-3"], under [patient]' in problem
    assert "Maier" not in problem
    assert imported(registry, tmp_path, said).events == 0


@pytest.mark.parametrize(
    ("patient", "why"),
    [
        ('renamed = { 112 = "12", 113 = "12" }', "gives '12' to several; of one patient the source has one name now"),
        (
            'mapped = "codes.csv"\nrenamed = { 112 = "12" }',
            "says nothing beside mapped; give the new name the old pseudonym in codes.csv",
        ),
    ],
    ids=["two of one", "beside pseudonyms"],
)
def test_what_renamed_cannot_say_is_refused(registry: Registry, folder: Path, patient: str, why: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        imported(registry, folder, mapping(patient))

    assert refused.value.problems == (f"patient.renamed: {why}",)


def test_a_patient_who_was_withdrawn_here_is_not_taken_for_a_new_one(registry: Registry, folder: Path) -> None:
    registry.retract("visit/14/id=14%2F1", reason="no consent")
    registry.retract("patient/14", reason="no consent")
    delivered(folder, FIRST, SECOND, called(THIRD, "114"))

    assert imported(registry, folder, mapping()).tables["patients"].recorded == 1


def test_what_the_source_corrected_since_is_what_it_said(registry: Registry, folder: Path) -> None:
    corrected = [FIRST[0].replace("1980", "1981"), FIRST[1]]
    imported(registry, delivered(folder, corrected, SECOND, THIRD), mapping())

    delivered(folder, called(FIRST, "112"), SECOND, THIRD)
    assert imported(registry, folder, mapping()).tables["patients"].recorded == 1

    delivered(folder, called(corrected, "113"), SECOND, THIRD)
    assert len(problems(registry, folder, mapping())) == 1
