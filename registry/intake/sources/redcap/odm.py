"""What the XML of a project of REDCap has in common, whatever is read of it: names of elements, and its bounds."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from pathlib import Path
from typing import Final

from registry.errors import UnreadableError
from registry.intake.markup import Document, Markup, names
from registry.wording import shown

ODM: Final = ("http://www.cdisc.org/ns/odm/v1.3 ", "http://www.cdisc.org/ns/odm/v1.2 ")
REDCAP: Final = ("https://projectredcap.org ", "http://projectredcap.org ")
PROJECT: Final = Document(
    what="project of REDCap",
    mend="the file ends too early or was changed; export the project anew",
    mend_doctype="export the project anew",
)
OF_ODM: Final = names(
    (
        "ODM",
        "Study",
        "StudyName",
        "MetaDataVersion",
        "StudyEventDef",
        "FormDef",
        "ItemGroupRef",
        "ItemGroupDef",
        "ItemRef",
        "ItemDef",
        "CodeListRef",
        "CodeList",
        "CodeListItem",
        "TranslatedText",
        "ClinicalData",
        "SubjectData",
        "StudyEventData",
        "FormData",
        "ItemGroupData",
        "ItemData",
        "ItemDataBase64Binary",
    ),
    ODM,
) | names(("MissingDataCodes", "RepeatingInstrument", "RepeatingEvent"), REDCAP)
PIECE: Final = 1 << 16  # bytes that the parser is given at a time
TEXT_AT_MOST: Final = 1_000_000  # characters of one text: a label, or what somebody wrote into a field

Start = Callable[[Mapping[str, str]], None]
End = Callable[[], None]


class OdmMarkup(Markup):
    """A project while it is read: `handle` says what is done where an element begins or ends."""

    def __init__(self) -> None:
        super().__init__()
        self._starts: dict[str, Start] = {}
        self._ends: dict[str, End] = {}

    def handle(self, starts: Mapping[str, Start], ends: Mapping[str, End]) -> None:
        """Do something where an element begins or ends, by its short name; of others nothing is taken."""
        self._starts = {name: starts[short] for name, short in OF_ODM.items() if short in starts}
        self._ends = {name: ends[short] for name, short in OF_ODM.items() if short in ends}

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self.depth += 1
        if self.depth == 1 and OF_ODM.get(name) != "ODM":
            raise self.refuse(f"its first element is {shown(name.rsplit(maxsplit=1)[-1])}; this is no project XML")
        begin = self._starts.get(name)
        if begin is None:
            self.other(name)
        else:
            begin(attributes)

    def other(self, name: str) -> None:
        """Take an element of which nothing is taken."""

    def end(self, name: str) -> None:
        self.depth -= 1
        if name in self._ends:
            self._ends[name]()

    def refuse(self, why: str) -> UnreadableError:
        """Return the refusal of the line on which the parser is."""
        return UnreadableError(self.line, why)

    def said(self, attributes: Mapping[str, str], name: str) -> str:
        """Return an attribute that an element must have."""
        if name not in attributes:
            raise self.refuse(f"an element without its {name}; {PROJECT.mend}")
        return attributes[name]


def of_redcap(attributes: Mapping[str, str], name: str) -> str:
    """Return an attribute of REDCap's own, empty where there is none."""
    for space in REDCAP:
        if f"{space}{name}" in attributes:
            return attributes[f"{space}{name}"]
    return ""


def is_of_redcap(name: str) -> bool:
    """Return whether an element is one of REDCap's own."""
    return name.startswith(REDCAP)


def pieces_of(path: Path) -> Generator[bytes]:
    """Yield a file piece by piece."""
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece
