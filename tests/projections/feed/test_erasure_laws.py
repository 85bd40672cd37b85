"""Whoever is erased is nowhere in a feed any more, and the feed is as if it had been made today."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow.parquet as pq
import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from projections.feed.running import feed_init, feed_run
from projections.feed.verifying import feed_verify
from registry import Registry, import_batch
from registry.domain.events import stream_of
from registry.errors import RefusalError
from tests.oracle.commands import PATIENTS
from tests.oracle.histories import History, begin, empty_registry, go_on, histories
from tests.oracle.laws import laws
from tests.projections.feed.exports import events_at, exported
from tests.projections.feed.slow_applier import applied, batches_of, events_of
from tests.projections.feed.test_laws import cuts

WHY = "asked for it"
ACTS = ("nothing", "merge", "merge", "unmerge", *(f"erase {patient}" for patient in PATIENTS))
acts = st.lists(st.sampled_from(ACTS), min_size=5, max_size=5)


def carried_out(registry: Registry, act: str) -> None:
    """Carry out what concerns patients as a whole; a refusal is as welcome."""
    verb, _, patient = act.partition(" ")
    try:
        if verb == "merge":
            registry.merge_patients("P-10", into="P-1", reason=WHY, keep_enrolment=True)
        elif verb == "unmerge":
            registry.unmerge_patients("P-10", reason=WHY)
        elif verb == "erase":
            registry.erase_patient(patient, reason=WHY)
    except RefusalError as refusal:
        note(f"{act}: {refusal}")


def lived(registry: Registry, feed: Path, history: History, stops: list[int], done: list[str]) -> None:
    """Let a history happen with merges and erasures in it, and have a feed follow it."""
    chance, steps = history
    facts = begin(registry)
    for act, (first, last) in zip(done, zip([0, *stops], [*stops, len(steps)])):
        go_on(registry, (chance, steps[first:last]), facts)
        feed_run(registry, feed)
        carried_out(registry, act)
        feed_run(registry, feed)


def content(feed: Path) -> dict[str, bytes]:
    """Return every file of a feed but its lock."""
    return {
        str(path.relative_to(feed)): path.read_bytes()
        for path in feed.rglob("*")
        if path.is_file() and path.name != ".lock"
    }


def made_anew(registry: Registry, feed: Path, positions: list[int]) -> dict[str, bytes]:
    """Return the files of a feed that was made of a log as it is now, with batches up to some positions."""
    feed_init(registry, feed)
    for position in positions:
        feed_run(registry, feed, known_at=position)
    return content(feed)


@laws(histories=3, long=5)
@given(histories, cuts, acts)
def test_a_feed_that_was_rewritten_for_an_erasure_is_one_that_is_made_today(
    sqlite_template: Path, history: History, stops: list[int], done: list[str]
) -> None:
    with empty_registry(sqlite_template) as registry, TemporaryDirectory() as folder:
        feed = Path(folder) / "feed"
        registry.enrol_patient("P-0", enrolled_on="2018-01-01")
        feed_init(registry, feed)
        lived(registry, feed, history, stops, done)
        positions = [batch["to"]["position"] for batch in batches_of(feed)]

        found = content(feed)

        anew = made_anew(registry, Path(folder) / "anew", positions)
        assert sorted(found) == sorted(anew)
        assert [name for name in found if found[name] != anew[name]] == []
        for position in positions:
            assert applied(feed, until=position) == exported(registry, position)
        assert [row for batch in batches_of(feed) for row in events_of(feed, batch)] == events_at(
            registry, registry.head.position
        )
        assert feed_verify(feed).problems == ()


VISIT = "id,patient,visited_on,crp\nr17,{patient},2003-01-13,17.31\nr18,{patient},2003-02-13,3.5"
BOTH = "patient,enrolled_on\nBAR1-01,2002-01-14\nBAR1-02,2002-01-14"


def delivered(registry: Registry, folder: Path, patient: str) -> None:
    """Import two visits of one patient: where they were another's, they move."""
    folder.mkdir(exist_ok=True)
    (folder / "patients.csv").write_text(BOTH)
    (folder / "visits.csv").write_text(VISIT.format(patient=patient))
    import_batch(registry, folder)


@pytest.mark.parametrize("erased", ["BAR1-01", "BAR1-02"])
def test_rows_that_moved_to_who_is_erased_or_came_from_them_leave_the_feed_of_the_other_patient_too(
    sqlite_template: Path, tmp_path: Path, erased: str
) -> None:
    feed = tmp_path / "feed"
    with empty_registry(sqlite_template) as registry:
        for first, patient in enumerate(("BAR1-01", "BAR1-02")):
            delivered(registry, tmp_path / "delivery", patient)
            if not first:
                feed_init(registry, feed)
            feed_run(registry, feed)
        registry.erase_patient(erased, reason=WHY)
        feed_run(registry, feed)
        positions = [batch["to"]["position"] for batch in batches_of(feed)]

        assert content(feed) == made_anew(registry, tmp_path / "anew", positions)
        for position in positions:
            assert applied(feed, until=position) == exported(registry, position)
        assert [name for name, found in content(feed).items() if erased.encode() in found] == []
        assert feed_verify(feed).problems == ()


def test_erasures_are_listed_by_stream_and_say_where_a_patient_stays(sqlite_template: Path, tmp_path: Path) -> None:
    feed = tmp_path / "feed"
    with empty_registry(sqlite_template) as registry:
        delivered(registry, tmp_path / "delivery", "BAR1-01")
        delivered(registry, tmp_path / "delivery", "BAR1-02")
        feed_init(registry, feed)
        feed_run(registry, feed)
        registry.erase_patient("BAR1-02", reason=WHY)
        (written,) = feed_run(registry, feed)

    rows = pq.read_table(feed / "batches" / written.folder / "erasures.parquet").to_pylist()
    assert {(row["stream"], row["remains"]) for row in rows} == {
        (str(stream_of("BAR1-02")), False),
        (str(stream_of("BAR1-01")), True),
    }
    assert written.folder.endswith("~1")
