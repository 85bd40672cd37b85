"""`spondyl import`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.batch_refusals import refused_as_json
from cli.import_progress import ImportProgress
from cli.options import opened
from cli.output import counted, give_json, give_table, is_agreed, say
from cli.pairing import PairedCommand, never_with, only_with

if TYPE_CHECKING:
    from registry import Registry
    from registry.intake import ImportOptions, ImportReport, Missing

LISTED_AT_MOST = 40


@click.command(
    "import",
    cls=PairedCommand,
    registry="written",
    pairings=(
        only_with("--yes", "--retract-missing", "nothing else is asked"),
        never_with("PATH...", "--map", "the mapping names its files"),
    ),
)
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="PATH...")
@click.option(
    "--map",
    "mapping",
    type=click.Path(path_type=Path),
    metavar="MAPPING",
    help="Import what MAPPING names instead: REDCap, a spreadsheet, SPSS, SQL; see spondyl map.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be recorded, amended and retracted; store nothing.")
@click.option(
    "--source",
    default="",
    metavar="NAME",
    help="Who delivers, as 'laboratory'; what each source said last is remembered by its name.",
)
@click.option("--reason", default="changed at the source", show_default=True, help="Why changed rows are amended.")
@click.option(
    "--retract-missing",
    is_flag=True,
    help="Retract facts that are gone from the batch, within the tables and patients that it covers.",
)
@click.option("--yes", is_flag=True, help="Retract without asking.")
@click.option("--json", "as_json", is_flag=True, help="JSON for machines.")
@click.pass_context
def command(
    ctx: click.Context,
    *,
    paths: tuple[Path, ...],
    mapping: Path | None,
    dry_run: bool,
    source: str,
    reason: str,
    retract_missing: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Import files: one, several, or a folder (CSV, TSV, XLSX, Parquet); all of them or nothing.

    With --map the tables come of a foreign source, as a mapping says; all else is the same.

    Importing again records nothing new; changed rows become amendments. Where anything is refused, every refused
    cell is listed with file, line and column, and nothing is stored; with --json as `problems`.

    \b
    Examples: spondyl import visits.csv patients.csv
              spondyl import --map mapping.toml --dry-run
    """
    from registry.intake import ImportOptions

    if not paths and mapping is None:
        raise click.UsageError("name a file or a folder, or a mapping by --map", ctx)
    progress = ImportProgress()

    def confirmed(missing: Missing) -> bool:
        with progress.out_of_the_way():
            return yes or _confirmed(missing)

    def same_fact(reference: str, place: str) -> bool:
        with progress.out_of_the_way():
            return not yes and _is_same(reference, place)

    options = ImportOptions(
        source=source,
        reason=reason,
        dry_run=dry_run,
        retract_missing=retract_missing,
        confirm=confirmed,
        same_fact=same_fact if sys.stdin.isatty() else None,
    )
    with refused_as_json(as_json, dry_run=dry_run), progress:
        report = _imported(opened(ctx), paths if mapping is None else mapping, options=options, progress=progress)
    if as_json:
        give_json(_as_record(report, dry_run=dry_run))
    else:
        _print(report, dry_run=dry_run)


def _imported(
    registry: Registry, given: tuple[Path, ...] | Path, *, options: ImportOptions, progress: ImportProgress
) -> ImportReport:
    """Import files of ours, or what a mapping makes of a foreign source."""
    from registry.intake import import_batch, import_mapped

    if isinstance(given, Path):
        return import_mapped(registry, given, options=options, progress=progress)
    return import_batch(registry, given, options=options, progress=progress)


def _confirmed(missing: Missing) -> bool:
    """Say what the batch no longer contains, and ask whether to retract it; without an answer it is not."""
    say("the batch no longer contains:")
    for table, retracted in missing.tables.items():
        say(f"  {table}: {retracted.in_words}")
    try:
        return is_agreed(f"retract {missing.total.in_words}?")
    except click.Abort:  # nobody is there to answer
        say("")
        say("nobody answered; --yes retracts without asking")
        return False


def _is_same(reference: str, place: str) -> bool:
    """Ask whether a row is a fact that stands under another key; without an answer it is not."""
    try:
        return is_agreed(f"{place} says what {reference} did, under another key; is it the same?")
    except click.Abort:
        return False


def _print(report: ImportReport, *, dry_run: bool) -> None:
    kinds = ("recorded", "amended", "ended", "retracted", "moved", "confirmed", "unchanged")
    give_table(
        ("table", *kinds),
        [(name, *(getattr(counts, kind) or None for kind in kinds)) for name, counts in report.tables.items()],
    )
    for name, patient in report.renamed.items():
        say(f"{name} was merged into {patient}: its rows went there")
    for kept in report.kept[:LISTED_AT_MOST]:
        say(f"gone from this source, and kept as another one says it: {kept}")
    if len(report.kept) > LISTED_AT_MOST:
        say(f"… and {len(report.kept) - LISTED_AT_MOST:,} more; --json lists all")
    for alike in report.alike[:LISTED_AT_MOST]:
        say(f"retracted, and recorded anew at {alike.place} under another key: {alike.reference}")
    for left_out in report.left_out:
        say(f"left out: {left_out}")
    for name, n_rows in report.unmapped.items():
        say(f"not mapped, left out: {name} ({counted(n_rows, 'value')})")
    for ignored in report.ignored:
        say(f"not a table, left alone: {ignored}")
    if dry_run:
        for change in report.changes[:LISTED_AT_MOST]:
            say(f"would be {change.what}: {change.reference} ({change.place})")
        if len(report.changes) > LISTED_AT_MOST:
            say(f"… and {len(report.changes) - LISTED_AT_MOST:,} more; --json lists all")
        say(f"dry run: nothing was stored; {counted(report.events, 'event')} would be")
    else:
        say(f"{counted(report.events, 'event')} stored from {counted(report.rows, 'row')}")


def _as_record(report: ImportReport, *, dry_run: bool) -> dict[str, object]:
    import msgspec

    return {"dry_run": dry_run, **msgspec.to_builtins(report, enc_hook=str)}
