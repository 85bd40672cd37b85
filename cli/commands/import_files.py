"""`spondyl import`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.exit_codes import REFUSED
from cli.options import opened
from cli.output import counted, give_json, give_table, is_agreed, say
from cli.pairing import PairedCommand, only_with

if TYPE_CHECKING:
    from rich.progress import TaskID

    from registry.errors import BatchRefusedError
    from registry.intake import ImportReport, Missing

LISTED_AT_MOST = 40


@click.command(
    "import",
    cls=PairedCommand,
    registry="written",
    pairings=(only_with("--yes", "--retract-missing", "nothing else is asked"),),
)
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="PATH...")
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
    dry_run: bool,
    source: str,
    reason: str,
    retract_missing: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Import files: one, several, or a folder (CSV, TSV, XLSX, Parquet); all of them or nothing.

    Importing again records nothing new; changed rows become amendments. Where anything is refused, every refused
    cell is listed with file, line and column, and nothing is stored; with --json as `problems`.
    """
    from registry.errors import BatchRefusedError
    from registry.intake import ImportOptions, import_batch

    progress = _Progress()

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
    try:
        with progress:
            report = import_batch(opened(ctx), paths, options=options, progress=progress)
    except BatchRefusedError as refusal:
        if not as_json:
            raise
        give_json(_as_refusal(refusal, dry_run=dry_run))
        say(f"spondyl: {refusal}")
        sys.exit(REFUSED)
    if as_json:
        give_json(_as_record(report, dry_run=dry_run))
    else:
        _print(report, dry_run=dry_run)


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


class _Progress:
    """A bar on standard error, one stage after the other, where a person is watching."""

    def __enter__(self) -> _Progress:
        from rich.console import Console
        from rich.progress import Progress

        console = Console(stderr=True)
        self._bars = Progress(console=console, transient=True, disable=not sys.stderr.isatty())
        self._bars.start()
        self._tasks: dict[str, TaskID] = {}
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    @contextmanager
    def out_of_the_way(self) -> Iterator[None]:
        """Take the bar off the terminal while something is asked there."""
        self._bars.stop()
        yield
        self._bars.start()

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage not in self._tasks:
            self._tasks[stage] = self._bars.add_task(stage, total=total)
        self._bars.update(self._tasks[stage], completed=done, total=total if total > 1 or done else None)


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


def _as_refusal(refusal: BatchRefusedError, *, dry_run: bool) -> dict[str, object]:
    problems = [
        {
            "file": problem.place.file,
            "line": problem.place.line,
            "column": problem.place.column or None,
            "place": str(problem.place),
            "value": problem.value,
            "message": problem.message,
        }
        for problem in refusal.problems
    ]
    return {"dry_run": dry_run, "refused": str(refusal), "problems": problems}


def _as_record(report: ImportReport, *, dry_run: bool) -> dict[str, object]:
    import msgspec

    return {"dry_run": dry_run, **msgspec.to_builtins(report, enc_hook=str)}
