"""`spondyl campaign worklist`, `import` and `adjudicate`: sheets to readers, back from them, and to whom decides."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from cli.batch_refusals import refused_as_json
from cli.campaign_options import as_json_option, key_option, name_argument
from cli.options import opened
from cli.output import counted, give_json, give_table, say
from cli.pairing import PairedCommand, only_with

if TYPE_CHECKING:
    from registry import Registry
    from registry.campaigns.returned import SheetsReport

OUTCOMES: Final = ("recorded", "unchanged", "not-begun")
as_table_option = click.option("--csv", "as_table", is_flag=True, help="Tables in CSV in place of workbooks.")


@click.command("worklist", short_help="Write the blinded sheets of a reader.", cls=PairedCommand)
@name_argument
@click.argument("reader")
@click.argument("out", type=click.Path(path_type=Path))
@key_option
@as_table_option
@click.pass_context
def worklist(ctx: click.Context, name: str, reader: str, out: Path, *, key: Path | None, as_table: bool) -> None:
    """Write what READER is to read still in the campaign NAME as blinded workbooks into the folder OUT.

    A file has at most 100 cases, a sheet each under its code. No date, pseudonym, study's code, arm or earlier score is
    in it. What stands there is never written over.

    \b
    Examples: spondyl campaign worklist msasss-2026 R1 for-R1/
              spondyl campaign worklist msasss-2026 R2 for-R2/ --key /secure/msasss-2026.key --csv
    """
    _say_written(opened(ctx).write_worklist(name, reader, out, key=key, ending=_ending(as_table)), reader)


def _ending(as_table: bool) -> str:
    return ".csv" if as_table else ".xlsx"


def _say_written(files: list[Path], reader: str) -> None:
    for file in files:
        say(f"wrote {file}")
    if not files:
        say(f"{reader} has nothing to read")


@click.command("import", short_help="Record what readers' sheets say.", cls=PairedCommand, registry="written")
@name_argument
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@key_option
@click.option("--dry-run", is_flag=True, help="Say what would be recorded; store nothing.")
@as_json_option
@click.pass_context
def import_returned(
    ctx: click.Context, name: str, files: tuple[Path, ...], *, key: Path | None, dry_run: bool, as_json: bool
) -> None:
    """Record the sheets of the campaign NAME that came back from readers: all of them, or nothing.

    A case that nobody began is passed over; one that is filled in part is refused, with the cells that are empty. The
    same sheets again store nothing. Where anything is refused, all of it is listed by file, sheet and cell.

    \b
    Examples: spondyl campaign import msasss-2026 back/*.xlsx --dry-run
              spondyl campaign import msasss-2026 back/msasss-2026-R1-01.xlsx
    """
    from registry.campaigns.returned import import_sheets

    with refused_as_json(as_json, dry_run=dry_run):
        report = import_sheets(opened(ctx), name, files, key=key, dry_run=dry_run)
    if as_json:
        import msgspec

        give_json({"dry_run": dry_run, **msgspec.to_builtins(report)})
        return
    _print(report, dry_run=dry_run)


def _print(report: SheetsReport, *, dry_run: bool) -> None:
    found = Counter((case.file, case.reader, case.what) for case in report.cases)
    files = dict.fromkeys((case.file, case.reader) for case in report.cases)
    rows = [(*file, *(found[(*file, what)] or None for what in OUTCOMES)) for file in files]
    give_table(("file", "reader", "recorded", "unchanged", "not begun"), rows)
    if dry_run:
        say(f"dry run: nothing was stored; {counted(report.events, 'event')} would be")
    else:
        say(f"{counted(report.events, 'event')} stored")


@click.command(
    "adjudicate",
    short_help="Give the adjudicator what readers differ about.",
    cls=PairedCommand,
    registry="written",
    pairings=(only_with("--key --csv", "OUT", "no sheet is written"),),
)
@name_argument
@click.argument("out", required=False, type=click.Path(path_type=Path))
@key_option
@as_table_option
@as_json_option
@click.pass_context
def adjudicate(
    ctx: click.Context, name: str, out: Path | None, *, key: Path | None, as_table: bool, as_json: bool
) -> None:
    """Give the adjudicator of the campaign NAME the units about which readers differ by more than its file allows.

    With OUT, write the adjudicator's blinded sheets into that folder. They do not say what anybody else read.

    \b
    Examples: spondyl campaign adjudicate msasss-2026
              spondyl campaign adjudicate msasss-2026 for-R3/
    """
    registry = opened(ctx)
    given = registry.adjudicate_campaign(name, _differing(registry, name))
    if as_json:
        give_json(given._asdict())
    else:
        say(f"{given.adjudicator} gets {counted(len(given.assigned), 'unit')} more; had {len(given.known)} before")
        for unit in given.retracted:
            say(f"a study was retracted, and nobody reads it: {unit}")
    if out is not None:
        _say_written(
            registry.write_worklist(name, given.adjudicator, out, key=key, ending=_ending(as_table)), given.adjudicator
        )


def _differing(registry: Registry, name: str) -> set[str]:
    """Return the units of a campaign about which its readers differ, as far as they have read by now."""
    from projections import facts_at
    from projections.campaigns.disagreements import disagreements

    return {each.unit for each in disagreements(facts_at(registry), name)}
