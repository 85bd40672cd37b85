"""`spondyl history`."""

from __future__ import annotations

import click
import msgspec

from cli.options import opened
from cli.output import give_json, text
from registry.audit.history import FactVersion


@click.command("history")
@click.argument("reference")
@click.option("--json", "as_json", is_flag=True, help="JSON for machines.")
@click.pass_context
def command(ctx: click.Context, reference: str, as_json: bool) -> None:
    """Show every version of the fact REFERENCE: when, who, whence, why, and what changed.

    \b
    Examples: spondyl history P-001
              spondyl history visit/P-001/2024-01-15/baseline
              spondyl history reading/MR-0001/R1/berlin
    """
    versions = opened(ctx).history(reference)
    if as_json:
        give_json(msgspec.to_builtins(versions))
        return
    for version in versions:
        click.secho(f"@{version.position}  {text(version.recorded_at)}  {version.event}", bold=True)
        click.echo(f"    by {version.actor} from {version.source}" + (f": {version.reason}" if version.reason else ""))
        if version.is_confirmation:
            click.echo(f"    {_confirmed(version)}; nothing that stands changes")
        for change in version.changes:
            click.echo(f"    {change.field}: {_from(change.before)}{text(change.after)}")


def _confirmed(version: FactVersion) -> str:
    """Return what a source said that changed nothing."""
    source = str((version.origin or {}).get("source", ""))
    name = f"the source {source}" if source else "the source without a name"
    return f"{name} says it" if (version.origin or {}).get("columns") else f"{name} does not say it any more"


def _from(before: object) -> str:
    return "" if before is None else f"{text(before)} → "
