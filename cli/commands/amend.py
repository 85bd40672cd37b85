"""`spondyl amend`."""

from __future__ import annotations

import click

from cli.commands.record import cells_of
from cli.options import opened
from cli.output import say
from cli.pairing import PairedCommand


@click.command("amend", cls=PairedCommand, registry="written")
@click.argument("reference")
@click.argument("cells", nargs=-1, required=True, metavar="COLUMN=VALUE...")
@click.option("--reason", required=True, help="Why the fact is stated anew.")
@click.pass_context
def command(ctx: click.Context, reference: str, cells: tuple[str, ...], reason: str) -> None:
    """State the fact REFERENCE anew: the cells given, the rest as it was. An empty VALUE means not recorded.

    The earlier statement stays visible at earlier points of knowledge.

    \b
    Examples: spondyl amend visit/P-001/2024-01-15/baseline crp=24.7 --reason "was entered in mg/dl"
              spondyl amend reading/MR-0001/R1/vu-lesions "C2/3 anterior erosion=0" --reason "re-read"
    """
    registry = opened(ctx)
    before = registry.head.position
    fact = registry.amend(reference, cells_of(cells), reason=reason)
    say(f"amended {fact}" if registry.head.position > before else f"{fact} says so already; nothing was stored")
