"""`spondyl serve-readings`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from cli import completion
from cli.campaign_options import key_option
from cli.output import put, say
from cli.pairing import PairedCommand
from cli.serving_options import PAIRINGS, Where, idle_option, installed, listening_options

PORT: Final = 8766


@click.command("serve-readings", cls=PairedCommand, pairings=PAIRINGS)
@click.argument("campaign", shell_complete=completion.campaigns)
@key_option
@listening_options(PORT)
@idle_option
@click.pass_context
def command(
    ctx: click.Context,
    /,
    campaign: str,
    *,
    key: Path | None,
    where: Where,
    idle: float,
) -> None:
    """Let the readers of CAMPAIGN read in a browser: each sees own cases alone, blinded, in an order of one's own.

    `spondyl campaign token` makes the link of a reader. Nothing of the registry is written but what readers submit,
    each case as readings of its reader; drafts lie beside the campaign's key. It listens on this machine alone unless
    it is told otherwise, as `spondyl serve`. Ctrl-C ends it. docs/campaigns.md has what readers see.

    \b
    Examples: spondyl campaign token msasss-2026 R1
              spondyl serve-readings msasss-2026
    """
    with installed():
        from views.readings.serving import serve_readings

    def tell(address: str) -> None:
        say("readers open the links of `spondyl campaign token`. Ctrl-C ends the server")
        put(address)

    serve_readings(ctx.obj["db"], campaign, where.listening(), key=key, idle=idle, tell=tell)
