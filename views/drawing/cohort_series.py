"""What charts of a cohort share: series with a name for each group, places of time points, numbers below the axis."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol, TypeVar

from views.drawing.axes import WIDTH, Area
from views.drawing.marks import small, text
from views.drawing.palette import LABEL, SMALL
from views.drawing.scales import Scale
from views.drawing.svg import Element
from views.drawing.text_widths import fitted, width_of

if TYPE_CHECKING:
    from projections.cohort.figures.figures import Figure, Placed

ALL: Final = "all"
LINE: Final = 15.0
ASIDE: Final = 20.0  # between the names of rows and the first number
PAIR: Final = " → "


class Grouped(Protocol):
    """What is of a group, or of all members where its name is empty."""

    @property
    def group(self) -> str:
        """The name of the group."""


T = TypeVar("T", bound=Grouped)
E = TypeVar("E")


class Series(NamedTuple):
    """The figures of one row and group at the time points, in their order: `of` is by time point, then by statistic."""

    row: str
    group: str
    of: Mapping[str, Mapping[str, Figure]]

    @property
    def name(self) -> str:
        """What a legend calls it."""
        return self.group or ALL


def series_of(placed: Iterable[Placed], table: str, row: str) -> list[Series]:
    """Return the figures of a row of a table: of all members, then of each group, as they come."""
    found: dict[str, dict[str, dict[str, Figure]]] = {}
    for each in placed:
        if each.table == table and each.figure.row == row and PAIR not in each.figure.timepoint:
            at = found.setdefault(each.figure.group, {}).setdefault(each.figure.timepoint, {})
            at[each.figure.statistic] = each.figure
    return [Series(row, group, at) for group, at in found.items()]


def groups_alone(series: Sequence[T]) -> Sequence[T]:
    """Return the series of groups where there are any, else that of all members: one over the other hides both."""
    return [each for each in series if each.group] or series


def time_points(series: Iterable[Series]) -> list[str]:
    """Return the time points of several series, in their order."""
    return list(dict.fromkeys(name for each in series for name in each.of))


def places_of(names: Sequence[str], days: Mapping[str, float] | None, area: Area) -> dict[str, float]:
    """Return where each time point stands: by its day where all have one of their own, else side by side."""
    if days is not None and all(name in days for name in names) and len({days[name] for name in names}) == len(names):
        scale = Scale(min(days[name] for name in names), max(days[name] for name in names), 0, 1)
        if scale.low < scale.high:
            inset = min(30.0, area.width / 8)
            wide = area.width - 2 * inset
            return {name: area.left + inset + scale(days[name]) * wide for name in names}
    step = area.width / max(len(names), 1)
    return {name: area.left + (place + 0.5) * step for place, name in enumerate(names)}


def labelled(places: Mapping[str, float], area: Area) -> Iterator[Element]:
    """Yield the names of places below an area, on two lines where they would touch."""
    right = [-1e9, -1e9]
    for name, x in places.items():
        said = fitted(name, 120, SMALL)
        half = width_of(said, SMALL) / 2
        line = 0 if x - half > right[0] + 4 else 1
        right[line] = x + half
        yield small((min(max(x, half + 2), area.right + 30 - half), area.bottom + 16 + line * 13), said, "middle")


class Setting(NamedTuple):
    """What charts of one cohort share: the caption's `cut` date, the `days` of time points on one axis, the `width`."""

    cut: str = ""
    days: Mapping[str, float] | None = None
    width: float = WIDTH


PLAIN: Final = Setting()


def evenly(things: Sequence[E], most: int) -> Sequence[E]:
    """Return things, of more than so many the first, the last, and those at even distances between them.

    >>> evenly("abcdefg", 4), evenly("abc", 4)
    (['a', 'c', 'e', 'g'], 'abc')
    """
    if len(things) <= most:
        return things
    return [things[round(place * (len(things) - 1) / (most - 1))] for place in range(most)]


def of_all(n: int, drawn: int, what: str) -> str:
    """Return what a caption says where not all of many are drawn, nothing where they are."""
    return "" if drawn == n else f"Of {n:,} {what} {drawn:,} are drawn, evenly chosen in their order."


class Below(NamedTuple):
    """A row of numbers below an axis: its name, and a number for each place, None where there is none."""

    name: str
    numbers: Sequence[int | str | None]


def numbers_under(rows: Iterable[Below], xs: Sequence[float], left: float, top: float) -> tuple[list[Element], float]:
    """Return rows of numbers under the places `xs`, their names at the left, from a top; and how high they are."""
    drawn, y = list[Element](), top
    for each in rows:
        y += LINE
        drawn.append(text((left - ASIDE, y), fitted(each.name, left - ASIDE - 2, LABEL), "end below-name"))
        for x, number in zip(xs, each.numbers, strict=True):
            drawn.append(small((x, y), "–" if number is None else str(number), "middle below"))
    return drawn, y - top


def cut_of(as_of: object, known_at: str = "") -> str:
    """Return how a caption says up to when: the clinical day, and what was known then."""
    day = f"Cut date {as_of}" if as_of is not None else "Cut date: the last day known"
    return f"{day}, {known_at}." if known_at else f"{day}."
