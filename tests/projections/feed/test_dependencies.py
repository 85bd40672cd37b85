"""On what the rows of a table depend, as it says of itself: nothing else moves them."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given

from projections import LogColumns, facts_at, project
from projections.feed.kinds_read import KINDS_READ, kinds_read
from projections.feed.running import IN_FEEDS, feed_init, feed_run
from projections.point_in_time import POLICIES
from projections.tables import TABLES
from registry.domain.events import stream_of
from tests.oracle.collecting import Step, stories, told
from tests.oracle.histories import begin, empty_registry, go_on
from tests.oracle.laws import laws
from tests.projections.feed.exports import exported
from tests.projections.feed.slow_applier import applied, batches_of
from tests.spec import campaigns

MUCH = (7, list(range(120)))


@laws(histories=6)
@given(stories())
def test_an_edition_of_the_protocol_changes_no_row_of_a_table_that_is_a_function_of_the_patient(
    sqlite_template: Path, story: list[Step]
) -> None:
    with told(sqlite_template, story) as teller, TemporaryDirectory() as folder:
        registry, feed = teller.registry, Path(folder) / "feed"
        for step in story:
            before = registry.head.position
            teller.tell([step])
            if step.verb == "adopt":
                for name in (name for name in IN_FEEDS if TABLES[name].function_of == "patient"):
                    was, now = (project(name, facts_at(registry, known_at=place)) for place in (before, before + 1))
                    assert was.to_pylist() == now.to_pylist()
            if not feed.exists():
                feed_init(registry, feed)
            feed_run(registry, feed)

        for batch in batches_of(feed)[-4:]:
            position = batch["to"]["position"]
            assert applied(feed, until=position) == exported(registry, position)


def test_whatever_happens_in_a_campaign_its_final_scores_are_in_the_feed(sqlite_template: Path, tmp_path: Path) -> None:
    with empty_registry(sqlite_template) as registry:
        campaigns.examined(registry)
        feed_init(registry, tmp_path / "feed")
        feed_run(registry, tmp_path / "feed")
        for act in (
            lambda: campaigns.started(registry, tmp_path),
            lambda: campaigns.read(registry, "MR-0001"),
            lambda: campaigns.all_read(registry),
            lambda: registry.lock_campaign(campaigns.NAME, reason="complete"),
        ):
            act()
            feed_run(registry, tmp_path / "feed")
            found = applied(tmp_path / "feed")
            assert found == exported(registry, registry.head.position)
        assert len(found["final_scores"]) == len(campaigns.STUDIES)


@pytest.mark.parametrize("withdrawn", POLICIES)
@pytest.mark.parametrize("name", KINDS_READ)
def test_a_table_reads_no_other_kinds_of_facts_than_it_is_said_to(
    sqlite_template: Path, name: str, withdrawn: str
) -> None:
    with empty_registry(sqlite_template) as registry:
        go_on(registry, MUCH, begin(registry))
        columns = LogColumns.decoded(registry.log, streams=[stream_of("P-1"), stream_of("P-3")])

        project(name, facts_at(columns, withdrawn=withdrawn))

        assert set(columns.facts) <= kinds_read(name)


def test_of_every_table_of_a_feed_it_is_said_what_it_reads() -> None:
    assert {*KINDS_READ} == {name for name in IN_FEEDS if name != "events"}
