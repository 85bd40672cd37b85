"""`spondyl backup`."""

from __future__ import annotations

from pathlib import Path

import click

from cli.options import opened
from cli.output import counted, put, say
from cli.pairing import PairedCommand


@click.command("backup", cls=PairedCommand)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--overwrite", is_flag=True, help="Replace the copy of a registry that stands there already.")
@click.pass_context
def command(ctx: click.Context, *, file: Path, overwrite: bool) -> None:
    """Copy the registry as it is at this instant into FILE, while others read and write.

    The copy is checked from its first event to its last; it appears whole or not at all. A registry on a server is
    copied with pg_dump.
    """
    from registry.store.backup import backup

    copied = backup(opened(ctx).log.database, file, overwrite=overwrite)
    say(f"copied {counted(copied.events, 'event')}, whole, head {copied.head.digest.hex()}")
    put(str(file))
