"""`spondyl unmerge`."""

from __future__ import annotations

import click

from cli import completion
from cli.commands.merge import told
from cli.options import opened
from cli.output import say
from cli.pairing import PairedCommand


@click.command("unmerge", cls=PairedCommand, registry="written")
@click.argument("patient", shell_complete=completion.patients)
@click.option("--reason", required=True, help="Why the two are two patients after all.")
@click.pass_context
def command(ctx: click.Context, *, patient: str, reason: str) -> None:
    """Undo the merge of PATIENT: what came under that pseudonym goes back, as it stands now.

    What both had stands in both; of the enrolment, each has its own. The last merge of a patient is undone first.

    Example: spondyl unmerge P-102 --reason "two persons of one name"
    """
    merge = opened(ctx).unmerge_patients(patient, reason=reason)
    say(f"parted {patient} from {merge.into} at @{merge.position}: {told(merge)}")
