"""`spondyl check`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Final

import click

from cli import completion
from cli.fitting_columns import GAP
from cli.options import at_a_point_in_time, checked, in_formats
from cli.options import facts as facts_of
from cli.output import NO_TERMINAL, NOTHING, ROWS_ON_SCREEN, Row, counted, give, put, say, terminal_width
from cli.pairing import PairedCommand
from cli.plain_text import for_terminal

if TYPE_CHECKING:
    from projections.point_in_time import Facts

COLUMNS: Final = ("rule", "patient", "reference", "on", "says", "centre")
FIRST_ROWS: Final = 3  # of each rule, where neither rules nor centres were asked for
CENTRES_NAMED: Final = 3


@click.command("check", cls=PairedCommand)
@click.option(
    "--rule",
    "rules",
    multiple=True,
    shell_complete=completion.rules,
    help="Only warnings of this rule, row by row; repeatable.",
)
@click.option("--centre", "centres", multiple=True, help="Only warnings of this centre, row by row; repeatable.")
@at_a_point_in_time
@in_formats
@click.pass_context
def command(
    ctx: click.Context,
    *,
    rules: tuple[str, ...],
    centres: tuple[str, ...],
    as_of: date | None,
    known_at: str | None,
    form: str | None,
) -> None:
    """List what is implausible: warnings, which change nothing and keep nothing out of any table.

    Days that cannot be, visits that may be one, courses that overlap or of which nobody takes so much, centres spelt in
    two ways or on another scale, lost decimal points, reported totals that differ from computed ones, and readings of
    one study that cannot all be true. A line a rule, with its first rows; --rule and --centre list the rows, --csv and
    --json give all. docs/check.md has every rule with its limit.
    """
    from projections.checks.all_warnings import RULE_NAMES, table
    from projections.columns.tables import rows

    for rule in rules:
        checked("rule", rule, RULE_NAMES)
    facts = facts_of(ctx, as_of, known_at)
    _check_centres(facts, centres)
    told = rows(table(facts, rules=rules or RULE_NAMES))
    told = [row for row in told if not centres or row["centre"] in centres]
    if form or not told:
        give(told, form, columns=COLUMNS, empty="nothing implausible")
        return
    for line in _lines(told, shown=ROWS_ON_SCREEN if rules or centres else FIRST_ROWS):
        put(line)
    say(f"{counted(len(told), 'warning')}; nothing was changed")


def _check_centres(facts: Facts, centres: Sequence[str]) -> None:
    """Refuse a centre that no patient has."""
    if centres:
        known = [name for name in facts.of("patients")["centre"].unique().to_pylist() if name is not None]
        for centre in centres:
            checked("centre", centre, sorted(known))


def _lines(told: Sequence[Row], *, shown: int) -> Iterator[str]:
    """Yield a line for each rule, with the first of its rows under it; only a reference is wider than the terminal."""
    width = terminal_width() or NO_TERMINAL
    by_rule = {str(rule): list(rows) for rule, rows in groupby(told, key=lambda row: row["rule"])}
    longest = max(map(len, by_rule))
    yield _line("rule", ("warnings", "patients", "centres"), longest, width)
    yield "─" * min(longest + 3 * GAP + len("warningspatientscentres"), width)
    for rule, rows in by_rule.items():
        patients = {row["patient"] for row in rows}
        yield _line(rule, (f"{len(rows):,}", f"{len(patients):,}", _centres(rows)), longest, width)
        for row in rows[:shown]:
            yield from _warning(str(row["reference"]), f"{row['on']} {row['says']}", width)
        if len(rows) > shown:
            yield _cut(f"  … {len(rows) - shown:,} more; {_how_to_see(rule, shown)}", width)


def _line(rule: str, cells: tuple[str, str, str], longest: int, width: int) -> str:
    warnings, patients, centres = cells
    gap = " " * GAP
    return _cut(f"{rule:<{longest}}{gap}{warnings:>8}{gap}{patients:>8}{gap}{centres}", width)


def _how_to_see(rule: str, shown: int) -> str:
    return f"--rule {rule} lists them" if shown == FIRST_ROWS else "--csv or --json gives all"


def _centres(rows: Sequence[Row]) -> str:
    """Return the centres of warnings, the first of them by name; a dot for patients who have none."""
    names = sorted({NOTHING if row["centre"] is None else str(row["centre"]) for row in rows})
    more = len(names) - CENTRES_NAMED
    return ", ".join(names[:CENTRES_NAMED]) + (f" and {more} more" if more > 0 else "")


def _warning(reference: str, says: str, width: int) -> Iterator[str]:
    """Yield a warning; a reference is never cut, to be copied, and where it takes half of a line has one of its own."""
    reference = for_terminal(f"  {reference}:")
    if len(reference) > width // 2 and len(reference) + len(for_terminal(says)) >= width:
        yield from (reference, _cut(f"    {says}", width))
    else:
        yield _cut(f"{reference} {says}", width)


def _cut(line: str, width: int) -> str:
    line = for_terminal(line)
    return line if len(line) <= width else f"{line[: width - 1]}…"
