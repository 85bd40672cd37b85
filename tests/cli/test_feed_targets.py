"""`spondyl feed apply`, and `verify` and `status` of a target."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests import postgres
from tests.cli.conftest import Spondyl

TO = "duckdb:warehouse.duckdb"


@pytest.fixture
def feeding(cohort: Spondyl) -> Spondyl:
    """The command on a registry with a feed of one batch."""
    cohort("feed", "init", "feed")
    cohort("feed", "run", "feed")
    return cohort


def test_a_feed_is_applied_and_then_there_is_nothing_new(feeding: Spondyl) -> None:
    first = feeding("feed", "apply", "feed", "--to", TO, "--history")
    again = feeding("feed", "apply", "feed", "--to", TO)
    feeding("record", "visit", "patient=P-1", "visited_on=2021-01-02", "crp=3")
    feeding("feed", "run", "feed")
    second = feeding("feed", "apply", "feed", "--to", TO)

    assert (first.code, first.out) == (0, "")
    assert first.err.startswith("applied the batch from @0 to @")
    assert (again.code, again.err) == (0, "nothing is new\n")
    assert second.err.count("\n") == 1
    with duckdb.connect("warehouse.duckdb") as connection:
        assert connection.execute("SELECT count(*) FROM visits").fetchall() == [(2,)]


def test_it_needs_no_registry(feeding: Spondyl, tmp_path: Path) -> None:
    (tmp_path / "spondyl.db").unlink()

    assert feeding("feed", "apply", "feed", "--to", TO).code == 0
    assert feeding("feed", "verify", "feed", "--to", TO).code == 0


def test_a_target_that_has_what_the_feed_says_is_verified(feeding: Spondyl) -> None:
    feeding("feed", "apply", "feed", "--to", TO, "--history")

    told = feeding("feed", "verify", "feed", "--to", TO)

    assert told.code == 0
    assert told.err.splitlines()[1].startswith("the target has what the feed says: up to @")
    assert feeding("feed", "verify", "feed", "--to", TO, "--json").json["target"]["problems"] == []


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        ("UPDATE visits SET visit = 'by hand'", r"visits has other rows: their sum is "),
        ("DELETE FROM patients", "patients has 0 of 1 rows; begin a new target"),
        ("DELETE FROM patients_history", "patients_history has 0 of 1 rows; begin a new target"),
        ("UPDATE events SET actor = 'nobody'", "events has other rows: their sum is "),
        ("INSERT INTO imaging FROM imaging LIMIT 1", "imaging has 3 of 2 rows; begin a new target"),
    ],
)
def test_a_target_that_somebody_else_wrote_to_is_told(feeding: Spondyl, edit: str, told: str) -> None:
    feeding("feed", "apply", "feed", "--to", TO, "--history")
    with duckdb.connect("warehouse.duckdb") as connection:
        connection.execute(edit)

    found = feeding("feed", "verify", "feed", "--to", TO)

    assert found.code == 3
    assert found.err.splitlines()[-1].startswith(f"duckdb:warehouse.duckdb: {told}")
    assert len(feeding("feed", "verify", "feed", "--to", TO, "--json").json["target"]["problems"]) == 1


def test_it_is_told_how_far_a_target_is(feeding: Spondyl) -> None:
    before = feeding("feed", "status", "feed", "--to", TO)
    feeding("feed", "apply", "feed", "--to", TO, "--history")
    feeding("record", "visit", "patient=P-1", "visited_on=2021-01-02", "crp=3")
    feeding("feed", "run", "feed")
    feeding("erase", "P-1", "--reason", "asked for it", "--yes")
    feeding("feed", "run", "feed")

    after = feeding("feed", "status", "feed", "--to", TO)
    as_json = feeding("feed", "status", "feed", "--to", TO, "--json").json["target"]
    erased = feeding("feed", "verify", "feed", "--to", TO)

    assert before.err.endswith(f"{TO}: nothing was applied yet; spondyl feed apply does\n")
    assert after.err.splitlines()[-3].endswith(" UTC, with history")
    assert after.err.splitlines()[-2] == "1 patient to erase; spondyl feed apply does"
    assert after.err.splitlines()[-1].startswith("2 batches of ")
    assert (as_json["batches_behind"], as_json["streams_to_erase"]) == (2, 1)
    assert "erased 1 patient\n" in erased.err
    assert erased.code == 0
    assert feeding("feed", "apply", "feed", "--to", TO).err.count("applied the batch") == 2
    assert feeding("feed", "status", "feed", "--to", TO).err.endswith("\nnothing is new\n")


def test_who_stayed_with_something_of_the_erased_does_not_count_as_erased(feeding: Spondyl) -> None:
    cells = ("patient=P-2", "enrolled_on=2020-01-02"), ("patient=P-2", "visited_on=2021-01-02", "crp=3")
    done = [
        feeding("record", "patient", *cells[0]),
        feeding("record", "visit", *cells[1]),
        feeding("merge", "P-2", "--into", "P-1", "--reason", "one person", "--keep-enrolment"),
        feeding("feed", "run", "feed"),
        feeding("unmerge", "P-2", "--reason", "two persons"),
    ]
    assert [each.code for each in done] == [0] * 5, [each.err for each in done]
    feeding("feed", "run", "feed")
    feeding("feed", "apply", "feed", "--to", TO)
    feeding("erase", "P-2", "--reason", "asked for it", "--yes")
    feeding("feed", "run", "feed")

    waiting = feeding("feed", "status", "feed", "--to", TO)
    told = feeding("feed", "apply", "feed", "--to", TO)

    assert "1 patient to erase; spondyl feed apply does\n" in waiting.err
    assert told.err.startswith("erased 1 patient\nerased what the erased left with 1 patient who stayed\napplied")


@pytest.mark.parametrize("command", ["apply", "verify", "status"])
def test_a_target_that_is_none_is_refused_in_one_line(feeding: Spondyl, command: str) -> None:
    refused = feeding("feed", command, "feed", "--to", "warehouse.duckdb")

    assert refused.code == 3
    assert refused.err.splitlines()[-1].startswith("spondyl: the target: is no kind of target; write duckdb:FILE, ")


def test_a_target_to_which_nothing_was_applied_cannot_be_verified(feeding: Spondyl) -> None:
    refused = feeding("feed", "verify", "feed", "--to", TO)

    assert refused.code == 3
    assert refused.err.endswith(f"{TO}: nothing was applied to it yet; spondyl feed apply does\n")


def test_a_feed_is_applied_to_a_server(feeding: Spondyl, postgres_server: str) -> None:
    to = f"{postgres.url_of(postgres_server, postgres.new_database(postgres_server))}&schema=cohort"

    assert feeding("feed", "apply", "feed", "--to", to, "--history").code == 0
    assert feeding("feed", "apply", "feed", "--to", to).err == "nothing is new\n"
    assert feeding("feed", "verify", "feed", "--to", to).code == 0
