"""The printed figures of a paper, as a TOML file lists them: where, what, the text as printed, and which figure it is.

    [[figures]]
    where = "Table 1"
    what = "CRP, baseline, median (range)"
    printed = "31 (14–65)"
    is = [
        "clinical / crp / baseline / median",
        "clinical / crp / baseline / lowest",
        "clinical / crp / baseline / highest",
    ]

`is` has an address for every number of the text: `table / row / time point / statistic`, then `:` and the field where
it is not the usual one, which is p of a test and else the value; `percent` is the numerator of the denominator. A limit
alone, as `>0.05`, may have several addresses, and holds of each. A figure that no table derives has a `reason` instead.
docs/reconciliation.md describes every key.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal, NamedTuple, get_args

from projections.cohort.figures.address import SEPARATOR, Address
from projections.reconciliation.printed_numbers import Number, numbers
from registry.catalogue.units import known_unit
from registry.toml_keys import DefinitionError, Keys, content_of, top_of
from registry.toml_text import ENTRIES_AT_MOST

Field = Literal["value", "p_value", "ci_low", "ci_high", "numerator", "denominator", "percent", "n_patients", "n_used"]

FIELDS: Final[tuple[Field, ...]] = get_args(Field)
PARTS: Final = ("table", "row", "time point", "statistic")


class Part(NamedTuple):
    """Which recomputed figure a printed number is, and which field of it; None for the usual one."""

    address: Address
    field: Field | None = None


class PrintedFigure(NamedTuple):
    """One figure as printed: its numbers, and for each which recomputed figure it is.

    Without parts no table derives it, and `reason` says why. `unit` is the unit as printed, empty where it is that of
    the recomputed figure.
    """

    where: str
    what: str
    printed: str
    numbers: tuple[Number, ...]
    parts: tuple[Part, ...]
    unit: str = ""
    note: str = ""
    reason: str = ""


class Published(NamedTuple):
    """The printed figures of a paper, in its order."""

    paper: str
    figures: tuple[PrintedFigure, ...]


def read_published(file: Path | str) -> Published:
    """Return the printed figures that a TOML file lists. Raises `DefinitionError` with all that is wrong, by key."""
    return parsed(content_of(file), str(file))


def parsed(text: bytes, file: str = "published") -> Published:
    """Return the printed figures of a TOML text; `file` is named in messages. Raises `DefinitionError`."""
    keys = top_of(text, file)
    problems = keys.problems
    published = Published(keys.line("paper"), tuple(map(_figure, keys.tables("figures", at_most=ENTRIES_AT_MOST))))
    if not published.figures:
        keys.wrong("figures", "is missing; write one [[figures]] at least")
    keys.end()
    if problems:
        raise DefinitionError(file, problems)
    return published


def _figure(keys: Keys) -> PrintedFigure:
    where, printed = keys.line("where"), keys.line("printed")
    addresses = keys.texts("is") if keys.there("is") else ()
    figure = PrintedFigure(
        where,
        keys.line("what", ", ".join(addresses) or where),
        printed,
        numbers(printed),
        tuple(_part(keys, address) for address in addresses),
        unit=known_unit(keys.line("unit")) if keys.there("unit") else "",
        note=keys.text("note") if keys.there("note") else "",
        reason=keys.text("reason") if keys.there("reason") else "",
    )
    if not keys.there("is") and not figure.reason:
        keys.wrong("is", "is missing; write the address of the figure, or in 'reason' why no table derives it")
    if keys.there("is") and figure.reason:
        keys.wrong(
            "reason", "says why no table derives the figure, and 'is' says which figure it is; write one of them"
        )
    if len(addresses) > 1 and len(figure.numbers) == 1 and figure.numbers[0].limit:
        figure = figure._replace(numbers=figure.numbers * len(addresses))
    if addresses and len(addresses) != len(figure.numbers):
        shown = ", ".join(f"{number.limit}{number.value}" for number in figure.numbers) or "no number"
        keys.wrong("is", f"has {len(addresses)} addresses; {printed!r} prints {len(figure.numbers)} ({shown})")
    keys.end()
    return figure


def _part(keys: Keys, text: str) -> Part:
    address, _, named = text.rpartition(":")
    field = next((field for field in FIELDS if address and field == named.strip()), None)
    try:
        return Part(Address.of((text if field is None else address).strip()), field)
    except ValueError:
        fields = f":{', :'.join(FIELDS[:-1])} or :{FIELDS[-1]}"
        named = f"'{SEPARATOR.join(PARTS)}', of a group with its name after it"
        keys.wrong("is", f"{text!r} is not {named}, with {fields}")
        return Part(Address("", "", "", ""))
