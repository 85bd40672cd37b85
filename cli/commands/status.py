"""`spondyl status`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import click
import msgspec

from cli.options import at_a_point_in_time, opened
from cli.output import counted, give_json, give_table, say, text
from cli.pairing import PairedCommand
from cli.readers import note_of_readers
from registry.domain.days import instant

if TYPE_CHECKING:
    from registry.audit.batches import ImportedBatch

IMPORTS_SHOWN: Final = 5
COUNTED: Final = (
    "patients",
    "follow_ups",
    "visits",
    "treatments",
    "flares",
    "adverse_events",
    "conditions",
    "imaging",
    "readings",
    "lesions",
)


@click.command("status", cls=PairedCommand)
@at_a_point_in_time
@click.option("--json", "as_json", is_flag=True, help="JSON for machines.")
@click.pass_context
def command(ctx: click.Context, *, as_of: date | None, known_at: str | None, as_json: bool) -> None:
    """Say what the registry holds and how far its log reaches."""
    from projections import facts_at
    from registry.audit.batches import imported_batches
    from registry.store.overwriting import to_be_overwritten

    registry = opened(ctx)
    facts = facts_at(registry, as_of=as_of, known_at=known_at, withdrawn=ctx.obj["withdrawn"])
    note_of_readers(registry.log.database)
    at, held = facts.at, {name: facts.count(name) for name in COUNTED}
    batches = imported_batches(registry.log, at.position)
    if as_json:
        recorded_at = at.recorded_at.isoformat() if at.recorded_at else None
        as_of_day = at.as_of.isoformat() if at.as_of else None
        place = {"position": at.position, "recorded_at": recorded_at, "digest": at.digest.hex(), "as_of": as_of_day}
        told = {"to_overwrite": to_be_overwritten(registry.log.database), "batches": [*map(_told, batches)]}
        give_json({**place, "events": at.position, **held, **told})
        return
    if at.position == 0:
        say("the log is empty; `spondyl import FOLDER` fills it, `spondyl template FOLDER` shows what is wanted")
        return
    give_table(("holds", "number"), list(held.items()))
    _give_mapped(batches)
    say(f"position @{at.position} ({counted(at.position, 'event')}), recorded {text(at.recorded_at)}")
    say(f"digest   {at.digest.hex()}")


def _told(imported: ImportedBatch) -> dict[str, Any]:
    """Return an import in words, for machines."""
    batch = msgspec.to_builtins(imported.batch)
    return {"position": imported.position, "recorded_at": instant(imported.recorded_at), **batch}


def _give_mapped(batches: Sequence[ImportedBatch]) -> None:
    """Show the last imports of foreign sources, each with the mapping by which it was read."""
    mapped = [each for each in batches if each.batch.mapping is not None]
    if mapped:
        rows = [
            (f"@{each.position}", each.batch.delivered_by, [file.name for file in each.batch.files], each.batch.mapping)
            for each in mapped[-IMPORTS_SHOWN:]
        ]
        give_table(("import", "source", "files", "mapping, SHA-256"), rows)
