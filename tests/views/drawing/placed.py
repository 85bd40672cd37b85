"""Figures of a cohort as tests write them down."""

from __future__ import annotations

from typing import Any

from projections.cohort.figures.figures import Figure, Placed


def placed(table: str, row: str, timepoint: str, statistic: str, **given: Any) -> Placed:
    """A figure in its table."""
    return Placed(table, Figure(row, timepoint, statistic, **given))


def curve(n: int, *steps: tuple[int, float | None, int, int, int], group: str = "") -> list[Placed]:
    """The points of a survival curve of `n`: (day, percent, at risk, events, censored) of each after the beginning."""
    of = {"denominator": n, "group": group}
    found = [placed("survival", "retention", "day 0", "point 1", value=100, **of)]
    for number, (day, percent, *counts) in enumerate(steps, 2):
        at, limits = f"day {day}", {} if percent is None else {"ci_low": percent - 5, "ci_high": min(percent + 5, 100)}
        found.append(placed("survival", "retention", at, f"point {number}", value=percent, **limits, **of))
        for name, count in zip(("at risk", "events", "censored"), counts, strict=True):
            found.append(placed("survival", "retention", at, f"point {number} {name}", value=count, **of))
    return found
