"""Whatever bytes a source has, it is read or refused: never a traceback, never a value that is not there."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, ZipFile

import pandas as pd
import pyreadstat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from registry import Registry
from registry.errors import BatchRefusedError, UnreadableError
from registry.intake.sources.mapping import SourceRule
from registry.intake.sources.opening import open_source
from registry.toml_keys import DefinitionError
from tests.registry.intake.sources.opened import imported

QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
TEXT = 'Kohorte;;\n;Labor;\nPat;CRP;Datum\nP1;"5,1";1.2.2020\nP2;k.A.;"3.\n4.2020"\n\nP3;<5;\n'.encode("cp1252")
MAPPING = """
[source]
kind = "{kind}"
files = ["a.{kind}"]
{said}
dates = ["%d.%m.%Y"]
unmapped = "ignore"
[patient]
field = "Pat"
[[table]]
to = "visits"
visited_on = {{ field = "Datum" }}
crp = {{ field = "CRP" }}
"""


def _book() -> bytes:
    """A workbook whose parts are not packed, so that a changed byte is one of its XML."""
    book, packed, plain = Workbook(), BytesIO(), BytesIO()
    for row in (["Kohorte"], ["Pat", "CRP", "Datum"], ["P1", 5.1, "1.2.2020"], ["P2", "k.A.", 43831]):
        book.active.append(row)
    book.active.merge_cells("A1:C1")
    book.save(packed)
    with ZipFile(packed) as parts, ZipFile(plain, "w", ZIP_STORED) as written:
        for name in parts.namelist():
            written.writestr(name, parts.read(name))
    return plain.getvalue()


BOOK = _book()
CHANGES = st.lists(st.tuples(st.integers(0, 1_000_000), st.integers(0, 255)), min_size=1, max_size=5)
CUT = st.none() | st.integers(0, 1_000_000)


def changed(content: bytes, changes: list[tuple[int, int]], cut: int | None) -> bytes:
    """Content with some bytes changed, and cut."""
    flipped = bytearray(content)
    for place, byte in changes:
        flipped[place % len(content)] = byte
    return bytes(flipped if cut is None else flipped[: cut % len(content)])


def read_or_refused(folder: Path, rule: SourceRule) -> None:
    try:
        rows = [*open_source(rule, folder).rows()]
    except UnreadableError:
        return
    assert all(value.strip() for row in rows for value in row.values.values())
    assert len({(row.file, row.line) for row in rows}) == len(rows)


@settings(max_examples=300, deadline=None, suppress_health_check=QUIET)
@given(changes=CHANGES, cut=CUT, said=st.sampled_from([{}, {"header_row": 3}, {"comment": "#", "until": "x"}]),
       encoding=st.sampled_from([None, "cp1252", "utf-16", "shift_jis"]))  # fmt: skip
def test_text_of_any_bytes_is_read_or_refused(
    tmp_path: Path, changes: list[tuple[int, int]], cut: int | None, said: dict[str, Any], encoding: str | None
) -> None:
    (tmp_path / "a.csv").write_bytes(changed(TEXT, changes, cut))

    read_or_refused(tmp_path, SourceRule(kind="csv", files=("a.csv",), delimiter=";", encoding=encoding, **said))


@settings(max_examples=200, deadline=None, suppress_health_check=QUIET)
@given(content=st.binary(max_size=400))
def test_bytes_of_any_kind_are_read_as_text_or_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.csv").write_bytes(content)

    read_or_refused(tmp_path, SourceRule(kind="csv", files=("a.csv",)))
    read_or_refused(tmp_path, SourceRule(kind="csv", files=("a.csv",), encoding="cp437", delimiter=" "))


@settings(max_examples=150, deadline=None, suppress_health_check=QUIET)
@given(changes=CHANGES, cut=CUT)
def test_workbooks_of_any_bytes_are_read_or_refused(
    tmp_path: Path, changes: list[tuple[int, int]], cut: int | None
) -> None:
    (tmp_path / "a.xlsx").write_bytes(changed(BOOK, changes, cut))

    read_or_refused(tmp_path, SourceRule(kind="xlsx", files=("a.xlsx",), header_row=2, decimal=","))


@settings(max_examples=60, deadline=None, suppress_health_check=QUIET)
@given(changes=CHANGES, cut=CUT, kind=st.sampled_from(["csv", "xlsx"]))
def test_an_import_of_any_bytes_stores_all_or_nothing(
    registry: Registry, tmp_path: Path, changes: list[tuple[int, int]], cut: int | None, kind: str
) -> None:
    said = 'delimiter = ";"\nencoding = "cp1252"\nheader_row = 3' if kind == "csv" else "header_row = 2"
    (tmp_path / f"a.{kind}").write_bytes(changed(TEXT if kind == "csv" else BOOK, changes, cut))

    try:
        report = imported(registry, tmp_path, MAPPING.format(kind=kind, said=said))
    except (BatchRefusedError, DefinitionError):
        pass
    else:
        assert report.rows == 0  # it was cut behind its header; nobody is enrolled
    assert registry.log.head().position == 0


@settings(max_examples=150, deadline=None, suppress_health_check=QUIET)
@given(changes=CHANGES, cut=CUT, kind=st.sampled_from(["sav", "dta", "xpt"]))
def test_files_of_statistics_of_any_bytes_are_read_or_refused(
    tmp_path: Path, changes: list[tuple[int, int]], cut: int | None, kind: Any
) -> None:
    frame = pd.DataFrame({"pat": ["P1", "P2"], "crp": [5.1, 6.0], "day": [21310.0, None]})
    file, write = str(tmp_path / f"a.{kind}"), {"sav": "write_sav", "dta": "write_dta", "xpt": "write_xport"}[kind]
    getattr(pyreadstat, write)(frame, file, variable_format={"day": "DATE9" if kind == "xpt" else ""})
    (tmp_path / f"a.{kind}").write_bytes(changed(Path(file).read_bytes(), changes, cut))

    read_or_refused(tmp_path, SourceRule(kind=kind, files=(f"a.{kind}",)))
