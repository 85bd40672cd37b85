"""`spondyl show`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
import msgspec

from cli import completion
from cli.course_chart import chart, diary
from cli.late_pandas import put_off_pandas
from cli.options import at_a_point_in_time, checked, in_formats, opened
from cli.output import give, put, terminal_width
from cli.pairing import PairedCommand, never_with, only_with

if TYPE_CHECKING:
    from projections.point_in_time import Facts
    from views.drawing.figure import Figure

PAGE: Final = 120  # columns where there is no terminal


@click.command(
    "show",
    cls=PairedCommand,
    pairings=(
        only_with("--map", "--svg", "a map is drawn"),
        only_with("--changes", "--map", "they are those of the places of a method"),
        never_with("--svg", "--json --csv", "a drawing is a file of its own; give one of them"),
    ),
)
@click.argument("patient", shell_complete=completion.patients)
@at_a_point_in_time
@in_formats
@click.option("--svg", "out", type=click.Path(path_type=Path), help="Draw the course into this new file.")
@click.option("--map", "method", metavar="METHOD", help="Draw the readings by a method: places by studies and readers.")
@click.option("--changes", is_flag=True, help="Draw what became of each place between two studies.")
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    patient: str,
    as_of: date | None,
    known_at: str | None,
    form: str | None,
    out: Path | None,
    method: str | None,
    changes: bool,
) -> None:
    """Show one PATIENT's course over time: treatments as bars, visits, flares, studies with their scores.

    Indices come with their change since the baseline of the treatment, studies with what changed where. --json and
    --csv give the references that `history`, `amend` and `retract` take. --svg draws the course, or with --map the
    readings of the patient's studies, into a file that a browser shows; it holds personal data as they do.
    """
    put_off_pandas()
    from projections import facts_of
    from projections.course import course_entries
    from registry.errors import UnknownFactError

    registry = opened(ctx)
    facts = facts_of(registry, patient, as_of=as_of, known_at=known_at, withdrawn=ctx.obj["withdrawn"])
    course = course_entries(facts, patient)
    if not course:
        registry.check_not_erased(patient)
        registry.check_not_merged(patient)
        raise UnknownFactError(f"patient {patient!r} at this point in time")
    if out is not None:
        _draw(facts, patient, out, method, changes=changes)
        return
    if form:
        give([msgspec.structs.asdict(each) for each in course], form)
        return
    put(f"Course of {patient}", bold=True)
    for line in (*chart(course), *diary(course, width=terminal_width() or PAGE)):
        put(line)


def _draw(facts: Facts, patient: str, out: Path, method: str | None, *, changes: bool) -> None:
    from projections.course.timeline import timeline
    from views.drawing.files import write_svg
    from views.drawing.patient_timeline import patient_timeline

    if method is None:
        write_svg(patient_timeline(timeline(facts, patient)), out)
    else:
        checked("--map", method, list(facts.catalogue.methods))
        write_svg(_map(facts, patient, method, changes=changes), out)
    put(str(out))


def _map(facts: Facts, patient: str, method: str, *, changes: bool) -> Figure:
    from projections.course.entry import rows_of
    from views.drawing.change_map import change_map
    from views.drawing.spine_map import spine_map

    table = "lesion_courses" if changes else "findings"
    found = [row for row in rows_of(facts, table, patient) if row["method"] == method]
    return (change_map if changes else spine_map)(found, facts.catalogue.methods[method])
