"""How large, how deep and how long in its numbers a file of a cohort or of printed figures may be."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from time import process_time

import pytest

from projections.cohort.definition_file import parsed, read_definition
from projections.reconciliation import published_figures
from registry.toml_keys import DefinitionError

NO_FILE = "cannot be read: it is no file, but a pipe or a device"
UNDECODED = "'utf-8' codec can't decode byte 0xe9 in position 8: invalid continuation byte"
QUOTED = "a text stands in straight quotation marks"
NOT_UTF8 = f"is not TOML in UTF-8: {UNDECODED}; save it in UTF-8"
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
        (b"[who]\ncentres = [" + b"'a'," * 1_001 + b"]", "who.centres: has 1,001 entries; 1,000 at most"),
        (b"[[figures]]\n" * 1_001, "figures: has 1,001 entries; 1,000 at most"),
        (b"".join(b"key%d = 1\n" % number for number in range(1_001)), "the file: has 1,001 entries; 1,000 at most"),
        (b"a = 1\n" * 200_000, "has 1,200,000 bytes; 1,000,000 at most"),
        (b'a = "' + b'\\"' * 400_000, "is not TOML in UTF-8: Unterminated string (at end of document)"),
        (
            b"a = b",
            "is not TOML in UTF-8: Invalid value (at line 1, column 5); a text stands in straight quotation marks",
        ),
        (
            b"a = 1\na = 2",
            "is not TOML in UTF-8: Cannot overwrite a value (at end of document); the key stands twice, keep one",
        ),
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


def points(number: int) -> str:
    """A cohort with so many time points, at which no day is of two of them."""
    return 'cohort = "x"\n' + "".join(
        f'[[time_points]]\nname = "{place}"\nday = {place * 10}\nwindow = [{place * 10}, {place * 10}]\n'
        for place in range(number)
    )


def test_a_cohort_has_a_hundred_time_points_at_most() -> None:
    assert len(parsed(points(100).encode()).time_points) == 100
    with pytest.raises(DefinitionError) as refused:
        parsed(points(400).encode())

    assert refused.value.problems == ("time_points: has 400 tables; 100 at most",)


def test_a_table_compares_two_hundred_pairs_at_most() -> None:
    pairs = [[str(one), str(other)] for one in range(30) for other in range(one + 1, 30)]
    text = points(30) + "[tables.lesions]\ncompare = {}"

    assert len(parsed(text.format(pairs[:200]).encode()).tables[0].asked[1]) == 200
    with pytest.raises(DefinitionError) as refused:
        parsed(text.format(pairs[:201]).encode())

    assert refused.value.problems == ("tables.lesions.compare: has 201 pairs; 200 at most",)


@pytest.mark.parametrize(("table", "key"), [("survival", "days"), ("safety", "ended_by")])
def test_a_table_has_a_hundred_days_at_most(table: str, key: str) -> None:
    text = points(1) + f"[day0]\nevent = 'course'\n[tables.{table}]\n{key} = {{}}"

    parsed(text.format(list(range(1, 101))).encode())
    with pytest.raises(DefinitionError) as refused:
        parsed(text.format(list(range(1, 102))).encode())

    (problem,) = refused.value.problems
    assert problem.startswith(f"tables.{table}.{key}: '[1, 2, 3, ")
    assert "is not a list of up to 100 different whole numbers" in problem


def test_of_many_strange_keys_the_first_are_told() -> None:
    text = points(1) + "[who]\n" + "".join(f"zz{number} = 1\n" for number in range(999))

    with pytest.raises(DefinitionError) as refused:
        parsed(text.encode())

    *first, last = refused.value.problems
    assert len(first) == 20
    assert all(problem.startswith("who.zz") for problem in first)
    assert last == "who: has 979 more keys that are none here"
