"""`spondyl diff`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import click

from cli import completion
from cli.options import at_a_point_in_time, in_formats, opened
from cli.output import ROWS_ON_SCREEN, counted, give_csv, give_json_each, give_table, put, say, text
from cli.pairing import PairedCommand
from cli.waiting import Waiting

if TYPE_CHECKING:
    from projections.changes.between import ChangesBetween, Place
    from projections.changes.change import Change

NOTED: Final = ("position", "recorded_at", "event", "actor", "source", "reason")
CELLS: Final = ("patient", "table", "how", "row", "key", "fact", "column", "before", "after", *NOTED)


@click.command("diff", cls=PairedCommand)
@at_a_point_in_time
@click.option(
    "--versus",
    metavar="PLACE",
    shell_complete=completion.freezes,
    help="The other place on the recorded clock, written likewise; by default the end of the log.",
)
@click.option(
    "--table",
    "tables",
    multiple=True,
    metavar="NAME",
    shell_complete=completion.compared_tables,
    help="Only this table of an export; may be repeated.",
)
@click.option("--patient", metavar="PATIENT", shell_complete=completion.patients, help="Only this patient.")
@in_formats
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    as_of: date | None,
    known_at: str | None,
    versus: str | None,
    tables: tuple[str, ...],
    patient: str | None,
    form: str | None,
) -> None:
    """Show what changed between two places on the recorded clock: what was stated, and what followed from it.

    Facts that were recorded, ended, corrected or retracted, each with who, when and why; and rows of computed tables
    that are others since. It is the net change: what came and went between the two is in neither.

    \b
    Examples: spondyl diff --known-at paper-2013
              spondyl diff --known-at @4711 --versus 2026-01-01 --table responses
              spondyl diff --known-at 2026-01-01 --patient P-001
    """
    from projections.changes.between import changes_between

    if known_at is None:
        raise click.MissingParameter(ctx=ctx, param_hint="'--known-at'", param_type="option")
    changes = changes_between(
        opened(ctx),
        known_at,
        versus,
        tables=tables or None,
        patient=patient,
        as_of=as_of,
        withdrawn=ctx.obj["withdrawn"],
    )
    if form == "json":
        give_json_each(changes)
    elif form == "csv":
        give_csv((row for change in changes for row in _cells(change)), CELLS)
    else:
        _give(changes)
    _say_beside(changes)


def _give(changes: ChangesBetween) -> None:
    """Print a summary, and then the first changes."""
    put(f"from {_told(changes.earlier)} to {_told(changes.later)}: {counted(changes.n_events, 'event')}", bold=True)
    with Waiting() as waiting:
        counts, first = _counted(changes, waiting)
    if not counts:
        say("nothing that stands is another" if changes.n_events else "both are one place: nothing lies between them")
        return
    _give_summary(counts, changes.tables)
    from cli.change_lines import give_changes, left_out

    put()
    told = give_changes(first, at_most=ROWS_ON_SCREEN)
    if more := left_out(counts.total(), told):
        say(more)


def _counted(changes: ChangesBetween, waiting: Waiting) -> tuple[Counter[tuple[str, str]], list[Change]]:
    """Return how many rows there are of each way, and those of the first patients, of which more are not shown."""
    counts: Counter[tuple[str, str]] = Counter()
    first: list[Change] = []
    patients = 0
    for part in changes.parts():
        counts += part.counts
        left = ROWS_ON_SCREEN - patients
        first += [change for patient in islice(part.patients, max(left, 0)) for change in part.of(patient)]
        patients += len(part.patients)
        waiting.tell(f"{counted(patients, 'patient')} compared")
    return counts, first


def _give_summary(counts: Counter[tuple[str, str]], tables: tuple[str, ...]) -> None:
    from projections.changes.change import HOWS

    lines = ((table, *(counts[table, how] or None for how in HOWS)) for table in tables)
    give_table(("table", *HOWS), [line for line in lines if any(line[1:])])


def _say_beside(changes: ChangesBetween) -> None:
    """Tell what a reader would get wrong without it."""
    if changes.is_reversed:
        say("--versus lies before --known-at: told from the earlier to the later, as the registry learnt of it")
    if changes.protocol_moved:
        say("the protocol was changed between the two, and rows of everybody can have followed")
    if changes.n_erased:
        say(f"of {counted(changes.n_erased, 'patient')} erased since {_told(changes.earlier)} nothing is left")


def _told(place: Place) -> str:
    return f"@{place.position:,}" + (f" ({text(place.recorded_at)})" if place.recorded_at else "")


def _cells(change: Change) -> Iterator[dict[str, Any]]:
    """Yield a line for each column of a changed row that is not the same, with the last event about its fact."""
    last = change.events[-1] if change.events else None
    line = {name: getattr(change, name) for name in ("patient", "table", "how", "row", "fact")}
    key = [str(each).lower() if isinstance(each, bool) else each for each in change.key.values()]
    line |= {"key": key, **{name: getattr(last, name, None) for name in NOTED}}
    names = dict.fromkeys((*(change.before or ()), *(change.after or ())))
    sides = [side or {} for side in (change.before, change.after)]
    told = [name for name in names if any(side.get(name) is not None for side in sides)]
    for name in told or [None]:
        before, after = (None if name is None else side.get(name) for side in sides)
        yield {**line, "column": name, "before": before, "after": after}
