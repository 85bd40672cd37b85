"""A reader's file as a workbook: a sheet that says what it is, and one for each case, with drop-downs for the grades.

Only cells for grades can be typed in; places that do not exist are grey. The same file is the same bytes, whenever and
by whomever it is made: there is no day and no author in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from io import BytesIO
from itertools import groupby
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple

from registry.campaigns.sheet_copies import with_copies
from registry.campaigns.sheet_layout import FREE, NOT_ASSESSABLE, Column, Layout, Row
from registry.campaigns.sheets import CAMPAIGN_SHEET, FORMAT, MARK, SheetCase, SheetFile
from registry.catalogue.imaging.rules import NotWith, OnlyWith

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

NO_TIME: Final = datetime(2000, 1, 1, tzinfo=UTC)  # the format wants one; this says nothing
LIST_AT_MOST: Final = 255  # characters of a drop-down's words; longer lists stand in cells
LISTS_IN: Final = 25  # the column of the first sheet, from 0, in which long lists stand, out of sight
WIDTHS: Final = (7, 16)  # the least and the greatest of a column for grades, in characters
FREE_WIDTH: Final = 32  # of a column for text
PORTRAIT_AT_MOST: Final = 95  # characters of a sheet that is printed upright
TITLE, SHORT, BAND = 0, 2, 3  # rows of a case's sheet
MAY: Final = dict.fromkeys(("select_locked_cells", "select_unlocked_cells", "format_columns", "format_rows"), True)
GREY, PALE, LINE, RED = "#BFBFBF", "#F2F2F2", "#808080", "#F4B6B6"


class Styles:
    """The formats of one workbook, each made once; a workbook keeps them by what they say."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def of(self, **said: Any) -> Format:
        """Return the format of a cell that cannot be typed in unless it says `locked=False`."""
        key = tuple(sorted(said.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format({"font_name": "Calibri", "valign": "vcenter", **said})
        return self._made[key]


class _Area(NamedTuple):
    """A rectangle of cells, rows and columns from 0, both ends within."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


def write_workbook(file: IO[bytes], made: SheetFile, layout_of: Callable[[int], Layout]) -> None:
    """Write a reader's file; `layout_of` gives the layout of a case of so many studies."""
    from xlsxwriter import Workbook

    written, whole, like = BytesIO(), dict[int, int](), dict[int, int]()
    with Workbook(written, {"in_memory": True}) as book:
        book.set_properties({"created": NO_TIME})
        styles = Styles(book)
        front = book.add_worksheet(CAMPAIGN_SHEET)
        grids = _Grids(layout_of, styles, _Lists(front))
        _write_front(front, styles, made, layout_of(made.cases[0].studies))
        for number, case in enumerate(made.cases, 1):
            told = f"{made.campaign}, reader {made.reader}, case {number} of {len(made.cases)} in file {made.number}"
            sheet = _CaseSheet(book.add_worksheet(case.code), styles, grids[case.studies])
            sheet.write_title(case, told)
            if (other := whole.setdefault(case.studies, number + 1)) != number + 1:
                like[number + 1] = other
            else:
                sheet.write_rest()
    with_copies(written, file, like)


class _Lists:
    """Lists of words that are too long for a drop-down, in cells of the first sheet."""

    def __init__(self, front: Worksheet) -> None:
        self._front = front
        self._places: dict[tuple[str, ...], str] = {}

    def source(self, words: tuple[str, ...]) -> list[str] | str:
        """Return what a drop-down of the words refers to."""
        if len(",".join(words)) <= LIST_AT_MOST:
            return list(words)
        if words not in self._places:
            from xlsxwriter.utility import xl_range_abs

            column = LISTS_IN + len(self._places)
            for row, word in enumerate(words):
                _write(self._front, row, column, word)
            self._front.set_column(column, column, None, None, {"hidden": True})
            self._places[words] = f"={CAMPAIGN_SHEET}!{xl_range_abs(0, column, len(words) - 1, column)}"
        return self._places[words]


def _write(sheet: Worksheet, row: int, column: int, word: str) -> None:
    """Write a grade as the number that it is, and any other word as text."""
    if word.isdecimal():
        sheet.write_number(row, column, int(word))
    else:
        sheet.write_string(row, column, word)


def _write_front(sheet: Worksheet, styles: Styles, made: SheetFile, layout: Layout) -> None:
    """Write what the file is, how it is filled, and its cases with a link to each."""
    sheet.protect("", MAY)
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 100)
    sheet.write_string(0, 0, MARK, styles.of(bold=True, font_size=14))
    said = {"format": FORMAT, "campaign": made.campaign, "reader": made.reader, "file": made.number, "seal": made.seal}
    for row, (name, value) in enumerate(said.items(), 1):
        sheet.write_string(row, 0, name, styles.of(bold=True))
        sheet.write(row, 1, value, styles.of(align="left"))
    lines = (f"{layout.short}.", *layout.legend, "Only white cells can be typed in; grey places do not exist.")
    for row, line in enumerate(lines, len(said) + 2):
        sheet.write_string(row, 1, line, styles.of(text_wrap=True))
    row = len(said) + len(lines) + 3
    sheet.write_string(row, 0, "cases", styles.of(bold=True, bottom=1))
    for number, case in enumerate(made.cases, row + 1):
        sheet.write_url(number, 0, f"internal:'{case.code}'!A1", styles.of(underline=1, font_color="blue"), case.code)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


class _Grid:
    """What the sheets of cases with one layout have in common: where each cell stands and how it looks."""

    def __init__(self, layout: Layout, styles: Styles, lists: _Lists) -> None:
        self.layout = layout
        self.header = BAND + bool(layout.letters)
        self.first = self.header + 1
        self.last = self.header + len(layout.rows)
        self.rows = [*_formatted(layout, styles)]
        self.lists = [(area, _list_of(words, lists)) for area, words in _runs(layout, self.first) if words != FREE]
        self.shown = [*_shown_rules(layout, styles, self.first, self.last)]


class _Grids(dict[int, _Grid]):
    """The grids of a workbook by the number of studies of a case, each made when it is asked for."""

    def __init__(self, layout_of: Callable[[int], Layout], styles: Styles, lists: _Lists) -> None:
        super().__init__()
        self._layout_of, self._styles, self._lists = layout_of, styles, lists

    def __missing__(self, studies: int) -> _Grid:
        self[studies] = _Grid(self._layout_of(studies), self._styles, self._lists)
        return self[studies]


class _CaseSheet:
    """The sheet of one case: title, letters, header, a row a place, and below what the grades are."""

    def __init__(self, sheet: Worksheet, styles: Styles, grid: _Grid) -> None:
        self._sheet, self._styles, self._grid, self._layout = sheet, styles, grid, grid.layout

    def write_title(self, case: SheetCase, told: str) -> None:
        """Write what no two sheets have alike, the first two rows; and what the workbook is told of each sheet."""
        self._sheet.write_string(TITLE, 0, f"Case {case.code}", self._styles.of(bold=True, font_size=14))
        self._sheet.write_string(TITLE + 1, 0, told)
        self._sheet.repeat_rows(self._grid.header)

    def write_rest(self) -> None:
        """Write all else."""
        self._sheet.protect("", MAY)
        self._sheet.write_string(SHORT, 0, f"{self._layout.short}.", self._styles.of(italic=True))
        self._write_header()
        for place, (row, name, cells) in enumerate(self._grid.rows, self._grid.first):
            self._write_row(place, row.name, name, cells)
        for place, line in enumerate(self._layout.legend, self._grid.last + 2):
            self._sheet.write_string(place, 0, line)
        for area, choice in self._grid.lists:
            self._sheet.data_validation(*area, choice)
        for area, shown in self._grid.shown:
            self._sheet.conditional_format(*area, shown)
        self._lay_out()

    def _write_header(self) -> None:
        layout, styles = self._layout, self._styles
        for letter, columns in groupby(enumerate(layout.columns, 1), key=lambda each: each[1].letter):
            places = [place for place, _ in columns]
            band = styles.of(bold=True, font_size=14, align="center", bg_color="#D9E2F3", border=1)
            if letter and len(places) > 1:
                self._sheet.merge_range(BAND, places[0], BAND, places[-1], letter, band)
            elif letter:
                self._sheet.write_string(BAND, places[0], letter, band)
        head = {"bold": True, "text_wrap": True, "border": 1, "bg_color": PALE}
        self._sheet.write_string(self._grid.header, 0, layout.rows_are, styles.of(**head))
        for place, column in enumerate(layout.columns, 1):
            self._sheet.write_string(self._grid.header, place, column.name, styles.of(align="center", **head))

    def _write_row(self, place: int, name: str, style: Format, cells: list[Format]) -> None:
        if name.isdecimal():
            self._sheet.write_number(place, 0, int(name), style)
        else:
            self._sheet.write_string(place, 0, name, style)
        for column, cell in enumerate(cells, 1):
            self._sheet.write_blank(place, column, None, cell)

    def _lay_out(self) -> None:
        """Set widths, what stays in sight, and how the sheet is printed: one page wide, the header on each page."""
        layout, sheet = self._layout, self._sheet
        longest = max(len(row.name) for row in layout.rows) + 2
        sheet.set_column(0, 0, max(longest, 10))
        width = max(longest, 10)
        for place, column in enumerate(layout.columns, 1):
            wide = _width(layout, column)
            width += wide
            sheet.set_column(place, place, wide)
        sheet.set_row(self._grid.header, 15 * max(_lines(column) for column in layout.columns))
        sheet.freeze_panes(self._grid.first, 1)
        sheet.set_selection(self._grid.first, 1, self._grid.first, 1)
        sheet.set_paper(9)
        if width > PORTRAIT_AT_MOST:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)


