"""How a text file is laid out, as a draft finds it."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry.errors import RefusalError, UnknownCodeError
from registry.intake.sources.draft.drafted_files import DraftOptions, draft_mapping
from registry.intake.sources.draft.layouts import Layout, text_layout


@pytest.mark.parametrize(
    ("content", "layout"),
    [
        (b"pid,crp\nP1,1.5\n", Layout()),
        (b"pid;crp\nP1;1,5\nP2;<5,0\n", Layout(delimiter=";", decimal=",")),
        (b"pid;crp\nP1;1.5\nP2;a,b\n", Layout(delimiter=";")),
        (b"pid\tcrp\nP1\t1.5\n", Layout(delimiter="\t")),
        (b"pid|crp\nP1|1.5\n", Layout(delimiter="|")),
        ("pid;Größe\nP1;1,5\n".encode("cp1252"), Layout(delimiter=";", encoding="cp1252", decimal=",")),
        ("pid;Größe\nP1;2\n".encode(), Layout(delimiter=";")),
        ("pid;Größe\nP1;2\n".encode("utf-16"), Layout(delimiter=";")),
        (b"Cohort of 2020;;\n;;\npid;crp;day\nP1;1;2\n", Layout(delimiter=";", header_row=3)),
        (b"\npid,crp\nP1,1\n", Layout()),
        (b"", Layout()),
    ],
)
def test_a_text_file_is_looked_at(content: bytes, layout: Layout, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(content)

    assert text_layout(tmp_path / "a.csv") == layout


@pytest.mark.parametrize("url", ["postgresql://ines:secret@host/db", "postgresql://host/db", "sqlite:///a.db"])
def test_a_database_is_named_by_a_variable_and_never_by_its_url(url: str) -> None:
    with pytest.raises(RefusalError, match=r"--url-env SOURCE_URL --query") as refused:
        draft_mapping(url)

    assert "secret" not in str(refused.value)


def test_a_variable_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_URL", raising=False)

    with pytest.raises(RefusalError, match=r"^SOURCE_URL: no such variable"):
        draft_mapping(options=DraftOptions(url_env="SOURCE_URL", query="select 1"))


def test_a_number_that_is_none_is_drafted_as_what_may_stand_for_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.db").touch()
    monkeypatch.setenv("SOURCE_URL", f"sqlite:///{tmp_path / 'a.db'}")
    query = "select 'P1' as patient, 5.5 as crp union all select 'P2', 9e999"

    assert '"inf" = ""' in draft_mapping(options=DraftOptions(url_env="SOURCE_URL", query=query))


def test_a_file_whose_ending_says_nothing_needs_its_kind() -> None:
    with pytest.raises(RefusalError, match=r"^cohort\.dat: its ending says no kind of source; say it by --kind"):
        draft_mapping("cohort.dat")
    with pytest.raises(UnknownCodeError, match=r"'excel' is not a known kind; write redcap, csv"):
        draft_mapping("cohort.dat", options=DraftOptions(kind="excel"))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusalError, match=r"nothing\.csv: No such file"):
        draft_mapping(tmp_path / "nothing.csv")
