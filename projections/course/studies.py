"""A patient's imaging studies: the scores of each reading, and what changed where since the study before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from projections.course.entry import CourseEntry, day_of, number_of, rows_of
from projections.derived.scores import headlines
from projections.stated.imaging import study_references

if TYPE_CHECKING:
    from projections.point_in_time import Facts

CHANGES: Final = ("new", "worse", "improved", "resolved")  # in the order in which they matter
LISTED: Final = ("new", "worse")  # with the places, up to so many
PLACES_AT_MOST: Final = 6
BY: Final = ("to_study", "from_study", "method", "reader", "session")  # what a sentence on changes is about


def studies(facts: Facts, patient: str) -> Iterator[CourseEntry]:
    """Yield a patient's studies."""
    read: defaultdict[object, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    headline = headlines(facts.catalogue.methods.values())
    for row in rows_of(facts, "scores", patient, "study", "method", "reader", "session", "score", "value"):
        if (row["method"], row["score"]) in headline:
            value = number_of(row["value"]) if row["value"] is not None else "not complete"
            session = f" ({row['session']})" if row["session"] else ""
            reading = f"{row['method']} by {row['reader']}{session}"
            read[row["study"]][reading].append(f"{str(row['score']).replace('-', ' ')} {value}")
    changed, references = _changes(facts, patient), study_references(facts)
    for row in rows_of(facts, "imaging", patient):
        regions = row["regions"]
        shown = " and ".join(map(str, regions)) if isinstance(regions, list) else ""
        scores = (f"{reading}: {', '.join(said)}" for reading, said in read[row["study"]].items())
        parts = (f"{row['modality']} {shown}", *scores, *changed[row["study"]])
        yield CourseEntry(
            on=day_of(row, "performed_on"),
            until=None,
            what="study",
            which=str(row["study"]),
            details="; ".join(filter(None, parts)),
            reference=references[str(row["study"])],
        )


def _changes(facts: Facts, patient: str) -> defaultdict[object, list[str]]:
    """Return by study what changed since the study before, a sentence a reading."""
    places: defaultdict[tuple[object, ...], defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in rows_of(facts, "lesion_courses", patient, *BY, "course", "location", "kind"):
        places[tuple(row[column] for column in BY)][str(row["course"])].append(str(row["location"] or row["kind"]))
    said: defaultdict[object, list[str]] = defaultdict(list)
    for (study, before, method, reader, _), by_course in places.items():
        counts = [_counted(course, by_course[course]) for course in CHANGES if by_course[course]]
        said[study].append(f"{method} by {reader} since {before}: {', '.join(counts) or 'unchanged'}")
    return said


def _counted(course: str, places: list[str]) -> str:
    if course not in LISTED or not places:
        return f"{len(places)} {course}"
    more = f", {len(places) - PLACES_AT_MOST} more" if len(places) > PLACES_AT_MOST else ""
    return f"{len(places)} {course} ({', '.join(places[:PLACES_AT_MOST])}{more})"
