"""What commands say of a place that cannot be used, however it was mistyped."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Spondyl
from tests.registry.store.test_place_urls import PLACES, SECRET


@pytest.mark.parametrize("place", PLACES)
def test_no_message_has_the_password_of_a_place_and_no_file_its_name(
    spondyl: Spondyl, tmp_path: Path, place: str
) -> None:
    for arguments in (("init",), ("status",), ("verify", "--json"), ("simulate", "--into-log", "--patients", "1")):
        answer = spondyl("--db", place, *arguments)

        assert answer.code == 3, answer
        assert SECRET not in answer.out + answer.err
    assert [*tmp_path.iterdir()] == []


def test_a_connection_string_is_refused_with_what_is_taken(spondyl: Spondyl) -> None:
    answer = spondyl("--db", f"host=db.example password={SECRET} dbname=registry", "init")

    assert (answer.code, answer.out) == (3, "")
    assert answer.err == (
        "spondyl: what is named is not a spondyl registry: it is a connection string; "
        "write a path, sqlite:///path or postgresql://user@host/database\n"
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ("backup", "{}"),
        ("export", "{}"),
        ("prove", "1", "--out", "{}"),
        ("verify", "--against", "{}"),
        ("restore", "{}", "--overwrite"),
        ("import", "{}"),
        ("record", "patient", "patient={}"),
    ],
)
@pytest.mark.parametrize(
    "typed",
    [f"postgresql://u:{SECRET}@h/db", f"host=h password={SECRET}", f"postgresql://u@h/db?password={SECRET}"],
)
def test_a_password_where_no_registry_is_named_is_refused_unquoted(
    spondyl: Spondyl, tmp_path: Path, arguments: tuple[str, ...], typed: str
) -> None:
    spondyl("init")
    before = sorted(tmp_path.iterdir())

    answer = spondyl(*(argument.format(typed) for argument in arguments))

    assert (answer.code, answer.out) == (2, "")
    assert "has a password in it; a registry on a server is named by --db" in answer.err
    assert SECRET not in answer.err
    assert sorted(tmp_path.iterdir()) == before


def test_the_key_in_the_uri_of_a_folder_of_blocks_is_not_told(
    spondyl: Spondyl, monkeypatch: pytest.MonkeyPatch
) -> None:
    spondyl("init")
    spondyl("record", "patient", "patient=P-1", "enrolled_on=2020-01-01")
    monkeypatch.setenv("SPONDYL_BLOCKS", f"nowhere://key:{SECRET}@bucket/folder")

    answer = spondyl("status")

    assert answer.code == 3
    assert SECRET not in answer.err


@pytest.mark.parametrize("command", [("init",), ("simulate", "--into-log", "--patients", "1"), ("restore", "copy.db")])
def test_links_in_a_circle_are_refused_in_one_line(spondyl: Spondyl, command: tuple[str, ...]) -> None:
    spondyl("init")
    spondyl("backup", "copy.db")
    Path("loop").symlink_to("loop")

    answer = spondyl("--db", "loop", *command)

    assert (answer.code, answer.out) == (3, "")
    assert answer.err.startswith("spondyl: ")
    assert "loop" in answer.err
    assert answer.err.count("\n") == 1
