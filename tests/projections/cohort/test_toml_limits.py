"""How large, how deep and how long in its numbers a file of a cohort or of printed figures may be."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from time import process_time

import pytest

from projections.cohort.definition.keys import DefinitionError
from projections.cohort.definition_file import parsed, read_definition
from projections.reconciliation import published_figures

NO_FILE = "cannot be read: it is no file, but a pipe or a device"
NOT_UTF8 = "is not TOML in UTF-8: 'utf-8' codec can't decode byte 0xe9 in position 8: invalid continuation byte"
DEEP_KEY = "a.a.a.a.a.a.a.a.a.b[1][1][1][1][1][1][1]: is nested more than 16 deep"
READERS: list[Callable[[bytes, str], object]] = [parsed, published_figures.parsed]


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        (b"a = " + b"[" * 5_000 + b"]" * 5_000, "line 1: is nested more than 16 deep"),
        (b"a = " + b"{b=" * 5_000 + b"1" + b"}" * 5_000, "line 1: is nested more than 16 deep"),
        (b"x = 1\n" + b"a." * 100_000 + b"b = 1", "line 2: is nested more than 16 deep"),
        (
            b"[a.a.a.a.a.a.a.a.a]\nb = [[[[[[[[[1]]]]]]]]]",
            DEEP_KEY,
        ),
        (b"# 1" + b"0" * 5_000 + b"\n[who]\nage = 1" + b"0" * 5_000, "line 3: a number of 5,001 digits; 100 at most"),
        (b"age = 0x" + b"f" * 5_000, "line 1: a number of 5,000 digits; 100 at most"),
        (b"age = 1." + b"0" * 5_000, "line 1: a number of 5,000 digits; 100 at most"),
        (b"[who]\nage = [1, 9223372036854775808]", "who.age[2]: a whole number beyond ±9223372036854775807"),
        (b"a = 1\n" * 200_000, "has 1,200,000 bytes; 1,000,000 at most"),
        (b'a = "' + b'\\"' * 400_000, "is not TOML in UTF-8: Unterminated string (at end of document)"),
        (
            b"a = 'caf\xe9'",
            NOT_UTF8,
        ),
    ],
)
def test_what_is_beyond_a_limit_is_refused_by_key_or_line(
    reader: Callable[[bytes, str], object], text: bytes, refusal: str
) -> None:
    begun = process_time()

    with pytest.raises(DefinitionError) as refused:
        reader(text, "file.toml")

    assert refused.value.problems == (refusal,)
    assert process_time() - begun < 5


def test_what_looks_like_it_in_a_text_or_a_comment_is_none(tmp_path: Path) -> None:
    title = "3.1.4.1.5.9.2.6.5.3.5.8.9.7.9.3.2.3 [[[[[[[[[[[[[[[[[ " + "1" * 200
    text = (
        f"# {title}\npaper = '{title}'\n[[figures]]\nwhere = '''\n{title}'''\nprinted = \"\\\"{title}\"\nreason = 'x'"
    )

    assert published_figures.parsed(text.encode()).paper == title


@pytest.mark.parametrize(
    ("made", "refusal"),
    [
        (Path.mkdir, "cannot be read: Is a directory"),
        (os.mkfifo, NO_FILE),
        (lambda place: place.symlink_to("/dev/zero"), NO_FILE),
        (lambda place: place.symlink_to(place), "cannot be read: Too many levels of symbolic links"),
        (
            lambda place: place.write_bytes(b"#" * 1_000_001),
            "cannot be read: it has 1,000,001 bytes; 1,000,000 at most",
        ),
    ],
    ids=["folder", "pipe", "device", "loop", "large"],
)
def test_what_is_no_small_file_is_refused_unread(tmp_path: Path, made: Callable[[Path], object], refusal: str) -> None:
    made(tmp_path / "cohort.toml")

    with pytest.raises(DefinitionError) as refused:
        read_definition(tmp_path / "cohort.toml")

    assert refused.value.problems == (refusal,)
