"""What moved between two points in time, on a terminal: the figures then and now, and the events that moved them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import click

from cli.manuscript.document import point_told
from cli.manuscript.on_terminal import give_lines, give_panel
from cli.manuscript.panels import NOTHING, Cell, Lines
from cli.output import counted
from projections.statistics.rounding import half_up

if TYPE_CHECKING:
    from projections.cohort.figures.figures import Figure
    from projections.cohort.members.cohort import Cohort
    from projections.cohort.over_time.revisions import Moved, Movements, Step

HEADINGS: Final = ("", "time point", "figure", "then", "now", "change", "by")
SIDES: Final = ("value", "text", "numerator", "denominator", "denominator_note", "p_value", "reason")
COLUMNS: Final = (
    *("table", "row", "timepoint", "statistic"),
    *(f"{field}_{side}" for field in SIDES for side in ("then", "now")),
    *("change", "by"),
)
SHOWN: Final = 5  # events of a stretch that could not be taken apart
ON_SCREEN: Final = 60


def give(found: Movements) -> None:
    """Print what moved, table by table, then the events that moved something."""
    give_lines(found.before.definition.title)
    for when, cohort in (("then", found.before), ("now", found.after)):
        give_lines(f"{when}: {point_told(cohort.facts.at)}: {counted(cohort.n, 'patient')}")
    for what, patients in (("joined", found.joined), ("left", found.left)):
        if patients:
            give_lines(f"{what}: {', '.join(patients)}")
    click.echo(f"{len(found.moved)} of {counted(found.n_figures, 'figure')} moved")
    for table in dict.fromkeys(moved.address[0] for moved in found.moved):
        mine = [moved for moved in found.moved if moved.address[0] == table]
        click.echo(f"\n{table.upper()}")
        give_panel(Lines("", [*map(Cell, HEADINGS)], [_row(found, moved) for moved in mine[:ON_SCREEN]], 3))
        if len(mine) > ON_SCREEN:
            click.echo(f" … {len(mine) - ON_SCREEN} more; --csv or --json gives all")
    _give_steps(found)


def as_rows(found: Movements) -> Iterator[dict[str, Any]]:
    """Yield what moved as rows for machines, one a figure; `by` are positions of the log."""
    for moved in found.moved:
        table, row, timepoint, statistic = moved.address
        sides = {
            f"{field}_{side}": None if figure is None else getattr(figure, field)
            for field in SIDES
            for side, figure in (("then", moved.before), ("now", moved.after))
        }
        yield {
            "table": table,
            "row": row,
            "timepoint": timepoint,
            "statistic": statistic,
            **sides,
            "change": moved.change,
            "by": [_place(step).replace("@", "") for step in found.movers(moved.address)],
        }


def as_object(found: Movements) -> dict[str, Any]:
    """Return all that moved and all that moved it, for machines."""
    return {
        "cohort": found.before.definition.name,
        **{when: _point(cohort) for when, cohort in (("then", found.before), ("now", found.after))},
        "joined": found.joined,
        "left": found.left,
        "n_figures": found.n_figures,
        "moved": list(as_rows(found)),
        "steps": [
            {
                "after": step.after,
                "until": step.until,
                "events": [event["position"] for event in step.events],
                "moved": [
                    {"figure": " / ".join(moved.address), "then": _text(moved.before), "now": _text(moved.after)}
                    for moved in step.moved
                ],
            }
            for step in found.steps
        ],
        "events": found.events,
    }


def _row(found: Movements, moved: Moved) -> list[Cell]:
    then, now = _text(moved.before), _text(moved.after)
    if then == now and moved.before and moved.after:
        then, now = _apart(moved.before, moved.after)
    by = ", ".join(map(_place, found.movers(moved.address)))
    return [Cell(text) for text in (*moved.address[1:], then, now, _change(moved), by)]


def _apart(then: Figure, now: Figure) -> tuple[str, str]:
    """Return two figures of one text with what sets them apart: of how many they are, or more digits."""
    if then.denominator != now.denominator:
        return f"{_text(then)} of {_number(then.denominator)}", f"{_text(now)} of {_number(now.denominator)}"
    if then.p_value != now.p_value:
        return _number(then.p_value), _number(now.p_value)
    if then.value != now.value:
        return _number(then.value), _number(now.value)
    return _text(then), _text(now)


def _number(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.5g}"


def _text(figure: Figure | None) -> str:
    if figure is None:
        return NOTHING
    return figure.text or (NOTHING if figure.value is None else half_up(figure.value, 3))


def _change(moved: Moved) -> str:
    if not moved.change:
        return NOTHING if moved.change is None else "0"
    return f"{moved.change:+.3g}"


def _place(step: Step) -> str:
    """Return where a step is: an event, a stretch of them, or the clinical day."""
    if step.after == step.until:
        return "the day"
    if len(step.events) == 1:
        return f"@{step.events[0]['position']}"
    return f"@{step.after + 1}–@{step.until}"


def _give_steps(found: Movements) -> None:
    if found.steps:
        click.echo("\nWhat moved them, in the order in which it became known")
    for step in found.steps:
        figures = counted(len(step.moved), "figure")
        if step.after == step.until:
            then, now = (cohort.facts.at.as_of or "no limit" for cohort in (found.before, found.after))
            give_lines(f"the clinical day, {then} → {now}: {figures}", first=" ")
            continue
        if len(step.events) != 1:
            what = counted(len(step.events), "event") if step.events else "events about others"
            give_lines(f"{_place(step)}: {what} together: {figures}", first=" ")
        for event in step.events[:SHOWN]:
            give_lines(_event(event) + (f": {figures}" if len(step.events) == 1 else ""), first=" ")
        if len(step.events) > SHOWN:
            click.echo(f"   … {len(step.events) - SHOWN} more; --json gives all")
    silent = len(found.events) - sum(len(step.events) for step in found.steps)
    if silent:
        click.echo(f"{counted(silent, 'more event')} about members moved nothing")
    elif not found.events:
        click.echo("no event about a member lies between the two")


def _event(event: dict[str, Any]) -> str:
    why = f", {event['reason']!r}" if event["reason"] else ""
    return f"@{event['position']} {event['event']} {event['fact']}{why}, by {event['actor']} from {event['source']}"


def _point(cohort: Cohort) -> dict[str, Any]:
    at = cohort.facts.at
    return {
        "as_of": at.as_of,
        "position": at.position,
        "recorded_at": at.recorded_at,
        "digest": at.digest.hex(),
        "n_patients": cohort.n,
    }
