"""What is expected, in an export: cut by patients, and counted over all of them."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from projections import facts_at, project, reproduce
from projections.export import export
from registry import Registry
from tests.projections.followed.conftest import Scheduling, yearly


@pytest.mark.parametrize("at_most", [1, 80_000])
def test_an_export_has_the_tables_of_the_whole_registry_however_it_is_cut(
    registry: Registry, scheduled: Scheduling, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_most: int
) -> None:
    monkeypatch.setattr("projections.export.pieces.EVENTS_OF_A_RANGE", at_most)
    scheduled(yearly(requires=("crp",)))
    registry.enrol_patient("P-2", enrolled_on="2010-05-01", centre="C1")
    registry.record_visit("P-2", visited_on="2011-05-03", measures={"crp": "5"})

    export(registry, tmp_path / "out")

    for name in ("expected_visits", "completeness"):
        rows = [row for part in sorted((tmp_path / "out" / name).glob("*")) for row in pq.read_table(part).to_pylist()]
        assert rows == project(name, facts_at(registry)).to_pylist()
    assert reproduce(registry, tmp_path / "out" / "manifest.json").identical