def _formatted(layout: Layout, styles: Styles) -> Iterator[tuple[Row, Format, list[Format]]]:
    """Yield each row with the format of its name and of its cells; a thick line is where a group or a study begins."""
    group = None
    for row in layout.rows:
        edge = {"border": 1, "border_color": LINE, "top": 2 if row.group and row.group != group else 1}
        group = row.group
        letters = [None, *(column.letter for column in layout.columns)]
        cells = []
        for column, before in zip(layout.columns, letters):
            looks = {"locked": False, "align": "center"} if layout.words_at(row, column) else {"bg_color": GREY}
            cells.append(styles.of(**looks, **edge, **({"left": 2} if column.letter != before else {})))
        yield row, styles.of(bold=True, bg_color=PALE, **edge), cells


def _list_of(words: tuple[str, ...], lists: _Lists) -> dict[str, Any]:
    """Return the drop-down of a cell that can hold some words."""
    also = f", or {NOT_ASSESSABLE} where it could not be assessed" if NOT_ASSESSABLE in words else ""
    said = {"error_title": "Not in the list", "error_message": f"Choose from the list{also}."}
    return {"validate": "list", "source": lists.source(words), **said}


def _shown_rules(layout: Layout, styles: Styles, first: int, last: int) -> Iterator[tuple[_Area, dict[str, Any]]]:
    """Yield what shows rules: grey where an item does not exist beside another grade, red where one breaks a rule."""
    for rule in () if layout.method is None else layout.method.rules:
        for letter in layout.letters or ("",):
            at = {column.asks: place for place, column in enumerate(layout.columns, 1) if column.letter == letter}
            for item in rule.items:
                is_excluded = isinstance(rule, NotWith)
                when = _excluded(rule, first, at) if isinstance(rule, NotWith) else _broken(rule, first, at, item)
                looks = styles.of(bg_color=GREY if is_excluded else RED)
                yield _Area(first, at[item], last, at[item]), {"type": "formula", "criteria": when, "format": looks}


