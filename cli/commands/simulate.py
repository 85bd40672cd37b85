"""`spondyl simulate`."""

from __future__ import annotations

from pathlib import Path

import click

from cli.output import counted, say
from cli.pairing import PairedCommand, only_with


@click.command(
    "simulate",
    cls=PairedCommand,
    pairings=(
        only_with("--format", "OUT", "a log has no file format"),
        only_with("--db", "--into-log", "files are written without a registry"),
    ),
)
@click.argument("out", required=False, type=click.Path(path_type=Path, file_okay=False))
@click.option("--patients", type=int, default=200, show_default=True, help="How many patients.")
@click.option("--years", type=int, default=5, show_default=True, help="Over how many years, up to the end of 2023.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same content.")
@click.option("--format", "form", type=click.Choice(["csv", "parquet"]), default="csv", show_default=True)
@click.option(
    "--protocol",
    "protocol",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="What is collected beside what is built in: its measures, drugs, conditions, centres and scheduled visits.",
)
@click.option("--into-log", is_flag=True, help="Write events into the registry of --db, which must be empty.")
@click.pass_context
def command(
    ctx: click.Context,
    *,
    out: Path | None,
    patients: int,
    years: int,
    seed: int,
    form: str,
    protocol: Path | None,
    into_log: bool,
) -> None:
    """Write an invented cohort: as files into OUT, or with --into-log straight into an empty registry.

    OUT holds a first delivery; OUT/later what has changed since of the patients concerned: late entries, corrections,
    and without what was withdrawn. Import OUT, then OUT/later with --retract-missing. In a log the same facts come in
    the order in which a registry would have learnt of them, with a simulated recorded clock.

    With --protocol the log begins with its adoption; before its files are imported, FILE is to be adopted. What has
    ended in it is left out, and its schedule is followed from the first day on, unless a later `since` lies in the
    simulated years.
    """
    if out is None and not into_log:
        raise click.UsageError("name a folder, or give --into-log")
    from registry.simulation import CohortSize, record_simulated, simulated, write_simulated

    cohort = simulated(CohortSize(patients, years, seed), protocol)
    if out is not None:
        for path in write_simulated(cohort, out, form=form):
            say(f"wrote {path}")
        if protocol is not None:
            say(f"before these are imported: spondyl protocol adopt {protocol}")
    if into_log:
        say(f"{counted(record_simulated(cohort, ctx.obj['db']), 'event')} of {counted(patients, 'patient')} recorded")
