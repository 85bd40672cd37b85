"""A fact's history: every version of it that was known by then, when, by whom, whence, why, and what each changed."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from registry.errors import UnknownFactError, UnknownStudyError
from views.pages.csv_text import machine_text
from views.pages.tables import Cell, Table, said
from views.web.asked import path_to
from views.web.live import WithdrawnError
from views.web.pages import Page, Shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from projections.columns.arrow import ArrowTable
    from registry.audit.begun_references import KnownFact
    from registry.audit.history import FactVersion
    from views.web.asked import Asked

SCHEMA: Final = pa.schema(
    [
        ("position", pa.int64()),
        ("recorded_at", pa.timestamp("us", tz="UTC")),
        ("event", pa.string()),
        ("actor", pa.string()),
        ("source", pa.string()),
        ("reason", pa.string()),
        ("field", pa.string()),
        ("before", pa.string()),
        ("after", pa.string()),
    ]
)


def history(asked: Asked) -> Shown:
    """Return the history of a fact; of a reference that is only begun, the facts whose references begin so.

    Raises `UnknownFactError` where nothing was known of it by then, `ErasedPatientError`, `WithdrawnError`.
    """
    reference, live, here = asked.named["reference"], asked.live, asked.point.position
    try:
        known = live.registry.history(reference, part=live.told_part(here))
    except UnknownFactError:
        begun = live.registry.facts_begun(reference, part=live.told_part(here))
        if not begun:
            with suppress(UnknownFactError, UnknownStudyError):
                live.check_shown(live.registry.owner(reference), here)
            raise
        return _begun(asked, reference, begun)
    owner = live.owner(reference, here)
    later = [each.position for each in live.registry.history(reference, part=live.told_part(None))]
    following = next((position for position in later if position > here), None)
    return Shown(
        reference,
        {"versions": [(each, _changed(each)) for each in reversed(known)], "begun": None},
        lambda: _table(known),
        subtitle=f"History of a fact of {owner}",
        personal=owner,
        ways=[*_owners(asked, [owner]), *_later(asked, is_there=following is not None)],
        changes=(known[-2].position if len(known) > 1 else None, following),
    )


def _owners(asked: Asked, owners: Sequence[str]) -> list[tuple[str, str]]:
    """Return the name and the address of each patient's course."""
    return [(f"Course of {owner}", asked.address(path_to("patients", owner))) for owner in owners]


def _later(asked: Asked, *, is_there: bool) -> list[tuple[str, str]]:
    """Return the way to where the log ends, if something more `is_there`."""
    return [("Later changes", asked.at(asked.last))] if is_there else []


def _changed(version: FactVersion) -> Table:
    told = [(Cell(each.field), Cell(said(each.before)), Cell(said(each.after))) for each in version.changes]
    return Table(f"What @{version.position} changed", ("Field", "Before", "After"), told)


def _begun(asked: Asked, reference: str, begun: Sequence[KnownFact]) -> Shown:
    """Return the facts whose references begin as one does, of whom everything may be shown."""
    live, here = asked.live, asked.point.position
    owners = dict[str, str]()
    for each in begun:
        with suppress(WithdrawnError):
            owners[each.fact] = live.owner(each.fact, here)
    known = [each for each in begun if each.fact in owners]
    if not known:
        raise WithdrawnError
    whose = sorted(set(owners.values()))
    later = live.registry.facts_begun(reference, part=live.told_part(None))
    told = [
        (Cell(each.fact, href=asked.address(path_to("facts", each.fact))), each.versions, each.event) for each in known
    ]
    table = Table(f"Facts whose references begin so, as known at @{here}", ("Fact", "Versions", "Last"), told)
    return Shown(
        f"{reference}…",
        {"begun": table},
        lambda: pa.table({name: [getattr(each, name) for each in known] for name in ("fact", "versions", "event")}),
        subtitle="Facts whose references begin so",
        personal=", ".join(whose),
        ways=[*_owners(asked, whose), *_later(asked, is_there=any(each.position > here for each in later))],
    )


def _table(versions: Sequence[FactVersion]) -> ArrowTable:
    """Return a row for each field that a version changed, and one for a version that changed none."""
    return pa.Table.from_pylist([row for each in versions for row in _rows(each)], schema=SCHEMA)


def _rows(version: FactVersion) -> Iterator[dict[str, object]]:
    told = {name: getattr(version, name) for name in SCHEMA.names[:6]}
    for each in version.changes:
        yield {**told, "field": each.field, "before": _text(each.before), "after": _text(each.after)}
    if not version.changes:
        yield told


def _text(value: object) -> str | None:
    return None if value is None else machine_text(value)


HISTORY: Final = Page("history", "/facts/{reference:path}", history, template="history")
