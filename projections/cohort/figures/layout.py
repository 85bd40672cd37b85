"""Which figures stand where in a paper's table: one short declaration a table, laid out by `views.manuscript.panels`.

A table is one panel or several, each with its own columns. A table that declares no layout is still printed, by
`Anything`: a line for each row and statistic, a column for each time point.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal, NamedTuple

from projections.cohort.figures.figures import Figure
from projections.statistics.rounding import fixed

Over = Literal["at a time point", "between two", "without one", "at whichever the row has"]
AT: Final = "at a time point"
BETWEEN: Final = "between two"
ALONE: Final = "without one"
ONCE: Final = "at whichever the row has"
QUARTILES: Final = ("lower quartile", "upper quartile")
BECAME: Final = r".+ → .+"


def quartiles_of(values: str) -> tuple[str, str]:
    """Return what the quartiles are called of values that share a row with others.

    >>> quartiles_of("days")
    ('days lower quartile', 'days upper quartile')
    """
    lower, upper = (f"{values} {quartile}" for quartile in QUARTILES)
    return lower, upper


def printed(figure: Figure) -> str | None:
    """Return a figure as its table words it."""
    return figure.text


def count_and_percent(figure: Figure) -> str | None:
    """Return a count with its percentage and without its denominator, as papers print it."""
    if figure.numerator is None or not figure.denominator:
        return figure.text
    return f"{fixed(figure.numerator, 0)} ({fixed(100 * figure.numerator / figure.denominator, 1)}%)"


class Column(NamedTuple):
    """The column of a statistic, one for each time point, or pair of them, that has it; of `ONCE` one for all.

    `heading` may hold `{at}` for the time point; without it the time point is added only where there are several.
    `within` are two statistics that stand in brackets behind it, as quartiles, in place of those that it has there.
    """

    statistic: str
    over: Over
    heading: str
    worded: Callable[[Figure], str | None] = printed
    within: tuple[str, str] | None = None


class Panel(NamedTuple):
    """Rows whose whole name matches `rows`, one a line; `units` stand beside their names.

    Rows that are `as_recorded` are somebody's own words, and stand as they came, in the order in which they came.
    """

    title: str
    columns: tuple[Column, ...]
    rows: str = ".+"
    units: bool = False
    as_recorded: bool = False


class Crossed(NamedTuple):
    """Rows named `one → other`: a line for each one, a column for each other, a panel for each comparison."""

    title: str
    statistic: str
    rows: str = BECAME
    worded: Callable[[Figure], str | None] = printed


class Sectioned(NamedTuple):
    """Rows named `section: row`: a panel for each section, under its name, its rows in the order in which they came.

    What stands at a time point has a line of its own, which names it.
    """

    columns: tuple[Column, ...]


class Anything(NamedTuple):
    """Every row whose whole name matches `rows`, with every statistic, one a line; a column for each time point."""

    title: str = ""
    rows: str = ".+"


Part = Panel | Crossed | Sectioned | Anything
Layout = tuple[Part, ...]

ANYTHING: Final[Layout] = (Anything(),)
