"""Which figures stand where in a paper's table: one short declaration a table, read by `panels`.

A table is one panel or several, each with its own columns. A table that has no layout here is still printed, by
`anything`: a line for each row and statistic, a column for each time point.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple

from projections.statistics.rounding import fixed

if TYPE_CHECKING:
    from projections.cohort.figures.figures import Figure

ARROW: Final = " → "  # between the time points of a comparison, and between two states of a location
AT, BETWEEN, ALONE, ONCE = "at a time point", "between two", "without one", "at whichever the row has"
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
    """The column of a statistic, one for each time point, or pair of them, that has it; of `ONCE` one for all.

    `heading` may hold `{at}` for the time point; without it the time point is added only where there are several.
    """

    statistic: str
    over: str
    heading: str
    worded: Callable[[Figure], str | None] = printed


class Panel(NamedTuple):
    """Rows whose whole name matches `rows`, one a line; `units` stand beside their names."""

    title: str
    columns: tuple[Column, ...]
    rows: str = ".+"
    units: bool = False


class Crossed(NamedTuple):
    """Rows named `one → other`: a line for each one, a column for each other, a panel for each comparison."""

    title: str
    statistic: str
    rows: str = BECAME
    worded: Callable[[Figure], str | None] = printed


class Anything(NamedTuple):
    """Every row whose whole name matches `rows`, with every statistic, one a line; a column for each time point."""

    title: str = ""
    rows: str = ".+"


Layout = tuple[Panel | Crossed | Anything, ...]

COUNTS: Final = (
    Column("n", AT, "{at} n (%)"),
    Column("reduction", BETWEEN, "reduction % (CI)"),
    Column("p", BETWEEN, "p"),
)
ICCS: Final = ("2,1", "3,1", "2,k", "3,k")
KAPPAS: Final = ("unweighted", "linear", "quadratic")
VERDICTS: Final = (
    "baseline",
    "resolution",
    "improvement",
    "unchanged",
    "deterioration",
    "new",
    "responding",
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
    "characteristics": (
        Panel(
            "",
            (
                Column("n", ONCE, "n"),
                Column("percent", ONCE, "n (%)"),
                Column("mean", ONCE, "mean ± SD"),
                Column("median", ONCE, "median (range)"),
            ),
            units=True,
        ),
    ),
    "clinical": (
        Panel("Median (range)", (Column("median", AT, "{at}"), Column("p", BETWEEN, "p")), units=True),
        Panel(
            "Mean ± SD",
            (Column("mean", AT, "{at}"), Column("mean difference", BETWEEN, "difference (CI)")),
            units=True,
        ),
    ),
    "responders": (
        Panel("Of those of whom the answer is known", (Column("responders", AT, "{at}"),)),
        Panel("Of all, no answer as no response", (Column("responders, non-responder imputation", AT, "{at}"),)),
    ),
    "verdicts": (
        Panel("Lesions", tuple(Column(verdict, AT, verdict) for verdict in VERDICTS)),
        Panel("Patients with one", tuple(Column(f"patients with {verdict}", AT, verdict) for verdict in VERDICTS)),
    ),
    "survival": (
        Anything("Courses", "courses"),
        Anything("Kept, and ended for which reason, in %", "retention|ended: .+"),
        Anything("LUNDEX", "LUNDEX"),
    ),
    "rates": (
        Panel(
            "From day 0 to the end of observation",
            (
                Column("n", AT, "events"),
                Column("per 100 patient-years", AT, "per 100 patient-years (CI)"),
                Column("patients", AT, "patients"),
            ),
        ),
    ),
    "agreement": (
        Panel("Intraclass correlation (CI)", tuple(Column(f"ICC({form})", AT, f"{{at}} {form}") for form in ICCS)),
        Panel(
            "Limits of agreement, and the smallest detectable change from status",
            (
                Column("bias", AT, "{at} bias"),
                Column("lower limit", AT, "{at} lower limit"),
                Column("upper limit", AT, "{at} upper limit"),
                Column("SD of differences", AT, "{at} SD of differences"),
                Column("SDC from status, one reader", AT, "{at} SDC"),
                Column("SDC from status, mean of 2", AT, "{at} SDC, mean of 2"),
            ),
        ),
        Panel(
            "Change scores",
            (
                *(Column(f"ICC({form})", BETWEEN, f"ICC({form})") for form in ICCS),
                Column("bias", BETWEEN, "bias"),
                Column("lower limit", BETWEEN, "lower limit"),
                Column("upper limit", BETWEEN, "upper limit"),
                Column("SD of differences", BETWEEN, "SD of differences"),
                Column("SDC from change, one reader", BETWEEN, "SDC"),
                Column("SDC from change, mean of 2", BETWEEN, "SDC, mean of 2"),
            ),
        ),
        Panel(
            "Grades: same, and kappa (CI)",
            (
                Column("agreement", AT, "{at} same"),
                *(Column(f"kappa, {weighting}", AT, f"{{at}} {weighting}") for weighting in KAPPAS),
            ),
        ),
        Panel(
            "Changes of grades: same, and kappa (CI)",
            (
                Column("agreement", BETWEEN, "same"),
                *(Column(f"kappa, {weighting}", BETWEEN, weighting) for weighting in KAPPAS),
            ),
        ),
        Panel("Readers", (Column("n", ALONE, "n"),)),
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
