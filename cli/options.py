"""Options that several commands share, and the registry that a command works on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from cli import completion
from cli.output import say
from registry.domain.days import day

if TYPE_CHECKING:
    from projections.observation.durations import Duration
    from projections.observation.observed_spans import Observation, Until
    from projections.point_in_time import Facts
    from registry import Registry
    from registry.catalogue.catalogue import Catalogue

PLACES: Final = ("known_at", "versus", "at")  # parameters that name a place on the recorded clock
Command = TypeVar("Command", bound=Callable[..., Any])


class Day(click.ParamType[date]):
    """A calendar day on the command line."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        clinical_day = value if isinstance(value, date) else day(str(value))
        if clinical_day is None:
            self.fail(f"{value!r} is not a day of the calendar; write YYYY-MM-DD", param, ctx)
        return clinical_day


def at_a_point_in_time(command: Command) -> Command:
    """Give a command `--as-of`, `--known-at` and `--withdrawn`; what this says stands in `ctx.obj`."""
    known_at = click.option(
        "--known-at",
        metavar="PLACE",
        shell_complete=completion.freezes,
        help="Only what the registry knew then: a position @N, an instant, a day (all of it, UTC), or a freeze.",
    )
    as_of = click.option("--as-of", type=Day(), help="Only what was true of the patients up to that day.")
    withdrawn = click.option(
        "--withdrawn",
        type=click.Choice(["keep", "exclude"]),
        default="keep",
        show_default=True,
        expose_value=False,
        callback=lambda ctx, param, value: ctx.obj.update(withdrawn=value),
        help="Patients who had withdrawn their consent then: keep what was recorded until that day, or exclude them.",
    )
    return as_of(known_at(withdrawn(command)))


class LengthOfTime(click.ParamType["Duration"]):
    """A length of time on the command line, in the words of a cohort file."""

    name = "TIME"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Duration:
        from projections.observation.durations import duration
        from registry.errors import FormatError

        try:
            return duration(param.name or "" if param else "", str(value))
        except FormatError as refusal:
            self.fail(str(refusal), param, ctx)


def while_observed(command: Command) -> Command:
    """Give a command `--until`, `--grace` and `--gap`: what counts as observed time."""
    until = click.option(
        "--until",
        type=click.Choice(["last-contact", "as-of"]),
        help="Who has not left is observed until then; by default the last contact.",
    )
    grace = click.option("--grace", type=LengthOfTime(), help="Added after a last contact, e.g. '90 days'.")
    gap = click.option("--gap", type=LengthOfTime(), help="A longer silence is not observed, e.g. '18 months'.")
    return until(grace(gap(command)))


def observation(*, until: Until | None, grace: Duration | None, gap: Duration | None) -> Observation:
    """Return what counts as observed time by the options that were given, the defaults for the others."""
    from projections.observation.observed_spans import OBSERVED

    return OBSERVED._replace(until=until or OBSERVED.until, grace=grace or OBSERVED.grace, gap=gap)


def in_formats(command: Command) -> Command:
    """Give a command `--json` and `--csv`."""
    as_json = click.option("--json", "form", flag_value="json", help="JSON for machines.")
    as_csv = click.option("--csv", "form", flag_value="csv", help="CSV for machines.")
    return as_json(as_csv(command))


def checked(field: str, value: str | None, known: Iterable[str]) -> str | None:
    """Return a word that was asked for where it is known; an unknown one is refused, for nothing is no answer to it."""
    from registry.errors import UnknownCodeError

    known = tuple(known)
    if value is not None and value not in known:
        raise UnknownCodeError(field, value, known)
    return value


def agent_asked_for(value: str | None, catalogue: Catalogue) -> str | None:
    """Return the agent that was asked for, by any word of the catalogue, None where none was; refuse an unknown one."""
    from registry.schema.cells import agent

    return None if value is None else agent("agent", value, catalogue.agent_words)


def opened(ctx: click.Context, *, source: str = "command line") -> Registry:
    """Return the registry that `--db` names, closed when the command ends.

    Warns where the clock matters to the command, because it records or asks by a day, and lies behind the log.
    """
    from registry import Registry

    registry = Registry.open(ctx.obj["db"], actor=ctx.obj["actor"])
    registry.source = source
    ctx.call_on_close(registry.close)
    if registry.interrupted is not None:
        say(str(registry.interrupted))
    records = "actor" in getattr(ctx.command, "shared", ())
    if records or ctx.info_name == "status" or any(_is_time(ctx.params.get(name)) for name in PLACES):
        warn_of_a_clock_behind(registry)
    return registry


def warn_of_a_clock_behind(registry: Registry) -> None:
    """Say so where the machine's clock lies behind the log: what is recorded now is found at no day before."""
    from registry.store.clock_check import clock_behind

    if behind := clock_behind(registry.log):
        say(f"warning: {behind}")


def _is_time(place: object) -> bool:
    """Return whether a place on the recorded clock is given as a day or an instant."""
    from projections.known_at import DATE, INSTANT

    return isinstance(place, str) and bool(DATE.fullmatch(place.strip()) or INSTANT.fullmatch(place.strip()))


def facts_of_today(ctx: click.Context, as_of: date | None, known_at: str | None) -> Facts:
    """Return the facts as `facts` does; without `--as-of` as of the day of `--known-at`, without that as of today.

    What is asked of a position is asked of the day (UTC) on which it was recorded.
    """
    from projections import facts_at
    from projections.known_at import day_of

    registry = opened(ctx)
    today = as_of or day_of(registry.log, known_at)
    return facts_at(registry, as_of=today, known_at=known_at, withdrawn=ctx.obj["withdrawn"])


def facts(ctx: click.Context, as_of: date | None, known_at: str | None) -> Facts:
    """Return the facts of the registry at the point in time that the options name."""
    from projections import facts_at

    return facts_at(opened(ctx), as_of=as_of, known_at=known_at, withdrawn=ctx.obj["withdrawn"])
