"""From a log to columns: decoded from SQL, from its blocks, and in a loop over the events.

The loop decodes every event with msgspec, the fastest decoder of JSON for Python, and keeps the current version of each
fact. All three must know the same facts: as many of each kind, recorded at the same positions.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from benchmarks.cohorts import registry_of
from benchmarks.measuring import Contender, in_turn, timed
from benchmarks.records import Benchmark, Compared, Found, Scale, Target
from benchmarks.running import main
from registry import Registry

Known = dict[str, list[int]]  # by table: how many facts, and the sum of the positions of their current versions
CUTS: Final = 40  # quarterly, over ten years


def measure(scale: Scale) -> Found:
    """Measure each way to the facts of a whole log, and points in time once it is read."""
    place = str(registry_of(scale))
    with Registry.open(place) as registry:
        number = registry.head.position
    [made] = in_turn(1, Contender("blocks made anew", partial(scale.apart, remade, place), number, "events"))
    sealed, decoded, loop = in_turn(
        scale.few,
        Contender("columns from blocks", partial(scale.apart, from_blocks, place), number, "events"),
        Contender("columns decoded from SQL", partial(scale.apart, from_log, place), number, "events"),
        Contender("a loop over the events with msgspec", partial(scale.apart, replayed, place), number, "events"),
    )
    again, once, forty = (
        in_turn(scale.few, contender)[0]
        for contender in (
            Contender("a new point in time, once columns are read", partial(scale.apart, cut, place)),
            Contender("cold start: columns from blocks, one point in time", partial(scale.apart, cuts, place, 1)),
            Contender("columns from blocks, forty points in time", partial(scale.apart, cuts, place, CUTS), CUTS),
        )
    )
    return Found(
        (Compared(decoded, (loop,)), Compared(sealed, (loop,)), *map(Compared, (made, again, once, forty))),
        (
            Target("SQL to columns", 200_000, decoded.rate, "events/s", at_least=True),
            Target("its memory", 1024, (decoded.peak or 0) / 2**20, "MiB"),
            Target("cold start from blocks", 1, once.median, "s"),
            Target("a new point in time", 0.5, again.median, "s"),
        ),
    )


def replayed(place: str) -> tuple[float, Known]:
    """Read the log event by event, and return the current version of each fact."""
    from registry.domain.events import Retraction, StatementEvent
    from registry.domain.kinds import KINDS
    from registry.schema.fact_tables import TABLE_OF_KIND
    from registry.store.head import joined_topic
    from registry.streams import DECODERS

    def replay(registry: Registry) -> Known:
        known: dict[str, int] = {}
        position = 0
        for chunk in registry.log.columns():
            for topic, version, payload in zip(chunk.topic, chunk.event_version, chunk.payload):
                position += 1
                event = DECODERS[joined_topic(topic, version)].decode(payload or "")
                if isinstance(event, StatementEvent):
                    known[event.fact] = position
                elif isinstance(event, Retraction):
                    known.pop(event.fact, None)
        answer = {TABLE_OF_KIND[kind].name: [0, 0] for kind in KINDS}
        tables = {kind: TABLE_OF_KIND[kind].name for kind in KINDS}
        for fact, at in known.items():
            sums = answer[tables[fact.partition("/")[0]]]
            sums[0] += 1
            sums[1] += at
        return answer

    with Registry.open(place) as registry:
        run = timed(lambda: replay(registry), lambda known: known)
        return run.seconds, run.answer


def from_log(place: str) -> tuple[float, Known]:
    """Decode the log into columns."""
    from projections import LogColumns

    with Registry.open(place) as registry:
        return _read(lambda: LogColumns.decoded(registry.log))


def from_blocks(place: str) -> tuple[float, Known]:
    """Read columns from blocks as a new process finds them, and the end of the log."""
    from projections import LogColumns

    with Registry.open(place) as registry:
        return _read(lambda: LogColumns.read(registry.log))


def remade(place: str) -> tuple[float, Known]:
    """Make the blocks of the log anew, and read columns from them."""
    from registry.store.blocks_folder import purge_blocks

    with Registry.open(place) as registry:
        purge_blocks(registry.log.database)
    return from_blocks(place)


def _read(columns: Any) -> tuple[float, Known]:
    import pandas  # noqa: F401 – Arrow loads it at its first array: imports come before the clock

    from projections.log.layouts import LAYOUTS
    from projections.log.log_columns import CURRENT

    def read() -> Any:
        log_columns = columns()
        return {name: log_columns.facts[name] for name in LAYOUTS}

    def known(facts: Any) -> Known:
        at = {
            name: table["position"].to_numpy()[table["superseded_by"].to_numpy() == CURRENT]
            for name, table in facts.items()
        }
        return {name: [len(positions), int(positions.sum())] for name, positions in at.items()}

    run = timed(read, known)
    return run.seconds, run.answer


def cut(place: str) -> tuple[float, int]:
    """Return all facts at a point in time of columns that have answered another already."""
    from projections import LogColumns

    with Registry.open(place) as registry:
        columns, head = LogColumns.read(registry.log), registry.head.position
        _facts(columns, head)
        run = timed(lambda: _facts(columns, head // 2), lambda number: number)
    return run.seconds, run.answer


def cuts(place: str, number: int) -> tuple[float, int]:
    """Open a registry, read columns, and return all facts at so many points in time."""
    import pandas  # noqa: F401 – Arrow loads it at its first array: imports come before the clock

    from projections import LogColumns

    def ask() -> int:
        with Registry.open(place) as registry:
            columns, head = LogColumns.read(registry.log), registry.head.position
            return sum(_facts(columns, head * (cut + 1) // number) for cut in range(number))

    run = timed(ask, lambda known: known)
    return run.seconds, run.answer


def _facts(columns: Any, position: int) -> int:
    from projections import facts_at
    from projections.log.layouts import LAYOUTS

    facts = facts_at(columns, known_at=position)
    return sum(facts.count(name) for name in LAYOUTS)


BENCHMARK: Final = Benchmark(
    name="reading",
    title="Reading the log",
    method="A simulated registry on SQLite is read into columns, each time in a new process after its imports, beside "
    "a loop that decodes each event and keeps each fact's current version. All know the same facts, recorded at the "
    "same positions; a point in time is the visible facts of all kinds at a position.",
    packages=("pyarrow", "numpy", "msgspec", "SQLAlchemy"),
    measure=measure,
)

if __name__ == "__main__":
    main(BENCHMARK)
