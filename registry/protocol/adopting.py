"""Adopting a protocol: the next edition of what a registry collects, as one event of a stream of the registry's own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from registry.catalogue.protocol import Protocol
from registry.domain.notes import Note, who
from registry.domain.protocols import ProtocolAdopted
from registry.domain.registry_streams import PROTOCOLS
from registry.protocol.adopted import Adoption, adoption_at
from registry.protocol.coherence import problems_of
from registry.protocol.dry_run import NotTaken, ends_too_early, not_taken, tables_asked_for
from registry.protocol.editions import Difference, differences, edition_problems
from registry.protocol.limits import shape_problems
from registry.protocol.problems import Problem
from registry.protocol.stored import StoredUses
from registry.store.head import Clock
from registry.store.log import EventLog
from registry.store.registry_events import append_event
from registry.toml_keys import DefinitionError

FIRST = Protocol(protocol="", title="")  # beside which all of a first edition is new


class Trial(NamedTuple):
    """What adopting a protocol would do: the edition that it would be, what changes, what is stored and not taken.

    `edition` is the one that holds where nothing changes.
    """

    edition: int
    differences: list[Difference]
    not_taken: list[NotTaken]


def adopt(
    log: EventLog, protocol: Protocol, note: Note, *, clock: Clock, named: str, expecting: int | None = None
) -> Adoption:
    """Adopt a protocol, and return the edition that it is; one that holds already is adopted no second time.

    What it is judged by is read before the write lock is taken; inside it only what came since. Another edition that
    was adopted meanwhile, or is not the expected one (0: none), is a reason to refuse: whoever adopts has not seen it.
    `named` is what messages call the protocol.

    Raises `DefinitionError` with all that is wrong with it; nothing is stored then.
    """
    actor = who(note.actor)
    held = adoption_at(log)
    if held is not None and held.adopted.protocol == protocol:
        return held
    if expecting is not None and expecting != (held.adopted.edition if held else 0):
        return _adopted_meanwhile(named, protocol, held)
    _refuse(named, _problems(protocol, held))
    stored = StoredUses(log, tables_asked_for(protocol, held and held.adopted.protocol))
    stored.up_to(log.head().position)
    with log.database.appending() as (connection, end):
        now_held = adoption_at(log)
        if now_held != held:
            return _adopted_meanwhile(named, protocol, now_held)
        _refuse(named, ends_too_early(not_taken(protocol, stored.up_to(end.position))))
        adopted = ProtocolAdopted(
            edition=held.adopted.edition + 1 if held else 1,
            actor=actor,
            source=note.source,
            reason=note.reason,
            protocol=protocol,
        )
        head = append_event(log.database, connection, PROTOCOLS, adopted, now=clock())
        assert head.recorded_at is not None, "an event was recorded just now"
        return Adoption(head.position, head.recorded_at, adopted)


def tried(log: EventLog, protocol: Protocol, *, named: str) -> Trial:
    """Return what adopting a protocol would do, and record nothing.

    Raises `DefinitionError` with all for which it would be refused.
    """
    held = adoption_at(log)
    edition, before = (held.adopted.edition, held.adopted.protocol) if held else (0, None)
    if before == protocol:
        return Trial(edition, [], [])
    problems = list(_problems(protocol, held))
    stored = StoredUses(log, tables_asked_for(protocol, before))
    found = not_taken(protocol, stored.up_to(log.head().position))
    _refuse(named, [*problems, *ends_too_early(found)])
    return Trial(edition + 1, differences(before or FIRST, protocol), found)


def _problems(protocol: Protocol, held: Adoption | None) -> Iterator[Problem]:
    """Yield what is wrong with a protocol, in itself and after the edition that a registry has."""
    shape = list(shape_problems(protocol))
    yield from shape
    if not shape:
        yield from problems_of(protocol)
        if held is not None:
            yield from edition_problems(held.adopted.protocol, protocol)


def _refuse(named: str, problems: Iterator[Problem] | list[Problem]) -> None:
    told = list(dict.fromkeys(map(str, problems)))
    if told:
        raise DefinitionError(named, told)


def _adopted_meanwhile(named: str, protocol: Protocol, held: Adoption | None) -> Adoption:
    if held is None:
        raise DefinitionError(named, ["protocol: the registry has no protocol yet; expect edition 0"])
    if held.adopted.protocol == protocol:
        return held
    edition, actor = held.adopted.edition, held.adopted.actor
    why = f"edition {edition} was adopted meanwhile, by {actor}; look at `spondyl protocol show`, and adopt again"
    raise DefinitionError(named, [f"protocol: {why}"])
