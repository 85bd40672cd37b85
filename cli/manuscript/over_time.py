"""A cohort's figures at many points in time, on a terminal: a line for each figure, a column for each cut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from cli.manuscript.on_terminal import give_lines, give_panel
from cli.output import put, say
from projections.statistics.rounding import half_up
from views.manuscript.panels import NOTHING, Cell, Lines

if TYPE_CHECKING:
    from projections.cohort.over_time.series import Cut

FIGURE: Final = (
    "value",
    "text",
    "numerator",
    "denominator",
    "denominator_note",
    "p_value",
    "ci_low",
    "ci_high",
    "reason",
)
COLUMNS: Final = (
    *("as_of", "known_at", "recorded_at", "n_patients", "table", "row", "timepoint", "statistic"),
    *(*FIGURE, "group"),
)


def give(title: str, cuts: Sequence[Cut], *, by_day: bool) -> None:
    """Print the cuts from left to right; `by_day` names them by their clinical day, else by when it was known."""
    if not cuts:
        say("no points in time: nobody is in the cohort, or the last day lies before the first")
        return
    give_lines(title)
    put()
    addresses = dict.fromkeys(placed.address for cut in cuts for placed in cut.placed)
    texts = [
        {placed.address: placed.figure.text or _value(placed.figure.value) for placed in cut.placed} for cut in cuts
    ]
    rows = [[Cell("patients"), *(Cell(NOTHING if cut.n_patients is None else str(cut.n_patients)) for cut in cuts)]]
    rows += [[Cell(str(address)), *(Cell(text.get(address, NOTHING)) for text in texts)] for address in addresses]
    give_panel(Lines("", [Cell("figure"), *(Cell(_named(cut, by_day=by_day)) for cut in cuts)], rows))
    for cut in cuts:
        if cut.refusal:
            give_lines(f"{_named(cut, by_day=by_day)}: {cut.refusal}")


def as_rows(cuts: Sequence[Cut]) -> Iterator[dict[str, Any]]:
    """Yield a row for each cut and figure; a cut without figures has one row with its number of patients."""
    for cut in cuts:
        point = {
            "as_of": cut.at.as_of,
            "known_at": cut.at.position,
            "recorded_at": cut.at.recorded_at,
            "n_patients": cut.n_patients,
        }
        for placed in cut.placed:
            figure = {field: getattr(placed.figure, field) for field in FIGURE}
            yield {**point, **placed.address._asdict(), **figure}
        if not cut.placed:
            yield {**dict.fromkeys(COLUMNS), **point, "reason": cut.refusal}


def _named(cut: Cut, *, by_day: bool) -> str:
    if by_day and cut.at.as_of is not None:
        return str(cut.at.as_of)
    return "@0" if cut.at.recorded_at is None else f"{cut.at.recorded_at:%Y-%m-%d} (@{cut.at.position})"


def _value(value: float | None) -> str:
    return NOTHING if value is None else half_up(value, 3)
