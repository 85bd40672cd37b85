"""The page of a case: its cells as tables, what is wrong with them, and what the scores are so far."""

from __future__ import annotations

from math import ceil
from typing import Final, NamedTuple

from registry.campaigns.sheet_layout import FREE, NOT_ASSESSABLE
from registry.campaigns.typed_page import Spot
from registry.campaigns.worklists import Case
from registry.wording import listed
from views.readings.asked import field_of
from views.readings.desk import Sheet
from views.readings.judged import Judged

SHADES: Final = 4
WORDS_TOLD: Final = 8  # one by one
LESIONS_SHOWN: Final = 8  # rows of a list that are in sight though they are empty


class Cell(NamedTuple):
    """A cell of a page: the name of its field, what it is called, what it can hold, and what stands there.

    `shade` is how dark its grade is drawn, 0 for the lowest; `wrong` is what is wrong with it.
    """

    field: str
    name: str
    words: tuple[str, ...]
    text: str
    shade: str
    wrong: str
    is_excluded: bool

    @property
    def is_free(self) -> bool:
        """Whether it takes any text."""
        return self.words == FREE

    @property
    def is_graded(self) -> bool:
        """Whether it takes grades, and is no list to choose from."""
        return not self.is_free and all(word.isdigit() or word == NOT_ASSESSABLE for word in self.words)

    @property
    def told(self) -> str:
        """What it can hold, in words."""
        if self.is_free:
            return "in words"
        is_long = len(self.words) > WORDS_TOLD
        return f"{self.words[0]} to {self.words[-2]}, or {self.words[-1]}" if is_long else listed(self.words)


def cell_at(sheet: Sheet, judged: Judged, spot: Spot) -> Cell:
    """Return a cell of a page as it is typed so far."""
    row, column = sheet.layout.rows[spot[0]], sheet.layout.columns[spot[1]]
    words, text = sheet.layout.words_at(row, column), judged.page.cells[spot].text
    return Cell(
        field_of(spot),
        judged.page.named(spot),
        words,
        text,
        shade_of(text, words),
        judged.page.marks.get(spot, ""),
        spot in judged.excluded,
    )


def shade_of(text: str, words: tuple[str, ...]) -> str:
    """Return how dark a grade is drawn among those that are allowed, from 0 to 4; nothing for what is no grade.

    >>> shade_of("0", ("0", "1", "2", "3", "n/a")), shade_of("1", ("0", "1", "n/a")), shade_of("n/a", ("0", "n/a"))
    ('0', '4', 'n/a')
    """
    if text not in words or text == NOT_ASSESSABLE:
        return text if text in words else ""
    grades = [word for word in words if word.isdigit()]
    if text not in grades:
        return ""
    return str(ceil(SHADES * grades.index(text) / max(len(grades) - 1, 1)))


def given(sheet: Sheet, case: Case, judged: Judged) -> dict[str, object]:
    """Return what the template of a case is given: its tables with the cells, and what is said of them."""
    last = max((row for (row, _), cell in judged.page.cells.items() if cell.text), default=-1)
    return {
        "code": case.code,
        "layout": sheet.layout,
        "blocks": sheet.blocks,
        "cell": lambda spot: cell_at(sheet, judged, spot),
        "in_sight": len(sheet.layout.rows) if sheet.layout.method else max(LESIONS_SHOWN, last + 3),
        "totals": judged.totals,
        "letters": sheet.layout.letters or ("",),
        "left": left(judged),
        "notes": judged.page.notes,
    }


def left(judged: Judged) -> str:
    """Return how much is to be entered still, in words."""
    if judged.page.layout.method is None:
        return ""
    count = len(judged.page.empty)
    return f"{count:,} cell{'' if count == 1 else 's'} to go" if count else "nothing is empty"


def as_json(judged: Judged) -> dict[str, object]:
    """Return the same for the script of the page."""
    return {
        "left": left(judged),
        "notes": judged.page.notes,
        "marks": {field_of(spot): why for spot, why in judged.page.marks.items()},
        "excluded": sorted(field_of(spot) for spot in judged.excluded),
        "totals": [[total.values[letter] for letter in total.values] for total in judged.totals],
    }
