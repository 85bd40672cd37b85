"""Which figures stand where in a paper's table: one short declaration a table, read by `panels`.

A table is one panel or several, each with its own columns. A table that has no layout here is still printed, by
`anything`: a line for each row and statistic, a column for each time point.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple

from projections.rounding import fixed

if TYPE_CHECKING:
    from projections.cohort.figures import Figure

ARROW: Final = " → "  # between the time points of a comparison, and between two states of a location
AT, BETWEEN, ALONE = "at a time point", "between two", "without one"
WHOLE: Final = r"[^:→]+"  # rows of all locations
SEGMENT: Final = r"[^→]+:[^→]+"
BECAME: Final = r".+ → .+"


def printed(figure: Figure) -> str | None:
    """Return a figure as its table words it."""
    return figure.text


def count_and_percent(figure: Figure) -> str | None:
    """Return a count with its percentage and without its denominator, as papers print it."""
    if figure.numerator is None or not figure.denominator:
        return figure.text
    return f"{fixed(figure.numerator, 0)} ({fixed(100 * figure.numerator / figure.denominator, 1)}%)"


class Column(NamedTuple):
    """The column of a statistic, one for each time point, or pair of them, that has it.

    `heading` may hold `{at}` for the time point; without it the time point is added only where there are several.
    """

    statistic: str
    over: str
    heading: str
    worded: Callable[[Figure], str | None] = printed


class Panel(NamedTuple):
    """Rows whose whole name matches `rows`, one a line."""

    title: str
    columns: tuple[Column, ...]
    rows: str = ".+"
    stub: str = ""


class Crossed(NamedTuple):
    """Rows named `one → other`: a line for each one, a column for each other, a panel for each comparison."""

    title: str
    statistic: str
    rows: str = BECAME
    worded: Callable[[Figure], str | None] = printed


class Anything(NamedTuple):
    """Every row and statistic, one a line; a column for each time point."""

    title: str = ""


Layout = tuple[Panel | Crossed | Anything, ...]

COUNTS: Final = (
    Column("n", AT, "{at} n (%)"),
    Column("reduction", BETWEEN, "reduction % (CI)"),
    Column("p", BETWEEN, "p"),
)
LAYOUTS: Final[dict[str, Layout]] = {
    "lesions": (
        Panel("Locations", COUNTS, WHOLE),
        Panel("Of the locations with inflammation", (Column("share of inflammation", AT, "{at}"),), WHOLE),
        Panel(
            "Patients with one at least",
            (Column("patients", AT, "{at} n (%)"), Column("patients p", BETWEEN, "p")),
            WHOLE,
        ),
        Panel("Of the patients with inflammation", (Column("patients of inflamed", AT, "{at} n (%)"),), WHOLE),
        Panel(
            "Spread over the spine",
            (Column("segments p", AT, "{at} segments p"), Column("parts p", AT, "{at} parts p")),
            WHOLE,
        ),
        Panel(
            "By patient",
            (
                Column("per patient", AT, "{at} mean"),
                Column("reduction by patients", BETWEEN, "reduction % (bootstrap CI)"),
            ),
            WHOLE,
        ),
        Panel("By segment", COUNTS, SEGMENT),
        Crossed("What became of each state", "n", worded=count_and_percent),
    ),
    "scores": (
        Panel(
            "Sums over the patients",
            (Column("total", AT, "{at}"), Column("reduction", BETWEEN, "reduction %")),
        ),
        Panel(
            "By patient",
            (
                Column("mean", AT, "{at} mean ± SD"),
                Column("mean difference", BETWEEN, "difference (CI)"),
                Column("p", BETWEEN, "p"),
            ),
            r"(?!.* v ).+",
        ),
        Panel(
            "By patient: median (range), and responsiveness",
            (
                Column("median", AT, "{at}"),
                Column("standardised response mean", BETWEEN, "SRM"),
                Column("effect size", BETWEEN, "effect size"),
            ),
        ),
        Panel(
            "Spearman's rho (CI)",
            (
                Column("rho", AT, "{at} rho"),
                Column("p", AT, "{at} p"),
            ),
            ".+ v .+",
        ),
        Panel("Percent changes compared", (Column("p of percent change", BETWEEN, "p"),)),
        Panel(
            "Seconds a reading took",
            (
                Column("seconds mean", AT, "{at} mean ± SD"),
                Column("seconds median", AT, "{at} median (range)"),
            ),
        ),
    ),
    "medication": (
        Panel(
            "Before day 0 and on it",
            (
                Column("ever", AT, "ever before"),
                Column("at day 0", AT, "on day 0"),
                Column("ended before", AT, "ended before"),
                Column("failed", AT, "failed"),
                Column("agents mean", AT, "agents"),
                Column("agents median", AT, "median (range)"),
                Column("agents failed mean", AT, "agents failed"),
                Column("agents failed median", AT, "median (range)"),
            ),
        ),
    ),
    "safety": (
        Panel(
            "Adverse events",
            (
                Column("n", AT, "events"),
                Column("patients", AT, "patients"),
                Column("onset day median", AT, "day of onset"),
                Column("end day median", AT, "day of end"),
            ),
        ),
    ),
}
ANYTHING: Final[Layout] = (Anything(),)
