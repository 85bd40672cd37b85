"""`spondyl cohort`."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable
from datetime import date
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import click

from cli.options import at_a_point_in_time, checked, in_formats
from cli.options import facts as facts_of
from cli.output import give_arrow, give_json

if TYPE_CHECKING:
    from projections.cohort.cohort import Cohort
    from projections.cohort.figures import Placed

PATIENCE = 1.0  # seconds without a word


@click.command("cohort")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--table", "tables", multiple=True, metavar="NAME", help="Only this table; may be repeated.")
@at_a_point_in_time
@in_formats
@click.option("--markdown", "form", flag_value="markdown", help="Markdown for a manuscript.")
@click.option("--html", "form", flag_value="html", help="One HTML page for a manuscript.")
@click.pass_context
def command(
    ctx: click.Context,
    *,
    file: Path,
    tables: tuple[str, ...],
    as_of: date | None,
    known_at: str | None,
    form: str | None,
) -> None:
    """Print the tables of a paper for the cohort that FILE defines, at a point in time.

    First who is in it, step by step; then the tables with their denominators, tests and intervals; then what the file
    left open, with the default that was taken. --csv and --json give every figure, as the table cohort_statistics.
    """
    from projections.cohort.cohort import Cohort
    from projections.cohort.definition import read_definition

    definition = read_definition(file)
    for name in tables:
        checked("--table", name, [wanted.name for wanted in definition.tables])
    cohort = Cohort.of(definition, facts_of(ctx, as_of, known_at))
    give(cohort, list(_told(cohort, tables)), form)


def give(cohort: Cohort, placed: list[Placed], form: str | None) -> None:
    """Print a cohort's figures in the form asked for."""
    if form in ("json", "csv"):
        _give_figures(cohort, placed, form)
        return
    from cli.manuscript.document import document

    found = document(cohort, placed)
    if form == "markdown":
        from cli.manuscript.as_markdown import markdown

        click.echo(markdown(found), nl=False)
    elif form == "html":
        from cli.manuscript.as_html import html

        click.echo(html(found), nl=False)
    else:
        from cli.manuscript import on_terminal

        on_terminal.give(found)


def _give_figures(cohort: Cohort, placed: list[Placed], form: str) -> None:
    from projections.cohort.figures import numbered, statistics_table

    at = cohort.facts.at
    if form == "csv":
        give_arrow(statistics_table(cohort.definition.name, placed, at), form)
        return
    give_json(
        {
            "cohort": cohort.definition.name,
            "title": cohort.definition.title,
            "as_of": at.as_of,
            "known_at": {"position": at.position, "recorded_at": at.recorded_at, "digest": at.digest.hex()},
            "n_patients": cohort.n,
            "flow": [step._asdict() for step in cohort.flow],
            "defaults": dict(cohort.definition.defaults),
            "figures": list(numbered(cohort.definition.name, placed, at)),
        }
    )


def _told(cohort: Cohort, only: Collection[str]) -> Iterable[Placed]:
    """Yield the figures; a person who waits at a terminal is told from time to time how many there are."""
    from projections.cohort.assembling import figures

    watched = sys.stderr.isatty()
    last = monotonic()
    told = 0
    for n, placed in enumerate(figures(cohort, only=only), 1):
        if watched and monotonic() - last > PATIENCE:
            click.echo(f"\r… {n} figures, {placed.table}".ljust(told), nl=False, err=True)
            last, told = monotonic(), 40
        yield placed
    if told:
        click.echo(f"\r{' ' * told}\r", nl=False, err=True)
