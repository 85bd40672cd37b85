"""`spondyl erase`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click
import msgspec

from cli import completion
from cli.exit_codes import REFUSED
from cli.options import opened
from cli.output import counted, give_json, say
from cli.pairing import PairedCommand
from registry.wording import listed

if TYPE_CHECKING:
    from registry.erasure import Erasure


@click.command("erase", cls=PairedCommand, registry="written")
@click.argument("patient", shell_complete=completion.patients)
@click.option("--reason", required=True, help="Why; it stays in the log, so it must not name the patient.")
@click.option("--dry-run", is_flag=True, help="Say what would be erased; erase nothing.")
@click.option("--yes", is_flag=True, help="Erase without asking.")
@click.option("--json", "as_json", is_flag=True, help="JSON for machines.")
@click.pass_context
def command(ctx: click.Context, *, patient: str, reason: str, dry_run: bool, yes: bool, as_json: bool) -> None:
    """Erase PATIENT for ever: what was recorded, at every point in time, and everything that was computed from it.

    That something was recorded stays in the log, as does the erasure with its reason, and the log still verifies.
    Nothing more can be recorded under the pseudonym. Files, earlier exports, proofs and backups are not ours to erase.

    Example: spondyl erase P-001 --reason "request of 2026-03-02, Art. 17 GDPR"
    """
    registry = opened(ctx)
    erasure = registry.erase_patient(patient, reason=reason, dry_run=True)
    if not dry_run:
        if not yes and not _confirmed(patient, erasure):
            say("nothing was erased")
            sys.exit(REFUSED)
        erasure = registry.erase_patient(patient, reason=reason)
    if as_json:
        give_json({"dry_run": dry_run, **msgspec.structs.asdict(erasure)})
    else:
        _tell(erasure, dry_run=dry_run)
    if not dry_run and not erasure.overwritten:
        say(f"the pages could not be written anew: {erasure.why_not}; run it again, to erase what they keep")
        sys.exit(REFUSED)


def _confirmed(patient: str, erasure: Erasure) -> bool:
    also = f", of {listed(erasure.names, 'and')}, one patient" if len(erasure.names) > 1 else ""
    say(f"{counted(erasure.events, 'event')} would be erased{also}; there is no way back")
    try:
        return str(click.prompt("type the pseudonym to erase the patient", err=True)) == patient
    except click.Abort:  # nobody is there to answer
        return False


def _tell(erasure: Erasure, *, dry_run: bool) -> None:
    for name in erasure.names[1:]:
        say(f"{name} is a pseudonym of the same patient, erased with {erasure.names[0]}")
    for name in erasure.parted:
        say(f"{name} was one patient with {erasure.names[0]} for a time: what that left there is erased, and no more")
    for name in erasure.moved:
        say(f"{name} had rows that are {erasure.names[0]}'s: what they said there is erased, and no more")
    for fact, position in erasure.anew.items():
        at = f" at @{position}" if position else ""
        say(f"{fact} is stated anew{at}: an earlier event of it named {erasure.names[0]}, and is not known any more")
    if erasure.events == 0:
        say("the patient is erased already")
    elif dry_run:
        facts = ", ".join(f"{number} {kind}" for kind, number in erasure.facts.items())
        say(f"would erase {counted(erasure.events, 'event')}: {facts}")
    else:
        say(f"erased {counted(erasure.events, 'event')}; the log says so at @{erasure.position}")
    for file in erasure.files:
        say(f"came from {file}: what it says of the patient is still there")
    if not dry_run:
        say("earlier exports, proofs, backups and archived write-ahead logs keep what they have; docs/trust.md")
