"""The XML of a workbook's parts, read a piece at a time by Expat.

A name is known by its namespace, so that no prefix, quote, order of attributes, comment or encoding can matter. What
could fill the memory is refused by the limits of `registry.intake.lines`; a part that declares a document type, and so
may name entities of its own, is refused at once. No workbook has one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pyexpat import ExpatError, ParserCreate, XMLParserType
from typing import Final

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


def names(words: Iterable[str], spaces: Iterable[str] = SPREADSHEET) -> dict[str, str]:
    """Return short names of elements by those that Expat gives them in each of the namespaces."""
    return {f"{space}{word}": word for word in words for space in tuple(spaces)}


class Markup:
    """What a part says, gathered while it is read; a kind of part says what it does with elements.

    `depth` is how many elements are open. `texts` holds the text since whoever reads it emptied it last, in pieces.
    """

    def __init__(self) -> None:
        self.depth = 0
        self.texts: list[str] = []

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take the beginning of an element."""
        raise NotImplementedError

    def end(self, name: str) -> None:
        """Take the end of an element: what text it had is over."""
        self.depth -= 1
        self.texts.clear()

    def check(self) -> None:
        """Refuse what has become too large; asked after each piece."""


def read(markup: Markup, pieces: Iterable[bytes], part: str) -> Iterator[None]:
    """Let a part say what it says, and come back after each piece. Raises `UnreadableError`, with the part's name."""
    known: dict[str, str] = {}
    parser = _parser(markup, part, known)
    fed = 0
    try:
        for piece in pieces:
            parser.Parse(piece, False)
            fed += len(piece)
            _check(markup, part, known, unread=fed - parser.CurrentByteIndex)
            yield
        parser.Parse(b"", True)
    except (ExpatError, ValueError, LookupError) as error:  # the last two of an encoding that is unknown
        raise UnreadableError(1, f"{part}: not readable as XML ({error}); save the workbook anew") from None
    yield


def _parser(markup: Markup, part: str, known: dict[str, str]) -> XMLParserType:
    parser = ParserCreate(namespace_separator=" ", intern=known)
    parser.buffer_text = True
    parser.StartElementHandler = markup.start
    parser.EndElementHandler = markup.end
    parser.CharacterDataHandler = markup.texts.append

    def refuse(*_: object) -> None:
        raise UnreadableError(1, f"{part}: declares a document type, as no workbook does; save it anew as .xlsx")

    parser.StartDoctypeDeclHandler = refuse
    return parser


def _check(markup: Markup, part: str, known: dict[str, str], *, unread: int) -> None:
    if unread > TAG_AT_MOST:
        raise UnreadableError(
            1, f"{part}: a tag or comment of {unread:,} bytes or more; it has at most {TAG_AT_MOST:,}"
        )
    if markup.depth > DEPTH_AT_MOST:
        raise UnreadableError(
            1, f"{part}: {markup.depth:,} elements within one another; there are at most {DEPTH_AT_MOST:,}"
        )
    if len(known) > NAMES_AT_MOST:
        raise UnreadableError(1, f"{part}: {len(known):,} names of elements and attributes; at most {NAMES_AT_MOST:,}")
    markup.check()
