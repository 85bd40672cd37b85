"""`export --overwrite`: only what an export wrote is replaced, whatever a manifest says."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from projections.errors import ExistingOutputError, OutputError
from projections.export import export, reproduce
from projections.export import folder as placing
from registry import Registry

PART = "visits/part-00000.parquet"


@pytest.fixture
def out(scanned: Registry, tmp_path: Path) -> Path:
    """An export of visits and patients."""
    export(scanned, tmp_path / "out", tables=["visits", "patients"])
    return tmp_path / "out"


def everything(folder: Path) -> dict[str, bytes | None]:
    """Return all that is below a folder, links unfollowed, with the content of files."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() and not path.is_symlink() else None
        for path in folder.rglob("*")
    }


def forged(folder: Path, path: str, table: str = "visits") -> None:
    """Have the manifest of an export name a file as a part of a table, with what is true of its bytes."""
    content = (folder / path).read_bytes()
    stated = json.loads((folder / "manifest.json").read_text())
    part = {"path": path, "rows": 1, "bytes": len(content), "sha256": sha256(content).hexdigest()}
    stated["tables"].setdefault(table, dict(stated["tables"]["visits"], parts=[]))["parts"].append(part)
    (folder / "manifest.json").write_text(json.dumps(stated))


def named_in_the_manifest(folder: Path) -> None:
    (folder / "notes.txt").write_text("mine")
    forged(folder, "notes.txt")


def named_with_a_line_break(folder: Path) -> None:
    (folder / f"{PART}\n").write_text("mine")
    forged(folder, f"{PART}\n")


def named_like_a_part(folder: Path) -> None:
    (folder / "visits" / "part-00001.parquet").write_text("mine")
    forged(folder, "visits/part-00001.parquet")


def somebody_elses_parquet(folder: Path) -> None:
    pq.write_table(pa.table({"mine": [1]}), folder / "visits" / "part-00001.parquet")
    forged(folder, "visits/part-00001.parquet")


def somebody_elses_table(folder: Path) -> None:
    (folder / "data").mkdir()
    pq.write_table(pa.table({"mine": [1]}), folder / "data" / "part-00000.parquet")
    forged(folder, "data/part-00000.parquet", table="data")


def in_the_folder_of_another_table(folder: Path) -> None:
    (folder / "data").mkdir()
    os.link(folder / PART, folder / "data" / "part-00000.parquet")
    forged(folder, "data/part-00000.parquet")


def a_changed_part(folder: Path) -> None:
    content = bytearray((folder / PART).read_bytes())
    content[8] ^= 1
    (folder / PART).write_bytes(content)


def a_changed_dictionary(folder: Path) -> None:
    (folder / "dictionary.json").write_text("{}")


def another_dictionary_without_a_hash(folder: Path) -> None:
    stated = json.loads((folder / "manifest.json").read_text())
    del stated["dictionary"]
    (folder / "manifest.json").write_text(json.dumps(stated))
    (folder / "dictionary.json").write_text('{"words": "mine"}')


def a_file_within(folder: Path) -> None:
    (folder / "visits" / "notes.txt").write_text("mine")


def a_hidden_file(folder: Path) -> None:
    (folder / ".notes").write_text("mine")


def an_empty_folder(folder: Path) -> None:
    (folder / "mine").mkdir()


def an_empty_folder_within(folder: Path) -> None:
    (folder / "visits" / "mine").mkdir()


def another_export_within(folder: Path) -> None:
    (folder / "inner").mkdir()
    (folder / "inner" / "manifest.json").write_bytes((folder / "manifest.json").read_bytes())


def a_table_that_is_a_link(folder: Path) -> None:
    (folder / "visits").rename(folder.parent / "elsewhere")
    (folder / "visits").symlink_to(folder.parent / "elsewhere")


def a_part_that_is_a_link(folder: Path) -> None:
    (folder / PART).rename(folder.parent / "elsewhere")
    (folder / PART).symlink_to(folder.parent / "elsewhere")


def a_manifest_that_is_a_link(folder: Path) -> None:
    (folder / "manifest.json").rename(folder.parent / "elsewhere")
    (folder / "manifest.json").symlink_to(folder.parent / "elsewhere")


def a_link_beside(folder: Path) -> None:
    (folder / "mine").symlink_to("/nowhere")


def a_pipe(folder: Path) -> None:
    os.mkfifo(folder / "mine")


def a_manifest_that_is_a_pipe(folder: Path) -> None:
    (folder / "manifest.json").unlink()
    os.mkfifo(folder / "manifest.json")


