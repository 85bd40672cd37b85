"""Visits as columns, one row a visit, and laws that are tried on the same cases in every run."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from hypothesis import settings
from hypothesis import strategies as st

from registry.catalogue.instruments import instruments
from registry.catalogue.instruments.values import Values

Cell = str | int | Fraction | None

law = settings(max_examples=25, deadline=None, derandomize=True, database=None)


def cell(low: int, high: int, *, places: int = 1) -> st.SearchStrategy[str]:
    """Return decimals as they are written, with so many places at most."""
    return st.decimals(low, high, places=places).map(lambda value: f"{value:f}")


def columns(names: Sequence[str], *visits: Sequence[Cell]) -> dict[str, Values]:
    """Return the columns of visits, each given by its cells in the order of the names; `<5` and `>200` are marks."""
    return {name: column([visit[place] for visit in visits]) for place, name in enumerate(names)}


def column(cells: Sequence[Cell]) -> Values:
    """Return one column, `<5` and `>200` with their marks."""
    marks = [cell[0] if isinstance(cell, str) and cell[0] in "<>" else None for cell in cells]
    bare = [cell.lstrip("<>") if isinstance(cell, str) else cell for cell in cells]
    return Values.of(bare, comparators=marks)


def score(name: str, visit: Sequence[Cell], *, variant: str | None = None) -> Fraction | None:
    """Return what an instrument says of one visit, its inputs in their declared order."""
    instrument = instruments()[name]
    (value,) = instrument.over(columns(instrument.inputs, visit), variant=variant).values.fractions()
    return value


def rounded(value: Fraction | None, places: int = 4) -> str | None:
    """Return a score as it is printed, half up."""
    if value is None:
        return None
    scaled = (value * 10**places * 2 + 1) // 2
    return f"{Decimal(int(scaled)).scaleb(-places):f}"
