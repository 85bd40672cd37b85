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

if TYPE_CHECKING:
    from registry.store.verify import Verification, Witness

DIGEST: Final = re.compile(r"@(\d{1,18})=([0-9a-fA-F]{64})", re.ASCII)


@click.command("verify", cls=PairedCommand)
@click.option(
    "--from",
    "since",
    metavar="FREEZE",
    shell_complete=completion.freezes,
    help="Trust the digest of this freeze; check what came after it.",
)
@click.option(
    "--against",
    multiple=True,
    metavar="MANIFEST|@N=DIGEST",
    help="A digest kept elsewhere: the manifest of an export, or a position and its digest as printed.",
)
@click.option("--json", "as_json", is_flag=True, help="JSON for machines.")
@click.pass_context
def command(ctx: click.Context, *, since: str | None, against: tuple[str, ...], as_json: bool) -> None:
    """Check the whole log: gaps, order, versions, digests, every freeze, and the database itself.

    Exit code 3 where something is wrong, with each bad position. Whoever owns the database can rewrite it whole, or cut
    off its end: only a digest that is kept elsewhere shows that.
    """
    verification = opened(ctx).verify(since=since, witnesses=[_witness(text) for text in against])
    if as_json:
        give_json(_as_json(verification))
    elif not verification.problems:
        events, head = counted(verification.events, "event"), verification.head.digest.hex()
        say(f"{_whole(verification, since)}: {events}, head {head}")
    for note in verification.notes:
        say(f"note: {note}")
    for problem in verification.problems:
        say(str(problem))
    if verification.problems:
        sys.exit(REFUSED)


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
