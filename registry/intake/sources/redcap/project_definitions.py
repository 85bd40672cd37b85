"""What the XML of a project says before its data: which project it is, its dictionary, events, repeats and codes."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Final, NamedTuple

from registry.errors import UnreadableError
from registry.intake.markup import read
from registry.intake.sources.redcap.dictionary import YES_NO, Entry, checked, choices_of, in_our_words, is_identifier
from registry.intake.sources.redcap.events import Event, Repeats
from registry.intake.sources.redcap.fields import OWN_LABELS, STATUS, TIMESTAMP
from registry.intake.sources.redcap.odm import PROJECT, TEXT_AT_MOST, OdmMarkup, of_redcap, pieces_of

DEFINITIONS_AT_MOST: Final = 64_000_000  # characters of a dictionary: it is held in memory
ONE_MORE: Final = 100  # characters that anything takes beside its text
OTHER_SYSTEM: Final = "ODM of another system than REDCap; write its tables as files, and map these"


class Definitions(NamedTuple):
    """What a project's XML says of itself. `names` are those by which a mapping may name it; `items` the columns."""

    names: tuple[str, ...]
    entries: list[Entry]
    events: Mapping[str, Event]  # by OID, as forms are
    repeats: Repeats
    missing: Mapping[str, str]
    forms: Mapping[str, str]
    items: frozenset[str]


def read_definitions(path: Path) -> Definitions:
    """Return what a project's XML says before its data. Raises `UnreadableError`."""
    markup = _Definitions()
    with closing(pieces_of(path)) as pieces, closing(read(markup, pieces, PROJECT)) as reading:
        for _ in reading:
            if markup.is_over:
                break
    return markup.definitions()


class _Item:
    """A field while it is read."""

    def __init__(self, name: str, attributes: Mapping[str, str], line: int) -> None:
        self.name, self.attributes, self.line = name, attributes, line
        self.label = self.code_list = ""


