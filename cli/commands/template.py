"""`spondyl template`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
from click.core import ParameterSource

from cli import completion
from cli.options import opened
from cli.output import give_document, say
from cli.pairing import PairedCommand
from registry.errors import NoRegistryError

if TYPE_CHECKING:
    from registry.catalogue.catalogue import Catalogue

READINGS: Final = "readings"


@click.command("template", cls=PairedCommand)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), metavar="FOLDER|readings")
@click.option(
    "--method", shell_complete=completion.methods, help="With readings: print a file for one reading by this method."
)
@click.option(
    "--group", "groups", multiple=True, help="With --method: a level that the reader selected, e.g. T7/8; repeatable."
)
@click.pass_context
def command(ctx: click.Context, folder: Path, *, method: str | None, groups: tuple[str, ...]) -> None:
    """Write an empty, commented example file for every table into FOLDER.

    The comments say what each column holds. The columns are those of the registry, with all that its protocol collects
    today; where there is no registry yet, those that are built in. Files that are there already are never overwritten.

    With `readings --method CODE` it prints, instead, a file of one reading by that method: a row a place, in the
    method's order, without the grades.

    \b
    Example: spondyl template readings --method sparcc-sij > readings.csv
    """
    from registry.intake import reading_template, write_templates
    from registry.schema.field_mapping import method_of

    if method is None and groups:
        raise click.UsageError("--group goes with --method")
    if method is not None and str(folder) != READINGS:
        raise click.UsageError(f"--method goes with {READINGS}: spondyl template {READINGS} --method {method}")
    catalogue, why = _catalogue(ctx)
    if method is not None:
        give_document(reading_template(method_of(catalogue, method), groups))
        return
    for path in write_templates(folder, catalogue=catalogue):
        say(f"wrote {path}")
    if why:
        say(why)


def _catalogue(ctx: click.Context) -> tuple[Catalogue, str | None]:
    """Return what the registry collects, and where there is none what is built in and why."""
    from registry.catalogue.catalogue import BUILT_IN

    try:
        return opened(ctx).catalogue, None
    except NoRegistryError as nothing:
        if _is_typed(ctx):
            raise
        return BUILT_IN, f"no registry at {nothing.place}: the columns are those that are built in"


def _is_typed(ctx: click.Context) -> bool:
    """Return whether `--db` was typed, before the command or after it."""
    before = ctx.find_root().get_parameter_source("db") is ParameterSource.COMMANDLINE
    return before or "db" in ctx.meta
