"""The oracle's lesion courses, derived and paired, and lesion episodes."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import Final

from tests.oracle.contract import Row, in_contract_order
from tests.oracle.imaging import Place, place_row, places
from tests.oracle.replay import Fact, Facts

PAIRED: Final = {  # verdict: state before, state after, course
    "resolution": ("present", "absent", "resolved"),
    "improvement": ("present", "present", "improved"),
    "unchanged": ("present", "present", "unchanged"),
    "deterioration": ("present", "present", "worse"),
    "new": ("absent", "present", "new"),
}
Series = list[tuple[Fact, list[Place]]]


def lesion_courses(facts: Facts) -> list[Row]:
    """One row per location between two consecutive readings, and one per paired verdict."""
    return in_contract_order("lesion_courses", derived_courses(facts) + paired_courses(facts), tie="reference")


def derived_courses(facts: Facts) -> list[Row]:
    """Return what became of each location between each two consecutive readings."""
    rows = []
    for key, series in reading_series(facts).items():
        for (before, places_before), (after, places_after) in pairwise(series):
            for was, now in zip(places_before, places_after, strict=True):
                rows.append(
                    key_row(key)
                    | place_row(now)
                    | {
                        "kind": None,
                        "from_study": before.said["study"],
                        "from_on": before.examined_on[0],
                        "to_study": after.said["study"],
                        "to_on": after.examined_on[0],
                        "from_state": was.state,
                        "to_state": now.state,
                        "from_activity": was.activity,
                        "to_activity": now.activity,
                        "course": course(was.activity, now.activity),
                        "basis": "derived",
                        "reference": after.reference,
                    }
                )
    return rows


def course(before: int | None, after: int | None) -> str:
    """Return what became of a location, by its activity before and after."""
    if before is None or after is None:
        return "not-assessable"
    if before == 0:
        return "absent" if after == 0 else "new"
    if after == 0:
        return "resolved"
    return "improved" if after < before else "worse" if after > before else "unchanged"


def paired_courses(facts: Facts) -> list[Row]:
    """Return each reader's paired verdicts; a lesion's number is its order within its pair."""
    pairs: dict[tuple[str, ...], list[Fact]] = defaultdict(list)
    for fact in facts.of_kind["lesion"]:
        said = fact.said
        pairs[fact.patient, said["baseline_study"], said["followup_study"], said["reader"], said["session"]].append(
            fact
        )
    rows = []
    for verdicts in pairs.values():
        verdicts.sort(key=lambda fact: lesion_order(fact.said["lesion"]))
        for number, fact in enumerate(verdicts, start=1):
            from_on, to_on = fact.examined_on
            from_state, to_state, what = PAIRED[fact.said["verdict"]]
            rows.append(
                {
                    "patient": fact.patient,
                    "method": "paired-lesions",
                    "reader": fact.said["reader"],
                    "session": fact.said["session"],
                    "to_on": to_on,
                    "to_study": fact.said["followup_study"],
                    "location_number": number,
                    "location": fact.said["location"],
                    "segment": fact.said["region"],
                    "kind": fact.said["kind"],
                    "from_study": fact.said["baseline_study"],
                    "from_on": from_on,
                    "from_state": from_state,
                    "to_state": to_state,
                    "from_activity": None,
                    "to_activity": None,
                    "course": what,
                    "basis": "paired-reading",
                    "reference": fact.reference,
                }
            )
    return rows


def lesion_order(code: str) -> tuple[bool, int, str]:
    """Return where a lesion's code stands: numbers by number, then the others as text."""
    is_number = code.isascii() and code.isdigit()
    return (not is_number, int(code) if is_number else 0, code)


def lesion_episodes(facts: Facts) -> list[Row]:
    """One row per run of positive activity at a location."""
    rows = []
    for key, series in reading_series(facts).items():
        for number, place in enumerate(series[0][1]):
            activities = [(fact, found[number].activity) for fact, found in series]
            rows += [key_row(key) | place_row(place) | episode for episode in location_episodes(activities)]
    return in_contract_order("lesion_episodes", rows)


def location_episodes(activities: list[tuple[Fact, int | None]]) -> list[Row]:
    """Return the episodes of one location in a series; what could not be assessed neither starts nor ends one."""
    episodes: list[Row] = []
    is_open = False
    for fact, activity in activities:
        if activity is None:
            continue
        if activity == 0:
            if is_open:
                episodes[-1] |= {"resolved_on": fact.examined_on[0], "ongoing": False}
            is_open = False
            continue
        if not is_open:
            begun = {
                "first_seen_on": fact.examined_on[0],
                "first_seen_study": fact.said["study"],
                "peak_activity": 0,
                "n_readings": 0,
                "relapse": episodes != [],
            }
            episodes.append(begun | {"resolved_on": None, "ongoing": True})
            is_open = True
        episodes[-1]["last_seen_on"] = fact.examined_on[0]
        episodes[-1]["n_readings"] += 1
        episodes[-1]["peak_activity"] = max(episodes[-1]["peak_activity"], activity)
    return episodes


def reading_series(facts: Facts) -> dict[tuple[str, str, str, str], Series]:
    """Return the readings of one patient by one method, reader and session, the earliest study first."""
    series: dict[tuple[str, str, str, str], Series] = defaultdict(list)
    for fact in facts.of_kind["reading"]:
        key = (fact.patient, fact.said["method"], fact.said["reader"], fact.said["session"])
        series[key].append((fact, places(fact)))
    for found in series.values():
        found.sort(key=lambda reading: (reading[0].examined_on, reading[0].said["study"], reading[0].reference))
    return series


def key_row(key: tuple[str, str, str, str]) -> Row:
    """Return what identifies a series of readings."""
    return dict(zip(("patient", "method", "reader", "session"), key, strict=True))
