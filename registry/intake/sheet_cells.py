"""What one cell of a sheet says, as the text that a CSV file would hold: by its kind, its style and its value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from registry.intake.serial_days import NUMBER_AT_MOST, Shown, day_text, elapsed_text, iso_text, number_text
from registry.intake.workbook_contents import Contents, unescaped

BOOLEANS: Final = {"1": "yes", "true": "yes", "0": "no", "false": "no"}
UNNAMED_ERROR: Final = "#ERROR"


class CellTexts:
    """The texts of cells, as the contents of their workbook have them read; `decimal` is the sign in numbers."""

    def __init__(self, book: Contents, *, decimal: str = ".") -> None:
        self._shared = book.texts
        self._shown = _ShownBy(book.styles)
        self._is_1904, self._decimal = book.is_1904, decimal

    def text(self, attributes: Mapping[str, str], value: str, formula: str | None) -> str | None:
        """Return the text of a cell, empty where nothing stands there; None where its shared text is not there."""
        kind = attributes.get("t", "n")
        if not value:
            return _without_value(kind, formula)
        if kind == "n":
            if len(value) > NUMBER_AT_MOST:
                return value
            shown = self._shown[attributes.get("s", "0")]
            if shown != "number":
                return self._day(value, shown)
            return number_text(value) if self._decimal == "." else number_text(value).replace(".", self._decimal)
        if kind == "s":
            return self._shared_text(value)
        if kind == "b":
            return BOOLEANS.get(value.strip(), value)
        return iso_text(value) if kind == "d" else unescaped(value)

    def _shared_text(self, value: str) -> str | None:
        try:
            number = int(value)
            return self._shared[number] if number >= 0 else None
        except (ValueError, IndexError):
            return None

    def _day(self, value: str, shown: Shown) -> str:
        return day_text(value, is_1904=self._is_1904) if shown == "day" else elapsed_text(value)


class _ShownBy(dict[str, Shown]):
    """What a cell style makes of a number, by its number as it is written; a style that is not there makes nothing."""

    def __init__(self, styles: list[Shown]) -> None:
        super().__init__()
        self._styles = styles

    def __missing__(self, style: str) -> Shown:
        number = int(style) if style.isascii() and style.isdigit() and len(style) < 10 else -1
        if not 0 <= number < len(self._styles):
            return "number"
        shown = self._styles[number]
        if style == str(number):
            self[style] = shown
        return shown


def _without_value(kind: str, formula: str | None) -> str:
    if kind == "e":
        return UNNAMED_ERROR
    return "" if formula is None or kind == "str" else f"={formula}"
