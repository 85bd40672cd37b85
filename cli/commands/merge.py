"""`spondyl merge`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli import completion
from cli.options import opened
from cli.output import counted, say
from cli.pairing import PairedCommand

if TYPE_CHECKING:
    from registry import Merge


@click.command("merge", cls=PairedCommand, registry="written")
@click.argument("patient", shell_complete=completion.patients)
@click.option(
    "--into", required=True, metavar="PATIENT", shell_complete=completion.patients, help="The pseudonym that stays."
)
@click.option("--reason", required=True, help="Why the two are one patient.")
@click.option(
    "--keep-enrolment",
    is_flag=True,
    help="Keep the enrolment of the one that stays, whatever the other one says; unmerge brings that back.",
)
@click.pass_context
def command(ctx: click.Context, *, patient: str, into: str, reason: str, keep_enrolment: bool) -> None:
    """Say that PATIENT is another pseudonym of the patient --into: all that is known of it goes there.

    What both state alike stands once; what they state differently of one fact is refused, and all of it listed. What is
    delivered under the merged pseudonym later goes to the one that stays. Before the merge (--known-at) they are two.

    Example: spondyl merge P-102 --into P-041 --reason "one person, two centres"
    """
    merge = opened(ctx).merge_patients(patient, into=into, reason=reason, keep_enrolment=keep_enrolment)
    if merge.position is None:
        say(f"{patient} is merged into {into} already")
    else:
        say(f"merged {patient} into {into} at @{merge.position}: {told(merge)}")


def told(merge: Merge) -> str:
    """Return how many facts went, and how many both have."""
    return f"{counted(merge.moved, 'fact')} went, {counted(merge.shared, 'fact')} of both"
