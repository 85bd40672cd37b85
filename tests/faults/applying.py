"""What is killed, cut off and done twice at a time when a feed is applied, in processes of their own."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import deltalake  # noqa: F401 – imported before the work begins, as is all that follows
import duckdb  # noqa: F401
import psycopg  # noqa: F401

from projections.errors import TargetError
from projections.feed.running import feed_init, feed_run
from projections.feed.targets import delta_target, duckdb_target, postgresql_target  # noqa: F401
from projections.feed.targets.applying import feed_apply
from projections.feed.targets.opening import open_target
from projections.feed.targets.verifying import target_verify
from registry import Registry
from registry.intake import import_batch
from tests.faults.undertakings import batch

Tell = Callable[[object], None]
PERSON = "Gone-4711"
SAID = "Kniegelenk rechts"


def followed(url: str, folder: Path) -> Path:
    """Make a feed of two batches of a registry, with versions of what is said of one person, and return its folder."""
    feed = folder / "feed"
    with Registry.open(url, actor="ines") as registry:
        registry.enrol_patient(PERSON, enrolled_on="2020-01-01")
        flare = registry.start_flare(PERSON, started_on="2020-02-01", note=SAID)
        import_batch(registry, batch(folder, 1))
        feed_init(registry, feed)
        feed_run(registry, feed)
        registry.amend(flare, {"note": f"{SAID}, links"}, reason="misread")
        import_batch(registry, batch(folder, 2))
        feed_run(registry, feed)
    return feed


def erased(url: str, folder: Path) -> None:
    """Erase that person, and have the feed say so."""
    with Registry.open(url, actor="ines") as registry:
        registry.erase_patient(PERSON, reason="asked for it")
        feed_run(registry, folder / "feed")


def applying(to: str, folder: Path, number: int, tell: Tell) -> None:
    """Apply the feed to the target of a number, and tell the position, or why that was refused."""
    with closing(open_target(target_of(to, number))) as target:
        try:
            state = feed_apply(folder / "feed", target, history=True).state
        except TargetError as refusal:
            tell(str(refusal))
            return
        assert state is not None
        tell(state.position)


def target_of(to: str, number: int) -> str:
    """Return the target of a number: a file, a folder, or a schema of a database."""
    if to.startswith("delta:"):
        return f"{to}-{number}"
    return f"{to}-{number}.duckdb" if to.startswith("duckdb:") else f"{to}&schema=warehouse_{number}"


def is_whole(to: str, folder: Path, number: int) -> int:
    """Hold a target against the batch that it has last, and return its position; 0 where it has none."""
    with closing(open_target(target_of(to, number))) as target:
        if (state := target.state()) is None:
            return 0
        found = target_verify(folder / "feed", target)
        assert found.problems == ()
        assert found.position == state.position
        return found.position