@pytest.mark.parametrize(
    "prepare",
    [
        named_in_the_manifest,
        named_with_a_line_break,
        named_like_a_part,
        somebody_elses_parquet,
        somebody_elses_table,
        in_the_folder_of_another_table,
        a_changed_part,
        a_changed_dictionary,
        another_dictionary_without_a_hash,
        a_file_within,
        a_hidden_file,
        an_empty_folder,
        an_empty_folder_within,
        another_export_within,
        a_table_that_is_a_link,
        a_part_that_is_a_link,
        a_manifest_that_is_a_link,
        a_link_beside,
        a_pipe,
        a_manifest_that_is_a_pipe,
    ],
)
def test_what_no_export_wrote_is_not_replaced(scanned: Registry, out: Path, prepare: Callable[[Path], None]) -> None:
    prepare(out)
    before = everything(out.parent)

    with pytest.raises(ExistingOutputError, match=r"is not overwritten|move it first|a link"):
        export(scanned, out, overwrite=True)

    assert everything(out.parent) == before


def test_a_link_to_an_export_is_not_followed(scanned: Registry, out: Path) -> None:
    (out.parent / "latest").symlink_to(out)
    before = everything(out.parent)

    with pytest.raises(ExistingOutputError, match="latest: it is a link; name the folder that it leads to"):
        export(scanned, out.parent / "latest", overwrite=True)

    assert everything(out.parent) == before


def test_a_link_to_nowhere_is_not_followed(scanned: Registry, tmp_path: Path) -> None:
    (tmp_path / "out").symlink_to(tmp_path / "nowhere")

    with pytest.raises(ExistingOutputError, match="it is a link"):
        export(scanned, tmp_path / "out")

    assert not (tmp_path / "nowhere").exists()


def test_a_folder_below_a_link_is_its_own_place(scanned: Registry, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "linked").symlink_to(tmp_path / "real")

    export(scanned, tmp_path / "linked" / "out", tables=["visits"])

    assert (tmp_path / "real" / "out" / "manifest.json").exists()


def test_an_export_of_0_1_without_columns_and_hash_is_replaced(scanned: Registry, out: Path) -> None:
    stated = json.loads((out / "manifest.json").read_text())
    del stated["dictionary"]
    (out / "manifest.json").write_text(json.dumps(stated))

    export(scanned, out, tables=["visits"], overwrite=True)

    assert sorted(path.name for path in out.iterdir()) == ["dictionary.json", "manifest.json", "visits"]


def test_an_export_of_which_a_part_is_gone_is_replaced(scanned: Registry, out: Path) -> None:
    (out / PART).unlink()

    export(scanned, out, overwrite=True)

    assert reproduce(scanned, out).identical


def test_what_comes_there_while_an_export_is_written_is_kept(
    scanned: Registry, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ctypes.CDLL", lambda _: object())  # a system that cannot exchange two folders

    def meanwhile(what: str, _done: int, _of: int) -> None:
        if what == "manifest.json":
            (out / "notes.txt").write_text("mine")

    with pytest.raises(ExistingOutputError, match=r"notes\.txt is there too and is no part of the export"):
        export(scanned, out, tables=["imaging"], overwrite=True, progress=meanwhile)

    assert (out / "notes.txt").read_text() == "mine"
    assert (out / PART).exists()
    assert [path.name for path in out.parent.glob(".spondyl.*")] == []


def test_what_comes_there_at_the_last_instant_is_put_back(
    scanned: Registry, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(out)

    def at_the_last_instant(one: Path, other: Path) -> bool:
        if not (out / "notes.txt").exists() and not (one / "notes.txt").exists():
            (out / "notes.txt").write_text("mine")
        return exchanged(one, other)

    exchanged = placing._exchanged
    monkeypatch.setattr(placing, "_exchanged", at_the_last_instant)

    with pytest.raises(ExistingOutputError, match=r"notes\.txt is there too and is no part of the export"):
        export(scanned, out, tables=["imaging"], overwrite=True)

    assert everything(out) == {**before, "notes.txt": b"mine"}
    assert [path.name for path in out.parent.glob(".spondyl.*")] == []


@pytest.mark.parametrize("overwrite", [True, False])
def test_of_two_exports_at_once_one_is_there_whole(scanned: Registry, tmp_path: Path, overwrite: bool) -> None:
    def meanwhile(what: str, _done: int, _of: int) -> None:
        if what == "manifest.json":
            export(scanned, tmp_path / "out", tables=["visits"], overwrite=overwrite)

    if overwrite:
        export(scanned, tmp_path / "out", tables=["imaging"], overwrite=True, progress=meanwhile)
    else:
        with pytest.raises(ExistingOutputError, match="something is there"):
            export(scanned, tmp_path / "out", tables=["imaging"], progress=meanwhile)

    kept = "imaging" if overwrite else "visits"
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(
        ["dictionary.json", "manifest.json", kept]
    )
    assert reproduce(scanned, tmp_path / "out", files_only=True).identical
    assert [path.name for path in tmp_path.glob(".spondyl.*")] == []


@pytest.mark.parametrize("name", ["o\0ut", "o" * 300])
def test_a_name_that_no_folder_can_have_is_refused(scanned: Registry, tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError, match=r"no path has a NUL in it|File name too long"):
        export(scanned, tmp_path / name, overwrite=True)
