"""Benchmarks by name."""

from __future__ import annotations

from importlib import import_module

from benchmarks.records import Benchmark


def benchmark(name: str) -> Benchmark:
    found: Benchmark = import_module(f"benchmarks.{name}").BENCHMARK
    return found
