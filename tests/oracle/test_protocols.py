"""What a registry collects by a protocol of its own, at every point in time, with every edition."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from projections import facts_at, project
from tests.oracle.by_hand import TABLES, Row, World
from tests.oracle.collecting import Step, Told, stories, told
from tests.oracle.laws import laws

Point = tuple[int | None, int, int]  # a place in the story and days after it, and the place of the last step
points = st.tuples(st.none() | st.integers(0, 100), st.integers(0, 20), st.integers(0, 100))


def at(story: list[Step], point: Point) -> tuple[date | None, Step]:
    """Return a clinical day, soon after something that happened, and the last step of a story at a point in time."""
    place, after, until = point
    last, happened = story[until % len(story)], [step.day for step in story if step.day is not None]
    if place is None:
        return None, last
    return min(happened[place % len(happened)] + timedelta(after), last.on), last


def projected(registry: Told, name: str, *, as_of: date | None, known_at: int, columns: list[str]) -> list[Row]:
    table = project(name, facts_at(registry.registry, as_of=as_of, known_at=f"@{known_at}"))
    return table.select(columns).to_pylist()


def otherwise(found: list[Row], wanted: list[Row]) -> str:
    """Return the rows that only one side has."""
    extra = [row for row in found if row not in wanted]
    return f"found {extra}, and not {[row for row in wanted if row not in found]}"


@laws(histories=30)
@given(stories(), st.lists(points, min_size=4, max_size=4))
def test_every_table_of_what_is_collected_is_what_one_finds_by_hand(
    sqlite_template: Path, story: list[Step], asked: list[Point]
) -> None:
    with told(sqlite_template, story) as registry:
        for as_of, last in [(None, story[-1]), *(at(story, point) for point in asked)]:
            world = World(story, known_at=last.position, as_of=as_of)
            for name, table in TABLES.items():
                wanted = table(world)
                columns = list(wanted[0]) if wanted else ["patient"] if name != "completeness" else ["centre"]
                found = projected(registry, name, as_of=as_of, known_at=last.position, columns=columns)

                assert found == wanted, f"{name} as of {as_of}, known at @{last.position}: {otherwise(found, wanted)}"
