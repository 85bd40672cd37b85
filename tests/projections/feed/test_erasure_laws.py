"""Whoever is erased is nowhere in a feed any more, and the feed is as if it had been made today."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, note
from hypothesis import strategies as st

from projections.feed.running import feed_init, feed_run
from projections.feed.verifying import feed_verify
from registry import Registry
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


@laws(histories=5)
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
