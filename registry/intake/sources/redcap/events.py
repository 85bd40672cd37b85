"""The events of a longitudinal project, with their arms, and which forms and events repeat."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from registry.errors import UnreadableError
from registry.intake.sources.redcap.describing_files import Columns, described, naming

EVENTS_AT_MOST: Final = 10_000
UNIQUE: Final = "unique_event_name"
EVENTS: Final = Columns((UNIQUE,), {UNIQUE})
ARMS: Final = Columns(("arm_num",), {"arm_num"})


class Event(NamedTuple):
    """An event: its unique name, what people call it, and its arm, by number and name."""

    name: str
    label: str = ""
    arm: str = ""
    arm_name: str = ""


class Repeats(NamedTuple):
    """What repeats: forms by event, and whole events. In a project without events the event of a form is empty."""

    forms: frozenset[tuple[str, str]] = frozenset()
    events: frozenset[str] = frozenset()


def labelled(events: Iterable[Event]) -> dict[str, str]:
    """Return what each event is called, by its unique name; with its arm where there are several."""
    events = [*events]
    several = len({event.arm for event in events}) > 1
    return {
        event.name: f"{event.label} (Arm {event.arm}: {event.arm_name})" if several else event.label for event in events
    }


def read_events(path: Path, arms: Path | None, *, encoding: str | None) -> list[Event]:
    """Return the events of a file of events, with the names of arms where there is one of these.

    Raises `UnreadableError`, which names the file.
    """
    names = None if arms is None else naming(arms, lambda: _arms(arms, encoding))
    return naming(path, lambda: _events(path, names, encoding))


def _arms(path: Path, encoding: str | None) -> dict[str, str]:
    rows = described(path, ARMS, encoding=encoding)
    return {row["arm_num"]: row.get("name", "") for _, row in rows}


def _events(path: Path, arms: Mapping[str, str] | None, encoding: str | None) -> list[Event]:
    events: dict[str, Event] = {}
    for line, row in described(path, EVENTS, encoding=encoding):
        arm, name = row.get("arm_num", ""), row[UNIQUE]
        if not name or name in events:
            raise UnreadableError(line, f"{UNIQUE} is empty, or stands twice")
        if arms is not None and arm not in arms:
            raise UnreadableError(line, f"the event {name} is of arm {arm}, which the file of arms does not have")
        if len(events) >= EVENTS_AT_MOST:
            raise UnreadableError(line, f"more than {EVENTS_AT_MOST:,} events")
        events[name] = Event(name, row.get("event_name", ""), arm, (arms or {}).get(arm, ""))
    return [*events.values()]
