"""The figures of a cohort in groups as a paper prints them: a line a figure, a column a group, then p and differences.

A p stands in the line of the statistic that it is beside; of a variable of several words, and of a curve, in its first
line. What stands between groups and has no line has a panel of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from projections.cohort.figures.between_groups import ROW
from projections.cohort.figures.comparison import FISHER, apart_from, is_between, p_between
from projections.cohort.figures.layout import Layout, printed
from projections.cohort.figures.points import is_point
from views.manuscript.labels import Labels
from views.manuscript.panels import VALUE, Cells, Footnotes, Grid, Sheet, grids, noted, taken

if TYPE_CHECKING:
    from projections.cohort.figures.figures import Figure

OVERALL: Final = "all"
IN_THE_PANEL: Final = ("p of ", "rate ratio", "first events")  # differences of means stand in --csv and --json
Worded = Callable[["Figure"], str | None]


class GroupColumns(NamedTuple):
    """Figures by group (empty for all members) and place, and what stands between groups by group and place."""

    own: dict[str, Cells]
    between: dict[str, Cells]
    headings: dict[str, str]
    others: list[str]

    @classmethod
    def of(cls, figures: Iterable[Figure], reference: str) -> GroupColumns:
        """Return figures by their columns, in the order of the groups."""
        own: dict[str, Cells] = {}
        between: dict[str, Cells] = {}
        headings: dict[str, str] = {}
        for figure in figures:
            if figure.row == ROW:
                if figure.group:
                    headings[figure.group] = f"{figure.group} (n = {figure.text})"
                continue
            if is_point(figure):
                continue
            cells = between if is_between(figure) else own
            cells.setdefault(figure.group, {})[figure.row, figure.timepoint, figure.statistic] = figure
        if "" in own:
            headings = {"": OVERALL, **headings}
        return cls(own, between, headings, [name for name in headings if name not in ("", reference)])

    @property
    def everything(self) -> Cells:
        """One figure of each place, whichever column has it first."""
        merged: Cells = {}
        for name in reversed(self.headings):
            merged = {**merged, **self.own.get(name, {})}
        order = dict.fromkeys(at for name in self.headings for at in self.own.get(name, {}))
        return {at: merged[at] for at in order}


def grouped_sheet(
    table: str, layout: Layout, figures: Iterable[Figure], reference: str, labels: Labels | None = None
) -> Sheet:
    """Return the figures of a table in groups, laid out as it declares, with a column a group, in words of labels."""
    labels = labels or Labels()
    figures = list(figures)
    columns = GroupColumns.of(figures, reference)
    used: set[int] = set()
    transposed = [
        _transposed(grid, columns, used)
        for part in layout
        for grid in grids(part, columns.everything, labels)
        if any(map(any, grid.figures))
    ]
    rest = _between(columns, used, labels)
    transposed += [rest] if rest.figures else []
    shown = {id(figure) for grid in transposed for line in grid.figures for figure in line if figure} | used
    shown &= {id(figure) for figure in figures}  # some are worded anew
    footnotes = Footnotes()
    panels = [noted(_without_empty(grid), footnotes) for grid in transposed]
    n = sum(figure.row != ROW for figure in figures)
    return Sheet(table, panels, footnotes.all(), n - len(shown))


def _transposed(grid: Grid, columns: GroupColumns, used: set[int]) -> Grid:
    """Return a panel with a line for each of its figures, and a column for each group."""
    worded: dict[int, Worded] = {}
    names, lines, above = [], [], []
    former: list[str] = []
    within = grid.within or [None] * len(grid.headings)
    over = grid.above or [""] * len(grid.names)
    for stub, line, over_it in zip(grid.names, grid.figures, over, strict=True):
        for heading, figure, words, bracketed in zip(grid.headings, line, grid.worded, within, strict=True):
            if figure is None:
                continue
            at = (figure.row, figure.timepoint, figure.statistic)
            cells = [taken(columns.own.get(name, {}), at, bracketed) for name in columns.headings]
            worded |= {id(each): words for each in cells if each is not None}
            names.append([*("" if stub == former else name for name in stub), heading])
            lines.append([*cells, *_beside(columns, at, used, worded)])
            above.append(over_it)
            former = stub
    headings = [*columns.headings.values(), "p", *(f"SMD, {name}" for name in columns.others)]
    own = "time point" if "figure" in grid.stub else "figure"
    stub = [*grid.stub, own]
    if {name[-1] for name in names} <= {VALUE}:
        stub, names = grid.stub, [name[:-1] for name in names]
    names = [[*name[:-1], "" if name[-1] == VALUE else name[-1]] for name in names]

    def in_words(figure: Figure) -> str | None:
        return worded[id(figure)](figure)

    return Grid(grid.title, stub, headings, names, lines, [in_words] * len(headings), above)


def _beside(
    columns: GroupColumns, at: tuple[str, str, str], used: set[int], worded: dict[int, Worded]
) -> Iterator[Figure | None]:
    """Yield the p that stands beside a figure, and the standardised difference of each other group; each once."""
    row, timepoint, statistic = at
    places = [(row, timepoint), (row.partition(": ")[0], timepoint), (row, "")]
    p = _first(columns.between.get("", {}), places, p_between(statistic), used)
    if p is None and len(columns.others) == 1:
        p = _first(columns.between.get(columns.others[0], {}), places, p_between(statistic), used)
    if p is not None:
        exact = columns.between.get("", {}).get((p.row, p.timepoint, p.statistic + FISHER))
        used |= {id(each) for each in (p, exact) if each is not None}
        worded[id(p)] = _with_exact(exact)
    yield p
    for name in columns.others:
        apart = _first(columns.between.get(name, {}), places, apart_from(statistic), used)
        if apart is not None:
            used.add(id(apart))
            worded[id(apart)] = printed
        yield apart


def _first(cells: Cells, places: list[tuple[str, str]], statistic: str, used: set[int]) -> Figure | None:
    found = (cells.get((*place, statistic)) for place in places)
    return next((figure for figure in found if figure is not None and id(figure) not in used), None)


def _with_exact(exact: Figure | None) -> Worded:
    """Return how a p is printed beside an exact one; where one of the two has no number, the other stands alone."""
    if exact is None or exact.text is None:
        return printed
    return lambda figure: f"exact {exact.text}" if figure.text is None else f"{figure.text} (exact {exact.text})"


def _between(columns: GroupColumns, used: set[int], labels: Labels) -> Grid:
    """Return the panel of what stands between groups and has no line yet."""
    left = {
        name: {
            at: figure
            for at, figure in columns.between.get(name, {}).items()
            if id(figure) not in used and at[2].startswith(IN_THE_PANEL)
        }
        for name in ("", *columns.headings)
    }
    ats = list(dict.fromkeys(at for cells in left.values() for at in cells))
    named = [*columns.headings] if "" in columns.headings else ["", *columns.headings]
    return Grid(
        "Between groups",
        ["", "time point", "figure"],
        [columns.headings.get(name, OVERALL) for name in named],
        [[labels.of(row), timepoint, statistic] for row, timepoint, statistic in ats],
        [[left[name].get(at) for name in named] for at in ats],
        [printed] * len(named),
    )


def _without_empty(grid: Grid) -> Grid:
    """Return a panel without the columns that have nothing, groups aside."""
    kept = [
        place
        for place, heading in enumerate(grid.headings)
        if not (heading == "p" or heading.startswith("SMD, ")) or any(line[place] for line in grid.figures)
    ]
    return grid._replace(
        headings=[grid.headings[place] for place in kept],
        figures=[[line[place] for place in kept] for line in grid.figures],
        worded=[grid.worded[place] for place in kept],
    )
