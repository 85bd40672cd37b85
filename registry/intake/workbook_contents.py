"""What a workbook says of itself: its sheets and where they are, its shared texts, what its number formats show."""

from __future__ import annotations

import re
from collections.abc import Mapping
from posixpath import dirname, join, normpath
from typing import Final, NamedTuple

from registry.errors import UnreadableError
from registry.intake.lines import CELL_AT_MOST, SHARED_CHARACTERS_AT_MOST, SHARED_TEXTS_AT_MOST
from registry.intake.markup import RELATION_IDS, RELATIONS, Document, Markup, names, read
from registry.intake.serial_days import Shown, shown_as, shown_as_built_in
from registry.intake.workbook_parts import Parts

WORKBOOK: Final = "xl/workbook.xml"  # where no relation says otherwise
ESCAPED: Final = re.compile("_x([0-9A-Fa-f]{4})_")
TRUE: Final = frozenset({"1", "true"})


class Contents(NamedTuple):
    """Where each sheet's part is, in the order of the sheets; the shared texts; what each cell style shows."""

    sheets: dict[str, str]
    texts: list[str]
    styles: list[Shown]
    is_1904: bool


def contents(parts: Parts) -> Contents:
    """Return what a workbook says of itself. Raises `UnreadableError`."""
    main = next((path for kind, path in _relations(parts, "").values() if kind == "officeDocument"), WORKBOOK)
    if main not in parts:
        raise UnreadableError(1, f"not readable as an XLSX workbook (no {main}); save it as .xlsx")
    relations = _relations(parts, main)
    book = _Book()
    _read(book, parts, main)
    if not book.sheets:
        raise UnreadableError(1, f"{main}: no sheets; save it anew as .xlsx")
    by_kind = dict(relations.values())
    texts, styles = _SharedTexts(), _Styles()
    _read(texts, parts, by_kind.get("sharedStrings", join(dirname(main), "sharedStrings.xml")), is_small=False)
    _read(styles, parts, by_kind.get("styles", join(dirname(main), "styles.xml")))
    sheets = {name: _part(name, relation, relations, parts) for name, relation in book.sheets}
    if len(sheets) < len(book.sheets):
        raise UnreadableError(1, "two sheets of one name; save it anew as .xlsx")
    if len(set(sheets.values())) < len(sheets):  # each would be unpacked anew
        raise UnreadableError(1, "two sheets in one part; save it anew as .xlsx")
    return Contents(sheets, texts.shared, styles.shown(), book.is_1904)


def unescaped(text: str) -> str:
    """Return text as it was before a spreadsheet escaped what XML cannot hold.

    >>> unescaped("two_x000D_\\nlines, _x005F_x000D_")
    'two\\r\\nlines, _x000D_'
    """
    if "_x" not in text:
        return text
    units = ESCAPED.sub(lambda sign: chr(int(sign[1], 16)), text)  # of UTF-16: two may be one character
    return units.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _read(markup: Markup, parts: Parts, name: str, *, is_small: bool = True) -> None:
    if name not in parts:
        return
    for _ in read(markup, parts.description(name) if is_small else parts.pieces(name), Document(name)):
        pass


def _relations(parts: Parts, source: str) -> dict[str, tuple[str, str]]:
    """Return what a part refers to, by the ids that it uses: the kind, and the path from the root."""
    relations = _Relations()
    _read(relations, parts, join(dirname(source), "_rels", f"{source.rpartition('/')[2]}.rels"))
    return {
        id_: (kind.rpartition("/")[2], normpath(join("/", dirname(source), target)).lstrip("/"))
        for id_, kind, target in relations.found
    }


def _part(sheet: str, relation: str, relations: Mapping[str, tuple[str, str]], parts: Parts) -> str:
    _, path = relations.get(relation, ("", ""))
    if path not in parts:
        raise UnreadableError(1, f"sheet {sheet} is not in the workbook; save it anew as .xlsx")
    return path


