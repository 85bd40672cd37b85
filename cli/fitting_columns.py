"""Which columns of a table stand beside each other where it is wider than the screen: pieces, one below the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Final

GAP: Final = 3  # columns between two of a table


def fitting(widths: Sequence[int], room: int) -> int:
    """Return how many columns of these widths fit, one at least."""
    ends = accumulate(width + GAP for width in widths)
    return max(1, sum(end <= room for end in ends))


def pieces(widths: Sequence[int], stubs: Sequence[int], room: int) -> Iterator[Sequence[int]]:
    """Yield the columns of each piece: those that name the lines, and as many of the others as fit, one at least.

    >>> [*pieces([10, 20, 20, 20], [0], 60)]
    [(0, 1, 2), (0, 3)]
    """
    rest = [place for place in range(len(widths)) if place not in stubs]
    while rest:
        n = max(1, fitting([widths[column] for column in (*stubs, *rest)], room) - len(stubs))
        yield (*stubs, *rest[:n])
        rest = rest[n:]


def naming(lines: Sequence[Sequence[object]], widths: Sequence[int], room: int) -> list[int]:
    """Return the columns that name the lines, in half of the screen: those from the left that tell more of them apart.

    Numbers name nothing. Where these do not tell all apart, and some of them with one more column do, it is those;
    where half of the screen is too narrow for that, two thirds of it.

    >>> naming([("P-1", "R1", "2020", 5), ("P-1", "R1", "2021", 5)], [3, 2, 4, 1], 80)
    [0, 2]
    """
    in_half, in_more = (_naming(lines, widths, share) for share in (room // 2, room * 2 // 3))
    return in_more if _apart(in_half, lines) < len(lines) == _apart(in_more, lines) else in_half


def _naming(lines: Sequence[Sequence[object]], widths: Sequence[int], room: int) -> list[int]:
    places = [place for place in range(1, len(widths) - 1) if not all(_is_number(line[place]) for line in lines)]
    chosen = [0]
    for place in places:
        if _fit([*chosen, place], widths, room) and _apart([*chosen, place], lines) > _apart(chosen, lines):
            chosen.append(place)
    others = ([*chosen[:n], place] for n in range(len(chosen) - 1, 0, -1) for place in places)
    whole = (each for each in (chosen, *others) if _apart(each, lines) == len(lines))
    return next((each for each in whole if _fit(each, widths, room)), chosen)


def _is_number(value: object) -> bool:
    return value is None or isinstance(value, int | float)


def _fit(places: Sequence[int], widths: Sequence[int], room: int) -> bool:
    return sum(widths[place] + GAP for place in places) <= room


def _apart(places: Sequence[int], lines: Sequence[Sequence[object]]) -> int:
    return len({tuple(str(line[place]) for place in places) for line in lines})
