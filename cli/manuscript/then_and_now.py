"""What was revised between two points in time, on a terminal: the figures then and now, and the events that did it.

Figures of which only the footnote was revised stand apart: such a figure is printed as it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from cli.manuscript.on_terminal import give_lines, give_panel
from cli.output import counted, put
from projections.statistics.rounding import half_up
from views.manuscript.document import point_in_words
from views.manuscript.panels import NOTHING, Cell, Lines

if TYPE_CHECKING:
    from projections.cohort.figures.figures import Figure
    from projections.cohort.members.cohort import Cohort
    from projections.cohort.over_time.revisions import Revision, Revisions, Step

STUBS: Final = ("", "time point", "figure")
HEADINGS: Final = ("then", "now", "change", "by")
SIDES: Final = ("value", "text", "numerator", "denominator", "denominator_note", "p_value", "reason")
COLUMNS: Final = (
    *("table", "row", "timepoint", "statistic", "what"),
    *(f"{field}_{side}" for field in SIDES for side in ("then", "now")),
    *("change", "by", "group"),
)
SHOWN: Final = 5  # events of a stretch that could not be taken apart
ON_SCREEN: Final = 60


def give(revisions: Revisions) -> None:
    """Print what was revised, table by table, then the events that revised something."""
    give_lines(revisions.before.definition.title)
    for when, cohort in (("then", revisions.before), ("now", revisions.after)):
        give_lines(f"{when}: {point_in_words(cohort.facts.at)}: {counted(cohort.n, 'patient')}")
    for what, patients in (("joined", revisions.joined), ("left", revisions.left)):
        if patients:
            give_lines(f"{what}: {', '.join(patients)}")
    more = f", and the footnotes alone of {len(revisions.footnotes)} more" if revisions.footnotes else ""
    put(f"{len(revisions.figures)} of {counted(revisions.n_figures, 'figure')} moved{more}")
    for table in dict.fromkeys(revision.address.table for revision in revisions.figures):
        mine = [revision for revision in revisions.figures if revision.address.table == table]
        put()
        put(table.upper())
        stubs = (*STUBS, "group") if any(revision.address.group for revision in mine) else STUBS
        rows = [_row(revisions, revision, len(stubs)) for revision in mine[:ON_SCREEN]]
        give_panel(Lines("", [*map(Cell, (*stubs, *HEADINGS))], rows, len(stubs)))
        if len(mine) > ON_SCREEN:
            put(f" … {len(mine) - ON_SCREEN} more; --csv or --json gives all")
    _give_footnotes(revisions)
    _give_steps(revisions)


def as_rows(revisions: Revisions) -> Iterator[dict[str, Any]]:
    """Yield what was revised as rows for machines, one a figure; `by` are positions of the log.

    `what` was revised: the `figure`, or its `footnote` only.
    """
    for revision in revisions.revised:
        sides = {
            f"{field}_{side}": None if figure is None else getattr(figure, field)
            for field in SIDES
            for side, figure in (("then", revision.before), ("now", revision.after))
        }
        yield {
            **revision.address._asdict(),
            "what": "footnote" if revision.of_footnote else "figure",
            **sides,
            "change": revision.change,
            "by": [_place(step).replace("@", "") for step in revisions.steps_of(revision.address)],
        }


def as_object(revisions: Revisions) -> dict[str, Any]:
    """Return all that was revised and what revised it, for machines."""
    return {
        "cohort": revisions.before.definition.name,
        **{when: _point(cohort) for when, cohort in (("then", revisions.before), ("now", revisions.after))},
        "joined": revisions.joined,
        "left": revisions.left,
        "n_figures": revisions.n_figures,
        "moved": list(as_rows(revisions)),
        "steps": [
            {
                "after": step.after,
                "until": step.until,
                "events": [event["position"] for event in step.events],
                "moved": [
                    {
                        "figure": str(each.address),
                        "what": "footnote" if each.of_footnote else "figure",
                        "then": _text(each.before),
                        "now": _text(each.after),
                    }
                    for each in step.revised
                ],
            }
            for step in revisions.steps
        ],
        "events": revisions.events,
    }


def _row(revisions: Revisions, revision: Revision, n_stubs: int) -> list[Cell]:
    then, now = _text(revision.before), _text(revision.after)
    if then == now and revision.before and revision.after:
        then, now = _apart(revision.before, revision.after)
    by = ", ".join(map(_place, revisions.steps_of(revision.address)))
    return [Cell(text) for text in (*revision.address[1 : 1 + n_stubs], then, now, _change(revision), by)]


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


def _change(revision: Revision) -> str:
    if not revision.change:
        return NOTHING if revision.change is None else "0"
    return f"{revision.change:+.3g}"


def _place(step: Step) -> str:
    """Return where a step is: an event, a stretch of them, or the clinical day."""
    if step.after == step.until:
        return "the day"
    if len(step.events) == 1:
        return f"@{step.events[0]['position']}"
    return f"@{step.after + 1}–@{step.until}"


def _give_footnotes(revisions: Revisions) -> None:
    """Print which notes moved below figures that are what they were, each with the number of figures that have it."""
    notes: dict[tuple[str, str, str, str], int] = {}
    for each in revisions.footnotes:
        then, now = ((figure and figure.denominator_note) or NOTHING for figure in (each.before, each.after))
        by = ", ".join(map(_place, revisions.steps_of(each.address)))
        notes[each.address.table, then, now, by] = notes.get((each.address.table, then, now, by), 0) + 1
    if notes:
        put()
        put("Where only the footnote moved")
    for place, ((table, then, now, by), n) in enumerate(notes.items()):
        if place == ON_SCREEN:
            put(f" … {len(notes) - ON_SCREEN} more; --csv or --json gives all")
            break
        give_lines(f"{table}, {counted(n, 'figure')}: {then} → {now}, by {by}", first=" ")


def _moved(revised: list[Revision]) -> str:
    """Return how many figures a step moved, and how many footnotes alone."""
    n = sum(each.of_footnote for each in revised)
    said = [counted(len(revised) - n, "figure")] if len(revised) > n else []
    return ", ".join([*said, *([counted(n, "footnote")] if n else [])])


def _give_steps(revisions: Revisions) -> None:
    if revisions.steps:
        put()
        put("What moved them, in the order in which it became known")
    for step in revisions.steps:
        figures = _moved(step.revised)
        if step.after == step.until:
            then, now = (cohort.facts.at.as_of or "no limit" for cohort in (revisions.before, revisions.after))
            give_lines(f"the clinical day, {then} → {now}: {figures}", first=" ")
            continue
        if len(step.events) != 1:
            what = counted(len(step.events), "event") if step.events else "events about others"
            give_lines(f"{_place(step)}: {what} together: {figures}", first=" ")
        for event in step.events[:SHOWN]:
            give_lines(_event(event) + (f": {figures}" if len(step.events) == 1 else ""), first=" ")
        if len(step.events) > SHOWN:
            put(f"   … {len(step.events) - SHOWN} more; --json gives all")
    silent = len(revisions.events) - sum(len(step.events) for step in revisions.steps)
    if silent:
        put(f"{counted(silent, 'more event')} about members moved nothing")
    elif not revisions.events:
        put("no event about a member lies between the two")


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
