"""Measured claims: each module lays spondyl beside its alternatives in one run, after checking that all answer alike.

| module | what it does |
|---|---|
| `records` | what a run found: runs, comparisons, targets; as JSON |
| `measuring` | timing contenders in turn, each by itself or in a process of its own |
| `apart` | the other side of such a process; knows the standard library only |
| `machine` | on what it was measured |
| `rendering` | records as Markdown |
| `running` | one benchmark from the command line, at a scale |
| `environments` | environments for packages that want others than spondyl does |
| `cohorts` | simulated registries, made once and kept |

All others are benchmarks: `python -m benchmarks.NAME`. `models_by_hand` is one that no other run has: it makes an
environment for lifelines and statsmodels.
"""
