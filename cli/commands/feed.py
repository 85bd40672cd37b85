"""`spondyl feed`: what changed, for a warehouse that follows the registry."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import click

from cli import completion
from cli.commands.feed_targets import apply, status_of, tell_status, tell_verified, to_option, told_verified, verified
from cli.exit_codes import REFUSED
from cli.late_pandas import put_off_pandas
from cli.options import opened
from cli.output import counted, give_json, put, say
from cli.pairing import PairedCommand
from cli.waiting import Waiting

if TYPE_CHECKING:
    from projections.feed.lateness import FeedStatus

FOLDER: Final = click.Path(path_type=Path)
a_feed = click.argument("feed", type=FOLDER)
as_json_option = click.option("--json", "as_json", is_flag=True, help="JSON for machines.")


@click.group("feed")
def command() -> None:
    """Write what changed since the last time into a folder, for a warehouse that applies it exactly once.

    \b
    Examples: spondyl feed init /srv/feed
              spondyl feed run /srv/feed
              spondyl feed apply /srv/feed --to duckdb:warehouse.duckdb --history
              spondyl feed status /srv/feed
              spondyl feed verify /srv/feed
    """


command.add_command(apply)


@command.command("init", short_help="Make the folder of a feed.", cls=PairedCommand)
@a_feed
@click.option("--tables", metavar="NAME,NAME…", shell_complete=completion.tables, help="Only these tables.")
@click.option(
    "--withdrawn",
    type=click.Choice(["keep", "exclude"]),
    default="keep",
    show_default=True,
    help="Patients who have withdrawn their consent: keep what was recorded until that day, or exclude them.",
)
@click.pass_context
def init(ctx: click.Context, *, feed: Path, tables: str | None, withdrawn: Literal["keep", "exclude"]) -> None:
    """Make the folder FEED, still without a batch; which tables it has is said now and for good.

    \b
    Examples: spondyl feed init /srv/feed
              spondyl feed init /srv/feed --tables patients,visits,measures --withdrawn exclude
    """
    from projections import feed_init

    names = [name.strip() for name in tables.split(",") if name.strip()] if tables else None
    made = feed_init(opened(ctx), feed, tables=names, withdrawn=withdrawn)
    say(f"a feed of {counted(len(made.tables), 'table')}; spondyl feed run writes its first batch")
    put(str(feed))


@command.command("run", short_help="Write the next batch.", cls=PairedCommand)
@a_feed
@click.pass_context
def run(ctx: click.Context, *, feed: Path) -> None:
    """Write what is new since the last batch of FEED as the next one; where nothing is, nothing is written.

    The first batch is a whole export. Where somebody was erased since, all batches are first rewritten without them.

    \b
    Example: spondyl feed run /srv/feed
    """
    put_off_pandas()
    from projections import feed_run

    with Waiting() as waiting:
        written = feed_run(opened(ctx), feed, progress=waiting.tell)
    if not written:
        say("nothing is new")
    for batch in written:
        what = "restated" if batch.after == batch.until else f"from @{batch.after}"
        say(f"wrote the batch {what} to @{batch.until}")
        put(str(feed / "batches" / batch.folder))


@command.command("status", short_help="How far a feed is, and how late.", cls=PairedCommand)
@a_feed
@to_option
@as_json_option
@click.pass_context
def status(ctx: click.Context, *, feed: Path, to: str | None, as_json: bool) -> None:
    """Print how far FEED is, and how many events have been recorded since its last batch; and the same of a target.

    \b
    Examples: spondyl feed status /srv/feed
              spondyl feed status /srv/feed --to duckdb:warehouse.duckdb
    """
    from projections import feed_status

    found = feed_status(opened(ctx), feed)
    of_target = None if to is None else status_of(feed, to)
    if as_json:
        told = None if of_target is None else {**of_target._asdict(), "events_behind": of_target.events_behind}
        give_json({**found._asdict(), "events_behind": found.events_behind} | ({"target": told} if told else {}))
        return
    say(f"{counted(found.batches, 'batch', 'batches')} up to @{found.position}{_recorded(found)}")
    if found.generation:
        say(f"rewritten without the erased {counted(found.generation, 'time')}")
    say(f"{counted(found.events_behind, 'event')} behind" if found.events_behind else "nothing is new")
    if of_target is not None:
        tell_status(of_target)


@command.command("verify", short_help="Check the batches of a feed.", cls=PairedCommand, registry="none")
@a_feed
@to_option
@as_json_option
def verify(*, feed: Path, to: str | None, as_json: bool) -> None:
    """Check that FEED is whole: the chain of its batches, every file, every count, and the sums of all rows replayed.

    Of a target, what FEED lists as erased is erased first; then its rows are read back and held against the sums. No
    registry is needed. Exit code 3 where something is wrong, with each place.

    \b
    Examples: spondyl feed verify /srv/feed
              spondyl feed verify /srv/feed --to duckdb:warehouse.duckdb
    """
    from projections import feed_verify

    with Waiting() as waiting:
        found = feed_verify(feed, progress=waiting.tell)
    problems = [str(problem) for problem in found.problems]
    of_target = None if to is None or problems else verified(feed, to)
    if as_json:
        told = {"target": told_verified(of_target)} if of_target else {}
        give_json({**found._asdict(), "problems": problems} | told)
    elif not problems:
        rows = counted(sum(found.rows.values()), "row")
        say(f"the feed is whole: {counted(found.batches, 'batch', 'batches')} up to @{found.position}, {rows}")
    if of_target is not None:
        problems += tell_verified(of_target, is_quiet=as_json)
    for problem in problems:
        say(problem)
    if problems:
        sys.exit(REFUSED)


def _recorded(found: FeedStatus) -> str:
    return "" if found.recorded_at is None else f", recorded {found.recorded_at:%Y-%m-%d %H:%M} UTC"
