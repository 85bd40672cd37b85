"""`spondyl feed apply`, and what `spondyl feed verify` and `spondyl feed status` say of a target."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from cli.output import counted, say
from cli.pairing import PairedCommand
from cli.waiting import Waiting

if TYPE_CHECKING:
    from projections.feed.targets.applying import Erased
    from projections.feed.targets.target import Target
    from projections.feed.targets.verifying import TargetStatus, TargetVerification

FORMS: Final = "duckdb:FILE|postgresql://…|delta:DIR"
to_option = click.option("--to", metavar=FORMS, help="And of this target.")


@click.command("apply", short_help="Bring a target up to date.", cls=PairedCommand, registry="none")
@click.argument("feed", type=click.Path(path_type=Path))
@click.option("--to", required=True, metavar=FORMS, help="What to apply it to.")
@click.option("--history", is_flag=True, help="Also keep every version of a row; said with the first batch.")
def apply(*, feed: Path, to: str, history: bool) -> None:
    """Carry out on a target what FEED lists and it does not have: erasures first, then each batch in one commit.

    Applied again, it does nothing twice, whatever became of the time before. No registry is needed.

    \b
    Examples: spondyl feed apply /srv/feed --to duckdb:warehouse.duckdb --history
              spondyl feed apply /srv/feed --to "postgresql://loader@server/warehouse?schema=registry"
    """
    from projections import feed_apply

    with opened_target(to) as target, Waiting() as waiting:
        done = feed_apply(feed, target, history=history, progress=lambda batch: waiting.tell(f"applying {batch}"))
    tell_erased(done.erased)
    for batch in done.batches:
        what = "restated" if batch.after == batch.until else f"from @{batch.after}"
        say(f"applied the batch {what} to @{batch.until}")
    if not done.batches and not done.erased.streams:
        say("nothing is new")


def verified(feed: Path, to: str) -> TargetVerification:
    """Verify a target, and tell what was erased in it before."""
    from projections import target_verify

    with opened_target(to) as target:
        found = target_verify(feed, target)
    tell_erased(found.erased)
    return found


def tell_verified(found: TargetVerification, *, is_quiet: bool) -> list[str]:
    """Print that a target is as its feed says, unless it is to be quiet, and return what is wrong with it."""
    if not found.problems and not is_quiet:
        say(f"the target has what the feed says: up to @{found.position}, {counted(sum(found.rows.values()), 'row')}")
    return [str(problem) for problem in found.problems]


def told_verified(found: TargetVerification) -> dict[str, Any]:
    """Return what came of verifying a target, for machines."""
    return {"position": found.position, "rows": found.rows, "problems": [str(problem) for problem in found.problems]}


def status_of(feed: Path, to: str) -> TargetStatus:
    """Return how far a target is."""
    from projections import target_status

    with opened_target(to) as target:
        return target_status(feed, target)


def tell_status(found: TargetStatus) -> None:
    """Print how far a target is."""
    if found.position is None:
        say(f"{found.place}: nothing was applied yet; spondyl feed apply does")
        return
    at = "" if found.recorded_at is None else f", recorded {found.recorded_at:%Y-%m-%d %H:%M} UTC"
    say(f"{found.place}: up to @{found.position}{at}{', with history' if found.with_history else ''}")
    if found.patients_to_erase:
        say(f"{counted(found.patients_to_erase, 'patient')} to erase; spondyl feed apply does")
    batches = counted(found.batches_behind, "batch", "batches")
    say(f"{batches} of {counted(found.events_behind, 'event')} behind" if found.batches_behind else "nothing is new")


def tell_erased(erased: Erased) -> None:
    """Print what was erased, and what is left to somebody else."""
    if erased.patients:
        say(f"erased {counted(erased.patients, 'patient')}")
    if erased.remaining:
        say(f"erased what the erased left with {counted(erased.remaining, 'patient')} who stayed")
    if erased.left:
        say(f"note: {erased.left}")


@contextmanager
def opened_target(to: str) -> Iterator[Target]:
    """Lend a target, closed at the end."""
    from projections import open_target

    target = open_target(to)
    try:
        yield target
    finally:
        target.close()
