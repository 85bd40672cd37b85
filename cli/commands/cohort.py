"""`spondyl cohort`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from cli import completion
from cli.found_figures import found_figures
from cli.options import Day, at_a_point_in_time, checked, in_formats, opened
from cli.output import counted, give_arrow, give_csv, give_document, give_json, say
from cli.pairing import PairedCommand, never_with, only_with
from cli.waiting import Waiting

if TYPE_CHECKING:
    from projections.cohort.definition.definition import Definition
    from projections.cohort.figures.figures import Placed
    from projections.cohort.members.cohort import Cohort
    from projections.cohort.over_time.series import Schedule
    from projections.log.log_columns import LogColumns
    from registry import Registry

CLOCKS: Final = ("clinical", "recorded")
FIGURES: Final = ("svg", "pdf", "png")


@click.command(
    "cohort",
    cls=PairedCommand,
    pairings=(
        never_with("--table --versus --versus-as-of", "--every", "--figure chooses what each point in time gives"),
        only_with("--over --from --to --figure", "--every", "they say which figures of which points in time"),
        never_with("--figures", "--every --versus --versus-as-of", "figures are drawn of one point in time"),
        only_with("--figures-format", "--figures", "it says how they are written"),
        never_with(
            "--markdown --html",
            "--every --versus --versus-as-of",
            "give --json or --csv of several points",
        ),
        never_with("--as-of", "--to", "both are the last clinical day; give one of them", unless="--over=recorded"),
    ),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--table", "tables", multiple=True, metavar="NAME", help="Only this table; may be repeated.")
@at_a_point_in_time
@click.option(
    "--versus",
    metavar="PLACE",
    shell_complete=completion.freezes,
    help="What moved between --known-at and this place, and what moved it.",
)
@click.option("--versus-as-of", type=Day(), help="What moved between --as-of and this day.")
@click.option("--every", type=click.Choice(["year", "quarter", "month"]), help="The figures at the end of each.")
@click.option("--over", type=click.Choice(CLOCKS), help="The clock of --every; the clinical one by default.")
@click.option("--from", "first", type=Day(), help="The first day of --every; by default the first day 0 or event.")
@click.option("--to", "last", type=Day(), help="The last day of --every; by default the last that anybody was seen.")
@click.option("--figure", "chosen", multiple=True, metavar="ADDRESS", help="Only these figures, * for anything.")
@in_formats
@click.option("--figures", "folder", type=click.Path(path_type=Path), help="Draw the figures into this new folder.")
@click.option("--figures-format", type=click.Choice(FIGURES), help="SVG by default; PDF and PNG need spondyl[figures].")
@click.option("--markdown", "form", flag_value="markdown", help="Markdown for a manuscript.")
@click.option("--html", "form", flag_value="html", help="One HTML page for a manuscript.")
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    file: Path,
    tables: tuple[str, ...],
    form: str | None,
    folder: Path | None,
    figures_format: str | None,
    **asked: Any,
) -> None:
    """Print the tables of a paper for the cohort that FILE defines, at a point in time.

    First who is in it, step by step; then the tables with their denominators, tests and intervals; then what the file
    left open, with the default that was taken. --csv and --json give every figure, as the table cohort_statistics.
    --figures draws what the tables give: curves with the numbers below them, courses over time, differences.

    \b
    Examples: spondyl cohort paper.toml --known-at paper-2013
              spondyl cohort paper.toml --known-at paper-2013 --versus 2026-01-01
              spondyl cohort paper.toml --figures figures --figures-format pdf
              spondyl cohort paper.toml --every year --figure 'lesions / erosions / * / n'
    """
    from projections import facts_at
    from projections.cohort.definition_file import read_definition

    registry, asked = opened(ctx), asked | {"withdrawn": ctx.obj["withdrawn"]}
    many = asked["every"] or asked["versus"] or asked["versus_as_of"]
    point = {name: asked[name] for name in ("as_of", "known_at", "withdrawn")}
    facts = None if many else facts_at(registry, **point)
    definition = read_definition(file, catalogue=registry.catalogue if facts is None else facts.catalogue)
    for name in tables:
        checked("--table", name, [table.name for table in definition.tables])
    if facts is not None:
        cohort, placed = found_figures(definition, facts, tables, is_drawn=folder is not None)
        if folder is not None:
            _draw(cohort, placed, folder, figures_format or FIGURES[0])
        _give(cohort, placed, definition, form)
    elif asked["every"]:
        _give_series(definition, _columns(registry), asked, form)
    else:
        _give_revisions(definition, _columns(registry), tables, asked, form)


def _columns(registry: Registry) -> LogColumns:
    from projections import LogColumns

    return LogColumns.read(registry.log)


def _draw(cohort: Cohort, placed: list[Placed], folder: Path, form: str) -> None:
    from projections.cohort.for_figures import by_reader
    from views.drawing.cohort_figures import cohort_figures
    from views.drawing.files import write_figures

    n = write_figures(cohort_figures(cohort, placed, by_reader(cohort)), folder, form)
    say(f"drew {counted(n, 'figure')} into {folder}")


def _give(cohort: Cohort, drawn: list[Placed], definition: Definition, form: str | None) -> None:
    """Print the figures for which a definition asks."""
    from projections.cohort.for_figures import as_asked

    placed = as_asked(drawn, definition)
    if form in ("json", "csv"):
        _give_figures(cohort, placed, form)
        return
    from views.manuscript.document import document

    laid_out = document(cohort, placed)
    if form == "markdown":
        from cli.manuscript.as_markdown import markdown

        give_document(markdown(laid_out))
    elif form == "html":
        from cli.manuscript.as_html import html

        give_document(html(laid_out))
    else:
        from cli.manuscript import on_terminal

        on_terminal.give(laid_out)


def _give_figures(cohort: Cohort, placed: list[Placed], form: str) -> None:
    from projections.cohort.figures.figures import numbered, statistics_table

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
            "n_at_no_time_point": int(cohort.admitted.to_the_year.sum()),
            "flow": [step._asdict() for step in cohort.flow],
            "defaults": dict(cohort.defaults),
            **_groups_told(cohort),
            "figures": list(numbered(cohort.definition.name, placed, at)),
        }
    )


def _groups_told(cohort: Cohort) -> dict[str, Any]:
    """Return how large the groups are, and who is in none and why; nothing where there are no groups."""
    from projections.cohort.members.groups import grouped

    groups = cohort.definition.groups
    if groups is None:
        return {}
    found = grouped(cohort)
    in_none = [{"n": n, "why": why} for n, why in found.left_out]
    return {"groups": {"by": groups.by, "reference": found.reference, "n": found.sizes, "in_none": in_none}}


def _give_revisions(
    definition: Definition, columns: LogColumns, tables: tuple[str, ...], asked: dict[str, Any], form: str | None
) -> None:
    from cli.manuscript import then_and_now
    from projections import facts_at
    from projections.cohort.over_time.revisions import revisions

    one = facts_at(columns, as_of=asked["as_of"], known_at=asked["known_at"], withdrawn=asked["withdrawn"])
    other = facts_at(
        columns,
        as_of=asked["versus_as_of"] or asked["as_of"],
        known_at=asked["versus"] or asked["known_at"],
        withdrawn=asked["withdrawn"],
    )
    with Waiting() as waiting:
        revised = revisions(
            definition, one, other, columns, only=tables, progress=lambda done: waiting.tell(f"{done} recalculations")
        )
    if form == "json":
        give_json(then_and_now.as_object(revised))
    elif form == "csv":
        give_csv(then_and_now.as_rows(revised), then_and_now.COLUMNS)
    else:
        then_and_now.give(revised)


def _give_series(definition: Definition, columns: LogColumns, asked: dict[str, Any], form: str | None) -> None:
    from cli.manuscript import over_time
    from projections import facts_at
    from projections.cohort.over_time import series

    end = facts_at(columns, known_at=asked["known_at"]).at.position
    cuts = series.cuts(definition, columns, _schedule(asked, end))
    at_cuts = []
    with Waiting() as waiting:
        for cut in series.series(
            definition, columns, cuts, asked["chosen"] or series.COUNTS, withdrawn=asked["withdrawn"]
        ):
            at_cuts.append(cut)
            waiting.tell(f"{len(at_cuts)} of {len(cuts)} points in time")
    series.check_chosen(asked["chosen"], at_cuts)
    if form == "json":
        give_json([*over_time.as_rows(at_cuts)])
    elif form == "csv":
        give_csv(over_time.as_rows(at_cuts), over_time.COLUMNS)
    else:
        over_time.give(definition.title, at_cuts, by_day=asked["over"] != "recorded")


def _schedule(asked: dict[str, Any], end: int) -> Schedule:
    from projections.cohort.over_time.series import Schedule

    return Schedule(
        end,
        asked["every"],
        recorded=asked["over"] == "recorded",
        first=asked["first"],
        last=asked["last"],
        as_of=asked["as_of"],
    )
