"""`spondyl protocol`: what the registry collects beside what is built in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from cli import completion
from cli.options import opened
from cli.output import counted, give_document, give_json, give_table, put, say, text
from cli.pairing import PairedCommand
from registry.domain.days import instant

if TYPE_CHECKING:
    from registry import Registry
    from registry.protocol.adopted import Adoption
    from registry.protocol.dry_run import NotTaken
    from registry.protocol.editions import Difference

as_json_option = click.option("--json", "as_json", is_flag=True, help="JSON for machines.")
known_at_option = click.option(
    "--known-at",
    metavar="PLACE",
    shell_complete=completion.freezes,
    help="Only what the registry knew then: a position @N, an instant, a day (all of it, UTC), or a freeze.",
)
file_argument = click.argument("file", type=click.Path(path_type=Path))


@click.group("protocol")
def command() -> None:
    """Say what this registry collects beside what is built in, by a file, and look at what it collected when.

    \b
    Examples: spondyl protocol template > protocol.toml
              spondyl protocol check protocol.toml
              spondyl protocol adopt protocol.toml --reason "body mass index from now on"
              spondyl protocol diff 1 2
    """


@command.command("adopt", cls=PairedCommand, registry="written")
@file_argument
@click.option("--reason", help="Why the registry collects something else from now on.")
@click.option(
    "--after",
    type=click.IntRange(min=0),
    help="The edition that FILE goes on from, 0 for none; another one is refused.",
)
@as_json_option
@click.pass_context
def adopt(ctx: click.Context, file: Path, *, reason: str | None, after: int | None, as_json: bool) -> None:
    """Collect from now on what FILE says. It is checked whole, and refused whole, with all that is wrong with it.

    What is recorded stays as it is, whatever FILE ends.

    \b
    Examples: spondyl protocol adopt protocol.toml --reason "rheumatoid factor"
              spondyl protocol adopt protocol.toml --after 1
    """
    registry = opened(ctx)
    before = registry.head.position
    adopted = registry.adopt_protocol(file, reason=reason, expecting=after)
    if as_json:
        give_json(_told(adopted))
    elif adopted.position <= before:
        say(f"nothing changed: it is edition {adopted.adopted.edition}, adopted @{adopted.position}")
    else:
        say(f"adopted edition {adopted.adopted.edition} of {adopted.adopted.protocol.protocol}, @{adopted.position}")
        _say_what_stays(registry.try_protocol(adopted.adopted.protocol).not_taken)


@command.command("check", short_help="Try FILE as adopt would, and record nothing.", cls=PairedCommand)
@file_argument
@as_json_option
@click.pass_context
def check(ctx: click.Context, file: Path, *, as_json: bool) -> None:
    """Try FILE as `adopt` would, and record nothing: what it changes, and which stored values it would not take.

    Those values stay as they are. Of a FILE that holds already, all that would not be taken today is counted.

    \b
    Examples: spondyl protocol check protocol.toml
              spondyl protocol check protocol.toml --json
    """
    trial = opened(ctx).try_protocol(file)
    if as_json:
        found = {name: [each._asdict() for each in getattr(trial, name)] for name in ("differences", "not_taken")}
        give_json(_in_words({"edition": trial.edition, **found}))
        return
    if trial.differences:
        say(f"it would be edition {trial.edition}")
        _give_differences(trial.differences)
    else:
        say(f"nothing would change: it is edition {trial.edition}")
    rows = [(each.key, each.value, each.n_facts, each.last_day) for each in trial.not_taken]
    if rows:
        give_table(("key", "value", "facts", "last"), rows, title="Stored, and not taken if it came today; it stays")


@command.command("show", short_help="Show what the registry collects beside what is built in.", cls=PairedCommand)
@known_at_option
@as_json_option
@click.pass_context
def show(ctx: click.Context, *, known_at: str | None, as_json: bool) -> None:
    """Show what the registry collects beside what is built in, or collected at a place on the recorded clock.

    \b
    Examples: spondyl protocol show
              spondyl protocol show --known-at 2026-03-01
    """
    adoptions = _known(opened(ctx), known_at)
    if as_json:
        give_json(_told(adoptions[-1], whole=True) if adoptions else None)
    elif not adoptions:
        say("no protocol is adopted: what is built in, and nothing else")
    else:
        _give_protocol(adoptions[-1])


@command.command("history", short_help="List every edition: when, by whom, why.", cls=PairedCommand)
@known_at_option
@as_json_option
@click.pass_context
def history(ctx: click.Context, *, known_at: str | None, as_json: bool) -> None:
    """List every edition: when it was adopted, by whom, why, and how much it changed.

    \b
    Examples: spondyl protocol history
              spondyl protocol history --known-at 2026-03-01 --json
    """
    from registry.protocol.adopting import FIRST
    from registry.protocol.editions import differences

    adoptions = _known(opened(ctx), known_at)
    before = [FIRST, *(each.adopted.protocol for each in adoptions)]
    rows = [
        {**_told(each), "changes": len(differences(earlier, each.adopted.protocol))}
        for earlier, each in zip(before, adoptions)
    ]
    if as_json:
        give_json(rows)
    elif not rows:
        say("no protocol is adopted: what is built in, and nothing else")
    else:
        columns = ("edition", "position", "recorded_at", "actor", "reason", "changes")
        give_table(columns, [[row[column] for column in columns] for row in rows])


@command.command("diff", short_help="Show what edition B says otherwise than edition A.", cls=PairedCommand)
@click.argument("one", metavar="A", type=click.IntRange(min=0))
@click.argument("other", metavar="B", type=click.IntRange(min=0))
@known_at_option
@as_json_option
@click.pass_context
def diff(ctx: click.Context, *, one: int, other: int, known_at: str | None, as_json: bool) -> None:
    """Show what edition B says otherwise than edition A; edition 0 is what is built in.

    \b
    Examples: spondyl protocol diff 1 2
              spondyl protocol diff 0 1 --json
    """
    from registry.errors import UnknownCodeError
    from registry.protocol.adopting import FIRST
    from registry.protocol.editions import differences

    editions = {0: FIRST} | {each.adopted.edition: each.adopted.protocol for each in _known(opened(ctx), known_at)}
    for asked in (one, other):
        if asked not in editions:
            raise UnknownCodeError("edition", str(asked), map(str, editions))
    found = differences(editions[one], editions[other])
    if as_json:
        give_json(_in_words([each._asdict() for each in found]))
    elif not found:
        say("no difference")
    else:
        _give_differences(found)


@command.command(
    "template", short_help="Print a commented protocol file to begin with.", cls=PairedCommand, registry="none"
)
@as_json_option
def template(*, as_json: bool) -> None:
    """Print a commented protocol file to begin with; its examples are switched off. With --json, its examples.

    \b
    Example: spondyl protocol template > protocol.toml
    """
    from registry.protocol.file import protocol_of
    from registry.protocol.template import TEMPLATE, example

    if as_json:
        give_json(_in_words(protocol_of(example().encode(), "template")))
    else:
        give_document(TEMPLATE)


def _say_what_stays(not_taken: Sequence[NotTaken]) -> None:
    """Say how many words of stored facts an edition would not take today, where there are any."""
    if not_taken:
        words = counted(len(not_taken), "word")
        say(f"{words} of stored facts would not be taken today; they stay, and `spondyl protocol check` counts them")


def _known(registry: Registry, known_at: str | None) -> list[Adoption]:
    """Return the editions that were adopted by a place on the recorded clock, the oldest first."""
    from projections.known_at import head_at

    position = head_at(registry.log, known_at).position
    return [each for each in registry.protocols() if each.position <= position]


def _told(adoption: Adoption, *, whole: bool = False) -> dict[str, Any]:
    """Return an edition in words: its number, where and when it was adopted, by whom and why; the `whole` of it too."""
    adopted = adoption.adopted
    head = {
        "edition": adopted.edition,
        "position": adoption.position,
        "recorded_at": instant(adoption.recorded_at),
        "actor": adopted.actor,
        "source": adopted.source,
        "reason": adopted.reason,
    }
    return {**head, **(_in_words(adopted.protocol) if whole else {"protocol": adopted.protocol.protocol})}


def _in_words(value: object) -> Any:
    """Return records in the words of the file, numbers as decimal text, as the log has them."""
    return msgspec.to_builtins(value)


def _give_protocol(adoption: Adoption) -> None:
    content = msgspec.to_builtins(adoption.adopted.protocol, builtin_types=(Decimal, date))
    put(f"{content['protocol']}, edition {adoption.adopted.edition}: {content['title']}", bold=True)
    by = f"by {adoption.adopted.actor}" + (f": {adoption.adopted.reason}" if adoption.adopted.reason else "")
    put(f"adopted @{adoption.position}, {text(instant(adoption.recorded_at))}, {by}")
    for table, records in content.items():
        if isinstance(records, list | tuple | dict):
            put()
            give_table((table, "what"), list(_lines(records)))


def _lines(records: Sequence[Mapping[str, Any]] | Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each record of a table by its name or code, and the rest of it in words."""
    if isinstance(records, Mapping):
        yield from ((name, text(value)) for name, value in records.items())
        return
    for record in records:
        yield record.get("name") or record["code"], _said(record)


def _said(record: Mapping[str, Any]) -> str:
    """Return what a record says beside its name or code."""
    said = {key: value for key, value in record.items() if key not in ("name", "code")}
    return "; ".join(value if key in ("label", "title") else f"{key} {_value(value)}" for key, value in said.items())


def _value(value: Any) -> str:
    """Return a value of a record as a person reads it."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key} = {_value(each)}" for key, each in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(f"({_value(each)})" if isinstance(each, Mapping) else _value(each) for each in value)
    return "no limit" if value is None else text(value)


def _give_differences(found: list[Difference]) -> None:
    columns = ("what", "key", "was", "is")
    rows = [dict(zip(columns, (each.where, each.field, *_then_and_now(each)))) for each in found]
    told = [column for column in columns if any(row[column] for row in rows)]
    give_table(told, [[row[column] for column in told] for row in rows])
    say(counted(len(found), "difference"))


def _then_and_now(each: Difference) -> tuple[str | None, str | None]:
    """Return what was said and what is said; of a thing that is new or gone, all of it."""
    if each.field is None:
        return each.before and _said(each.before), each.after and _said(each.after)
    was, now = (None if value is None else _value(value) for value in (each.before, each.after))
    return was, now
