"""What is to be said of a case as it is typed so far: by the rules of sheets that come back, and by no other."""

from __future__ import annotations

from typing import Final, NamedTuple

from registry.campaigns.drafts import Typed
from registry.campaigns.sheet_layout import Layout
from registry.campaigns.typed_page import Spot, TypedPage
from registry.campaigns.unblinded import Grades, SeenLesion, grades_by_letter, items_excluded, lesions_seen
from registry.catalogue.imaging.method import ONLY_ITEM
from views.readings.totals import Total, totals

NO_LESION: Final = (
    "no lesion is entered: a pair in which nobody sees one has nothing that could be recorded; leave the case as it "
    "is, and tell the data manager"
)


class Judged(NamedTuple):
    """A case as it is typed: what it `said`, all `problems` in words, what is wrong with cells, which are empty.

    `excluded` are the cells that do not exist beside the grades of their row; `totals` are what scores say so far.
    """

    page: TypedPage
    said: dict[str, Grades] | list[SeenLesion]
    problems: tuple[str, ...]
    excluded: frozenset[Spot]
    totals: tuple[Total, ...]

    @property
    def is_whole(self) -> bool:
        """Whether it can be submitted."""
        return not self.problems


def judged(case: str, layout: Layout, typed: Typed) -> Judged:
    """Return what is to be said of what was typed of a case."""
    page = TypedPage(case, layout, spots_of(layout, typed))
    if layout.method is None:
        seen = lesions_seen(page)
        problems = [problem.message for problem in page.problems] or ([] if seen else [NO_LESION])
        return Judged(page, seen, tuple(problems), frozenset(), ())
    said = grades_by_letter(page)
    told = tuple(problem.message for problem in page.problems)
    return Judged(page, said, told, _excluded(layout, said), totals(layout.method, said, _empty_of(page)))


def spots_of(layout: Layout, typed: Typed) -> dict[Spot, str]:
    """Return what was typed by the places of cells; a row or a column that the layout does not have was never typed."""
    columns = {column.name: number for number, column in enumerate(layout.columns)}
    return {
        (layout.number_of[row.lower()], columns[column]): text
        for row, cells in typed.items()
        for column, text in cells.items()
        if row.lower() in layout.number_of and column in columns
    }


def typed_of(layout: Layout, spots: dict[Spot, str]) -> dict[str, dict[str, str]]:
    """Return what was typed by the names of rows and columns, as a draft keeps it; without empty cells."""
    typed: dict[str, dict[str, str]] = {}
    for (row, column), text in sorted(spots.items()):
        if text.strip():
            typed.setdefault(layout.rows[row].name, {})[layout.columns[column].name] = text.strip()
    return typed


def _excluded(layout: Layout, said: dict[str, Grades]) -> frozenset[Spot]:
    """Return the cells that do not exist beside the grades of their row."""
    assert layout.method is not None, "lesions exclude nothing"
    method, found = layout.method, set[Spot]()
    for letter, grades in said.items():
        rows = zip(*(grades[item.name or ONLY_ITEM] for item in method.items))
        for row, graded in enumerate(rows):
            gone = items_excluded(method, graded)
            found |= {
                (row, number)
                for number, column in enumerate(layout.columns)
                if column.letter == letter and column.asks in gone
            }
    return frozenset(found)


def _empty_of(page: TypedPage) -> dict[str, int]:
    """Return how many cells of each study lack a grade that can stand, by its letter; one for levels not chosen yet."""
    columns = page.layout.columns
    lacking = dict.fromkeys(page.layout.letters or ("",), 0)
    for _, column in (*page.empty, *page.marks, *((0, column) for column in page.studies_wrong)):
        lacking[columns[column].letter] += 1
    return lacking
