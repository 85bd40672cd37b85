"""Who reads what: all readers all units, or so many readers each; who reads what again; and in which order.

Everything is drawn by the key, so that nobody can foresee it, and everybody who has the key can see that it was so. No
two readers' numbers of units differ by more than one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import ROUND_CEILING
from itertools import combinations
from typing import Final

from registry.campaigns.blinding import Blinding, CaseKey
from registry.domain.campaigns import Campaign

READER, ADJUDICATOR = "reader", "adjudicator"  # roles
LATIN_SQUARE: Final = "latin-square"


def first_cases(campaign: Campaign, units: Iterable[str], blinding: Blinding) -> list[CaseKey]:
    """Return the cases of a campaign at its start: who reads which unit, and which of them again."""
    drawn = sorted(units, key=lambda unit: blinding.draw("readers", unit))
    first = [
        CaseKey(reader, unit)
        for unit, readers in zip(drawn, _readers_of(campaign, drawn, blinding))
        for reader in readers
    ]
    return sorted([*first, *_repeats(campaign, first, blinding)])


def possible_cases(campaign: Campaign, units: Sequence[str]) -> list[CaseKey]:
    """Return every case that a campaign can come to have, those of an adjudicator among them."""
    readers = [
        CaseKey(reader, unit, repeat) for reader in campaign.readers for unit in units for repeat in (False, True)
    ]
    adjudicator = campaign.adjudicator
    return readers + ([] if adjudicator is None else [CaseKey(adjudicator, unit) for unit in units])


def in_order(campaign: Campaign, cases: Iterable[CaseKey], units: Iterable[str], blinding: Blinding) -> list[CaseKey]:
    """Return cases of one reader in the order in which that reader gets them; first readings and repeats are mixed.

    With a Latin square all `units` are parted in as many blocks as there are readers, and each reader begins with
    another block, so that each block has each place in the order once.
    """
    blocks = _blocks(campaign, units, blinding) if campaign.design == LATIN_SQUARE else {}

    def place(case: CaseKey) -> tuple[int, bytes]:
        number = len(campaign.readers)
        row = campaign.readers.index(case.reader) if case.reader in campaign.readers else 0
        return (blocks.get(case.unit, 0) - row) % number, blinding.rank(case)

    return sorted(cases, key=place)


def _blocks(campaign: Campaign, units: Iterable[str], blinding: Blinding) -> dict[str, int]:
    """Return the number of each unit's block, from 0; the sizes of blocks differ by one at most."""
    drawn = sorted(units, key=lambda unit: blinding.draw("block", unit))
    return {unit: place % len(campaign.readers) for place, unit in enumerate(drawn)}


def _readers_of(campaign: Campaign, units: Sequence[str], blinding: Blinding) -> Iterable[tuple[str, ...]]:
    """Yield the readers of each unit: of those who have the fewest units, who were the least often together."""
    load, together = Counter(campaign.readers), Counter[tuple[str, str]]()
    for unit in units:
        chosen: list[str] = []
        while len(chosen) < campaign.readers_per_unit:
            chosen.append(
                min(
                    (reader for reader in campaign.readers if reader not in chosen),
                    key=lambda reader: (
                        load[reader],
                        sum(together[_pair(reader, other)] for other in chosen),
                        blinding.draw("reader", unit, reader),
                    ),
                )
            )
        load.update(chosen)
        together.update(_pair(*both) for both in combinations(chosen, 2))
        yield tuple(chosen)


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)


def _repeats(campaign: Campaign, first: Sequence[CaseKey], blinding: Blinding) -> Iterable[CaseKey]:
    """Yield the cases that come to their reader again: so many of each reader's units, at least the share asked for."""
    for reader in campaign.readers:
        own = sorted(
            (case.unit for case in first if case.reader == reader),
            key=lambda unit: blinding.draw("again", unit, reader),
        )
        number = int((campaign.repeats * len(own)).to_integral_value(ROUND_CEILING))
        yield from (CaseKey(reader, unit, repeat=True) for unit in own[:number])
