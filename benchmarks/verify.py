"""Verifying a whole log: every commitment, digest, version and freeze."""

from __future__ import annotations

from typing import Final

from benchmarks.cohorts import registry_of
from benchmarks.measuring import Contender, in_turn, timed
from benchmarks.records import Benchmark, Compared, Found, Scale
from benchmarks.running import main
from registry import Registry


def measure(scale: Scale) -> Found:
    """Measure some runs; there is nothing beside them."""
    place = str(registry_of(scale))
    with Registry.open(place) as registry:
        number = registry.head.position
    return Found(
        (
            Compared(
                *in_turn(scale.few, Contender("a whole log", lambda: scale.apart(verified, place), number, "events"))
            ),
        )
    )


def verified(place: str) -> tuple[float, bool]:
    """Verify a registry; the answer is whether it is whole."""
    with Registry.open(place) as registry:
        run = timed(registry.verify, lambda verification: verification.is_whole)
    assert run.answer is True
    return run.seconds, True


BENCHMARK: Final = Benchmark(
    name="verify",
    title="Verifying the log",
    method="Every event of a simulated registry on SQLite is read, its commitment, its digest, its place and its "
    "version are computed anew, and the log must be whole.",
    packages=("SQLAlchemy",),
    measure=measure,
)

if __name__ == "__main__":
    main(BENCHMARK)
