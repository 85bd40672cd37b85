"""On what the rows of a table depend, as it says of itself: nothing else moves them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given

from projections import LogColumns, facts_at, project
from projections.consent import POLICIES
from projections.feed.kinds_read import KINDS_READ, kinds_read
from projections.feed.running import IN_FEEDS, feed_init, feed_run
from projections.tables import TABLES
from registry import Registry
from registry.domain.events import stream_of
from registry.simulation import CohortSize, record_simulated, simulated
from tests.oracle.collecting import Step, stories, told
from tests.oracle.histories import empty_registry
from tests.oracle.laws import laws
from tests.projections.feed.exports import exported
from tests.projections.feed.slow_applier import applied
from tests.spec import campaigns


@laws(histories=2, long=6)
@given(stories())
def test_an_edition_of_the_protocol_moves_only_tables_that_say_so_and_the_feed_has_what_it_moves(
    sqlite_template: Path, story: list[Step]
) -> None:
    with told(sqlite_template, story) as teller, TemporaryDirectory() as folder:
        registry, feed = teller.registry, Path(folder) / "feed"
        feed_init(registry, feed)
        for step in story:
            if step.verb == "adopt":
                for name in (name for name in IN_FEEDS if TABLES[name].function_of == "patient"):
                    was, now = (
                        project(name, facts_at(registry, known_at=place))
                        for place in (step.position - 1, step.position)
                    )
                    assert was.to_pylist() == now.to_pylist()
        for position in {step.position: None for step in story[::3]}:
            feed_run(registry, feed, known_at=position)

            assert applied(feed) == exported(registry, position)


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


@pytest.fixture(scope="module")
def simulated_columns(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], LogColumns]]:
    """What reads a small invented cohort anew."""
    place = tmp_path_factory.mktemp("simulated") / "registry.db"
    record_simulated(simulated(CohortSize(4, 4, 1)), str(place))
    with Registry.open(str(place)) as registry:
        streams = [stream_of(name) for name in project("patients", facts_at(registry))["patient"].to_pylist()]
        yield lambda: LogColumns.decoded(registry.log, streams=streams)


@pytest.mark.parametrize("withdrawn", POLICIES)
@pytest.mark.parametrize("name", KINDS_READ)
def test_a_table_reads_no_other_kinds_of_facts_than_it_is_said_to(
    simulated_columns: Callable[[], LogColumns], name: str, withdrawn: str
) -> None:
    columns = simulated_columns()

    project(name, facts_at(columns, withdrawn=withdrawn))

    assert set(columns.facts) <= kinds_read(name)


def test_of_every_table_of_a_feed_it_is_said_what_it_reads() -> None:
    assert {*KINDS_READ} == {name for name in IN_FEEDS if name != "events"}
