"""Files for their owner alone, whatever the umask, and who else may use them where somebody says so."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from registry.errors import UnknownCodeError
from registry.private_files import Access, create_file, group_of, make_folder, new_text, readable_by_others


@pytest.fixture(autouse=True)
def _open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_and_all_folders_above_it_that_are_missing_are_for_their_owner(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir(mode=0o755)

    make_folder(tmp_path / "there" / "one" / "two")
    with new_text(tmp_path / "there" / "one" / "two" / "file") as file:
        file.write("a patient\n")

    names = ("there", "there/one", "there/one/two", "there/one/two/file")
    assert [mode(tmp_path / name) for name in names] == [0o755, 0o700, 0o700, 0o600]


@pytest.mark.parametrize("leads_to", ["something", "nothing"])
def test_what_stands_there_is_never_written_into_not_even_through_a_link(tmp_path: Path, leads_to: str) -> None:
    (tmp_path / "something").write_text("keep me")
    (tmp_path / "link").symlink_to(tmp_path / leads_to)

    for make in (create_file, new_text):
        with pytest.raises(FileExistsError):
            make(tmp_path / "link")

    assert (tmp_path / "something").read_text() == "keep me"
    assert not (tmp_path / "nothing").exists()


@pytest.mark.parametrize(
    ("of_file", "folder", "file"),
    [(0o600, 0o700, 0o600), (0o640, 0o750, 0o640), (0o660, 0o770, 0o660), (0o666, 0o770, 0o660), (0o644, 0o750, 0o640)],
)
def test_owner_and_group_may_use_a_folder_as_they_may_a_file_and_others_never(
    tmp_path: Path, of_file: int, folder: int, file: int
) -> None:
    (tmp_path / "database").touch()
    (tmp_path / "database").chmod(of_file)
    make_folder(tmp_path / "blocks")
    create_file(tmp_path / "blocks" / "block")

    Access.of_file(tmp_path / "database").give_all(tmp_path / "blocks")

    assert (mode(tmp_path / "blocks"), mode(tmp_path / "blocks" / "block")) == (folder, file)


def test_an_unknown_group_is_refused_with_the_name() -> None:
    with pytest.raises(UnknownCodeError, match="group: 'no-such-group' is not a known group"):
        group_of("no-such-group")


def test_all_can_read_a_file_only_where_they_can_come_to_it() -> None:
    with tempfile.TemporaryDirectory() as folder:  # the folders of tests are closed to others
        registry = Path(folder) / "registry.db"
        registry.touch()
        Path(folder).chmod(0o711)
        registry.chmod(0o644)
        assert readable_by_others(registry)
        registry.chmod(0o640)
        assert not readable_by_others(registry)
        registry.chmod(0o644)
        Path(folder).chmod(0o700)
        assert not readable_by_others(registry)
