"""`spondyl verify`."""

from __future__ import annotations

import sys

import click
import msgspec

from cli.main import REFUSED
from cli.options import opened
from cli.output import counted, give_json, say


@click.command("verify")
@click.option("--json", "as_json", is_flag=True, help="JSON for machines.")
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """Check the whole log: gaps, order, versions, digests, and every freeze.

    Exit code 3 where something is wrong, with the first bad position.
    """
    found = opened(ctx).verify()
    if as_json:
        give_json(msgspec.to_builtins(found, enc_hook=_hexadecimal))
    elif not found.problems:
        say(f"the log is whole: {counted(found.events, 'event')}, head {found.head.digest.hex()}")
    for problem in found.problems:
        say(str(problem))
    if found.problems:
        sys.exit(REFUSED)


def _hexadecimal(value: object) -> object:
    return value.hex() if isinstance(value, bytes) else str(value)
