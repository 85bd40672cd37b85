"""Whatever happened: who applies the batches of a feed has, row for row, what an export has at the same position."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from projections import facts_at
from projections.feed.running import feed_init, feed_run
from projections.feed.verifying import feed_verify
from projections.tables import TABLES
from registry import Registry
from tests.oracle.histories import History, begin, empty_registry, go_on, histories
from tests.oracle.laws import laws
from tests.projections.feed.exports import events_at, exported
from tests.projections.feed.slow_applier import Row, applied, batches_of, events_of, images_of
from tests.projections.feed.slow_sums import slow_sum

cuts = st.lists(st.integers(1, 79), min_size=1, max_size=4).map(sorted)


def followed(registry: Registry, feed: Path, history: History, stops: list[int]) -> list[int]:
    """Let a history happen, and have a feed follow it at some places; return the positions of its batches."""
    chance, steps = history
    facts = begin(registry)
    for first, last in zip([0, *stops], [*stops, len(steps)]):
        go_on(registry, (chance, steps[first:last]), facts)
        feed_run(registry, feed)
    return [batch["to"]["position"] for batch in batches_of(feed)]


def said_of(feed: Path, registry: Registry) -> None:
    """Hold what every batch says of itself against what it has, and against the registry."""
    position, digest, events = 0, "0" * 64, []
    for batch in batches_of(feed):
        assert (batch["from"]["position"], batch["from"]["digest"]) == (position, digest)
        position, digest = batch["to"]["position"], batch["to"]["digest"]
        assert digest == registry.log.head_at(position).digest.hex()
        state = exported(registry, position)
        for name, told in batch["tables"].items():
            images = images_of(feed, batch, name)
            assert [image["_row_key"] for image in images] == sorted(image["_row_key"] for image in images)
            assert (told["rows"], told["row_sum"]) == (len(state[name]), slow_sum(state[name].values(), TABLES[name]))
            assert told["counts"] == counted(images)
            for image in images:
                assert batch["from"]["position"] < image["_position"] <= position == image["_batch"]
                assert image["_known_from"] == facts_at(registry, known_at=image["_position"]).at.recorded_at
        events += events_of(feed, batch)
        assert (batch["events"]["rows"], batch["events"]["row_sum"]) == (
            len(events),
            slow_sum(events, TABLES["events"]),
        )


def counted(images: list[Row]) -> dict[str, int]:
    types = [image["_change_type"] for image in images]
    assert types.count("update_preimage") == types.count("update_postimage")
    return {
        "insert": types.count("insert"),
        "update": types.count("update_postimage"),
        "delete": types.count("delete"),
    }


@laws(histories=2, long=8)
@given(histories, cuts)
def test_a_feed_applied_is_an_export_at_the_end_of_every_batch(
    sqlite_template: Path, history: History, stops: list[int]
) -> None:
    with empty_registry(sqlite_template) as registry, TemporaryDirectory() as folder:
        feed = Path(folder) / "feed"
        registry.enrol_patient("P-0", enrolled_on="2018-01-01")
        feed_init(registry, feed)

        for position in followed(registry, feed, history, stops):
            assert applied(feed, until=position) == exported(registry, position)
        assert [row for batch in batches_of(feed) for row in events_of(feed, batch)] == events_at(
            registry, registry.head.position
        )


@laws(histories=2, long=4)
@given(histories, cuts)
def test_every_batch_says_of_itself_what_is_so(sqlite_template: Path, history: History, stops: list[int]) -> None:
    with empty_registry(sqlite_template) as registry, TemporaryDirectory() as folder:
        feed = Path(folder) / "feed"
        registry.enrol_patient("P-0", enrolled_on="2018-01-01")
        feed_init(registry, feed)
        followed(registry, feed, history, stops)

        said_of(feed, registry)
        assert feed_verify(feed).problems == ()


@laws(histories=2, long=8)
@given(histories, cuts)
def test_batches_one_after_the_other_come_to_the_same_as_one_over_all_of_them(
    sqlite_template: Path, history: History, stops: list[int]
) -> None:
    with empty_registry(sqlite_template) as registry, TemporaryDirectory() as folder:
        feed, at_once = Path(folder) / "feed", Path(folder) / "at-once"
        registry.enrol_patient("P-0", enrolled_on="2018-01-01")
        feed_init(registry, feed)
        feed_init(registry, at_once)
        first, *more = followed(registry, feed, history, stops)

        feed_run(registry, at_once, known_at=first)
        feed_run(registry, at_once)

        assert len(batches_of(at_once)) == min(len(more), 1) + 1
        assert applied(at_once) == applied(feed)
        assert left_by(at_once) == left_by(feed)


def left_by(feed: Path) -> dict[str, tuple[int, str]]:
    """Return the rows and sums that the last batch of a feed says, and how many events the batches have in all."""
    *_, last = batches_of(feed)
    said = {
        name: (told["rows"], told["row_sum"]) for name, told in [*last["tables"].items(), ("events", last["events"])]
    }
    events = [event for batch in batches_of(feed) for event in events_of(feed, batch)]
    return said | {"position": (len(events), last["to"]["digest"])}
