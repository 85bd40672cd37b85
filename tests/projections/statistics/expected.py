"""Expected values from other implementations, as their scripts wrote them in tests/data."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import numpy as np

Row = dict[str, str]

STORED = Path(__file__).parents[2] / "data"


def rows(file: str) -> list[Row]:
    """Return the rows of a CSV."""
    with (STORED / file).open(newline="") as stored:
        return list(csv.DictReader(stored))


def by_sample(file: str) -> Iterator[tuple[str, list[Row]]]:
    """Return the rows of each sample of a CSV."""
    for sample, grouped in groupby(rows(file), key=lambda row: row["sample"]):
        yield sample, list(grouped)


def number(cell: str) -> float | None:
    """Return a number, None where the cell is empty."""
    return float(cell) if cell else None


def column(of: list[Row], name: str) -> np.ndarray:
    """Return a column of numbers, NaN where a cell is empty."""
    return np.array([float(row[name] or "nan") for row in of])
