"""What was known is known for ever: an earlier answer needs nothing later, and nothing later changes it."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.oracle.asking import projected
from tests.oracle.histories import (
    History,
    Point,
    begin,
    empty_registry,
    go_on,
    histories,
    points,
    registry_of_first,
    registry_with,
)
from tests.oracle.laws import laws


@laws(histories=15)
@given(histories, st.lists(points, min_size=3, max_size=3))
def test_what_was_known_at_a_position_is_what_a_registry_knows_that_ends_there(
    sqlite_template: Path, history: History, asked: list[Point]
) -> None:
    with registry_with(sqlite_template, history) as whole:
        for as_of, place in asked:
            known_at = place % (whole.head.position + 1)
            with registry_of_first(sqlite_template, known_at, whole) as beginning:
                assert projected(whole, as_of=as_of, known_at=f"@{known_at}") == projected(beginning, as_of=as_of)


@laws(histories=15)
@given(histories, st.integers(0, 40), st.lists(points, min_size=5, max_size=5))
def test_recording_more_changes_no_answer_about_what_was_known_before(
    sqlite_template: Path, history: History, n_before: int, asked: list[Point]
) -> None:
    chance, steps = history
    with empty_registry(sqlite_template) as registry:
        facts = begin(registry)
        go_on(registry, (chance, steps[:n_before]), facts)
        registry.freeze("then")
        last = registry.head.position
        known_at = [f"@{place % (last + 1)}" for _, place in asked]
        days = [as_of for as_of, _ in asked]
        then = [projected(registry, as_of=day) for day in days]
        earlier = [projected(registry, as_of=day, known_at=place) for day, place in zip(days, known_at)]

        go_on(registry, (chance, steps[n_before:]), facts)

        assert [projected(registry, as_of=day, known_at="then") for day in days] == then
        assert [projected(registry, as_of=day, known_at=place) for day, place in zip(days, known_at)] == earlier
