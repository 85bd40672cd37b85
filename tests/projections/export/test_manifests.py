"""What a manifest cannot say: refused, with the place in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from projections.errors import ManifestError
from projections.export import export, read_manifest, reproduce
from registry import Registry
from tests.faults.hostile_manifests import PATHS


@pytest.fixture
def out(scanned: Registry, tmp_path: Path) -> Path:
    """An export of visits and patients."""
    export(scanned, tmp_path / "out", tables=["visits", "patients"])
    return tmp_path / "out"


def changed(out: Path, *place: str | int, value: object) -> None:
    """Give one place of a manifest another value."""
    stated = json.loads((out / "manifest.json").read_text())
    holder: Any = stated
    for key in place[:-1]:
        holder = holder[key]
    holder[place[-1]] = value
    (out / "manifest.json").write_text(json.dumps(stated))


@pytest.mark.parametrize(
    "path", [path for path in PATHS if path not in ("visits/part-00001.parquet", "patients/part-00000.parquet")]
)
def test_a_path_that_no_part_has_is_refused(out: Path, path: str) -> None:
    changed(out, "tables", "visits", "parts", 0, "path", value=path)

    with pytest.raises(ManifestError, match="is no path of a part"):
        read_manifest(out)


def test_a_part_that_is_named_twice_is_refused(out: Path) -> None:
    stated = json.loads((out / "manifest.json").read_text())
    changed(out, "tables", "visits", "parts", value=stated["tables"]["visits"]["parts"] * 2)

    with pytest.raises(ManifestError, match=r"'visits/part-00000\.parquet' stands there 2 times"):
        read_manifest(out)


def test_definitions_of_cohorts_without_their_figures_are_refused(out: Path) -> None:
    changed(out, "cohorts", value={"anakinra": "name = 'anakinra'"})

    with pytest.raises(ManifestError, match="has definitions of cohorts, and no table cohort_statistics"):
        read_manifest(out)


def test_a_table_without_any_part_is_refused(out: Path) -> None:
    changed(out, "tables", "visits", "parts", value=[])

    with pytest.raises(ManifestError, match=r"length >= 1 - at `\$\.tables\[\.\.\.\]\.parts`"):
        read_manifest(out)


@pytest.mark.parametrize("value", [-1, 2**63, 2**64, 10**30, 1.5, "1", None, True, []])
@pytest.mark.parametrize(
    "place",
    [
        ("known_at", "position"),
        ("tables", "visits", "rows"),
        ("tables", "visits", "parts", 0, "bytes"),
        ("dictionary", "bytes"),
    ],
)
def test_a_number_that_counts_nothing_is_refused_with_its_place(
    out: Path, place: tuple[str | int, ...], value: object
) -> None:
    changed(out, *place, value=value)

    with pytest.raises(ManifestError, match=rf"manifest\.json: is no manifest: .* at `\$\..*{place[-1]}`"):
        read_manifest(out)


@pytest.mark.parametrize("value", ["", "0" * 63, "0" * 65, "0" * 64 + "\n", "F" * 64, "g" * 64, " " + "0" * 63, 0])
@pytest.mark.parametrize("place", [("known_at", "digest"), ("root",), ("registry",), ("dictionary", "sha256")])
def test_what_is_no_digest_is_refused_with_its_place(out: Path, place: tuple[str, ...], value: object) -> None:
    changed(out, *place, value=value)

    with pytest.raises(ManifestError, match=rf"is no manifest: .* at `\$\.(.*\.)?{place[-1]}`"):
        read_manifest(out)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (b"[" * 10_000, "is no manifest"),
        (b'{"format": 1, "tables": ' + b'{"a":' * 10_000, "is no manifest: its values are nested too deep"),
        (b'{"format": "\xff"}', "is no manifest: byte 2 of a text is no UTF-8"),
        (b'{"format": 1, "spondyl": "\xff"}', "is no manifest: byte 1 of a text is no UTF-8"),
        (b'{"format": ' + b"7" * 5_000 + b"}", "has format 77777777777777777777…, this spondyl reads 1"),
    ],
)
def test_what_is_no_text_of_a_manifest_is_refused(tmp_path: Path, text: bytes, what: str) -> None:
    (tmp_path / "manifest.json").write_bytes(text)

    with pytest.raises(ManifestError) as refusal:
        read_manifest(tmp_path)

    assert what in str(refusal.value)
    assert len(str(refusal.value)) < 500


@pytest.mark.parametrize("path", ["a\0b", "x" * 300, "x/" * 3_000])
def test_a_path_that_no_file_can_have_is_refused(path: str) -> None:
    with pytest.raises(ManifestError, match=r"is no path: embedded null|cannot be read: File name too long"):
        read_manifest(path)


def test_another_root_than_the_logs_is_told(scanned: Registry, out: Path) -> None:
    root = scanned.root().hex()
    changed(out, "root", value="0" * 64)

    found = reproduce(scanned, out)

    assert [str(each) for each in found.differences] == [f"the log's root at @4 is {root}, the manifest's {'0' * 64}"]


def test_a_part_in_the_folder_of_another_table_is_not_read(out: Path) -> None:
    changed(out, "tables", "visits", "parts", 0, "path", value="patients/part-00000.parquet")

    assert [str(each) for each in reproduce(None, out).differences] == [
        "visits: patients/part-00000.parquet is in the folder of another table",
        "visits is no part of the export",
    ]


def test_a_part_that_is_a_link_is_named(out: Path) -> None:
    (out / "visits" / "part-00000.parquet").rename(out.parent / "elsewhere")
    (out / "visits" / "part-00000.parquet").symlink_to(out.parent / "elsewhere")

    assert [str(each) for each in reproduce(None, out).differences] == [
        "visits/part-00000.parquet is no part of the export"
    ]
