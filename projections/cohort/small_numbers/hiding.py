"""Which numbers have to be hidden beside small ones, so that none of these follows from what is shown.

Of numbers that add up to one that is known, a single hidden one follows from the others, and so does that several
hidden ones are small, where they are so together. Then the smallest shown number is hidden as well, until neither is
so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, TypeVar

K = TypeVar("K", bound=tuple[Any, ...])


def is_small(number: float | None, minimum: int) -> bool:
    """Return whether a number of patients is too small to be shown: below the minimum, and not nobody.

    >>> [is_small(number, 5) for number in (0, 1, 4, 5, None)]
    [False, True, True, False, False]
    """
    return number is not None and 0 < number < minimum


def with_what_gives_away(
    counts: Mapping[K, float], sums: Sequence[Collection[K]], hidden: Collection[K], minimum: int
) -> set[K]:
    """Return what is hidden, and what else has to be; each of the `sums` has the places whose counts add up.

    >>> sorted(with_what_gives_away({("a",): 2, ("b",): 9, ("c",): 7}, [[("a",), ("b",), ("c",)]], [("a",)], 5))
    [('a',), ('c',)]
    """
    all_hidden = set(hidden)
    while more := next(_needed(counts, sums, all_hidden, minimum), None):
        all_hidden.add(more)
    return all_hidden


def _needed(
    counts: Mapping[K, float], sums: Sequence[Collection[K]], hidden: Collection[K], minimum: int
) -> Iterator[K]:
    """Yield the next place to hide in a sum of which too little is hidden to keep it."""
    for places in sums:
        there = [place for place in places if place in counts]
        kept = [place for place in there if place not in hidden]
        if kept and _gives_away([counts[place] for place in there if place in hidden], minimum):
            yield min(kept, key=lambda place: (counts[place] == 0, counts[place], place))


def _gives_away(numbers: Sequence[float], minimum: int) -> bool:
    return len(numbers) == 1 or (bool(numbers) and sum(numbers) < minimum)
