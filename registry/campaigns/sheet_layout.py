"""What a reader's sheet asks for: its rows, its columns, and the words that each cell can hold.

It follows from the campaign's method and from how many studies a case has, and from nothing else: whoever knows a
layout knows of no study. A method's sheet has its locations as rows, and its items as columns, once for each study of a
case; that of paired lesions is a list, a row a lesion.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Final, NamedTuple

from registry.campaigns.blinding import letter_of
from registry.catalogue.catalogue import Catalogue
from registry.catalogue.codes import LESION_KINDS, VERDICTS
from registry.catalogue.imaging.method import ONLY_ITEM, Method
from registry.domain.campaigns import PAIRED_LESIONS, Campaign
from registry.errors import CampaignStateError
from registry.wording import listed

NOT_ASSESSABLE: Final = "n/a"
LOCATION, LESION = "location", "lesion"  # what the first column is called
LESIONS_AT_MOST: Final = 60  # of a case
SPELT_AT_MOST: Final = 6  # grades that stand one by one in the legend
FREE: Final[tuple[str, ...]] = ("*",)  # in place of words: any text
LESION_COLUMNS: Final = ("region", "kind", "location", "verdict A to B")
VERDICTS_TOLD: Final = (
    "verdict A to B: what became of the lesion were A the first: resolution (in A only), improvement, unchanged, "
    "deterioration, new (in B only)"
)
LESION_WORDS: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("", "region"): tuple(LESION_KINDS),
    ("", "kind"): tuple(kind for kinds in LESION_KINDS.values() for kind in kinds),
    ("", "location"): FREE,
    ("", "verdict A to B"): VERDICTS,
}


class Row(NamedTuple):
    """A row that is typed in, as its first cell names it; rows of one `group` stand together."""

    name: str
    group: str
    part: str = ""


class Column(NamedTuple):
    """A column that is typed in, as its header names it: what it asks for, and of which study of the case."""

    name: str
    letter: str
    asks: str


@dataclass(frozen=True)
class Layout:
    """The layout of a case: `rows_are` what its rows are; `words` what a cell can hold, by part and by what it asks.

    No words are there for a place that does not exist. `method` is None of paired lesions.
    """

    rows_are: str
    letters: tuple[str, ...]
    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    words: Mapping[tuple[str, str], tuple[str, ...]]
    method: Method | None
    short: str
    legend: tuple[str, ...]

    def words_at(self, row: Row, column: Column) -> tuple[str, ...]:
        """Return what a cell can hold: nothing where there is no such place, `FREE` for any text."""
        return self.words.get((row.part, column.asks), ())

    @cached_property
    def number_of(self) -> dict[str, int]:
        """The number of each row, from 0, by its name in lower case."""
        return {row.name.lower(): number for number, row in enumerate(self.rows)}


class Layouts:
    """The layouts of one campaign, by the number of studies of a case.

    Raises `CampaignStateError` where the catalogue has the method in another edition than the campaign was started by.
    """

    def __init__(self, campaign: Campaign, catalogue: Catalogue) -> None:
        self._campaign = campaign
        self._method = None if campaign.method == PAIRED_LESIONS else _method(campaign, catalogue)
        self._made: dict[int, Layout] = {}

    def of(self, studies: int) -> Layout:
        """Return the layout of a case of so many studies."""
        if studies not in self._made:
            letters = () if self._campaign.unit == "study" else tuple(map(letter_of, range(studies)))
            made = _of_lesions(self._campaign) if self._method is None else _of_method(self._method, letters)
            told = _of_letters(self._campaign, letters)
            self._made[studies] = made if not told else _beside(made, told)
        return self._made[studies]

    @property
    def n_columns_of_study(self) -> int:
        """How many columns each study of a case has."""
        return len(self._method.items) if self._method is not None else len(LESION_COLUMNS)


def _method(campaign: Campaign, catalogue: Catalogue) -> Method:
    method = catalogue.methods[campaign.method]
    if method.version != campaign.method_version:
        raise CampaignStateError(
            campaign.campaign,
            f"was started by edition {campaign.method_version} of {method.code}, and this spondyl has edition "
            f"{method.version}; use the one by which it was started",
        )
    return method


def _of_method(method: Method, letters: tuple[str, ...]) -> Layout:
    columns = tuple(
        Column(f"{letter} {name}".strip(), letter, name)
        for letter in letters or ("",)
        for name in (item.name or ONLY_ITEM for item in method.items)
    )
    words = {
        (part, item.name or ONLY_ITEM): (*map(str, grades), NOT_ASSESSABLE)
        for part, item in product(method.parts, method.items)
        if (grades := item.grades_in(part))
    }
    return Layout(
        rows_are=LOCATION,
        letters=letters,
        rows=tuple(Row(location.name, location.group, location.part) for location in method.locations),
        columns=columns,
        words=words,
        method=method,
        short=_short(method),
        legend=(f"{method.title}, edition {method.version}: {method.source}", *_grades(method), *_rules(method)),
    )


def _of_lesions(campaign: Campaign) -> Layout:
    rows = tuple(Row(str(number), "") for number in range(1, LESIONS_AT_MOST + 1))
    kinds = (f"{region}: {listed(kinds, 'or')}" for region, kinds in LESION_KINDS.items())
    return Layout(
        rows_are=LESION,
        letters=("A", "B"),
        rows=rows,
        columns=tuple(Column(name, "", name) for name in LESION_COLUMNS),
        words=LESION_WORDS,
        method=None,
        short="A row a lesion that is seen in A, in B or in both; leave the other rows empty",
        legend=(
            f"Lesions of two studies side by side, edition {campaign.method_version}",
            "kind: " + "; ".join(kinds),
            VERDICTS_TOLD,
            "location: where it is, in words; it may stay empty",
        ),
    )


def _beside(made: Layout, told: str) -> Layout:
    return Layout(
        made.rows_are,
        made.letters,
        made.rows,
        made.columns,
        made.words,
        made.method,
        made.short,
        (*made.legend, told),
    )


def _of_letters(campaign: Campaign, letters: tuple[str, ...]) -> str:
    """Return what the letters say of the studies, nothing where a case is of one."""
    if not letters:
        return ""
    who = f"{listed(letters, 'and')} are studies of one patient"
    return f"{who}; the letters say nothing of which came first" if campaign.order == "masked" else f"{who} in order"


def _short(method: Method) -> str:
    said = f"{NOT_ASSESSABLE}: could not be assessed. An empty cell is not read yet"
    if method.selects is None:
        return said
    return f"Choose exactly {method.selects} levels, and leave the rows of the others empty. {said}"


def _grades(method: Method) -> list[str]:
    """Return a line an item: its grades, and at which kinds of places it is graded where not everywhere."""
    told = []
    for item in method.items:
        name = item.name or ONLY_ITEM
        where = [part for part in method.parts if item.grades_in(part)]
        grades = {item.grades_in(part) for part in where}
        if len(grades) == 1:
            at = "" if len(where) == len(method.parts) else f" (at each {listed(where, 'and')})"
            told.append(f"{name}: {_numbers(grades.pop())}{at}")
        else:
            told += [f"{name}, {part}: {_numbers(item.grades_in(part))}" for part in where]
    return told


def _numbers(grades: tuple[int, ...]) -> str:
    """Return grades as a line has them.

    >>> _numbers((0, 1, 2, 3)), _numbers((0, 1)), _numbers(tuple(range(100)))
    ('0, 1, 2 or 3', '0 or 1', '0 to 99')
    """
    if len(grades) > SPELT_AT_MOST and grades == tuple(range(grades[0], grades[-1] + 1)):
        return f"{grades[0]} to {grades[-1]}"
    return listed([*map(str, grades)], "or")


def _rules(method: Method) -> list[str]:
    told = [rule.told for rule in method.rules]
    if method.selects is not None:
        told.append(f"exactly {method.selects} levels are chosen; where fewer are affected, the others chosen have 0")
    return told
