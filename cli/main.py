"""The command `spondyl`: its options, its subcommands, and what becomes of a refusal.

Subcommands are imported when they are called, so that help and mistakes answer at once. `cli.exit_codes` says what a
command ends with; what is not refused with a reason is a defect, and keeps its traceback.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from io import TextIOWrapper
from typing import Any, Final

import click
from click.exceptions import NoArgsIsHelpError

from cli.arguments import check_arguments, check_environment
from cli.defects import tell_defect
from cli.exit_codes import DONE, REFUSED
from cli.output import say
from cli.plain_text import for_terminal
from registry.errors import BatchRefusedError, RegistryError
from registry.spelling import nearest

DEFAULT_DB: Final = "spondyl.db"
SHOWN_AT_MOST: Final = 200
COLLECTED_EVERY: Final = (
    50_000  # objects: at the default of 700 a short command spends a tenth of its time looking for cycles
)

COMMANDS: Final = {  # name: what it does, in the order of a registry's life
    "demo": "Rebuild a published MRI cohort from its files, from start to finish.",
    "init": "Create a registry, or bring an older one up to date.",
    "protocol": "Say what this registry collects beside what is built in, and look at what it collected when.",
    "template": "Write an empty, commented example file for every table.",
    "simulate": "Write an invented cohort, as files or straight into an empty registry.",
    "map": "Say where the columns of REDCap, spreadsheets, SPSS or SQL go; draft that, check it, look at it.",
    "import": "Import files: one, several, or a folder; all of them or nothing.",
    "record": "Record a single fact.",
    "amend": "State a fact anew, with a reason.",
    "retract": "Withdraw a fact that was entered in error, with a reason.",
    "merge": "Say that two pseudonyms are one patient, with a reason.",
    "unmerge": "Undo a merge: two pseudonyms are two patients after all.",
    "roles": "Print the SQL for a writer and a reader of a registry on PostgreSQL.",
    "prove": "Prove that a fact was in the log, to somebody who has no database.",
    "check-proof": "Check a proof, without any registry.",
    "erase": "Erase a patient for ever, with a reason; the log still verifies.",
    "status": "Say what the registry holds and how far its log reaches.",
    "show": "Show one patient's course over time.",
    "history": "Show every version of a fact: when, who, whence, why, what changed.",
    "diff": "Show what changed between two places on the recorded clock, and what followed from it.",
    "courses": "What became of every location between two studies.",
    "scores": "The totals and counts of every reading.",
    "table": "Any table of an export, on screen.",
    "summary": "Each measure's median (range) at the visits of each label.",
    "responses": "Who responded to which treatment, by every response criterion.",
    "treatments": "Episodes, lines and patient-years of treatment, and who was given what on a day.",
    "follow-up": "Who is due and overdue, by centre; or who stayed in the registry over the years.",
    "completeness": "How often what the schedule expects is there, and how long it took to be recorded.",
    "flares": "Recorded flares, their rates on and off treatment, and flares by definition.",
    "cohort": "The tables of a paper for a cohort that a file defines: flow, figures, tests, intervals.",
    "lesions": "What readers of paired examinations say became of each lesion.",
    "report": "Write a report to look at, one file: a patient, a cohort, a centre, or how complete all are.",
    "campaign": "Run a blinded reader study: hand out sheets, see who is late, lock it, unblind it.",
    "check": "List what is implausible; it is a warning and changes nothing.",
    "dataset": "The data behind a cohort, for R, Stata or Python: members, values, stretches of treatment.",
    "reconcile": "Lay a paper's printed figures beside those of a cohort, and explain what differs.",
    "freeze": "Give the log as it is now a name, for ever; or list the names.",
    "export": "Write every table as Parquet, at a point in time.",
    "reproduce": "Rebuild an export from the log and compare.",
    "feed": "What changed, in batches that a warehouse applies exactly once.",
    "dbt-sources": "Write the sources of a dbt project, with their tests, from a dictionary.",
    "backup": "Copy the registry into a file while others work with it, and check the copy.",
    "restore": "Put a checked copy in the place of a registry.",
    "serve": "Show the registry in a browser, at any point in time; it only reads.",
    "serve-readings": "Let the readers of a campaign read in a browser, blinded: own cases, and nothing else.",
    "verify": "Check the whole log: gaps, order, digests, freezes.",
}
MODULES: Final = {"import": "import_files"}  # where a command's name is a word of Python


class Commands(click.Group):
    """The subcommands, each in its own module, imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"cli.commands.{MODULES.get(cmd_name, cmd_name.replace('-', '_'))}").command
        assert isinstance(command, click.Command)
        return command

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        with _mistakes_told_plainly():
            return super().make_context(*args, **kwargs)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not ctx.resilient_parsing:
            check_arguments(args, ctx)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        try:
            with _mistakes_told_plainly():
                return super().invoke(ctx)
        except BrokenPipeError:  # click would end with 1 where a reader, as `head`, has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(DONE)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as mistake:
            near = nearest(args[0], COMMANDS.keys())
            hint = f" Did you mean {near!r}?" if near else ""
            raise click.UsageError(f"{mistake.message}{hint}", ctx) from None


@contextmanager
def _mistakes_told_plainly() -> Iterator[None]:
    """Have click, which quotes arguments as they came, tell mistakes on a line that does nothing to a terminal."""
    try:
        yield
    except NoArgsIsHelpError:  # whose message is a page of help
        raise
    except click.UsageError as mistake:
        raise click.UsageError(for_terminal(mistake.format_message()), mistake.ctx) from None


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option(
    "--db",
    envvar="SPONDYL_DB",
    default=DEFAULT_DB,
    show_default=True,
    show_envvar=True,
    metavar="PATH|URL",
    help="The registry: a file, or the URL of a PostgreSQL database.",
)
@click.option("--actor", envvar="SPONDYL_ACTOR", show_envvar=True, help="Who records; the login name by default.")
@click.version_option(package_name="spondyl")
@click.pass_context
def spondyl(ctx: click.Context, db: str, actor: str | None) -> None:
    """An event-sourced registry for cohorts of people with axial spondyloarthritis.

    Every reading, treatment, visit and flare is kept as an event; lesion courses, scores and exports are rebuilt from
    the events for any point in time: --as-of a clinical day, --known-at a state of knowledge.
    """
    check_environment({"SPONDYL_DB": db, "SPONDYL_ACTOR": actor}, ctx)
    ctx.obj = {"db": db, "actor": actor}


def main() -> None:
    """Run the command line; a refusal is one line (of a batch or a definition, one a problem) and ends with 3."""
    gc.set_threshold(COLLECTED_EVERY)
    sys.excepthook = tell_defect
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a code page that lacks a sign must not end a command
    try:
        spondyl(prog_name="spondyl")
    except RegistryError as refusal:
        if isinstance(refusal, BatchRefusedError):
            for problem in refusal.problems[:SHOWN_AT_MOST]:
                say(str(problem))
            if len(refusal.problems) > SHOWN_AT_MOST:
                say(f"… and {len(refusal.problems) - SHOWN_AT_MOST:,} more; import --json lists all")
        for line in refusal.lines:
            say(f"spondyl: {line}")
        sys.exit(REFUSED)


if __name__ == "__main__":
    main()
