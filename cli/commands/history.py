"""`spondyl history`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click
import msgspec

from cli.options import opened
from cli.output import counted, give_json, give_table, put, say, text
from cli.pairing import PairedCommand
from registry.domain.other_streams import UNNAMED

if TYPE_CHECKING:
    from registry.audit.batches import ImportedBatch
    from registry.audit.begun_references import KnownFact
    from registry.audit.history import FactVersion


@click.command("history", cls=PairedCommand)
@click.argument("reference")
@click.option("--json", "as_json", is_flag=True, help="JSON for machines.")
@click.pass_context
def command(ctx: click.Context, reference: str, as_json: bool) -> None:
    """Show every version of the fact REFERENCE: when, who, whence, why, and what changed.

    Of a REFERENCE that is only begun, as of all visits of a patient, the facts that begin so are listed.

    \b
    Examples: spondyl history P-001
              spondyl history visit/P-001/2024-01-15/baseline
              spondyl history visit/P-001
              spondyl history reading/MR-0001/R1/berlin
    """
    from registry.errors import UnknownFactError

    registry = opened(ctx)
    try:
        versions = registry.history(reference)
    except UnknownFactError:
        begun = registry.facts_begun(reference)
        if not begun:
            raise
        _give_begun(begun, reference, as_json=as_json)
    else:
        _give_versions(versions, registry.batches(), as_json=as_json)


def _give_versions(versions: list[FactVersion], batches: list[ImportedBatch], *, as_json: bool) -> None:
    if as_json:
        give_json([{**msgspec.to_builtins(each), "mapping": _mapping(each, batches)} for each in versions])
        return
    for version in versions:
        put(f"@{version.position}  {text(version.recorded_at)}  {version.event}", bold=True)
        put(f"    by {version.actor} from {_whence(version)}" + (f": {version.reason}" if version.reason else ""))
        if mapping := _mapping(version, batches):
            put(f"    read by the mapping {mapping}")
        if version.is_confirmation:
            put(f"    {_confirmed(version)}; nothing that stands changes")
        for moved in _moved(version):
            put(f"    {moved}")
        for change in version.changes:
            put(f"    {change.field}: {_from(change.before)}{text(change.after)}")


def _give_begun(begun: list[KnownFact], reference: str, *, as_json: bool) -> None:
    if as_json:
        give_json(msgspec.to_builtins(begun))
        return
    give_table(("reference", "versions", "last"), [(each.fact, each.versions, each.event) for each in begun])
    say(f"{counted(len(begun), 'fact')} whose reference begins with {reference}; history of one has all its versions")


def _mapping(version: FactVersion, batches: list[ImportedBatch]) -> str | None:
    """Return the SHA-256 of the mapping by which the source of a version was read, None where there was none."""
    from registry.audit.batches import batch_with

    imported = batch_with(batches, version.position)
    return imported.batch.mapping if imported is not None else None


def _whence(version: FactVersion) -> str:
    """Return where a version comes from, and which source delivered it, where that has a name."""
    source = (version.origin or {}).get("source")
    return f"{version.source} of {source}" if source else version.source


def _confirmed(version: FactVersion) -> str:
    """Return what a source said that changed nothing."""
    source = str((version.origin or {}).get("source", ""))
    name = f"the source {source}" if source else "the source without a name"
    return f"{name} says it" if (version.origin or {}).get("columns") else f"{name} does not say it any more"


def _moved(version: FactVersion) -> Iterator[str]:
    """Yield where a fact came from or went, between the streams of two patients."""
    of = f" of {version.under}" if version.under else ""
    if version.moved_from:
        yield f"it was {_of_another(version.moved_from) or f'{version.moved_from}{of}'}"
    elif version.under and version.statement is not None:
        yield f"it came under the name {version.under}"
    if version.moved_to:
        yield f"it is {_of_another(version.moved_to) or f'{version.moved_to}{of}'} from here on"


def _of_another(fact: str) -> str | None:
    """Return what is said of a fact of somebody whose pseudonym nobody knows any more, None of other facts."""
    return "another patient's, who was erased" if UNNAMED.search(fact) else None


def _from(before: object) -> str:
    return "" if before is None else f"{text(before)} → "
