"""The key of a release: a file of the owner's alone, and what it gives."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from projections.errors import ReleaseKeyError
from projections.export.profiles.release_key import ReleaseKey, read_key
from tests.projections.export.profiles.releasing import KEY, key_file


def test_a_key_is_64_hexadecimal_digits_on_one_line(tmp_path: Path) -> None:
    assert read_key(key_file(tmp_path / "k", KEY)) == ReleaseKey(bytes.fromhex(KEY))
    assert read_key(key_file(tmp_path / "l", KEY.upper())) == ReleaseKey(bytes.fromhex(KEY))


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o610, 0o601, 0o660])
def test_a_file_that_others_may_use_is_refused(tmp_path: Path, mode: int) -> None:
    file = key_file(tmp_path / "k", KEY)
    file.chmod(mode)

    with pytest.raises(ReleaseKeyError, match=f"has mode {mode:04o}, so that others may use it; chmod 600"):
        read_key(file)


@pytest.mark.parametrize("content", ["", KEY[:-1], KEY + "0", "g" * 64, f"{KEY}\n{KEY}", '{"key": 1}'])
def test_what_is_no_key_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(ReleaseKeyError, match="is no key: it has 64 hexadecimal digits on one line"):
        read_key(key_file(tmp_path / "k", content))


@pytest.mark.parametrize("content", ["00" * 32, "0123456789abcdef" * 4])
def test_a_key_that_somebody_thought_of_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(ReleaseKeyError, match="was not drawn by chance"):
        read_key(key_file(tmp_path / "k", content))


def test_a_file_that_is_not_there_is_too_large_or_is_a_pipe_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    for file, why in (
        (tmp_path / "none", "No such file"),
        (tmp_path / "pipe", "pipe or a device"),
        (key_file(tmp_path / "large", KEY * 20), "1,281 bytes; 1,000 at most"),
    ):
        with pytest.raises(ReleaseKeyError, match=rf"the key of a release in .*: cannot be read: .*{why}"):
            read_key(file)


def test_lists_of_texts_that_read_alike_are_not_taken_for_one_another() -> None:
    key = ReleaseKey(bytes.fromhex(KEY))

    given = [("a", "bc"), ("ab", "c"), ("abc",), ("a", "b", "c"), ("a", "bc", "")]
    assert len({key.digest(*texts) for texts in given}) == len(given)


def test_a_key_is_not_shown(tmp_path: Path) -> None:
    key = read_key(key_file(tmp_path / "k", KEY))

    assert KEY[:8] not in repr(key) + str(key) + key.fingerprint
    assert repr(key) == f"<ReleaseKey {key.fingerprint}>"
