"""`python -m benchmarks`: every benchmark, one after the other."""

from __future__ import annotations

from benchmarks import agreement, append, instruments, intake

for benchmark in (append, intake, instruments, agreement):
    benchmark.main()
    print()
