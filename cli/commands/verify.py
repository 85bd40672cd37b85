"""`spondyl verify`."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Final

import click
import msgspec

from cli import completion
from cli.exit_codes import REFUSED
from cli.options import opened
from cli.output import counted, give_json, say
from cli.pairing import PairedCommand
from cli.readers import note_of_readers

if TYPE_CHECKING:
    from registry import Registry
    from registry.store.verify import Verification, Witness

DIGEST: Final = re.compile(r"@(\d{1,18})=([0-9a-fA-F]{64})", re.ASCII)


@click.command("verify", cls=PairedCommand)
@click.option(
    "--from",
    "since",
    metavar="FREEZE",
    shell_complete=completion.freezes,
    help="Trust the digest of this freeze; check what came after it, and every freeze.",
)
@click.option(
    "--against",
    multiple=True,
    metavar="MANIFEST|@N=DIGEST",
    help="A digest kept elsewhere: the manifest of an export, or a position and its digest as printed.",
)
@click.option("--deep", is_flag=True, help="Also decode the log, and hold the blocks that are kept of it against that.")
@click.option("--json", "as_json", is_flag=True, help="JSON for machines.")
@click.pass_context
def command(ctx: click.Context, *, since: str | None, against: tuple[str, ...], deep: bool, as_json: bool) -> None:
    """Check the whole log: gaps, order, versions, digests, every freeze by its row and its event, the database itself.

    Exit code 3 where something is wrong, with each bad position, or where an erasure is not finished. Whoever owns the
    database can rewrite it whole, or cut off its end: only a digest that is kept elsewhere shows that.
    """
    registry = opened(ctx)
    verification = registry.verify(since=since, witnesses=[_witness(text) for text in against])
    if deep:
        verification, blocks = _with_blocks(registry, verification)
    note_of_readers(registry.log.database)
    if as_json:
        give_json(_as_json(verification) | ({"blocks": blocks} if deep else {}))
    elif not verification.problems:
        events, head = counted(verification.events, "event"), verification.head.digest.hex()
        say(f"{_whole(verification, since)}: {events}, head {head}")
        if deep:
            say(f"{counted(blocks, 'block')} as the log has it")
    for note in verification.notes:
        say(f"note: {note}")
    for problem in verification.problems:
        say(str(problem))
    if verification.problems or verification.to_overwrite:  # this was told when the registry was opened
        sys.exit(REFUSED)


def _with_blocks(registry: Registry, verification: Verification) -> tuple[Verification, int]:
    """Return what was found with what is wrong with blocks, and how many blocks there are."""
    from projections.log.blocks_check import check_blocks

    found = check_blocks(registry.log)
    return msgspec.structs.replace(verification, problems=(*verification.problems, *found.problems)), found.blocks


def _whole(verification: Verification, since: str | None) -> str:
    return "the log is whole" if since is None else f"the log is whole from @{verification.since} on (freeze {since!r})"


def _witness(text: str) -> Witness:
    from projections.export import read_manifest
    from registry.store.verify import Witness

    if printed := DIGEST.fullmatch(text.strip()):
        return Witness(f"the digest given for @{printed[1]}", int(printed[1]), bytes.fromhex(printed[2]))
    known_at = read_manifest(text).known_at
    return Witness(f"manifest {text}", known_at.position, bytes.fromhex(known_at.digest))


def _as_json(verification: Verification) -> dict[str, object]:
    head = {**verification.head._asdict(), "digest": verification.head.digest.hex()}
    return {**msgspec.structs.asdict(verification), "is_whole": verification.is_whole, "head": head}
