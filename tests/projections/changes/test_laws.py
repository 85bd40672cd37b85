"""Whatever happened between two positions: the changes lead from the rows at the one to the rows at the other."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from projections import Change, changes_between, facts_at, project
from projections.changes.compared import COMPARED
from registry import Registry
from tests.oracle.commands import PATIENTS
from tests.oracle.histories import DAYS, History, histories, numbers, registry_with
from tests.oracle.laws import laws

Row = dict[str, Any]
Topics = dict[tuple[str, str | None], list[str]]
OF_TABLES = [name for name in COMPARED if name != "lesions"]


def rows_at(registry: Registry, position: int, as_of: Any) -> dict[str, dict[tuple[Any, ...], Row]]:
    """Return the rows of every exported table that is compared, by its key."""
    if not position:
        return {name: {} for name in OF_TABLES}
    facts = facts_at(registry, known_at=position, as_of=as_of)
    found: dict[str, dict[tuple[Any, ...], Row]] = {}
    for name in OF_TABLES:
        key = COMPARED[name].key
        found[name] = {tuple(row[column] for column in key): row for row in project(name, facts).to_pylist()}
    return found


def applied(change: Change, rows: dict[tuple[Any, ...], Row]) -> None:
    """Carry out a change on the rows of its table, which have to be as it says."""
    whole = {"patient": change.patient, **change.key}
    key = tuple(whole[column] for column in COMPARED[change.table].key)
    if change.row == "insert":
        assert key not in rows
        rows[key] = whole | (change.after or {})
    elif change.row == "delete":
        assert rows.pop(key) == whole | (change.before or {})
    else:
        before, after = change.before or {}, change.after or {}
        assert after.keys() == before.keys() != set()
        assert all(rows[key][name] == before[name] != after[name] for name in before)
        rows[key] = rows[key] | after


def topics_between(registry: Registry, earlier: int, later: int) -> Topics:
    """Return what happened to each fact between two positions, by patient and reference, in order."""
    found: Topics = defaultdict(list)
    for chunk in registry.log.columns(after=earlier, until=later):
        for topic, payload in zip(chunk.topic, chunk.payload, strict=True):
            event = json.loads(payload) if payload is not None else {}
            if "fact" in event and not topic.endswith("Confirmed"):
                found[event["patient"], event["fact"]].append(topic)
    return found


def was_done(change: Change, topics: list[str]) -> str:
    """Return what was done to the fact of a change, by the names of its events."""
    if not topics:
        return "followed"
    if change.row == "delete":
        return "retracted" if topics[-1].endswith("Retracted") else "corrected"
    if change.row == "insert":
        is_new = any(topic.endswith(("Recorded", "Started", "Enrolled", "Resumed", "Performed")) for topic in topics)
        return "recorded" if is_new else "corrected"
    return "ended" if all(topic.endswith(("Ended", "Stopped")) for topic in topics) else "corrected"


@laws(histories=20)
@given(histories, st.tuples(numbers, numbers), st.none() | st.sampled_from(DAYS), st.sampled_from((None, *PATIENTS)))
def test_changes_lead_from_the_earlier_rows_to_the_later_and_say_what_was_done(
    sqlite_template: Path, history: History, places: tuple[int, int], as_of: Any, erased: str | None
) -> None:
    with registry_with(sqlite_template, history) as registry:
        if erased is not None:
            registry.erase_patient(erased, reason="asked for it")
        earlier, later = sorted(place % (registry.head.position + 1) for place in places)
        rows, topics = rows_at(registry, earlier, as_of), topics_between(registry, earlier, later)
        between = changes_between(registry, earlier, later, as_of=as_of)

        found = [*between]

        for change in found:
            own = topics.get((change.patient, change.fact), [])
            assert [event.event for event in change.events] == own
            assert change.how == was_done(change, own), f"{change} after {own}"
            if change.table != "lesions":
                applied(change, rows[change.table])
        assert rows == rows_at(registry, later, as_of)
        assert between.counts() == Counter((change.table, change.how) for change in found)
        assert [change.patient for change in found] == sorted(change.patient for change in found)
