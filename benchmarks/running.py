"""One benchmark from the command line: measured at a scale, kept as a record, printed."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Final

from benchmarks.machine import machine, versions
from benchmarks.measuring import ROOT, apart
from benchmarks.records import FORMAT, WHOLE, Benchmark, Record, Scale, write_record
from benchmarks.rendering import section

CACHE: Final = ROOT / ".bench"


def scale_options(parser: ArgumentParser) -> ArgumentParser:
    """Give a parser the options that say how much is measured."""
    sizes = parser.add_mutually_exclusive_group()
    sizes.add_argument("--quick", action="store_true", help=f"a tenth of {WHOLE:,} events")
    sizes.add_argument("--events", type=int, metavar="N", help="about so many events")
    sizes.add_argument("--full", action="store_true", help=f"also ten times {WHOLE:,} events, where sizes are compared")
    parser.add_argument("--cache", type=Path, default=CACHE, help="where registries and records are kept")
    return parser


def scale_of(asked: Namespace) -> Scale:
    """Return the scale that the options ask for."""
    events = asked.events or (WHOLE // 10 if asked.quick else WHOLE)
    largest = 10 * WHOLE if asked.full else events
    return Scale(events, runs=5, few=3, largest=largest, folder=asked.cache / str(events), apart=apart)


def record_of(benchmark: Benchmark, scale: Scale) -> Record:
    """Measure, and return what was found. Targets are about a whole run: of a smaller one none are judged."""
    scale.folder.mkdir(parents=True, exist_ok=True)
    measured = benchmark.measure(scale)
    return Record(
        format=FORMAT,
        name=benchmark.name,
        title=benchmark.title,
        method=benchmark.method,
        measured_on=datetime.now(UTC).date().isoformat(),
        events=scale.events,
        machine=machine(),
        versions=versions(benchmark.packages),
        compared=measured.compared,
        targets=measured.targets if scale.events >= WHOLE else (),
    )


def main(benchmark: Benchmark) -> None:
    """Measure as the command line says, keep the record and print it."""
    # Other processes look its functions up by the name of their module, which is not the `__main__` that runs here.
    benchmark = import_module(f"benchmarks.{benchmark.name}").BENCHMARK
    asked = scale_options(ArgumentParser(f"python -m benchmarks.{benchmark.name}")).parse_args()
    scale = scale_of(asked)
    record = record_of(benchmark, scale)
    write_record(scale.folder, record)
    print(section(record))
