"""`spondyl prove`."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from cli import completion
from cli.options import opened
from cli.output import give_document, say
from cli.pairing import PairedCommand
from cli.plain_text import for_json


@click.command("prove", cls=PairedCommand)
@click.argument("reference")
@click.option(
    "--at",
    metavar="PLACE",
    shell_complete=completion.freezes,
    help="In the log as it was then: a freeze, @N, a day or an instant.",
)
@click.option("--by-chain", is_flag=True, help="Long, a link for each later event; the digest alone is enough for it.")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write it there instead of on screen.")
@click.pass_context
def command(ctx: click.Context, *, reference: str, at: str | None, by_chain: bool, out: Path | None) -> None:
    """Prove that the fact REFERENCE was in the log at a point in time, to somebody who has no database.

    The proof is JSON. It has the last event of the fact up to then in plain text, and what leads from there to the root
    over the log: about forty hashes, however long the log is. @N instead of a reference proves the event at a position.

    Example: spondyl prove visit/P-001/2024-01-15/baseline --at paper-2026 --out proof.json
    """
    from projections.known_at import head_at
    from registry.new_files import new_file

    registry = opened(ctx)
    head = head_at(registry.log, at)
    freeze = at if at is not None and registry.freeze_position(at) is not None else None
    proof = registry.prove(reference, at=head.position, freeze=freeze, by_chain=by_chain)
    text = for_json(msgspec.json.format(msgspec.json.encode(proof), indent=2).decode())
    if out is None:
        give_document(text)
    else:
        with new_file(out) as file:
            file.write(f"{text}\n".encode())
    event = proof.event
    say(f"proves {event.topic} at @{event.position}, in the log up to @{head.position}; it contains the plain text")
