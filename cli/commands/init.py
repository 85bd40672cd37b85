"""`spondyl init`."""

from __future__ import annotations

import click

from cli.output import say
from cli.pairing import PairedCommand


@click.command("init", cls=PairedCommand, registry="written")
@click.pass_context
def command(ctx: click.Context) -> None:
    """Create a registry, or bring an older one up to date.

    Where the registry is up to date already, nothing changes.
    """
    from registry import Registry

    place = ctx.obj["db"]
    with Registry.create(place, actor=ctx.obj["actor"]) as registry:
        position = registry.head.position
    say(f"registry at {registry.place} is ready, at position @{position}")
