"""`spondyl feed`: a folder that follows the registry, on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from registry import Registry
from tests.cli.conftest import Spondyl


@pytest.fixture
def db(tmp_path: Path) -> str:
    """A registry with one patient."""
    place = str(tmp_path / "registry.db")
    with Registry.create(place, actor="ines") as registry:
        registry.enrol_patient("P-1", enrolled_on="2010-01-04")
    return place


def test_a_feed_is_made_run_and_verified(spondyl: Spondyl, db: str, tmp_path: Path) -> None:
    feed = str(tmp_path / "feed")

    made = spondyl("--db", db, "feed", "init", feed, "--tables", "patients,visits,events")
    first = spondyl("--db", db, "feed", "run", feed)
    again = spondyl("--db", db, "feed", "run", feed)
    verified = spondyl("feed", "verify", feed)

    assert (made.out, made.err) == (f"{feed}\n", "a feed of 3 tables; spondyl feed run writes its first batch\n")
    assert first.out == f"{feed}/batches/000000000000-000000000001\n"
    assert first.err == "wrote the batch from @0 to @1\n"
    assert (again.code, again.out, again.err) == (0, "", "nothing is new\n")
    assert verified.err == "the feed is whole: 1 batch up to @1, 2 rows\n"


def test_how_late_it_is_is_said_in_words_and_as_json(spondyl: Spondyl, db: str, tmp_path: Path) -> None:
    feed = str(tmp_path / "feed")
    spondyl("--db", db, "feed", "init", feed)
    spondyl("--db", db, "feed", "run", feed)
    with Registry.open(db, actor="ines") as registry:
        registry.enrol_patient("P-2", enrolled_on="2010-01-04")

    told = spondyl("--db", db, "feed", "status", feed)
    machine = json.loads(spondyl("--db", db, "feed", "status", feed, "--json").out)

    assert told.err.startswith("1 batch up to @1, recorded ")
    assert told.err.endswith("1 event behind\n")
    assert (machine["position"], machine["log_position"], machine["events_behind"]) == (1, 2, 1)


def test_what_is_wrong_with_a_feed_is_told_with_exit_code_3(spondyl: Spondyl, db: str, tmp_path: Path) -> None:
    feed = tmp_path / "feed"
    spondyl("--db", db, "feed", "init", str(feed))
    spondyl("--db", db, "feed", "run", str(feed))
    part = next(feed.glob("batches/*/changes/patients/*"))
    part.unlink()

    found = spondyl("feed", "verify", str(feed))
    machine = spondyl("feed", "verify", str(feed), "--json")

    assert (found.code, machine.code) == (3, 3)
    assert found.err == f"{part}: is missing: the batch is not whole; copy the folder anew\n"
    assert json.loads(machine.out)["problems"] == [found.err.rstrip()]
