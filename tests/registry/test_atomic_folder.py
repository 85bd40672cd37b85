"""Folders in which something is made: what a killed process left goes, what another still works in stays."""

from __future__ import annotations

from pathlib import Path

from registry.atomic_folder import atomic_folder


def test_a_folder_is_for_its_owner_alone_and_gone_when_the_block_ends(tmp_path: Path) -> None:
    with atomic_folder(tmp_path / "copy.db") as folder:
        assert folder.parent == tmp_path
        assert folder.stat().st_mode & 0o777 == 0o700

    assert list(tmp_path.iterdir()) == []


def test_what_the_killed_left_is_removed_whatever_they_made(tmp_path: Path) -> None:
    for left in (".spondyl.0123abcd", ".export.0123abcd"):  # an earlier spondyl's had the name of what it made
        (tmp_path / left).mkdir()
        (tmp_path / left / "copy.db").write_text("a patient")

    with atomic_folder(tmp_path / "export"):
        assert len(list(tmp_path.iterdir())) == 1


def test_what_others_work_in_and_what_is_no_such_folder_stays(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / ".spondyl.89abcdef").symlink_to(tmp_path / "elsewhere")
    (tmp_path / ".spondyl.notes").mkdir()

    with atomic_folder(tmp_path / "one") as one, atomic_folder(tmp_path / "other"):
        assert one.is_dir()

    assert sorted(path.name for path in tmp_path.iterdir()) == [".spondyl.89abcdef", ".spondyl.notes", "elsewhere"]
