"""`spondyl show`."""

from __future__ import annotations

from datetime import date
from typing import Final

import click
import msgspec

from cli import completion
from cli.course_chart import chart, diary
from cli.late_pandas import put_off_pandas
from cli.options import at_a_point_in_time, in_formats, opened
from cli.output import give, put, terminal_width
from cli.pairing import PairedCommand

PAGE: Final = 120  # columns where there is no terminal


@click.command("show", cls=PairedCommand)
@click.argument("patient", shell_complete=completion.patients)
@at_a_point_in_time
@in_formats
@click.pass_context
def command(ctx: click.Context, *, patient: str, as_of: date | None, known_at: str | None, form: str | None) -> None:
    """Show one PATIENT's course over time: treatments as bars, visits, flares, studies with their scores.

    Indices come with their change since the baseline of the treatment, studies with what changed where. --json and
    --csv give the references that `history`, `amend` and `retract` take.
    """
    put_off_pandas()
    from projections import facts_of
    from projections.course import course_entries
    from registry.errors import UnknownFactError

    registry = opened(ctx)
    course = course_entries(
        facts_of(registry, patient, as_of=as_of, known_at=known_at, withdrawn=ctx.obj["withdrawn"]), patient
    )
    if not course:
        registry.check_not_erased(patient)
        registry.check_not_merged(patient)
        raise UnknownFactError(f"patient {patient!r} at this point in time")
    if form:
        give([msgspec.structs.asdict(each) for each in course], form)
        return
    put(f"Course of {patient}", bold=True)
    for line in (*chart(course), *diary(course, width=terminal_width() or PAGE)):
        put(line)
