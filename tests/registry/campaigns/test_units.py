"""The list of studies, and the units that it makes: every refusal by its line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from registry import Registry
from registry.campaigns.units import ListedStudy, listed_in
from registry.toml_keys import DefinitionError
from tests.spec import given
from tests.spec.campaigns import NAME, examined, started
from tests.spec.given import refused


def listed(folder: Path, text: str) -> list[ListedStudy]:
    file = folder / "studies.csv"
    file.write_text(text, "utf-8")
    return listed_in(file)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_list_is_read_with_each_separator_and_with_a_mark_before_it(tmp_path: Path, separator: str) -> None:
    text = f"\ufeffStudy{separator}unit\nMR-1{separator}first\n\nMR-2{separator} first \n"

    assert listed(tmp_path, text) == [
        ListedStudy("MR-1", "first", "studies.csv:2"),
        ListedStudy("MR-2", "first", "studies.csv:4"),
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", r"1: the column study is missing; write it in the first line$"),
        ("study\n", "has no studies$"),
        ("studies\nMR-1", "1: 'studies' is no column here; write study, and unit where the list says it"),
        ("study,patient\nMR-1,P", "1: 'patient' is no column here; write study, and unit where the list says it"),
        ("study,study\nMR-1,MR-2", "1: a column stands twice; remove one"),
        ("study,unit\nMR-1", "2: has 1 cells; the header has 2"),
        ("study,unit\n,first", r"2: study is empty; give the examination's code"),
        ("study,unit\nMR-1,", "2: unit is empty; say with which other studies it is shown, or leave the column out"),
        ("study\nMR-1\nMR-1", r"3: study 'MR-1' stands at studies\.csv:2 too; keep one"),
        ('study\n"MR-1', "is not readable as rows of cells"),
    ],
)
def test_what_is_no_list_is_refused_by_line(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(DefinitionError, match=problem):
        listed(tmp_path, text)


def test_a_list_that_is_no_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "studies.csv").write_bytes(b"study\nM\xfcnchen-1\n")

    with pytest.raises(DefinitionError, match="is not text in UTF-8: invalid start byte; save it as UTF-8"):
        listed_in(tmp_path / "studies.csv")


@pytest.fixture
def registry(sqlite_url: str) -> Iterator[Registry]:
    """A registry with two patients and four studies."""
    with Registry.open(sqlite_url, actor="lindner") as opened:
        examined(opened)
        yield opened


@pytest.mark.parametrize(
    ("studies", "unit", "problem"),
    [
        ("study\nMR-9", "study", r"studies\.csv:2: no imaging study 'MR-9' is recorded; record the study first$"),
        (
            "study\nMR-0001",
            "pair",
            r"studies\.csv:2: unit of 'MR-0001' has one study; a pair has two, say by the",
        ),
        ("study\nMR-0001", "series", r"studies\.csv:2: unit of 'MR-0001' has one study; a series has 2 to 1,000"),
        ("study,unit\nMR-0001,u\nMR-0002,u", "study", r"studies\.csv:2: unit u has 2 studies; a study has one"),
        ("study,unit\nMR-0001,u\nMR-0011,u", "pair", r"studies\.csv:3: unit 'u' has a study of another patient"),
    ],
)
def test_what_is_no_unit_is_refused_by_line(
    registry: Registry, tmp_path: Path, studies: str, unit: str, problem: str
) -> None:
    with refused(registry, DefinitionError, problem):
        started(registry, tmp_path, listed=studies, unit=f'"{unit}"')

    assert not (tmp_path / "campaign.key").exists()


def test_three_studies_of_a_patient_are_no_pair(registry: Registry, tmp_path: Path) -> None:
    given.mri(registry, "MR-0003", "2006-06-05")

    with refused(registry, DefinitionError, r"unit MR-0001\+MR-0002\+MR-0003 has 3 studies; a pair has two"):
        started(registry, tmp_path, listed="study\nMR-0003\nMR-0002\nMR-0001")


def test_two_studies_of_one_day_are_no_pair(registry: Registry, tmp_path: Path) -> None:
    given.mri(registry, "MR-0003", "2002-06-03")

    with refused(registry, DefinitionError, r"studies\.csv:2: unit MR-0001\+MR-0003 has two studies of one day; of"):
        started(registry, tmp_path, listed="study\nMR-0001\nMR-0003")


def test_a_series_is_all_that_the_list_has_of_a_patient(registry: Registry, tmp_path: Path) -> None:
    given.mri(registry, "MR-0003", "2006-06-05")
    codes = "study\nMR-0003\nMR-0001\nMR-0002"

    started(registry, tmp_path, listed=codes, unit='"series"', readers='["R1"]', order='"known"')

    [case] = registry.campaign_cases(NAME, key=tmp_path / "campaign.key")
    assert case.assigned.key.unit == "MR-0001+MR-0002+MR-0003"
    assert case.letters == {"MR-0001": "A", "MR-0002": "B", "MR-0003": "C"}
