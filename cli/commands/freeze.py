"""`spondyl freeze`."""

from __future__ import annotations

import click

from cli.options import in_formats, opened
from cli.output import give, put, say
from cli.pairing import PairedCommand, never_with, only_with
from registry.domain.days import instant


@click.command(
    "freeze",
    cls=PairedCommand,
    registry="written",
    pairings=(
        only_with("--note --actor", "NAME", "they are kept with the name"),
        never_with("--json --csv", "NAME", "they list the freezes"),
    ),
)
@click.argument("name", required=False)
@click.option("--note", help="What it is for, e.g. the paper that rests on it.")
@in_formats
@click.pass_context
def command(ctx: click.Context, name: str | None, note: str | None, form: str | None) -> None:
    """Give the log as it is now a NAME, for ever; without NAME, list the freezes.

    A freeze can be used wherever a point in time is asked for: --known-at NAME. It is itself the next event of the log,
    which the name does not take in.
    """
    registry = opened(ctx)
    if name is not None:
        freeze = registry.freeze(name, note)
        say(
            f"froze position @{freeze.position} as {freeze.name!r}: the name means all up to there, and not the freeze "
            f"itself, which is @{freeze.position + 1}; to be printed where it is used:"
        )
        say(f"digest {freeze.digest.hex()}")
        say(f"root   {registry.root(freeze.position).hex()}")
        return
    rows = [
        {
            "name": freeze.name,
            "position": freeze.position,
            "frozen_at": instant(freeze.recorded_at),
            "digest": freeze.digest.hex(),
            "actor": freeze.actor,
            "note": freeze.note,
        }
        for freeze in registry.freezes()
    ]
    columns = None if form else ("name", "position", "frozen_at", "actor", "note")
    give(rows, form, columns=columns, empty="no freezes yet")
    for row in () if form else rows:
        put(f"{row['digest']}  {row['name']}")  # a line of its own: broken over two it could not be copied
