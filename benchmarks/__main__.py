"""`python -m benchmarks`: every benchmark, one after the other."""

from __future__ import annotations

from benchmarks import agreement, append, instruments, intake, reading

for benchmark in (append, intake, reading, instruments, agreement):
    benchmark.main()
    print()
