"""`spondyl courses`."""

from __future__ import annotations

from datetime import date

import click

from cli import completion
from cli.options import at_a_point_in_time, checked, in_formats
from cli.options import facts as facts_of
from cli.output import counted, give, give_arrow, give_table, say
from cli.pairing import PairedCommand, never_with


@click.command(
    "courses",
    cls=PairedCommand,
    pairings=(never_with("--rows", "--json --csv", "they give every row"),),
)
@click.option("--patient", shell_complete=completion.patients, help="Only this patient.")
@click.option(
    "--method", shell_complete=completion.methods, help="Only this method, e.g. vu-lesions or paired-lesions."
)
@click.option("--course", help="Only this course, e.g. new, resolved or worse.")
@click.option("--rows", is_flag=True, help="List the locations on the terminal too.")
@at_a_point_in_time
@in_formats
@click.pass_context
def command(
    ctx: click.Context,
    *,
    patient: str | None,
    method: str | None,
    course: str | None,
    rows: bool,
    as_of: date | None,
    known_at: str | None,
    form: str | None,
) -> None:
    """Print what became of every location between two consecutive studies.

    On a terminal the counts of each course and of each change of state; --rows lists the locations, --csv and
    --json give every row.
    """
    from projections import project
    from projections.columns.tables import count_by, only
    from projections.derived.lesion_courses import LESION_COURSES

    facts = facts_of(ctx, as_of, known_at)
    checked("method", method, (*facts.catalogue.methods, "paired-lesions"))
    checked("course", course, next(each.codes for each in LESION_COURSES.columns if each.name == "course"))
    table = project("lesion_courses", facts)
    courses = only(table, patient=patient, method=method, course=course)
    if form or rows:
        give_arrow(courses, form, empty="no courses at this point in time")
        return
    if not courses.num_rows:
        say("no two studies of one patient were read by the same reader and method at this point in time")
        return
    give(count_by(courses, "method", "basis", "course"), None)
    states = count_by(courses, "method", "from_state", "to_state")
    changed = [tuple(row.values()) for row in states if row["from_state"] != row["to_state"]]
    give_table(("method", "from", "to", "locations"), changed, title="Changes of state")
    say(f"of {counted(courses.num_rows, 'location')} between two studies each")
