"""`spondyl dataset`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

import click

from cli.options import at_a_point_in_time, opened
from cli.output import counted, put, say
from cli.pairing import PairedCommand


@click.command("dataset", cls=PairedCommand)
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("out", type=click.Path(path_type=Path))
@at_a_point_in_time
@click.option(
    "--format",
    "form",
    type=click.Choice(["parquet", "csv", "dta", "sav"]),
    default="parquet",
    show_default=True,
    help="Parquet, text, Stata or SPSS.",
)
@click.option("--wide", "is_wide", is_flag=True, help="A row a member, a column for each value at each time point.")
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    file: Path,
    out: Path,
    as_of: date | None,
    known_at: str | None,
    form: Literal["parquet", "csv", "dta", "sav"],
    is_wide: bool,
) -> None:
    """Write the data behind the cohort that FILE defines into the folder OUT, for R, Stata or Python.

    Its members with day 0, time at risk, end and covariates; their values at each time point, each with its visit, its
    rule or why it is missing; the stretches of treatment. Beside them a dictionary, the definition, and a page with the
    point in time and the hash of each table's content, which is the same in every format.
    """
    from projections import facts_at
    from projections.cohort.definition_file import parsed
    from projections.cohort.members.cohort import Cohort
    from projections.export.datasets import write_dataset
    from registry.toml_keys import content_of

    facts = facts_at(opened(ctx), as_of=as_of, known_at=known_at, withdrawn=ctx.obj["withdrawn"])
    text = content_of(file)
    cohort = Cohort.of(parsed(text, str(file), facts.catalogue), facts)
    written = write_dataset(cohort, out, text=text, form=form, is_wide=is_wide)
    rows = sum(each.rows for each in written)
    say(f"wrote {counted(len(written), 'table')} with {counted(rows, 'row')}, known at @{facts.at.position}")
    put(str(out))
