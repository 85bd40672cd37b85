"""Responders in print: every count, or where these are more than a screen the figures beside each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from cli.output import ROWS_ON_SCREEN, give_table, say
from projections.statistics.rounding import half_up

if TYPE_CHECKING:
    from projections.derived.responders import Responders

COUNTS: Final = ("agent", "criterion", "visit", "responders", "of", "%", "open", "incomplete", "without a value")


def give_responders(counts: Sequence[Responders], *, everything: bool) -> None:
    """Print counts of responders; of more than a screen, unless everything is asked for, two of their three sides.

    These are visits and agents of one criterion, criteria and visits of one agent, else criteria and agents at the
    visit at which most answers are known.
    """
    if everything or len(counts) <= ROWS_ON_SCREEN:
        _give_counts(counts)
    elif len({row.criterion for row in counts}) == 1:
        _give_beside(counts, "visit", line=lambda row: row.visit, column=lambda row: row.agent)
    elif len({row.agent for row in counts}) == 1:
        _give_beside(counts, "criterion", line=lambda row: row.criterion, column=lambda row: row.visit)
    else:
        _give_at_one_visit(counts)


def _give_counts(counts: Sequence[Responders]) -> None:
    give_table(
        COUNTS,
        [
            (
                row.agent,
                row.criterion,
                row.visit,
                row.n,
                row.of,
                row.percent,
                row.n_open,
                row.n_incomplete,
                row.n_without_value,
            )
            for row in counts
        ],
        n_stubs=COUNTS.index("responders"),
    )


def _give_at_one_visit(counts: Sequence[Responders]) -> None:
    known: Counter[str] = Counter()
    for row in counts:
        known[row.visit] += row.of
    visit = max(known, key=lambda each: known[each])
    there = [row for row in counts if row.visit == visit]
    _give_beside(there, "criterion", line=lambda row: row.criterion, column=lambda row: row.agent, title=visit)
    if len(known) > 1:
        say(f"at {visit!r}, where most answers are known, of {len(known)} labels of visits; --visit names another")


def _give_beside(
    counts: Sequence[Responders],
    heading: str,
    *,
    line: Callable[[Responders], str],
    column: Callable[[Responders], str],
    title: str | None = None,
) -> None:
    """Print the responders of the denominator, one value of the counts a line and another a column."""
    lines, columns = (list(dict.fromkeys(map(each, counts))) for each in (line, column))
    cells = {(line(row), column(row)): _cell(row) for row in counts}
    rows = [(each, *(cells.get((each, other)) for other in columns)) for each in lines]
    give_table((heading, *columns), rows, title=title, n_stubs=1)
    say("responders of the denominator (%); --all gives every count, with what is open, incomplete or without a value")


def _cell(row: Responders) -> str | None:
    return f"{row.n}/{row.of} ({half_up(100 * row.n / row.of, 0)}%)" if row.of else None