class _Relations(Markup):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, str]] = []

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self.depth += 1
        if name in NAMES_OF_RELATIONS and attributes.get("TargetMode") != "External":
            self.found.append((attributes.get("Id", ""), attributes.get("Type", ""), attributes.get("Target", "")))


class _Book(Markup):
    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[tuple[str, str]] = []
        self.is_1904 = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self.depth += 1
        match NAMES_OF_BOOK.get(name):
            case "sheet":
                relation = next((attributes[id_] for id_ in RELATION_IDS if id_ in attributes), "")
                self.sheets.append((unescaped(attributes.get("name", "")), relation))
            case "workbookPr":
                self.is_1904 = attributes.get("date1904") in TRUE


class _Styles(Markup):
    """Which number format each cell style has; those of the built-in ones are known by their numbers."""

    def __init__(self) -> None:
        super().__init__()
        self._formats: dict[str, str] = {}
        self._styles: list[str] = []
        self._in_cell_styles = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self.depth += 1
        match NAMES_OF_STYLES.get(name):
            case "numFmt":
                self._formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
            case "cellXfs":
                self._in_cell_styles = True
            case "xf" if self._in_cell_styles:
                self._styles.append(attributes.get("numFmtId", "0"))

    def end(self, name: str) -> None:
        super().end(name)
        if NAMES_OF_STYLES.get(name) == "cellXfs":
            self._in_cell_styles = False

    def shown(self) -> list[Shown]:
        """Return what each cell style makes of a number."""
        formats = {number: shown_as(code[:CELL_AT_MOST]) for number, code in self._formats.items()}
        return [formats.get(number) or shown_as_built_in(_whole(number)) for number in self._styles]


class _SharedTexts(Markup):
    """The texts that cells refer to by number; how a word is to be spoken is no part of it."""

    def __init__(self) -> None:
        super().__init__()
        self.shared: list[str] = []
        self._runs: list[str] = []
        self._phonetic = 0
        self._characters = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self.depth += 1
        match NAMES_OF_TEXTS.get(name):
            case "t":
                self.texts.clear()
            case "si":
                self._runs = []
            case "rPh":
                self._phonetic += 1

    def end(self, name: str) -> None:
        self.depth -= 1
        match NAMES_OF_TEXTS.get(name):
            case "t" if not self._phonetic:
                self._runs += self.texts
            case "si":
                self._keep(unescaped("".join(self._runs)))
            case "rPh":
                self._phonetic -= 1
        self.texts.clear()

    def check(self) -> None:
        """Refuse a text that is too long before it is put together."""
        _check_length(sum(map(len, self.texts)) + sum(map(len, self._runs)), len(self.shared))

    def _keep(self, text: str) -> None:
        number = len(self.shared)
        _check_length(len(text), number)
        self._characters += len(text)
        if self._characters > SHARED_CHARACTERS_AT_MOST:
            raise UnreadableError(
                1,
                f"shared texts up to no. {number:,} have {self._characters:,} characters; a workbook has at most "
                f"{SHARED_CHARACTERS_AT_MOST:,}, write .csv",
            )
        if number == SHARED_TEXTS_AT_MOST:
            raise UnreadableError(1, f"more than {SHARED_TEXTS_AT_MOST:,} shared texts; write .csv")
        self.shared.append(text)


def _check_length(characters: int, number: int) -> None:
    if characters > CELL_AT_MOST:
        raise UnreadableError(
            1, f"shared text no. {number:,} has {characters:,} characters or more; a cell has at most {CELL_AT_MOST:,}"
        )


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


NAMES_OF_RELATIONS: Final = names(("Relationship",), RELATIONS)
NAMES_OF_BOOK: Final = names(("sheet", "workbookPr"))
NAMES_OF_STYLES: Final = names(("numFmt", "cellXfs", "xf"))
NAMES_OF_TEXTS: Final = names(("si", "t", "rPh"))
