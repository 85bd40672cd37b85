"""Adopting a protocol: the next edition of what a registry collects, as one event of a stream of the registry's own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from registry.catalogue.protocol import Protocol
from registry.domain.notes import Note, who
from registry.domain.protocols import ProtocolAdopted
from registry.domain.registry_streams import PROTOCOLS
from registry.protocol.adopted import Adoption, adoption_at
from registry.protocol.dry_run import NotTaken, not_taken, tables_ended, tables_listed
from registry.protocol.editions import Difference, differences, says_the_same
from registry.protocol.file import Written
from registry.protocol.stored import stored_uses
from registry.store.head import Clock
from registry.store.log import EventLog
from registry.store.registry_events import append_event
from registry.toml_keys import DefinitionError

FIRST = Protocol(protocol="", title="")  # beside which all of a first edition is new


class Trial(NamedTuple):
    """What adopting a protocol would do: the edition that it would be, what changes, what is stored and not taken.

    `edition` is the one that holds where nothing changes; `not_taken` is then what all its ends and lists leave out.
    """

    edition: int
    differences: list[Difference]
    not_taken: list[NotTaken]


def adopt(log: EventLog, written: Written, note: Note, *, clock: Clock, expecting: int | None = None) -> Adoption:
    """Adopt a protocol, and return the edition that it is; one that holds already is adopted no second time.

    Another edition that was adopted meanwhile, or is not the expected one (0: none), is a reason to refuse: whoever
    adopts has not seen it. What is recorded stays, whatever ends.

    Raises `DefinitionError` with all that is wrong with it; nothing is stored then.
    """
    actor, protocol = who(note.actor), written.protocol
    held = adoption_at(log)
    if held is not None and says_the_same(held.adopted.protocol, protocol) and not written.problems:
        return held
    if expecting is not None and expecting != (held.adopted.edition if held else 0):
        return _adopted_meanwhile(written, held)
    _refuse(written, written.all_problems(held and held.adopted.protocol))
    with log.database.appending() as (connection, _):
        now_held = adoption_at(log)
        if now_held != held:
            return _adopted_meanwhile(written, now_held)
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


def tried(log: EventLog, written: Written) -> Trial:
    """Return what adopting a protocol would do, and record nothing.

    Raises `DefinitionError` with all for which it would be refused.
    """
    held, protocol = adoption_at(log), written.protocol
    edition, before = (held.adopted.edition, held.adopted.protocol) if held else (0, None)
    problems = written.all_problems(before)
    _refuse(written, problems)
    if before == protocol:
        return Trial(edition, [], _not_taken(log, protocol, None))
    return Trial(edition + 1, differences(before or FIRST, protocol), _not_taken(log, protocol, before))


def _not_taken(log: EventLog, protocol: Protocol, before: Protocol | None) -> list[NotTaken]:
    """Return what stands and would not be taken today, by what a protocol ends or lists and the one before did not."""
    return not_taken(protocol, stored_uses(log, tables_ended(protocol, before) | tables_listed(protocol, before)))


def _refuse(written: Written, problems: Iterable[str]) -> None:
    if told := tuple(problems):
        raise DefinitionError(written.named, told)


def _adopted_meanwhile(written: Written, held: Adoption | None) -> Adoption:
    if held is None:
        raise DefinitionError(written.named, ["protocol: the registry has no protocol yet; expect edition 0"])
    if says_the_same(held.adopted.protocol, written.protocol):
        return held
    edition, actor = held.adopted.edition, held.adopted.actor
    why = f"edition {edition} was adopted meanwhile, by {actor}; look at `spondyl protocol show`, and adopt again"
    raise DefinitionError(written.named, [f"protocol: {why}"])
