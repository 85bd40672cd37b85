"""What is counted twice is counted alike: courses, episodes, states and scores are of the same locations."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from projections import LogColumns, facts_at, project
from registry.catalogue.methods import methods
from tests.oracle.asking import Answers
from tests.oracle.contract import Row
from tests.oracle.histories import History, Point, histories, points, registry_with
from tests.oracle.laws import laws

SERIES = ("patient", "method", "reader", "session")
READ_FROM_IMAGES = ("readings", "lesion_states", "lesion_courses", "lesion_episodes", "scores")
some_points = st.lists(points, min_size=10, max_size=10)


def answers_at(template: Path, history: History, asked: Iterable[Point]) -> Iterator[Answers]:
    """Yield the tables of a random history at some points in time."""
    with registry_with(template, history) as registry:
        decoded = LogColumns.read(registry.log)
        last = decoded.head.position
        for as_of, place in asked:
            facts = facts_at(decoded, as_of=as_of, known_at=f"@{last - place % last}")
            yield {name: project(name, facts).to_pylist() for name in READ_FROM_IMAGES}


def grouped(rows: Iterable[Row], *names: str) -> dict[tuple[object, ...], list[Row]]:
    """Return rows by some of their columns."""
    groups: dict[tuple[object, ...], list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(row[name] for name in names)].append(row)
    return groups


@laws(histories=12)
@given(histories, some_points)
def test_between_two_consecutive_readings_every_location_has_one_course(
    sqlite_template: Path, history: History, asked: list[Point]
) -> None:
    for answers in answers_at(sqlite_template, history, asked):
        derived = [row for row in answers["lesion_courses"] if row["basis"] == "derived"]

        n_readings = Counter(tuple(row[name] for name in SERIES) for row in answers["readings"])
        pairs = grouped(derived, *SERIES, "from_study", "to_study")

        assert len(pairs) == sum(n - 1 for n in n_readings.values())
        for (_, method, *_), courses in pairs.items():
            n_locations = len(methods()[str(method)].locations)
            assert [row["location_number"] for row in courses] == list(range(1, n_locations + 1))
            assert sum(Counter(row["course"] for row in courses).values()) == n_locations


@laws(histories=12)
@given(histories, some_points)
def test_the_scores_of_the_segments_add_up_to_the_whole(
    sqlite_template: Path, history: History, asked: list[Point]
) -> None:
    for answers in answers_at(sqlite_template, history, asked):
        for scores in grouped(answers["scores"], "reading_id").values():
            by_name = {row["score"]: row for row in scores}
            for name, whole in by_name.items():
                if name in ("cervical", "thoracic", "lumbar") or ":" in name:
                    continue
                segments = ("cervical", "thoracic", "lumbar")
                parts = [by_name[segment if name == "total" else f"{name}:{segment}"] for segment in segments]

                assert sum(part["n_expected"] for part in parts) == whole["n_expected"]
                assert sum(part["n_assessed"] for part in parts) == whole["n_assessed"]
                if whole["value"] is not None:
                    assert sum(part["value"] or 0 for part in parts) == whole["value"]


@laws(histories=12)
@given(histories, some_points)
def test_inflamed_locations_are_those_without_an_erosion_and_those_with_an_active_one(
    sqlite_template: Path, history: History, asked: list[Point]
) -> None:
    for answers in answers_at(sqlite_template, history, asked):
        lesions = [row for row in answers["scores"] if row["method"] == "vu-lesions"]
        for scores in grouped(lesions, "reading_id").values():
            counted = {row["score"]: row["value"] for row in scores if row["n_assessed"] == row["n_expected"]}
            if {"inflammation", "inflammation-only", "active-erosions"} <= counted.keys():
                assert counted["inflammation"] == counted["inflammation-only"] + counted["active-erosions"]
            if {"erosions", "active-erosions", "inactive-erosions"} <= counted.keys():
                assert counted["erosions"] == counted["active-erosions"] + counted["inactive-erosions"]


@laws(histories=12)
@given(histories, some_points)
def test_every_positive_state_belongs_to_one_episode(
    sqlite_template: Path, history: History, asked: list[Point]
) -> None:
    for answers in answers_at(sqlite_template, history, asked):
        positive = [row for row in answers["lesion_states"] if row["activity"]]
        in_episodes: Counter[tuple[object, ...]] = Counter()
        for place, episodes in grouped(answers["lesion_episodes"], *SERIES, "location_number").items():
            in_episodes[place] = sum(row["n_readings"] for row in episodes)

            assert [row["relapse"] for row in episodes] == [False, *[True] * (len(episodes) - 1)]
            assert sum(row["ongoing"] for row in episodes[:-1]) == 0

        assert in_episodes == Counter(tuple(row[name] for name in (*SERIES, "location_number")) for row in positive)


@laws(histories=12)
@given(histories, some_points)
def test_the_states_of_a_course_are_the_states_of_its_two_readings(
    sqlite_template: Path, history: History, asked: list[Point]
) -> None:
    for answers in answers_at(sqlite_template, history, asked):
        key = (*SERIES, "study", "location_number")
        states = {tuple(row[name] for name in key): (row["state"], row["activity"]) for row in answers["lesion_states"]}
        for row in answers["lesion_courses"]:
            if row["basis"] == "derived":
                series, number = tuple(row[name] for name in SERIES), row["location_number"]
                assert states[*series, row["from_study"], number] == (row["from_state"], row["from_activity"])
                assert states[*series, row["to_study"], number] == (row["to_state"], row["to_activity"])
