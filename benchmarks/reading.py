"""Reading a log into columns: decoded from SQL, from its segments, and replayed one event at a time.

The side by side is a loop that decodes every event with msgspec, the fastest decoder of JSON for Python, and keeps the
current version of each fact. All three must know the same facts before anything is timed.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.append import visits
from benchmarks.measuring import in_turn, machine, rate, ratio
from projections import LogColumns, facts_at
from projections.segments import TAIL_EVENTS, sealed_segments
from registry import Registry
from registry.events import StatingEvent
from registry.store.segments_folder import purge_segments
from registry.streams import DECODERS, encoded

EVENTS: Final = 100_000
RUNS: Final = 3


def main() -> None:
    """Print events a second of each way to the facts of a whole log, and their ratios."""
    print(f"reading: {EVENTS:,} visits with eight measures, {RUNS} runs in turn\n{machine()}")
    with TemporaryDirectory() as folder, Registry.create(str(Path(folder) / "registry.db")) as registry:
        happened = [encoded(event) for event in visits(EVENTS)]
        registry._streams.recorder.insert_events(happened)
        assert EVENTS >= TAIL_EVENTS, "no segments would be made"
        known = len(replayed(registry))
        assert known == from_segments(registry) == from_log(registry), "other facts"
        print(f"making segments: {rate(EVENTS, lambda: made_anew(registry)):,.0f}/s")
        loop, decoded, sealed = in_turn(
            RUNS,
            ("replayed, event by event", lambda: rate(EVENTS, lambda: replayed(registry))),
            ("columns, decoded from the log", lambda: rate(EVENTS, lambda: from_log(registry))),
            ("columns, from segments", lambda: rate(EVENTS, lambda: from_segments(registry))),
        )
    print(loop, decoded, sealed, sep="\n")
    print(f"decoded over replayed: {ratio(decoded, loop)}\nsegments over decoded: {ratio(sealed, decoded)}")


def replayed(registry: Registry) -> dict[str, StatingEvent]:
    """Return the current statement of each fact, from a loop over the events."""
    known: dict[str, StatingEvent] = {}
    for chunk in registry.log.columns():
        for topic, payload in zip(chunk.topic, chunk.payload):
            event = DECODERS[topic].decode(payload or "")
            if isinstance(event, StatingEvent):
                known[event.fact] = event
            else:
                known.pop(event.fact, None)
    return known


def from_log(registry: Registry) -> int:
    """Return the number of visits, from columns decoded for the purpose."""
    return facts_at(LogColumns.decoded(registry.log)).count("visits")


def from_segments(registry: Registry) -> int:
    """Return the number of visits, from the segments as a new process finds them."""
    return facts_at(registry).count("visits")


def made_anew(registry: Registry) -> None:
    """Make the segments of the log anew."""
    purge_segments(registry.log.database)
    assert sealed_segments(registry.log)


if __name__ == "__main__":
    main()
