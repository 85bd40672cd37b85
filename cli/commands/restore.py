"""`spondyl restore`."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from cli.output import counted, put, say
from cli.pairing import PairedCommand


@click.command("restore", cls=PairedCommand)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--overwrite", is_flag=True, help="Replace the registry that stands there, and all that is only in it.")
@click.pass_context
def command(ctx: click.Context, *, file: Path, overwrite: bool) -> None:
    """Put the copy FILE in the place that --db names, checked from its first event to its last.

    A registry that stands there is not touched, unless --overwrite asks for it. What was erased after the copy was made
    stands in the copy, and has to be erased again.
    """
    from registry.store.backup import restore
    from registry.store.opening import database_at

    with closing(database_at(ctx.obj["db"])) as target:
        copied = restore(file, target, overwrite=overwrite)
    say(f"restored {counted(copied.events, 'event')}, whole, head {copied.head.digest.hex()}")
    if copied.replaced is not None:
        say(f"the registry that stood there, up to @{copied.replaced}, is gone")
    if copied.left is not None:
        say(copied.left)
    put(copied.place)
