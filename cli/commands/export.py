"""`spondyl export`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Final

import click

from cli import completion
from cli.options import at_a_point_in_time, opened
from cli.output import counted, put, say
from cli.pairing import PairedCommand, only_with
from cli.profile_options import OF_PROFILES, asked_profile, by_a_profile, told
from cli.waiting import Waiting

A_FILE: Final = click.Path(path_type=Path)


@click.command(
    "export",
    cls=PairedCommand,
    pairings=(
        only_with("--tls-ca-file --tls-cert --tls-key", "--scheduler", "they secure the way to it"),
        only_with(OF_PROFILES, "--profile", "it says what is made of the export"),
    ),
)
@click.argument("out", type=click.Path(path_type=Path))
@at_a_point_in_time
@click.option("--tables", metavar="NAME,NAME…", shell_complete=completion.tables, help="Only these tables.")
@click.option(
    "--cohort",
    "cohorts",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Also the figures of the cohort that FILE defines, as the table cohort_statistics; may be repeated.",
)
@click.option("--history", is_flag=True, help="Also all versions of the facts, as visits_versions beside visits.")
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Have the workers of a Dask scheduler do it, as tls://HOST:8786; they share the folder of OUT.",
)
@click.option("--tls-ca-file", type=A_FILE, metavar="FILE", help="Who signed the scheduler's certificate; PEM.")
@click.option("--tls-cert", type=A_FILE, metavar="FILE", help="Our own certificate for it; PEM.")
@click.option("--tls-key", type=A_FILE, metavar="FILE", help="The key of --tls-cert, unless it stands there too; PEM.")
@by_a_profile
@click.option("--overwrite", is_flag=True, help="Replace an export that stands there already.")
@click.option("--group", metavar="NAME", help="Let this group of the system read it (0750, 0640), not only you.")
@click.pass_context
def command(  # noqa: PLR0913 – an option each
    ctx: click.Context,
    /,
    *,
    out: Path,
    as_of: date | None,
    known_at: str | None,
    tables: str | None,
    cohorts: tuple[Path, ...],
    history: bool,
    scheduler: str | None,
    overwrite: bool,
    group: str | None,
    **given: Any,
) -> None:
    """Write every table as Parquet into the folder OUT, with a manifest and a data dictionary.

    The folder appears whole or not at all. The same point in time gives the same content for ever; with a profile, the
    same key too.
    """
    from projections.export import Scheduler, export

    names = [name.strip() for name in tables.split(",") if name.strip()] if tables else None
    files = (given["tls_ca_file"], given["tls_cert"], given["tls_key"])
    profile = asked_profile(given)
    with Waiting() as waiting:
        manifest = export(
            opened(ctx),
            out,
            as_of=as_of,
            known_at=known_at,
            tables=names,
            cohorts=cohorts,
            history=history,
            overwrite=overwrite,
            withdrawn=ctx.obj["withdrawn"],
            scheduler=None if scheduler is None else Scheduler(scheduler, *files),
            group=group,
            profile=profile,
            progress=lambda what, done, of: waiting.tell(f"{what}: {done:,} of {of:,}"),
        )
    rows = sum(table.rows for table in manifest.tables.values())
    say(
        f"wrote {counted(len(manifest.tables), 'table')} with {counted(rows, 'row')}, "
        f"known at @{manifest.known_at.position}"
    )
    for line in told(manifest.profile) if manifest.profile else ():
        say(line)
    put(str(out))
