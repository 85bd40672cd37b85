"""`spondyl serve`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from cli.output import put, say
from cli.pairing import PairedCommand
from cli.serving_options import PAIRINGS, Where, idle_option, installed, listening_options

PORT: Final = 8765


@click.command("serve", cls=PairedCommand, pairings=PAIRINGS)
@listening_options(PORT)
@click.option("--cohorts", type=click.Path(path_type=Path), help="The folder with the files of the cohorts to show.")
@idle_option
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    where: Where,
    cohorts: Path | None,
    idle: float,
) -> None:
    """Show the registry in a browser, at any point in time; nothing is ever written.

    It prints an address that opens the registry once, in one browser, and listens on this machine alone. Another
    address to listen on needs --tls-certificate and --tls-key, or --behind-proxy with --name. Ctrl-C ends it.
    docs/serve.md has the pages and what keeps them closed to others.
    """
    with installed():
        from views.web.serving import serve

    def tell(address: str) -> None:
        say("open this address in a browser; it opens the registry once. Ctrl-C ends the server")
        put(address)

    serve(ctx.obj["db"], where.listening(), cohorts, idle=idle, tell=tell)
