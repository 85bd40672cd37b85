"""`spondyl lesions`."""

from __future__ import annotations

from datetime import date
from typing import Unpack

import click

from cli import completion
from cli.lesion_tables import VIEWS, Asked
from cli.options import at_a_point_in_time, in_formats
from cli.options import facts as facts_of
from cli.pairing import PairedCommand, never_with, only_with


@click.command(
    "lesions",
    cls=PairedCommand,
    pairings=(
        never_with("--by", "--rows --agreement --symptoms", "it says what the rows of the figures are"),
        never_with("--reader", "--agreement", "readers are compared with each other"),
        only_with("--measure", "--symptoms", "no other view has a measure"),
    ),
)
@click.option(
    "--by",
    type=click.Choice(["region", "kind", "patient"]),
    default="region",
    show_default=True,
    help="What the rows are.",
)
@click.option("--reader", default="consensus", show_default=True, help="Whose verdicts.")
@click.option("--session", help="Only this reading session; to be named where a reader read the same studies twice.")
@click.option("--patient", shell_complete=completion.patients, help="Only this patient.")
@click.option("--rows", "view", flag_value="rows", help="Each lesion, with the verdicts that its consensus rests on.")
@click.option("--agreement", "view", flag_value="agreement", help="How far single readers agreed before the consensus.")
@click.option("--symptoms", "view", flag_value="symptoms", help="Each pair of studies beside the change of a measure.")
@click.option("--measure", default="night_back_pain", show_default=True, help="The measure beside --symptoms.")
@at_a_point_in_time
@in_formats
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    view: str | None,
    as_of: date | None,
    known_at: str | None,
    form: str | None,
    **asked: Unpack[Asked],
) -> None:
    """Print what became of lesions that readers judged with two studies side by side.

    Percentages are of the lesions at the earlier study; new lesions are counted beside them. Responding are the lesions
    that resolved or improved, with the exact 95% interval (Clopper–Pearson).
    """
    VIEWS[view](facts_of(ctx, as_of, known_at), asked, form)
