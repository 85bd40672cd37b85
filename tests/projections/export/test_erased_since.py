"""Exports and patients who withdrew their consent or were erased."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from projections.export import export, read_manifest, reproduce
from registry import Registry
from registry.intake import import_batch

REASON = "Art. 17 GDPR"


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published MRI cohort in a file, to be copied."""
    path = tmp_path_factory.mktemp("imported") / "registry.db"
    with Registry.create(str(path)) as registry:
        import_batch(registry, "examples/baraliakos2013")
    return path


@pytest.fixture
def cohort(imported: Path, tmp_path: Path) -> Iterator[Registry]:
    """A registry of the published MRI cohort, from which somebody may be erased."""
    with Registry.open(str(shutil.copy(imported, tmp_path / "registry.db"))) as registry:
        yield registry


def differences(registry: Registry, folder: Path) -> list[str]:
    return [str(difference) for difference in reproduce(registry, folder).differences]


def content_hashes(folder: Path) -> dict[str, str]:
    return {name: table.content_hash for name, table in read_manifest(folder).tables.items()}


@pytest.mark.usefixtures("short_ranges")
def test_an_export_made_before_an_erasure_differs_by_the_erased_and_by_nothing_else(
    cohort: Registry, tmp_path: Path
) -> None:
    export(cohort, tmp_path / "out")
    cohort.erase_patient("BAR1-01", reason=REASON)
    cohort.erase_patient("BAR1-02", reason=REASON)

    found = reproduce(cohort, tmp_path / "out")

    assert (found.identical, found.erased, found.only_erased) == (False, 2, True)
    assert str(found.differences[0]) == "2 patients erased since"
    assert all(str(each).endswith("; without the erased, the rest is identical") for each in found.differences[1:])
    assert {each.table for each in found.differences[1:]} >= {"patients", "measures", "findings", "events"}


def test_what_differs_for_another_reason_is_told_apart_from_an_erasure(cohort: Registry, tmp_path: Path) -> None:
    export(cohort, tmp_path / "out", tables=["patients", "visits"])
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    manifest["tables"]["visits"]["content_hash"] = "0" * 64
    (tmp_path / "out" / "manifest.json").write_text(json.dumps(manifest))
    cohort.erase_patient("BAR1-01", reason=REASON)

    assert differences(cohort, tmp_path / "out") == [
        "1 patient erased since",
        "patients: 21 rows, the manifest says 22; without the erased, the rest is identical",
        "visits: 42 rows, the manifest says 44; whether only for that cannot be told",
    ]


def test_rows_that_the_log_never_gave_are_no_erasure(cohort: Registry, tmp_path: Path) -> None:
    export(cohort, tmp_path / "out", tables=["patients"], as_of="2002-06-30")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    (tmp_path / "out" / "manifest.json").write_text(json.dumps({**manifest, "as_of": None}))
    cohort.erase_patient("BAR1-01", reason=REASON)

    found = reproduce(cohort, tmp_path / "out")

    assert (found.erased, found.only_erased) == (1, False)


def test_without_the_files_the_erasure_is_named_and_the_rest_left_open(cohort: Registry, tmp_path: Path) -> None:
    export(cohort, tmp_path / "out", tables=["patients"])
    (tmp_path / "manifest.json").write_bytes((tmp_path / "out" / "manifest.json").read_bytes())
    cohort.erase_patient("BAR1-01", reason=REASON)

    assert differences(cohort, tmp_path / "manifest.json") == [
        "1 patient erased since",
        "patients: 21 rows, the manifest says 22; whether only for that cannot be told",
    ]


def test_an_export_made_after_an_erasure_is_rebuilt_identically(cohort: Registry, tmp_path: Path) -> None:
    cohort.erase_patient("BAR1-01", reason=REASON)
    export(cohort, tmp_path / "out")
    export(cohort, tmp_path / "then", known_at="@100")

    assert reproduce(cohort, tmp_path / "out").identical
    assert reproduce(cohort, tmp_path / "then").identical


def test_no_new_export_says_anything_of_an_erased_patient(cohort: Registry, tmp_path: Path) -> None:
    export(cohort, tmp_path / "before")
    cohort.erase_patient("BAR1-01", reason=REASON)
    export(cohort, tmp_path / "now")
    export(cohort, tmp_path / "then", known_at="@100")

    def found(name: str) -> bool:
        parts = (tmp_path / name).rglob("*.parquet")
        return any("BAR1-01" in str(pq.ParquetFile(part).read().to_pylist()) for part in parts)

    assert [found(name) for name in ("before", "now", "then")] == [True, False, False]


class TestWithdrawnConsent:
    @pytest.fixture
    def withdrawn(self, cohort: Registry) -> Registry:
        cohort.end_follow_up("BAR1-01", ended_on="2005-01-31", reason="withdrawn")
        cohort.end_follow_up("BAR1-02", ended_on="2005-01-31", reason="moved")
        return cohort

    def test_what_was_recorded_until_then_is_kept_and_the_manifest_is_as_ever(
        self, withdrawn: Registry, tmp_path: Path
    ) -> None:
        export(withdrawn, tmp_path / "out", tables=["patients"])
        export(withdrawn, tmp_path / "kept", tables=["patients"], withdrawn="keep")

        manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
        keys = ["format", "spondyl", "registry", "as_of", "known_at", "root", "dictionary", "tables"]
        assert list(manifest) == keys
        assert manifest["tables"]["patients"]["rows"] == 22
        assert content_hashes(tmp_path / "out") == content_hashes(tmp_path / "kept")

    def test_excluded_patients_are_in_no_table_and_the_manifest_says_so(
        self, withdrawn: Registry, tmp_path: Path
    ) -> None:
        export(withdrawn, tmp_path / "out", withdrawn="exclude")

        assert json.loads((tmp_path / "out" / "manifest.json").read_text())["withdrawn"] == "exclude"
        assert read_manifest(tmp_path / "out").tables["patients"].rows == 21
        said = "".join(str(pq.ParquetFile(part).read().to_pylist()) for part in (tmp_path / "out").rglob("*.parquet"))
        assert ("BAR1-01" in said, "BAR1-02" in said) == (False, True)
        assert reproduce(withdrawn, tmp_path / "out").identical

    @pytest.mark.parametrize("point", [{"as_of": "2005-01-30"}, {"known_at": "@100"}])
    def test_who_had_not_withdrawn_yet_at_the_point_in_time_is_there(
        self, withdrawn: Registry, tmp_path: Path, point: dict[str, str]
    ) -> None:
        export(withdrawn, tmp_path / "kept", **point)  # type: ignore[arg-type]
        export(withdrawn, tmp_path / "out", withdrawn="exclude", **point)  # type: ignore[arg-type]

        assert content_hashes(tmp_path / "out") == content_hashes(tmp_path / "kept")
