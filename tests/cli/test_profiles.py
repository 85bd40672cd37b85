"""`spondyl export --profile`, and `reproduce` of what came of it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.conftest import Spondyl
from tests.example_cohorts import EXAMPLES
from tests.projections.export.profiles.releasing import KEY, key_file

RELEASE = ("--profile", "deidentified", "--key-file", "release.key")


@pytest.fixture
def cohort(spondyl: Spondyl, tmp_path: Path) -> Spondyl:
    """The command, in a folder with a registry and a key."""
    spondyl("init")
    spondyl("import", EXAMPLES / "baraliakos2013")
    key_file(tmp_path / "release.key", KEY)
    return spondyl


def test_a_release_tells_how_small_its_groups_are_and_is_made_again_with_its_key(cohort: Spondyl) -> None:
    wrote = cohort("export", "out", *RELEASE)

    assert (wrote.out, wrote.code) == ("out\n", 0)
    assert "wrote 18 tables with " in wrote.err
    assert (
        "by centre, sex, birth_year, symptom_onset, criteria, hla_b27, follow_up_end_reason; the smallest has 1"
        in wrote.err
    )
    assert "patients in small groups: " in wrote.err
    assert cohort("reproduce", "out", "--key-file", "release.key").out == "identical\n"
    assert cohort("reproduce", "out", "--files-only").out == "identical\n"


def test_small_groups_are_refused_and_choices_make_them_larger(cohort: Spondyl, tmp_path: Path) -> None:
    refused = cohort("export", "out", *RELEASE, "--minimum", "2")
    without = "symptom_onset, birth_year,centre"
    wrote = cohort("export", "out", *RELEASE, "--minimum", "2", "--without", without, "--band", "20")

    assert refused.code == 3
    assert refused.err.startswith(
        "spondyl: profile deidentified: the smallest group of patients has 1, the minimum is 2;"
    )
    assert refused.err.endswith("leave out columns by --without, or widen --band\n")
    assert wrote.code == 0
    stated = json.loads((tmp_path / "out" / "manifest.json").read_bytes())["profile"]
    assert stated["choices"] == {"minimum": 2, "band": 20, "without": ["symptom_onset", "birth_year", "centre"]}


def test_without_its_key_a_release_is_neither_made_nor_made_again(cohort: Spondyl, tmp_path: Path) -> None:
    cohort("export", "out", *RELEASE)
    cohort("export", "plain")

    (tmp_path / "release.key").chmod(0o644)
    assert "has mode 0644, so that others may use it" in cohort("export", "other", *RELEASE).err
    for answer, told in (
        (cohort("export", "other", "--profile", "deidentified"), "needs a key: make one with openssl rand -hex 32"),
        (cohort("reproduce", "out"), "was made with a key; give it by --key-file"),
        (cohort("reproduce", "plain", "--key-file", "release.key"), "was made by no profile, and without a key"),
    ):
        assert answer.code == 3
        assert told in answer.err


def test_a_profile_that_there_is_not_is_refused_with_the_nearest(cohort: Spondyl) -> None:
    answer = cohort("export", "out", "--profile", "deidentifed", "--key-file", "release.key")

    assert (answer.code, answer.err) == (
        3, "spondyl: profile: 'deidentifed' is not a known profile; did you mean 'deidentified'?\n"
    )  # fmt: skip


def test_choices_of_a_profile_have_no_effect_without_one(cohort: Spondyl) -> None:
    answer = cohort("export", "out", "--minimum", "5")

    assert answer.code == 2
    assert "--minimum has no effect without --profile: it says what is made of the export" in answer.err


def test_a_data_set_of_meds_tells_subjects_and_codes_and_is_made_again(cohort: Spondyl, tmp_path: Path) -> None:
    options = ("--profile", "meds", "--key-file", "release.key", "--available-at", "reading")

    wrote = cohort("export", "out", *options)

    assert (wrote.out, wrote.code) == ("out\n", 0)
    assert "wrote 1 table with " in wrote.err
    assert re.search(r"^\d+ subjects, \d+ codes, \d+ with a code of a terminology$", wrote.err, re.MULTILINE)
    assert sorted(path.name for path in (tmp_path / "out" / "metadata").iterdir()) == [
        "codes.parquet", "dataset.json", "subject_splits.parquet",
    ]  # fmt: skip
    assert cohort("reproduce", "out", "--key-file", "release.key").out == "identical\n"
    assert cohort("reproduce", "out", "--files-only").out == "identical\n"
    assert "was made with a key" in cohort("reproduce", "out").err


def test_a_data_set_of_omop_tells_what_has_no_standard_concept_and_is_made_again(cohort: Spondyl) -> None:
    wrote = cohort("export", "out", "--profile", "omop")

    assert (wrote.out, wrote.code) == ("out\n", 0)
    assert "wrote 15 tables with " in wrote.err
    assert re.search(r"^drug_exposure\.drug_concept_id: \d+ standard", wrote.err, re.MULTILINE)
    assert re.search(
        r"^visit_occurrence\.visit_concept_id: 0 standard, \d+ without: visit \d+$", wrote.err, re.MULTILINE
    )
    assert cohort("reproduce", "out").out == "identical\n"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("meds",), "profile meds: needs a key"),
        (("meds", "--key-file", "release.key", "--minimum", "5"), "profile meds: takes no --minimum"),
        (("omop", "--key-file", "release.key"), "profile omop: takes no --key-file"),
        (("omop", "--band", "10"), "profile omop: takes no --band"),
        (("deidentified", "--key-file", "release.key", "--available-at", "reading"), "takes no --available-at"),
        (("omop", "--tables", "findings"), "profile omop: findings is not in it: no table of OMOP comes of it"),
    ],
)
def test_a_profile_takes_only_its_own_choices(cohort: Spondyl, options: tuple[str, ...], told: str) -> None:
    answer = cohort("export", "out", "--profile", *options)

    assert answer.code == 3
    assert told in answer.err
