"""Proposals put together as tables of a mapping: by table and instrument, and what stands in one row several times."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from registry.intake.sources.draft.proposals import Proposal, numbered
from registry.schema.tables import Table

NEVER_REPEATED = "patients"


class Block(NamedTuple):
    """One `[[table]]` of a draft: the fields that may go to each column, the surest first.

    Of what repeats `repeat` has the numbers as they are written, and the fields are patterns with `{n}` in `names`.
    """

    table: str
    instrument: str
    columns: Mapping[str, Sequence[Proposal]]
    repeat: tuple[str, ...] = ()
    names: Mapping[str, str] = {}

    @property
    def proposals(self) -> Iterator[Proposal]:
        """Every proposal in it."""
        for several in self.columns.values():
            yield from several

    @property
    def first(self) -> str:
        """The pattern of the field that says whether a repetition is there: of a column that is needed, if there is."""
        needed = [name for name, several in self.columns.items() if several[0].column.required]
        return self.names[(needed or [*self.columns])[0]]


def blocks_of(proposals: Iterable[Proposal], tables: Mapping[str, Table]) -> list[Block]:
    """Return the tables that proposals make, in the order of ours."""
    proposals = [*proposals]
    found: dict[tuple[str, str], dict[str, list[Proposal]]] = defaultdict(lambda: defaultdict(list))
    for each in proposals:
        found[each.table, _instrument(each, proposals)][each.column.name].append(each)
    order = [*tables]
    blocks: list[Block] = []
    for (table, instrument), columns in sorted(found.items(), key=lambda item: (order.index(item[0][0]), item[0][1])):
        ranked = {name: sorted(columns[name], key=lambda each: each.sureness)
                  for name in tables[table].columns if name in columns}  # fmt: skip
        blocks += _parted(table, instrument, ranked)
    return blocks


def _instrument(proposal: Proposal, proposals: Iterable[Proposal]) -> str:
    """Return the instrument in which a field has its values; of one without any, the only one of its table."""
    if proposal.sample.instruments:
        return proposal.sample.instrument
    others = {each.sample.instrument for each in proposals
              if each.table == proposal.table and each.sample.instruments}  # fmt: skip
    return others.pop() if len(others) == 1 else ""


def _parted(table: str, instrument: str, columns: Mapping[str, Sequence[Proposal]]) -> Iterator[Block]:
    """Yield a table in parts: what stands there once, and what is repeated, by the numbers that it has."""
    repeated: dict[tuple[str, ...], dict[str, Sequence[Proposal]]] = defaultdict(dict)
    once = {}
    for name, several in columns.items():
        numbers = () if table == NEVER_REPEATED else _numbers(several)
        if numbers:
            repeated[numbers][name] = several
        else:
            once[name] = several
    if once:
        yield Block(table, instrument, once)
    for numbers, parts in repeated.items():
        names = {name: _pattern(several[0]) for name, several in parts.items()}
        yield Block(table, instrument, parts, numbers, names)


def _numbers(several: Sequence[Proposal]) -> tuple[str, ...]:
    """Return the numbers at the ends of fields that are called alike otherwise, none where they are not."""
    if any(each.sample.field.checkbox is not None for each in several):
        return ()
    parts = [numbered(each.sample.name) for each in several]
    patterns = {_pattern(each) for each in several}
    if len(parts) < 2 or len(patterns) > 1 or not all(parts):
        return ()
    return tuple(sorted((part[1] for part in parts if part), key=int))


def _pattern(proposal: Proposal) -> str:
    parts, name = numbered(proposal.sample.name), proposal.sample.name
    return f"{name.removesuffix(parts[1])}{{n}}" if parts else name
