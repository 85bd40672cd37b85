"""`spondyl reproduce`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.exit_codes import REFUSED
from cli.options import opened
from cli.output import counted, put, say
from cli.pairing import PairedCommand, never_with
from cli.profile_options import with_a_key

if TYPE_CHECKING:
    from projections.export import Reproduction


def _verdict(result: Reproduction) -> str:
    if result.identical:
        return "identical"
    if not result.differences:
        return f"nothing differs; {counted(len(result.other_editions), 'table')} of another edition"
    if not result.erased:
        return "differs"
    erased = f"differs: {counted(result.erased, 'patient')} erased since"
    return erased if result.only_erased else f"{erased}, and not only that"


@click.command(
    "reproduce",
    cls=PairedCommand,
    pairings=(
        never_with("--db", "--files-only", "a received folder is checked without a registry"),
        never_with("--key-file", "--files-only", "a received folder is checked without a key"),
    ),
)
@click.argument("manifest", type=click.Path(exists=True, path_type=Path))
@click.option("--files-only", is_flag=True, help="Check the received folder against its manifest, without a registry.")
@with_a_key
@click.pass_context
def command(ctx: click.Context, *, manifest: Path, files_only: bool, key_file: Path | None) -> None:
    """Rebuild the export of MANIFEST from the log itself and say whether it is identical.

    Exit code 3 where it is not, with each table that differs and why. A table that was made by another edition of its
    rule than this version computes is told, and does not differ. What a profile made with a key wants that key.
    """
    from projections.export import reproduce

    result = reproduce(None if files_only else opened(ctx), manifest, key_file=key_file)
    for told in (*result.differences, *result.other_editions):
        say(str(told))
    put(_verdict(result))
    if result.differences:
        sys.exit(REFUSED)
