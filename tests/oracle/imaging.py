"""The oracle's imaging, readings, findings, lesion states and scores.

States and scores are worded here a second time, from the definitions and not from the catalogue's tables; only the
names and the order of the locations are taken from there.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import product
from typing import Final, NamedTuple

from registry.catalogue.imaging.places import Location
from registry.catalogue.methods import methods
from tests.oracle.contract import Row, in_contract_order
from tests.oracle.replay import Fact, Facts, first_day

Grades = tuple[int | None, ...]

ITEMS: Final = {"vu-lesions": ("inflammation", "erosion"), "asspimri": ("grade",), "berlin": ("grade",)}
POSSIBLE: Final = {"vu-lesions": range(2), "asspimri": range(7), "berlin": range(4)}
SCORES: Final[dict[str, dict[str, Callable[..., int]]]] = {
    "vu-lesions": {
        "erosions": lambda inflammation, erosion: erosion,
        "inflammation": lambda inflammation, erosion: inflammation,
        "inflammation-only": lambda inflammation, erosion: inflammation * (1 - erosion),
        "active-erosions": lambda inflammation, erosion: inflammation * erosion,
        "inactive-erosions": lambda inflammation, erosion: (1 - inflammation) * erosion,
    },
    "asspimri": {"total": lambda grade: grade},
    "berlin": {"total": lambda grade: grade},
}


class Place(NamedTuple):
    """One location of one reading: its grades, and what they say together."""

    location: Location
    grades: Grades
    state: str | None
    activity: int | None


def imaging(facts: Facts) -> list[Row]:
    """One row per imaging study."""
    rows = [
        fact.said | {"patient": fact.patient, "performed_on": first_day(fact.said["performed_on"])}
        for fact in facts.of_kind["imaging"]
    ]
    return in_contract_order("imaging", rows)


def readings(facts: Facts) -> list[Row]:
    """One row per reading."""
    rows = []
    for fact in facts.of_kind["reading"]:
        graded = [None not in place.grades for place in places(fact)]
        rows.append(
            reading_row(fact)
            | {
                "method_version": fact.said["method_version"],
                "read_on": first_day(fact.said["read_on"]),
                "seconds": fact.said["seconds"],
                "n_expected": len(graded),
                "n_assessed": sum(graded),
                "complete": all(graded),
            }
        )
    return in_contract_order("readings", rows, tie="reading_id")


def findings(facts: Facts) -> list[Row]:
    """One row per location and item of a reading."""
    rows = []
    for fact in facts.of_kind["reading"]:
        for place in places(fact):
            for number, (item, grade) in enumerate(zip(ITEMS[fact.said["method"]], place.grades), start=1):
                named = None if item == "grade" else item
                graded = {"item": named, "grade": grade, "item_number": number}
                rows.append(reading_row(fact) | place_row(place) | graded)
    return in_contract_order("findings", rows, tie="reading_id")


def lesion_states(facts: Facts) -> list[Row]:
    """One row per location of a reading."""
    rows = []
    for fact in facts.of_kind["reading"]:
        for place in places(fact):
            said = {"state": place.state, "activity": place.activity}
            rows.append(reading_row(fact) | place_row(place) | said)
    return in_contract_order("lesion_states", rows, tie="reading_id")


def scores(facts: Facts) -> list[Row]:
    """One row per score of a reading, the whole and each segment."""
    rows = []
    for fact in facts.of_kind["reading"]:
        method, found = fact.said["method"], places(fact)
        for segment in (None, "cervical", "thoracic", "lumbar"):
            chosen = [place for place in found if segment in (None, place.location.segment)]
            for score, counted in SCORES[method].items():
                named = score if segment is None else segment if score == "total" else f"{score}:{segment}"
                scored = reading_row(fact) | {"method_version": fact.said["method_version"], "score": named}
                rows.append(scored | score_over(chosen, counted, method))
    return in_contract_order("scores", rows, tie="reading_id")


def score_over(chosen: list[Place], counted: Callable[..., int], method: str) -> Row:
    """Return a score over some locations: its value, how many it wanted, how many it had, and its policy."""
    policy = "assessed" if method == "vu-lesions" else "complete-only"
    counts = []
    for place in chosen:
        count = certain(place.grades, counted, method)
        if count is not None:
            counts.append(count)
    enough = len(counts) == len(chosen) if policy == "complete-only" else len(counts) > 0
    return {
        "value": float(sum(counts)) if enough else None,
        "n_expected": len(chosen),
        "n_assessed": len(counts),
        "policy": policy,
        "n_imputed": 0,
    }


@cache
def certain(grades: Grades, counted: Callable[..., int], method: str) -> int | None:
    """Return what a location counts whatever its missing grades are, None where that depends on them."""
    choices = [POSSIBLE[method] if grade is None else (grade,) for grade in grades]
    counts = {counted(*completed) for completed in product(*choices)}
    return counts.pop() if len(counts) == 1 else None


def places(fact: Fact) -> list[Place]:
    """Return the locations of a reading in the method's order, each with what its grades say."""
    code = fact.said["method"]
    columns = [fact.said["grades"][item] for item in ITEMS[code]]
    found = []
    for location, *grades in zip(methods()[code].locations, *columns, strict=True):
        state, activity = lesion_state(*grades) if code == "vu-lesions" else graded_state(*grades)
        found.append(Place(location, tuple(grades), state, activity))
    return found


def lesion_state(inflammation: int | None, erosion: int | None) -> tuple[str | None, int | None]:
    """Return state and activity of a location by inflammation and erosion."""
    if inflammation is None:
        return None, None
    if erosion is None:
        return None, 0 if inflammation == 0 else None
    if inflammation == 1:
        return ("active-erosion", 2) if erosion == 1 else ("inflammation", 1)
    return ("inactive-erosion", 0) if erosion == 1 else ("none", 0)


def graded_state(grade: int | None) -> tuple[str | None, int | None]:
    """Return state and activity of a location that has one grade."""
    return (None if grade is None else str(grade)), grade


def reading_row(fact: Fact) -> Row:
    """Return what identifies a reading."""
    return {
        "patient": fact.patient,
        "performed_on": fact.examined_on[-1],
        "study": fact.said["study"],
        "method": fact.said["method"],
        "reader": fact.said["reader"],
        "session": fact.said["session"],
        "reading_id": fact.reference,
    }


def place_row(place: Place) -> Row:
    """Return what identifies a location."""
    where = place.location
    return {"location_number": where.number, "location": where.name, "segment": where.segment}
