"""A law of workbooks: any spelling of the same cells reads the same."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.registry.intake.spreadsheet_xml import MAIN, STRICT, read, workbook

LETTERS = "ABCDEFG"
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cn", "Cs"]), min_size=1, max_size=8).filter(
    str.strip
)
CELL = st.one_of(
    st.none(),
    st.tuples(st.just("text"), TEXT.filter(lambda text: "_x" not in text)),
    st.tuples(st.just("number"), st.integers(0, 10**6).map(str)),
    st.tuples(st.just("error"), st.sampled_from(["#N/A", "#REF!", "#DIV/0!"])),
    st.tuples(st.just("formula"), st.sampled_from(["A1*2", "SUM(A1:B2)", 'IF(A1<2,"a","b")'])),
)
Cell = tuple[str, str] | None


class Spelling:
    """One of the ways to write XML, chosen anew at every turn."""

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw
        self.prefix = draw(st.sampled_from(["", "x:", "main.ns:"]))
        self.space = draw(st.sampled_from([MAIN, STRICT]))

    def one_of(self, *ways: str) -> str:
        return self._draw(st.sampled_from(ways))

    def may(self) -> bool:
        return self._draw(st.booleans())

    def element(self, name: str, content: str, *attributes: tuple[str, str]) -> str:
        written = ""
        for key, value in self._draw(st.permutations(attributes)):
            quote = self.one_of('"', "'")
            written += self.one_of(" ", "\n", "\t ") + key + self.one_of("=", " = ") + quote + value + quote
        tag = self.prefix + name
        if not content and self.may():
            return f"<{tag}{written}{self.one_of('/>', ' />')}"
        return f"<{tag}{written}>{content}</{tag}{self.one_of('>', ' >')}"

    def between(self) -> str:
        return self.one_of("", "", "\n  ", '<!-- <row r="7"><c r="A7" t="e"><v>#N/A</v></c> -->', "<?x <v>1</v> ?>")

    def text(self, text: str) -> str:
        if self.may() and "]]>" not in text:
            return f"<![CDATA[{text}]]>"
        return "".join(f"&#{ord(char)};" if self.may() else escape(char) for char in text)


def cell_xml(spelling: Spelling, cell: Cell, shared: list[str], *reference: tuple[str, str]) -> str:
    if cell is None:
        return spelling.element("c", "", *reference, ("s", "0"))
    kind, value = cell
    if kind == "number":
        body, kinds = spelling.element("v", value + spelling.one_of("", ".0", "E0")), [("t", "n")] * spelling.may()
    elif kind == "error":
        body, kinds = spelling.element("v", spelling.text(value)), [("t", "e")]
    elif kind == "formula":
        body, kinds = spelling.element("f", spelling.text(value)), []
    elif (way := spelling.one_of("s", "str", "inlineStr")) == "s":
        shared.append(spelling.element("si", _runs(spelling, value)))
        body, kinds = spelling.element("v", str(len(shared) - 1)), [("t", "s")]
    elif way == "str":
        body, kinds = spelling.element("v", spelling.text(value)), [("t", "str")]
    else:
        body, kinds = spelling.element("is", _runs(spelling, value)), [("t", "inlineStr")]
    inside = spelling.between() + body + spelling.between()
    return spelling.element("c", inside, *reference, *kinds, ("s", "0"))


def _runs(spelling: Spelling, text: str) -> str:
    if spelling.may():
        return spelling.element("t", spelling.text(text), ("xml:space", "preserve"))
    parts = [text[:1], text[1:]]
    runs = [spelling.element("r", spelling.element("t", spelling.text(part))) for part in parts]
    spoken = spelling.element("rPh", spelling.element("t", "spoken"), ("sb", "0"), ("eb", "1"))
    return "".join(runs) + spoken * spelling.may()


def row_xml(spelling: Spelling, number: int, row: list[Cell], shared: list[str]) -> str:
    cells = ""
    expected = 1
    for column, cell in enumerate(row, 1):
        if cell is None and spelling.may():
            continue
        must = column != expected
        reference = [("r", f"{LETTERS[column - 1]}{number}")] if must or spelling.may() else []
        cells += cell_xml(spelling, cell, shared, *reference) + spelling.between()
        expected = column + 1
    return spelling.element("row", spelling.between() + cells, *([("r", str(number))] * spelling.may()))


@st.composite
def spellings(draw: st.DrawFn) -> tuple[list[list[Cell]], str, str]:
    """Rows of cells, and the parts of a sheet and of shared texts that say them."""
    rows = draw(st.lists(st.lists(CELL, min_size=1, max_size=len(LETTERS)), min_size=1, max_size=4))
    rows.insert(0, [("text", "header")] * len(LETTERS))
    spelling, shared = Spelling(draw), []
    body = "".join(row_xml(spelling, number, row, shared) + spelling.between() for number, row in enumerate(rows, 1))
    named = (("xmlns:" + spelling.prefix[:-1] if spelling.prefix else "xmlns", spelling.space),)
    first = spelling.element("worksheet", spelling.between() + spelling.element("sheetData", body), *named)
    return rows, first, spelling.element("sst", "".join(shared) + spelling.between(), *named)


def said(cell: Cell) -> str:
    return "" if cell is None else "=" + cell[1] if cell[0] == "formula" else cell[1]


@settings(max_examples=60)
@given(spellings())
def test_any_spelling_of_the_same_cells_reads_the_same(spelt: tuple[list[list[Cell]], str, str]) -> None:
    rows, first, texts = spelt

    with TemporaryDirectory() as folder:
        lines = read(workbook(Path(folder), first=first, texts=texts))

    filled = [(number, [*map(said, row), *[""] * (len(LETTERS) - len(row))]) for number, row in enumerate(rows, 1)]
    assert lines == [line for line in filled if any(line[1])]
