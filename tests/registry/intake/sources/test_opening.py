"""Which files a mapping names: those that it says, beside it, and nothing that is no file."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry.errors import UnreadableError
from registry.intake.sources.mapping import SourceRule
from registry.intake.sources.opening import files_of


def named(folder: Path, pattern: str) -> list[str]:
    return [file.name for file in files_of(SourceRule(kind="csv", files=(pattern,)), folder)]


def test_a_pattern_means_the_files_beside_the_mapping_and_no_folders(tmp_path: Path) -> None:
    (tmp_path / "visits_1.csv").write_text("a\n")
    (tmp_path / "visits_2.csv").mkdir()

    assert named(tmp_path, "visits_*.csv") == ["visits_1.csv"]


@pytest.mark.parametrize("pattern", ["/etc/*", "../*/visits.csv", "a/../../*"])
def test_a_pattern_that_leads_out_of_the_folder_is_refused(tmp_path: Path, pattern: str) -> None:
    with pytest.raises(UnreadableError, match="a pattern means files beside the mapping"):
        named(tmp_path, pattern)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="is no file, but a folder, a pipe or a device"):
        named(tmp_path, ".")
