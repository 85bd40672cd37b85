"""`verify --deep` and `reproduce`: the log itself is read."""

from __future__ import annotations

from datetime import date

import pytest

from projections.log.blocks import sealed_blocks
from registry import Registry
from tests.cli.conftest import Spondyl
from tests.projections.log import poisoned
from tests.projections.log.poisoned import path_of


@pytest.fixture(autouse=True)
def short_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("projections.log.blocks.TAIL_EVENTS", 1)


def rewritten(db: str) -> None:
    """Seal the log, and have the blocks give the first visit another day."""
    with Registry.open(db) as registry:
        (sealed,) = sealed_blocks(registry.log)
    change = poisoned.with_column("visited_on", [date(1999, 9, 9)])
    poisoned.with_rows(path_of(sealed), "visits.parquet", change)


def test_a_rewritten_block_is_named_and_ends_with_3(cohort: Spondyl) -> None:
    assert cohort("table", "visits").code == 0
    sound = cohort("verify", "--deep")
    rewritten("spondyl.db")

    found = cohort("verify", "--deep")

    assert (sound.code, sound.err.splitlines()[-1]) == (0, "1 block as the log has it")
    assert cohort("verify").code == 0
    assert found.code == 3
    assert "visits: column visited_on has another value than the log; delete it, and it is made anew" in found.err
    assert cohort("verify", "--deep", "--json").json["blocks"] == 1


def test_an_export_of_a_rewritten_block_differs_and_the_table_is_named(cohort: Spondyl) -> None:
    cohort("table", "visits")
    rewritten("spondyl.db")
    assert cohort("export", "out").code == 0

    found = cohort("reproduce", "out")

    assert (found.code, found.out) == (3, "differs\n")
    assert found.err.startswith("visits: other content: ")
