"""`spondyl serve`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from cli.output import put, say
from cli.pairing import PairedCommand, only_with

PORT: Final = 8765
WORKING_DAY: Final = 36_000  # s
DAY: Final = 86_400  # s
NOT_INSTALLED: Final = "pages are served by Starlette and uvicorn; install them as spondyl[serve]"


@click.command(
    "serve",
    cls=PairedCommand,
    pairings=(
        only_with("--tls-certificate", "--tls-key", "a certificate goes with its key"),
        only_with("--tls-key", "--tls-certificate", "a key goes with its certificate"),
        only_with("--behind-proxy", "--name", "it says by which name browsers reach the proxy"),
    ),
)
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=PORT, show_default=True, help="The port; 0 for any that is free."
)
@click.option("--bind", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="The IP address to listen on.")
@click.option("--name", "names", multiple=True, help="A name by which browsers reach it; repeatable.")
@click.option("--tls-certificate", type=click.Path(path_type=Path), help="The file of its certificate, PEM.")
@click.option("--tls-key", type=click.Path(path_type=Path), help="The file of the certificate's key, PEM.")
@click.option("--behind-proxy", "proxy", metavar="ADDRESS", help="The proxy that speaks TLS: nobody else may ask.")
@click.option("--cohorts", type=click.Path(path_type=Path), help="The folder with the files of the cohorts to show.")
@click.option(
    "--until-idle",
    "idle",
    type=click.FloatRange(0, DAY),
    default=WORKING_DAY,
    show_default=True,
    metavar="SECONDS",
    help="End when nobody has asked for so long.",
)
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    port: int,
    bind: str,
    names: tuple[str, ...],
    tls_certificate: Path | None,
    tls_key: Path | None,
    proxy: str | None,
    cohorts: Path | None,
    idle: float,
) -> None:
    """Show the registry in a browser, at any point in time; nothing is ever written.

    It prints an address that opens the registry once, in one browser, and listens on this machine alone. Another
    address to listen on needs --tls-certificate and --tls-key, or --behind-proxy with --name. Ctrl-C ends it.
    docs/serve.md has the pages and what keeps them closed to others.
    """
    try:
        from views.served.listening import Listening
        from views.web.serving import serve
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in ("starlette", "uvicorn", "h11"):
            raise
        from registry.errors import RefusalError

        raise RefusalError(NOT_INSTALLED) from None

    def tell(address: str) -> None:
        say("open this address in a browser; it opens the registry once. Ctrl-C ends the server")
        put(address)

    listening = Listening(bind, port, names, tls_certificate, tls_key, proxy)
    serve(ctx.obj["db"], listening, cohorts, idle=idle, tell=tell)
