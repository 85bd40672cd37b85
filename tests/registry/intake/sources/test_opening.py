"""Which files a mapping names: those that it says, beside it, and nothing that is no file."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry.errors import RefusalError, UnreadableError
from registry.intake.sources.checking import check_mapping
from registry.intake.sources.mapping import SourceRule
from registry.intake.sources.opening import files_of
from registry.intake.sources.shown_tables import show_tables


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


@pytest.mark.parametrize("look", ["check", "show"])
def test_who_only_looks_is_told_the_file_and_the_line_that_cannot_be_read(tmp_path: Path, look: str) -> None:
    (tmp_path / "cohort.csv").write_bytes(b"pat,crp\nP1,5\nM\xfcller,7\n")
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(
        'format = 1\n[source]\nkind = "csv"\nfiles = ["cohort.csv"]\n[patient]\nfield = "pat"\n'
        '[[table]]\nto = "visits"\ncrp = { field = "crp" }\n',
        encoding="utf-8",
    )

    with pytest.raises(RefusalError, match=r"^cohort\.csv:3: byte 0xfc at place 2 of the line is not UTF-8"):
        _ = check_mapping(mapping) if look == "check" else show_tables(mapping, tmp_path / "tables")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="is no file, but a folder, a pipe or a device"):
        named(tmp_path, ".")
