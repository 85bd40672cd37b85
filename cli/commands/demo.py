"""`spondyl demo`."""

from __future__ import annotations

import sys
from contextlib import suppress
from datetime import date
from pathlib import Path
from shlex import quote
from shutil import rmtree, which
from typing import TYPE_CHECKING, Final

import click

from cli.examples import example
from cli.output import counted, give_table, put
from cli.pairing import PairedCommand
from registry.errors import RegistryError
from registry.private_files import create_file

if TYPE_CHECKING:
    from projections.point_in_time import Facts
    from registry import Registry

MARK: Final = ".made-by-spondyl-demo"
COHORTS: Final = ("baraliakos2013", "anakinra2004")
WITH_PROTOCOL: Final = "anakinra2004"  # whose files have measures that are not built in
THEN: Final = date(2002, 12, 31)
FREEZE: Final = "as-published"
PATIENT: Final = "BAR1-01"
REREAD: Final = "reading/MR1-6347/R1/vu-lesions"
CORRECTION: Final = {"C2/3 anterior erosion": 1}


@click.command("demo", cls=PairedCommand, registry="none")
@click.option(
    "--into",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("spondyl-demo"),
    show_default=True,
    help="Where the registry and its exports are made; a folder of an earlier demo is made anew.",
)
def command(folder: Path) -> None:
    """Rebuild a published MRI cohort from its files, from start to finish.

    The individuals are invented; their aggregates are the published ones.
    """
    from projections import facts_at
    from registry import Registry

    _make(folder)
    with Registry.create(str(folder / "spondyl.db"), actor="demo") as registry:
        _import(registry)
        _tables(facts_at(registry))
        _points_in_time(registry)
        _exports(registry, folder)
        _reports(registry, folder)
    put()
    put(f"Now look around:  {_spondyl()} --db {quote(f'{folder}/spondyl.db')} show {PATIENT}")


def _spondyl() -> str:
    """Return what calls this command in a shell: its name, or its place where the name is not this command's."""
    called = Path(sys.argv[0])
    on_path = which(called.name)
    return quote(sys.argv[0]) if called.exists() and (on_path is None or not called.samefile(on_path)) else "spondyl"


def _make(folder: Path) -> None:
    """Make the demo's folder, in place of an earlier demo's and of nothing else."""
    from registry.new_files import made_folder, writing_at

    with writing_at(folder):
        if folder.exists() and any(folder.iterdir()) and not (folder / MARK).exists():
            raise RegistryError(f"{folder} is not empty and was not made by this demo; choose another with --into")
        if folder.is_symlink():
            raise RegistryError(f"{folder} is a link, and what it leads to is not removed; choose another with --into")
        with suppress(FileNotFoundError):
            rmtree(folder)
        made_folder(folder)
        create_file(folder / MARK)


def _step(title: str) -> None:
    put()
    put(title)


def _import(registry: Registry) -> None:
    from registry.intake import ImportOptions, import_batch

    put("Invented individuals, whose aggregates are those of two published studies.")
    _step("1. Files become events")
    for cohort in COHORTS:
        under = _adopted(registry, cohort) if cohort == WITH_PROTOCOL else ""
        report = import_batch(registry, [example(cohort)], options=ImportOptions())
        put(f"   {cohort}: {counted(report.rows, 'row')} → {counted(report.events, 'event')}{under}")
    again = import_batch(registry, [example(cohort) for cohort in COHORTS[:1]], options=ImportOptions())
    put(f"   {COHORTS[0]} once more: {counted(again.events, 'event')}")


def _adopted(registry: Registry, cohort: str) -> str:
    """Adopt a cohort's protocol, and return what it collects beside what is built in."""
    protocol = registry.adopt_protocol(example(f"{cohort}.protocol.toml")).adopted.protocol
    own, due = counted(len(protocol.measures), "own measure"), counted(len(protocol.schedule), "scheduled visit")
    return f", after 1 for its protocol: {own}, {due}"


def _tables(facts: Facts) -> None:
    from cli.paper_tables import PAPER_TABLES, differing, give_panels, reconciled

    for number, (title, cohort, table, panels) in enumerate(PAPER_TABLES, 2):
        _step(f"{number}. {title}")
        give_panels(facts, cohort, table, panels)
    _step(f"{len(PAPER_TABLES) + 2}. Every printed figure beside the recomputed one")
    for cohort in COHORTS:
        reconciliation = reconciled(facts, cohort)
        put(f"   {cohort}: {reconciliation.summary.sentence()}")
        for line in differing(reconciliation):
            put(f"      {line}")


def _points_in_time(registry: Registry) -> None:
    from projections import facts_at

    _step("8. Any point in time: a freeze, then a correction")
    registry.freeze(FREEZE, "the tables above")
    registry.amend(REREAD, CORRECTION, reason="read again: eroded")
    put(f"   amended {REREAD}: C2/3 anterior erosion 0 → 1")
    give_table(
        ("", "studies", "readings", "active erosions"),
        [
            (name, *_extent(facts_at(registry, as_of=as_of, known_at=known_at)))
            for name, as_of, known_at in (
                (f"as of {THEN}, known at {FREEZE}", THEN, FREEZE),
                (f"known at {FREEZE}", None, FREEZE),
                ("known now", None, None),
            )
        ],
    )


def _reports(registry: Registry, folder: Path) -> None:
    """Write a report of each study, and of a patient; nothing is hidden, for nobody of them lives."""
    from hashlib import sha256

    from cli.found_figures import found_figures
    from projections import facts_at
    from projections.cohort.definition_file import parsed
    from views.report.cohort import cohort_report
    from views.report.patient import patient_report
    from views.report.writing import write_report

    _step("10. Reports to look at, each one file that any browser shows")
    facts = facts_at(registry)
    for name in COHORTS:
        content = example(f"{name}.toml").read_bytes()
        cohort, placed = found_figures(parsed(content, f"{name}.toml", facts.catalogue), facts)
        report = cohort_report(cohort, placed, minimum=1, definition=sha256(content).hexdigest())
        write_report(report, folder / f"{name}.html", overwrite=False)
        put(f"   {folder / f'{name}.html'}")
    write_report(patient_report(facts, PATIENT), folder / f"{PATIENT}.html", overwrite=False)
    put(f"   {folder / f'{PATIENT}.html'}")


def _extent(facts: Facts) -> tuple[int, int, int]:
    from projections import project

    active = sum(
        int(row["value"] or 0) for row in project("scores", facts).to_pylist() if row["score"] == "active-erosions"
    )
    return facts.count("imaging"), facts.count("readings"), active


def _exports(registry: Registry, folder: Path) -> None:
    from projections.export import export, reproduce

    _step("9. Parquet exports at two points in time, rebuilt from the log and compared")
    for name, as_of in (("export-2002", THEN), ("export-published", None)):
        out = folder / name
        manifest = export(registry, out, as_of=as_of, known_at=FREEZE)
        rows = sum(table.rows for table in manifest.tables.values())
        verdict = "identical" if reproduce(registry, out / "manifest.json").identical else "differs"
        put(f"   {out}: {counted(len(manifest.tables), 'table')}, {counted(rows, 'row')}; rebuilt: {verdict}")
    verification = registry.verify()
    state = "whole" if verification.is_whole else "damaged"
    put(f"   the log: {counted(verification.events, 'event')}, {state}")
