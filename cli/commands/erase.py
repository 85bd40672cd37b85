"""`spondyl erase`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import click
import msgspec

from cli import completion
from cli.exit_codes import REFUSED
from cli.options import opened
from cli.output import counted, give_json, say, typed
from cli.pairing import PairedCommand
from registry.wording import listed

if TYPE_CHECKING:
    from registry.erasure import Erasure

FACTS: Final = {  # what facts of a kind are called, one and many
    "patient": ("enrolment", "enrolments"),
    "follow-up": ("resumption of follow-up", "resumptions of follow-up"),
    "visit": ("visit", "visits"),
    "treatment": ("treatment course", "treatment courses"),
    "flare": ("flare", "flares"),
    "adverse-event": ("adverse event", "adverse events"),
    "condition": ("condition", "conditions"),
    "imaging": ("study", "studies"),
    "assignment": ("assignment", "assignments"),
    "reading": ("reading", "readings"),
    "lesion": ("lesion verdict", "lesion verdicts"),
}


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
        say(f"files may still keep what was erased: {erasure.why_not}; run it again")
        sys.exit(REFUSED)


def _confirmed(patient: str, erasure: Erasure) -> bool:
    also = f", of {listed(erasure.names, 'and')}, one patient" if len(erasure.names) > 1 else ""
    say(f"{counted(erasure.events, 'event')} would be erased{also}; there is no way back")
    try:
        return typed("type the pseudonym to erase the patient") == patient
    except click.Abort:  # nobody is there to answer
        return False


def _tell(erasure: Erasure, *, dry_run: bool) -> None:
    for line in (*_of_others(erasure, dry_run=dry_run), *_of_the_patient(erasure, dry_run=dry_run)):
        say(line)
    for file in erasure.files:
        say(f"came from {file}: what it says of the patient is still there")
    if not dry_run:
        say("earlier exports, proofs, backups and archived write-ahead logs keep what they have; docs/trust.md")


def _of_others(erasure: Erasure, *, dry_run: bool) -> Iterator[str]:
    """Yield who else is erased, and what of other patients."""
    is_ = "would be" if dry_run else "is"
    patient = erasure.names[0]
    for name in erasure.names[1:]:
        yield f"{name} is a pseudonym of the same patient, erased with {patient}"
    for name in erasure.parted:
        yield f"{name} was one patient with {patient} for a time: what that left there {is_} erased, and no more"
    for name in erasure.moved:
        yield f"{name} had rows that moved to {patient}: what they said there {is_} erased, and no more"
    for fact, position in erasure.anew.items():
        at = "" if position is None else f" at @{position}"
        yield f"{fact} {is_} stated anew{at}: what stated it named {patient}, and goes from earlier points in time"


def _of_the_patient(erasure: Erasure, *, dry_run: bool) -> Iterator[str]:
    events = counted(erasure.events, "event")
    if erasure.events == 0 and erasure.position is None:
        yield "the patient is erased already"
    elif dry_run:
        facts = (counted(number, *FACTS[kind]) for kind, number in erasure.facts.items())
        yield f"would erase {events}: {', '.join(facts)}"
    else:
        yield f"erased {events}; the log says so at @{erasure.position}"