class _Definitions(OdmMarkup):
    """What is gathered until the data begin."""

    def __init__(self) -> None:
        super().__init__()
        self.is_over, self._held, self._system = False, 0, ""
        self._names: list[str] = []
        self._missing = self._record_id = ""
        self._repeating: set[tuple[str, str]] = set()
        self._repeating_events: set[str] = set()
        self._events: dict[str, Event] = {}
        self._forms: dict[str, str] = {}
        self._form_of_group: dict[str, str] = {}
        self._form_of_item: dict[str, str] = {}
        self._items: dict[str, _Item] = {}
        self._lists: dict[str, dict[str, str]] = {}
        self._form = self._group = self._list = self._code = ""
        self._item: _Item | None = None
        self.text = self._take
        starts = {
            "ODM": self._root,
            "Study": lambda said: self._names.append(self._keep(said.get("OID", ""))),
            "StudyName": lambda _: self.texts.clear(),
            "MissingDataCodes": lambda _: self.texts.clear(),
            "RepeatingInstrument": self._repeating_form,
            "RepeatingEvent": lambda said: self._repeating_events.add(self._keep(of_redcap(said, "UniqueEventName"))),
            "MetaDataVersion": self._version,
            "StudyEventDef": self._event,
            "FormDef": self._begin_form,
            "ItemGroupRef": self._refer_to_group,
            "ItemGroupDef": self._begin_group,
            "ItemRef": self._refer_to_item,
            "ItemDef": self._begin_item,
            "CodeListRef": self._refer,
            "CodeList": self._begin_list,
            "CodeListItem": self._begin_code,
            "TranslatedText": lambda _: self.texts.clear(),
            "ClinicalData": self._end,
        }
        ends = {
            "StudyName": lambda: self._names.append(self._words()),
            "MissingDataCodes": self._end_missing,
            "TranslatedText": self._end_text,
            "ItemDef": self._end_item,
            "CodeList": self._end_list,
            "CodeListItem": self._end_code,
        }
        self.handle(starts, ends)

    def definitions(self) -> Definitions:
        """Return what was gathered. Raises `UnreadableError` where that is no project of REDCap."""
        if not self._items:
            raise UnreadableError(1, f"no field is defined here; this is {OTHER_SYSTEM}")
        order = {name: place for place, name in enumerate(self._form_of_item)}
        fields = [item for item in self._items.values() if self._is_of_dictionary(item.name)]
        fields.sort(key=lambda item: order.get(item.name, len(order)))
        entries = checked(self._entries(fields))
        entries.sort(key=lambda entry: entry.name != self._record_id)
        return Definitions(
            tuple(filter(None, self._names)),
            entries,
            self._events,
            Repeats(frozenset(self._repeating), frozenset(self._repeating_events)),
            choices_of(self._missing),
            self._forms,
            frozenset(self._items),
        )

    def _is_of_dictionary(self, name: str) -> bool:
        own = {form + end for form in self._forms.values() for end in (STATUS, TIMESTAMP)}
        return name not in OWN_LABELS and name not in own

    def _entries(self, items: list[_Item]) -> list[Entry]:
        """Return the dictionary: the boxes of a checkbox are one field of it."""
        found: list[Entry] = []
        checkboxes: set[str] = set()
        for item in items:
            name, kind = of_redcap(item.attributes, "Variable") or item.name, of_redcap(item.attributes, "FieldType")
            if name in checkboxes:
                continue
            if kind == "checkbox":
                checkboxes.add(name)
            found.append(self._entry(name, kind or "text", item))
        return found

    def _entry(self, name: str, kind: str, item: _Item) -> Entry:
        entry = Entry(
            name,
            self._form_of_item.get(item.name, ""),
            kind,
            item.label,
            choices={} if kind in YES_NO else self._lists.get(item.code_list, {}),
            validation=of_redcap(item.attributes, "TextValidationType"),
            identifier=is_identifier(of_redcap(item.attributes, "Identifier")),
        )
        return in_our_words(entry, line=item.line)

    def _take(self, piece: str) -> None:
        self.texts.append(piece)
        if len(self.texts) > 1:
            self.texts[:] = ["".join(self.texts)]
        if len(self.texts[0]) > TEXT_AT_MOST:
            raise self.refuse(f"a text of more than {TEXT_AT_MOST:,} characters")

    def _keep(self, text: str) -> str:
        """Return a text that is held; all of them have a bound."""
        self._held += len(text) + ONE_MORE
        if self._held > DEFINITIONS_AT_MOST:
            raise self.refuse(f"a dictionary of more than {DEFINITIONS_AT_MOST:,} characters")
        return text

    def _words(self) -> str:
        return self._keep("".join(self.texts).strip())

    def _root(self, said: Mapping[str, str]) -> None:
        system = said.get("SourceSystem", "REDCap")
        if system != "REDCap":
            raise self.refuse(OTHER_SYSTEM)

    def _version(self, said: Mapping[str, str]) -> None:
        self._record_id = of_redcap(said, "RecordIdField")

    def _repeating_form(self, said: Mapping[str, str]) -> None:
        form, event = of_redcap(said, "RepeatInstrument"), of_redcap(said, "UniqueEventName")
        self._repeating.add((self._keep(event), self._keep(form)))

    def _event(self, said: Mapping[str, str]) -> None:
        oid = self.said(said, "OID")
        name = of_redcap(said, "UniqueEventName") or oid.removeprefix("Event.")
        label = of_redcap(said, "EventName") or said.get("Name", "")
        self._events[self._keep(oid)] = Event(
            self._keep(name), self._keep(label), of_redcap(said, "ArmNum"), self._keep(of_redcap(said, "ArmName"))
        )

    def _begin_form(self, said: Mapping[str, str]) -> None:
        oid = self.said(said, "OID")
        self._form = of_redcap(said, "FormName") or oid.removeprefix("Form.")
        self._forms[self._keep(oid)] = self._keep(self._form)

    def _begin_group(self, said: Mapping[str, str]) -> None:
        self._group = self.said(said, "OID")

    def _refer_to_group(self, said: Mapping[str, str]) -> None:
        self._form_of_group.setdefault(self._keep(self.said(said, "ItemGroupOID")), self._form)

    def _refer_to_item(self, said: Mapping[str, str]) -> None:
        form = self._form_of_group.get(self._group, "")
        self._form_of_item.setdefault(self._keep(self.said(said, "ItemOID")), form)

    def _begin_item(self, said: Mapping[str, str]) -> None:
        name = self._keep(self.said(said, "OID"))
        if name in self._items:
            raise self.refuse(f"the field {name} is defined twice")
        for text in said.values():
            self._keep(text)
        self._item = self._items[name] = _Item(name, said, self.line)

    def _end_item(self) -> None:
        self._item = None

    def _refer(self, said: Mapping[str, str]) -> None:
        if self._item is not None:
            self._item.code_list = self._keep(self.said(said, "CodeListOID"))

    def _begin_list(self, said: Mapping[str, str]) -> None:
        self._list = self._keep(self.said(said, "OID"))
        boxes = self._keep(of_redcap(said, "CheckboxChoices"))
        self._lists[self._list] = choices_of(boxes)
        if boxes:
            self._list = ""  # of a checkbox its codes are checked and unchecked

    def _end_list(self) -> None:
        self._list = ""

    def _begin_code(self, said: Mapping[str, str]) -> None:
        self._code = self._keep(self.said(said, "CodedValue"))

    def _end_code(self) -> None:
        self._code = ""

    def _end_missing(self) -> None:
        self._missing = self._words()

    def _end_text(self) -> None:
        if self._item is not None:
            self._item.label = self._item.label or self._words()
        elif self._list:
            self._lists[self._list][self._code] = self._words()

    def _end(self, _: Mapping[str, str]) -> None:
        self.is_over = True
