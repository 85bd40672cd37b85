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
        only_with("--campaign", "--methods", "it is the session of the methods that are named"),
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
@click.option(
    "--methods",
    "methods",
    metavar="all|CODE,…",
    help="Imaging methods that two readers read by, beside the three of every cohort.",
)
@click.option("--campaign", metavar="NAME", default="", help="The session of these readings; the three are read anew.")
@click.option("--into-log", is_flag=True, help="Write events into the registry of --db, which must be empty.")
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    out: Path | None,
    form: str,
    protocol: Path | None,
    methods: str | None,
    campaign: str,
    into_log: bool,
    **size: int,
) -> None:
    """Write an invented cohort: as files into OUT, or with --into-log straight into an empty registry.

    OUT holds a first delivery; OUT/later what has changed since of the patients concerned: late entries, corrections,
    and without what was withdrawn. Import OUT, then OUT/later with --retract-missing. In a log the same facts come in
    the order in which a registry would have learnt of them, with a simulated recorded clock.

    With --protocol the log begins with its adoption; before its files are imported, FILE is to be adopted. What has
    ended in it is left out, and its schedule is followed from the first day on, unless a later `since` lies in the
    simulated years.

    With --methods the readers R1 and R2 read each study that a method reads, and agree as published readers do;
    radiographs and CT of the spine come with the methods that read them. All else is as without.
    """
    if out is None and not into_log:
        raise click.UsageError("name a folder, or give --into-log")
    from registry.simulation import CohortSize, record_simulated, simulated, write_simulated

    codes = () if methods is None else [code.strip() for code in methods.split(",")]
    cohort = simulated(CohortSize(**size), protocol, methods=codes, campaign=campaign)
    if out is not None:
        for path in write_simulated(cohort, out, form=form):
            say(f"wrote {path}")
        if protocol is not None:
            say(f"before these are imported: spondyl protocol adopt {protocol}")
    if into_log:
        recorded = record_simulated(cohort, ctx.obj["db"])
        say(f"{counted(recorded, 'event')} of {counted(cohort.size.patients, 'patient')} recorded")
