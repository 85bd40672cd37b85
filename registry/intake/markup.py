"""XML, of a workbook's parts or a project of REDCap, read a piece at a time by Expat.

A name is known by its namespace, so that no prefix, quote, order of attributes, comment or encoding can matter. What
could fill the memory is refused by the limits of `registry.intake.lines`; what declares a document type, and so may
name entities of its own, is refused at once. Neither a workbook nor a project has one.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping
from pyexpat import ExpatError, ParserCreate, XMLParserType
from typing import Final, NamedTuple

from registry.errors import UnreadableError
from registry.intake.lines import DEPTH_AT_MOST, NAMES_AT_MOST, TAG_AT_MOST

SPREADSHEET: Final = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main ",
    "http://purl.oclc.org/ooxml/spreadsheetml/main ",  # Strict Open XML
    "",  # a writer that knows no namespaces
)
RELATION_IDS: Final = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships id",
    "http://purl.oclc.org/ooxml/officeDocument/relationships id",
)
RELATIONS: Final = ("http://schemas.openxmlformats.org/package/2006/relationships ", "")


class Document(NamedTuple):
    """Which document is read, as refusals name it: its `part`, where it has parts, what it is, and what mends it."""

    part: str = ""
    what: str = "workbook"
    mend: str = "save the workbook anew"
    mend_doctype: str = "save it anew as .xlsx"

    def refused(self, why: str, *, line: int = 1) -> UnreadableError:
        """Return the refusal of the document; the lines of a part of a workbook are nobody's, and not told."""
        return UnreadableError(1, f"{self.part}: {why}") if self.part else UnreadableError(line, why)


def names(words: Iterable[str], spaces: Iterable[str] = SPREADSHEET) -> dict[str, str]:
    """Return short names of elements by those that Expat gives them in each of the namespaces."""
    return {f"{space}{word}": word for word in words for space in tuple(spaces)}


class Markup:
    """What a part says, gathered while it is read; a kind of part says what it does with elements.

    `depth` is how many elements are open. `texts` holds the text since whoever reads it emptied it last, in pieces.
    `parser` is what reads it, which knows on what line it is.
    """

    def __init__(self) -> None:
        self.depth = 0
        self.texts: list[str] = []
        self.text: Callable[[str], object] | None = self.texts.append  # takes a piece of text; none is given to None
        self.parser: XMLParserType | None = None

    @property
    def line(self) -> int:
        """The line of the document on which the parser is, from 1."""
        return 1 if self.parser is None else self.parser.CurrentLineNumber

    @property
    def byte(self) -> int:
        """The byte of the document at which what the parser tells of begins, from 0."""
        return 0 if self.parser is None else self.parser.CurrentByteIndex

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take the beginning of an element."""
        raise NotImplementedError

    def end(self, name: str) -> None:
        """Take the end of an element: what text it had is over."""
        self.depth -= 1
        self.texts.clear()

    def check(self) -> None:
        """Refuse what has become too large; asked after each piece."""


def read(markup: Markup, pieces: Iterable[bytes], document: Document) -> Generator[None]:
    """Let a document say what it says, and come back after each piece. Raises `UnreadableError`, which names it."""
    known: dict[str, str] = {}
    parser = _parser(markup, document, known)
    fed = 0
    try:
        for piece in pieces:
            parser.Parse(piece, False)
            fed += len(piece)
            _check(markup, document, known, unread=fed - parser.CurrentByteIndex)
            yield
        parser.Parse(b"", True)
    except (ExpatError, ValueError, LookupError) as error:  # the last two of an encoding that is unknown
        why = f"not readable as XML ({error}); {document.mend}"
        raise document.refused(why, line=parser.CurrentLineNumber) from None
    finally:
        markup.parser = None
    yield


def _parser(markup: Markup, document: Document, known: dict[str, str]) -> XMLParserType:
    parser = ParserCreate(namespace_separator=" ", intern=known)
    parser.buffer_text = True
    parser.StartElementHandler = markup.start
    parser.EndElementHandler = markup.end
    parser.CharacterDataHandler = markup.text
    markup.parser = parser

    def refuse(*_: object) -> None:
        why = f"declares a document type, as no {document.what} does; {document.mend_doctype}"
        raise document.refused(why, line=parser.CurrentLineNumber)

    parser.StartDoctypeDeclHandler = refuse
    return parser


def _check(markup: Markup, document: Document, known: dict[str, str], *, unread: int) -> None:
    line = markup.line
    if unread > TAG_AT_MOST:
        raise document.refused(
            f"a tag or comment of {unread:,} bytes or more; it has at most {TAG_AT_MOST:,}", line=line
        )
    if markup.depth > DEPTH_AT_MOST:
        raise document.refused(
            f"{markup.depth:,} elements within one another; there are at most {DEPTH_AT_MOST:,}", line=line
        )
    if len(known) > NAMES_AT_MOST:
        raise document.refused(f"{len(known):,} names of elements and attributes; at most {NAMES_AT_MOST:,}", line=line)
    markup.check()
