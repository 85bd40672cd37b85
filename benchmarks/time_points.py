"""The time points of the cohorts that are measured, and which reading stands for a member."""

from __future__ import annotations

from typing import Final

TIME_POINTS: Final = """\
[[time_points]]
name = "baseline"
day = 0
window = [-90, 14]

[[time_points]]
name = "6 months"
day = 182
window = [90, 270]

[[time_points]]
name = "1 year"
day = 365
window = [271, 540]

[imaging]
rule = "mean"
"""
