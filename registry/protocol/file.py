"""A protocol's file: TOML, read to its end before anything is refused, so that all its problems are told at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from registry.catalogue.measures import HOLDS
from registry.catalogue.protocol import (
    ANCHORS,
    CONDITION_GROUPS,
    FORMAT,
    MISSING_RULES,
    PRODUCT_KINDS,
    SCORE_RULES,
    AgentRecord,
    CodeRecord,
    ConditionRecord,
    FollowUpRule,
    MeasureRecord,
    MissingItems,
    ProductRecord,
    Protocol,
    ScheduledImaging,
    ScheduledVisit,
    ScoreRecord,
    UnitRecord,
)
from registry.protocol.coherence import problems_of
from registry.protocol.editions import edition_problems
from registry.protocol.limits import AT_MOST, CODES_AT_MOST, ITEMS_AT_MOST, REASONS_AT_MOST, shape_problems
from registry.toml_keys import FARTHEST, DefinitionError, Keys, content_of, top_of
from registry.wording import key_told

EDITIONS_AT_MOST: Final = 999  # of a score


class Written(NamedTuple):
    """A protocol as somebody wrote it, what messages call it, and the problems of keys that could not be read."""

    protocol: Protocol
    named: str
    problems: tuple[str, ...] = ()

    def all_problems(self, held: Protocol | None = None) -> list[str]:
        """Return all that is wrong with it, in itself and after the edition that a registry has, each by its key.

        What could not be read is not judged as well.
        """
        told = {each.partition(": ")[0] for each in self.problems}
        found = [problem for problem in shape_problems(self.protocol) if key_told(problem.key) not in told]
        if not found:
            judged = (*problems_of(self.protocol, held=held), *edition_problems(held, self.protocol))
            found = [problem for problem in judged if key_told(problem.key) not in told]
        return list(dict.fromkeys((*self.problems, *map(str, found))))


def written_in(protocol: Protocol | Path | str) -> Written:
    """Return a protocol, by its file where it is one. Raises `DefinitionError` for what is no TOML at all."""
    if isinstance(protocol, Protocol):
        return Written(protocol, f"protocol {protocol.protocol}")
    return written(content_of(protocol), str(protocol))


def written(text: bytes, file: str) -> Written:
    """Return the protocol that a TOML text says. Raises `DefinitionError` for what is no TOML at all."""
    keys = top_of(text, file)
    return Written(_protocol(keys), file, tuple(keys.problems))


def protocol_of(text: bytes, file: str) -> Protocol:
    """Return the protocol that a TOML text says; `file` is named in messages.

    Raises `DefinitionError` with all that is wrong with it, each with key and value.
    """
    read = written(text, file)
    if problems := read.all_problems():
        raise DefinitionError(file, problems)
    return read.protocol


def _protocol(keys: Keys) -> Protocol:
    keys.number("format", low=FORMAT, high=FORMAT)
    protocol = Protocol(
        protocol=keys.line("protocol"),
        title=keys.line("title"),
        units=tuple(map(_unit, _tables(keys, "units"))),
        measures=tuple(map(_measure, _tables(keys, "measures"))),
        scores=tuple(map(_score, _tables(keys, "scores"))),
        agents=tuple(map(_agent, _tables(keys, "agents"))),
        products=tuple(map(_product, _tables(keys, "products"))),
        arms=tuple(map(_code, _tables(keys, "arms"))),
        conditions=tuple(map(_condition, _tables(keys, "conditions"))),
        centres=tuple(map(_code, _tables(keys, "centres"))),
        missing=keys.labels("missing", at_most=REASONS_AT_MOST),
        schedule=tuple(map(_scheduled, _tables(keys, "schedule"))),
        follow_up=_follow_up(keys.table("follow_up")),
    )
    keys.end()
    return protocol


def _tables(keys: Keys, name: str) -> Iterator[Keys]:
    """Yield each table of a list, and tell of the keys that nobody asked for once it is read."""
    for each in keys.tables(name, at_most=AT_MOST.get(name, ITEMS_AT_MOST)):
        yield each
        each.end()


def _unit(keys: Keys) -> UnitRecord:
    return UnitRecord(name=keys.line("name"), to=keys.decimals("to"))


def _measure(keys: Keys) -> MeasureRecord:
    codes = keys.labels("codes", at_most=CODES_AT_MOST)
    return MeasureRecord(
        name=keys.line("name"),
        label=keys.line("label"),
        holds=keys.word("holds", HOLDS, "codes" if codes else "number"),
        unit=keys.line("unit", None),
        range=keys.limits("range"),
        plausible=keys.limits("plausible"),
        laboratory=keys.yes_no("laboratory", default=False),
        codes=codes,
        ordinal=keys.yes_no("ordinal", default=False),
        ended_codes=keys.days_by_word("ended_codes"),
        until=keys.day("until"),
    )


def _score(keys: Keys) -> ScoreRecord:
    return ScoreRecord(
        name=keys.line("name"),
        edition=keys.number("edition", low=1, high=EDITIONS_AT_MOST),
        label=keys.line("label"),
        source=keys.line("source"),
        items=_words(keys, "items"),
        rule=keys.word("rule", SCORE_RULES),
        unit=keys.line("unit", "score"),
        reverse=_words(keys, "reverse"),
        weights=keys.decimals("weights"),
        constant=keys.decimal("constant"),
        range=keys.limits("range"),
        missing=_missing_items(keys.table("missing")),
        until=keys.day("until"),
    )


def _missing_items(keys: Keys | None) -> MissingItems | None:
    if keys is None:
        return None
    rule = MissingItems(
        at_most=keys.number("at_most", low=1, high=ITEMS_AT_MOST),
        then=keys.word("then", MISSING_RULES, MISSING_RULES[0]),
    )
    keys.end()
    return rule


def _agent(keys: Keys) -> AgentRecord:
    return AgentRecord(
        name=keys.line("name"),
        drug_class=keys.line("class"),
        atc=keys.perhaps("atc"),
        until=keys.day("until"),
    )


def _product(keys: Keys) -> ProductRecord:
    return ProductRecord(
        name=keys.line("name"),
        agent=keys.line("agent"),
        kind=keys.word("kind", PRODUCT_KINDS),
        until=keys.day("until"),
    )


def _condition(keys: Keys) -> ConditionRecord:
    return ConditionRecord(
        name=keys.line("name"),
        label=keys.line("label"),
        icd10=_words(keys, "icd10"),
        group=keys.word("group", CONDITION_GROUPS),
        until=keys.day("until"),
    )


def _code(keys: Keys) -> CodeRecord:
    return CodeRecord(code=keys.line("code"), title=keys.line("title"), until=keys.day("until"))


def _scheduled(keys: Keys) -> ScheduledVisit:
    return ScheduledVisit(
        name=keys.line("name"),
        anchor=keys.word("from", ANCHORS),
        of=_words(keys, "of"),
        day=keys.number("day", None, low=-FARTHEST, high=FARTHEST),
        every=keys.line("every", None),
        since=keys.day("since"),
        window=keys.days("window", low=-FARTHEST, high=FARTHEST),
        requires=_words(keys, "requires"),
        imaging=tuple(map(_imaging, _tables(keys, "imaging"))),
        until=keys.day("until"),
    )


def _imaging(keys: Keys) -> ScheduledImaging:
    return ScheduledImaging(
        modality=keys.line("modality"), regions=_words(keys, "regions"), every=keys.line("every", None)
    )


def _follow_up(keys: Keys | None) -> FollowUpRule | None:
    if keys is None:
        return None
    rule = FollowUpRule(lost_after=keys.line("lost_after"))
    keys.end()
    return rule


def _words(keys: Keys, name: str) -> tuple[str, ...]:
    """Return a list of words, of so many as a score can have."""
    words = keys.words(name)
    if len(words) > ITEMS_AT_MOST:
        keys.wrong(name, f"has {len(words):,} words; {ITEMS_AT_MOST:,} at most")
    return words