def _excluded(rule: NotWith, row: int, at: Mapping[str, int]) -> str:
    return f"=N({_cell(row, at[rule.other])})>0"


def _broken(rule: OnlyWith, row: int, at: Mapping[str, int], item: str) -> str:
    others = ",".join(f"N({_cell(row, at[each])})" for each in rule.of)
    return f"=AND(N({_cell(row, at[item])})>0,MAX({others})=0)"


def _cell(row: int, column: int) -> str:
    from xlsxwriter.utility import xl_rowcol_to_cell

    return str(xl_rowcol_to_cell(row, column, col_abs=True))


def _runs(layout: Layout, first: int) -> Iterator[tuple[_Area, tuple[str, ...]]]:
    """Yield the rectangles of cells that can hold the same words; there are none where nothing can be typed."""
    for begin, end in _alike(row.part for row in layout.rows):
        possible = [layout.words_at(layout.rows[begin], column) for column in layout.columns]
        for left, right in _alike(possible):
            if words := possible[left]:
                yield _Area(first + begin, left + 1, first + end, right + 1), words


def _alike(kinds: Iterable[object]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last place of each run that is of one kind."""
    for _, run in groupby(enumerate(kinds), key=lambda each: each[1]):
        places = [place for place, _ in run]
        yield places[0], places[-1]


def _width(layout: Layout, column: Column) -> int:
    """Return how wide a column is, in characters: for its longest word, and the mark of its drop-down."""
    possible = [words for (_, asks), words in layout.words.items() if asks == column.asks]
    if FREE in possible:
        return FREE_WIDTH
    longest = max(*map(len, column.name.split()), *(len(word) + 3 for words in possible for word in words))
    return min(max(longest, WIDTHS[0]), WIDTHS[1])


def _lines(column: Column) -> int:
    return len(column.name.split())
