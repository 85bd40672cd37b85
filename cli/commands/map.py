"""`spondyl map`: where the columns of a foreign source go."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli import completion
from cli.exit_codes import REFUSED
from cli.import_progress import ImportProgress
from cli.options import opened
from cli.output import counted, give_document, give_json, give_table, put, say
from cli.pairing import PairedCommand, only_with

if TYPE_CHECKING:
    from registry import Registry
    from registry.catalogue.catalogue import Catalogue
    from registry.intake.sources.checking import FieldFate, MappingCheck
    from registry.intake.sources.findings import Finding

LISTED_AT_MOST = 60
as_json_option = click.option("--json", "as_json", is_flag=True, help="JSON for machines.")
mapping_argument = click.argument("mapping", type=click.Path(path_type=Path), metavar="MAPPING")


@click.group("map")
def command() -> None:
    """Say where the columns of a foreign source go, by a file: a mapping.

    \b
    Examples: spondyl map draft cohort.xlsx > mapping.toml
              spondyl map check mapping.toml
              spondyl map show mapping.toml --to tables
              spondyl import --map mapping.toml
    """


@command.command(
    "draft",
    cls=PairedCommand,
    pairings=(
        only_with("--query", "--url-env", "it is asked of the database that this names"),
        only_with("--url-env", "--query", "nothing else is read from a database"),
    ),
)
@click.argument("source", required=False, metavar="[SOURCE]")
@click.option(
    "--kind",
    metavar="KIND",
    shell_complete=completion.source_kinds,
    help="What SOURCE is: redcap, csv, xlsx, parquet, sav, dta or xpt; by its ending otherwise.",
)
@click.option("--dictionary", metavar="FILE", help="The data dictionary of a REDCap project in CSV.")
@click.option("--events", metavar="FILE", help="The events of a REDCap project in CSV.")
@click.option("--sheet", metavar="NAME", help="The sheet of a workbook.")
@click.option("--url-env", metavar="VARIABLE", help="The variable of the environment that has a database's URL.")
@click.option("--query", metavar="SQL", help="What to ask of that database.")
@as_json_option
@click.pass_context
def draft(ctx: click.Context, /, *, source: str | None, as_json: bool, **said: str | None) -> None:
    """Print a mapping to begin with: every column of SOURCE, and where each may go.

    SOURCE is a REDCap project (XML, or CSV with its dictionary), a CSV file, a workbook, or a file of Parquet, SPSS,
    Stata or SAS. A database is named by --url-env and never here: its URL may have a password in it. Units and the
    order of day and month are left to choose.

    \b
    Examples: spondyl map draft PROJECT.REDCap.xml > mapping.toml
              spondyl map draft data.csv --kind redcap --dictionary dict.csv
              spondyl map draft --url-env SOURCE_URL --query "select * from v"
    """
    from registry.intake.sources.draft.drafted_files import DraftOptions, draft_mapping

    if source is None and said["url_env"] is None:
        raise click.UsageError("name a SOURCE, or a database by --url-env", ctx)
    text = draft_mapping(source or "", catalogue=_catalogue(ctx), options=DraftOptions(**said))
    if as_json:
        give_json({"mapping": text})
    else:
        give_document(text)


@command.command("check", cls=PairedCommand)
@mapping_argument
@as_json_option
@click.pass_context
def check(ctx: click.Context, *, mapping: Path, as_json: bool) -> None:
    """Say what becomes of each column, and which values MAPPING cannot read; record nothing.

    It ends with 3 where an import would be refused. Without a registry, what stands there already is not known.

    \b
    Examples: spondyl map check mapping.toml
              spondyl map check mapping.toml --json
    """
    from registry.intake.sources.checking import check_mapping

    registry = _registry(ctx)
    with ImportProgress() as progress:
        found = check_mapping(mapping, registry, progress=progress)
    if as_json:
        give_json(_as_record(found, with_registry=registry is not None))
    else:
        _print(found)
    if found.is_refused:
        say(f"spondyl: an import by it would be refused: {_why_refused(found)}")
        sys.exit(REFUSED)
    say("an import by it would be taken" + ("" if registry else "; without a registry that is not known for certain"))


@command.command("show", cls=PairedCommand)
@mapping_argument
@click.option("--to", "folder", required=True, type=click.Path(path_type=Path), help="The new folder for the tables.")
@click.option("--overwrite", is_flag=True, help="Replace a folder that was written so, and not changed since.")
@as_json_option
@click.pass_context
def show(ctx: click.Context, *, mapping: Path, folder: Path, overwrite: bool, as_json: bool) -> None:
    """Write the intake tables that come of MAPPING as CSV files, to look at.

    They are for you alone, and can be imported as they are. Columns need not be decided yet.

    \b
    Examples: spondyl map show mapping.toml --to tables
              spondyl map show mapping.toml --to tables --overwrite
    """
    from registry.intake.sources.shown_tables import show_tables

    with ImportProgress() as progress:
        shown = show_tables(mapping, folder, catalogue=_catalogue(ctx), overwrite=overwrite, progress=progress)
    if as_json:
        give_json({**shown._asdict(), "findings": [each._asdict() for each in shown.findings]})
        return
    give_table(("file", "rows"), [(str(folder / name), n) for name, n in shown.rows.items()])
    if shown.untaken:
        say(f"no table takes anything of {counted(shown.untaken, 'row')} of {shown.n_rows:,}")
    if shown.findings:
        n = counted(len(shown.findings), "kind")
        say(f"left empty where the mapping cannot read what stands there: {n}; spondyl map check lists them")


def _registry(ctx: click.Context) -> Registry | None:
    """Return the registry, None where there is none."""
    from registry.errors import NoRegistryError

    try:
        return opened(ctx)
    except NoRegistryError:
        return None


def _catalogue(ctx: click.Context) -> Catalogue:
    """Return what the registry collects, what is built in where there is none."""
    from registry.catalogue.catalogue import BUILT_IN

    registry = _registry(ctx)
    return BUILT_IN if registry is None else registry.catalogue


def _print(found: MappingCheck) -> None:
    put(f"{found.source}: {counted(found.n_rows, 'row')}", bold=True)
    give_table(("read by", "which is"), [*found.read.items()])
    give_table(("column", "values", "becomes", "where, or why not"), [_fate(each) for each in found.fields])
    give_table(("table", "rows taken"), [*found.rows.items()])
    if found.untaken:
        put(f"no table takes anything of {counted(found.untaken, 'row')}, first {found.first_untaken}")
    for left_out in found.left_out:
        put(f"left out: {left_out}")
    if found.findings:
        columns = ("column", "value", "rows", "why not read", "first")
        give_table(columns, [_finding(each) for each in found.findings[:LISTED_AT_MOST]])
        _say_more(len(found.findings), "value")
    others = _other_problems(found)
    for problem in others[:LISTED_AT_MOST]:
        put(problem)
    _say_more(len(others), "problem")


def _say_more(number: int, what: str) -> None:
    if number > LISTED_AT_MOST:
        say(f"… {counted(number - LISTED_AT_MOST, f'more {what}')}; --json gives all")


def _fate(field: FieldFate) -> tuple[object, ...]:
    flagged = "flagged as naming a person" if field.identifier and field.fate == "undecided" else ""
    where = ", ".join(field.to) or field.why or flagged or field.label
    return (field.name, field.n_filled, "not yet decided" if field.fate == "undecided" else field.fate, where)


def _finding(found: Finding) -> tuple[object, ...]:
    return (found.field, found.value, found.n_rows, found.why, found.told or found.line)


def _other_problems(found: MappingCheck) -> list[str]:
    """Return all that is wrong beside the values that are listed by themselves."""
    listed = {(each.field, each.line) for each in found.findings}
    return [str(each) for each in found.problems if (each.place.column, each.place.line) not in listed]


def _why_refused(found: MappingCheck) -> str:
    undecided = counted(len(found.undecided), "column is", "columns are")
    said = [f"{undecided} not yet decided"] * bool(found.undecided)
    return " and ".join(said + [counted(len(found.problems), "problem")] * bool(found.problems))


def _as_record(found: MappingCheck, *, with_registry: bool) -> Mapping[str, Any]:
    import msgspec

    record = {**found._asdict(), "with_registry": with_registry}
    for name in ("fields", "findings"):
        several: Sequence[Any] = record[name]
        record[name] = [each._asdict() for each in several]
    record["problems"] = [
        {"file": each.place.file, "line": each.place.line, "column": each.place.column or None, "message": each.message}
        for each in found.problems
    ]
    record["report"] = None if found.report is None else msgspec.to_builtins(found.report, enc_hook=str)
    return record
