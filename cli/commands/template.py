"""`spondyl template`."""

from __future__ import annotations

from pathlib import Path

import click

from cli.output import say
from cli.pairing import PairedCommand


@click.command("template", cls=PairedCommand, registry="none")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def command(folder: Path) -> None:
    """Write an empty, commented example file for every table into FOLDER.

    The comments say what each column holds. Files that are there already are never overwritten.
    """
    from registry.intake import write_templates

    for path in write_templates(folder):
        say(f"wrote {path}")
