"""`spondyl template`."""

from __future__ import annotations

from pathlib import Path

import click
from click.core import ParameterSource

from cli.options import opened
from cli.output import say
from cli.pairing import PairedCommand
from registry.errors import NoRegistryError


@click.command("template", cls=PairedCommand)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.pass_context
def command(ctx: click.Context, folder: Path) -> None:
    """Write an empty, commented example file for every table into FOLDER.

    The comments say what each column holds. The columns are those of the registry, with all that its protocol collects
    today; where there is no registry yet, those that are built in. Files that are there already are never overwritten.
    """
    from registry.catalogue.catalogue import BUILT_IN
    from registry.intake import write_templates

    catalogue, why = BUILT_IN, None
    try:
        catalogue = opened(ctx).catalogue
    except NoRegistryError as nothing:
        if _is_typed(ctx):
            raise
        why = f"no registry at {nothing.place}: the columns are those that are built in"
    for path in write_templates(folder, catalogue=catalogue):
        say(f"wrote {path}")
    if why:
        say(why)


def _is_typed(ctx: click.Context) -> bool:
    """Return whether `--db` was typed, before the command or after it."""
    before = ctx.find_root().get_parameter_source("db") is ParameterSource.COMMANDLINE
    return before or "db" in ctx.meta
