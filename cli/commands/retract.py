"""`spondyl retract`."""

from __future__ import annotations

import click

from cli.options import opened
from cli.output import say
from cli.pairing import PairedCommand


@click.command("retract", cls=PairedCommand, registry="written")
@click.argument("reference")
@click.option("--reason", required=True, help="Why it was an error.")
@click.pass_context
def command(ctx: click.Context, reference: str, reason: str) -> None:
    """Withdraw the fact REFERENCE, which was entered in error.

    It was there before and is not there after; its history stays. What rests on it must be retracted first.

    Example: spondyl retract visit/P-001/2024-01-15/baseline --reason "another patient's questionnaire"
    """
    say(f"retracted {opened(ctx).retract(reference, reason=reason)}")
