"""The data of a project's XML, record by record: each is forgotten as soon as its rows were given."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Final

from registry.intake.markup import read
from registry.intake.sources.foreign_source import SourceRow
from registry.intake.sources.redcap.fields import GROUP, Fields
from registry.intake.sources.redcap.item_runs import ItemRuns, Run
from registry.intake.sources.redcap.odm import OF_ODM, PROJECT, OdmMarkup, is_of_redcap, of_redcap, pieces_of
from registry.intake.sources.redcap.project_definitions import Definitions
from registry.intake.sources.redcap.source_rows import RowMaker, RowPlace, instance_of
from registry.wording import shown

RECORD_AT_MOST: Final = 64_000_000  # characters of one record: it is held in memory
NO_FIELDS: Final = frozenset[str]()
ONE_MORE: Final = 150  # characters that a value takes beside its text


def xml_rows(path: Path, definitions: Definitions, fields: Fields, maker: RowMaker) -> Iterator[SourceRow]:
    """Yield the rows of a project's XML. Raises `UnreadableError`, with the line where it cannot be read on."""
    markup = _Records(definitions, fields, maker)
    with closing(pieces_of(path)) as pieces, closing(read(markup, markup.runs.taken_from(pieces), PROJECT)) as reading:
        for _ in reading:
            yield from markup.rows
            markup.rows.clear()


class _OpenRow:
    """A row while it is read: the line on which it begins, and the items of its forms."""

    def __init__(self, line: int) -> None:
        self.line = line
        self.forms: dict[str, dict[str, str]] = {}


class _Records(OdmMarkup):
    """What is gathered of one record; `rows` are those of whole records, `runs` the items taken out of the pieces."""

    def __init__(self, definitions: Definitions, fields: Fields, maker: RowMaker) -> None:
        super().__init__()
        self.rows: list[SourceRow] = []
        self.runs = ItemRuns()
        self._forms, self._repeats, self._maker = definitions.forms, definitions.repeats, maker
        self._events = definitions.events
        self._record_id = fields.record_id
        self._form_of = {name: field.form for name, field in {**fields.missing_boxes, **fields.all}.items()}
        self._plain = _plain_fields(self._form_of, besides={fields.record_id, GROUP})
        self._below = 0  # lines, of the item of a run below its beginning
        self._record: str | None = None
        self._event, self._event_instance, self._group, self._held, self._line = "", 1, "", 0, 0
        self._open: dict[RowPlace, _OpenRow] = {}
        self._form = ""
        self._items: dict[str, str] | None = None
        self._in_file = False  # one that was uploaded: its content is the one text that a record has
        starts = {
            "SubjectData": self._begin_record,
            "StudyEventData": self._begin_event,
            "FormData": self._begin_form,
            "ItemData": self._item,
            "ItemDataBase64Binary": self._file,
        }
        ends = {
            "SubjectData": self._end_record,
            "StudyEventData": self._end_event,
            "FormData": self._end_form,
            "ItemDataBase64Binary": self._end_file,
        }
        self.handle(starts, ends)

    def other(self, name: str) -> None:
        """Refuse an element that no record has: what it holds would be lost."""
        if self._record is not None and name not in OF_ODM and not is_of_redcap(name):
            raise self.refuse(f"{shown(name.rsplit(maxsplit=1)[-1])} is no element of a record; {PROJECT.mend}")

    def _begin_record(self, said: Mapping[str, str]) -> None:
        self.texts.clear()
        if self._record is not None:
            raise self.refuse(f"a record within the record {self._record[:40]}")
        self._record = self.said(said, "SubjectKey").strip()
        if not self._record:
            raise self.refuse("a record without its id")

    def _begin_event(self, said: Mapping[str, str]) -> None:
        oid = self.said(said, "StudyEventOID")
        event = self._events.get(oid)
        if event is None or self._record is None:
            raise self.refuse(f"the event {shown(oid)} is none of the project, or stands outside a record")
        self._event = event.name
        self._event_instance = instance_of(
            said.get("StudyEventRepeatKey", "1"), what=f"event {event.name}", line=self.line
        )

    def _end_event(self) -> None:
        self._event, self._event_instance = "", 1

    def _begin_form(self, said: Mapping[str, str]) -> None:
        oid = self.said(said, "FormOID")
        form = self._forms.get(oid)
        if form is None or self._record is None or self._items is not None:
            raise self.refuse(f"the form {shown(oid)} is none of the project, or stands outside a record")
        if self._events and not self._event:
            raise self.refuse(f"the form {form} stands outside an event, and the project has events")
        self._form = form
        key = self.said(said, "FormRepeatKey") if self._repeats_here(form) else said.get("FormRepeatKey", "1")
        number = instance_of(key, what=f"form {form}", line=self.line)
        self._held += ONE_MORE
        row = self._open.setdefault(self._place(form, number), _OpenRow(self.line))
        self._items = row.forms.setdefault(form, {})

    def _place(self, form: str, number: int) -> RowPlace:
        """Return where the items of a form stand: in a row of its own where it repeats, else in that of its event."""
        assert self._record is not None, "a form is within a record"
        if self._repeats_here(form):
            return RowPlace(self._record, self._event, form, number)
        if number > 1:
            raise self.refuse(f"instance {number} of the form {form}, which does not repeat here")
        if self._event in self._repeats.events:
            return RowPlace(self._record, self._event, "", self._event_instance)
        if self._event_instance > 1:
            raise self.refuse(f"instance {self._event_instance} of the event {self._event}, which does not repeat")
        return RowPlace(self._record, self._event)

    def _repeats_here(self, form: str) -> bool:
        if self._event:
            return (self._event, form) in self._repeats.forms
        return any(form == each for _, each in self._repeats.forms)

    def _end_form(self) -> None:
        self._items = None

    def _file(self, said: Mapping[str, str]) -> None:
        self._item({"ItemOID": said.get("ItemOID", ""), "Value": of_redcap(said, "DocName")})
        self._refuse_text()
        self._in_file = True

    def _end_file(self) -> None:
        self.texts.clear()
        self._in_file = False

    def _refuse_text(self) -> None:
        """Refuse a text between the elements, as where one of them lost its first sign; forget the blanks."""
        if "".join(self.texts).strip():
            raise self.refuse(f"text stands between the elements of a record; {PROJECT.mend}")
        self.texts.clear()

    def _item(self, said: Mapping[str, str]) -> None:
        if not said and (run := self.runs.at(self.byte)) is not None:
            self._run(run)
            return
        name, value, items = said.get("ItemOID", ""), said.get("Value"), self._items
        if value is None:
            raise self.refuse(f"{shown(name)} stands there without its Value; {PROJECT.mend}")
        if items is None:
            raise self.refuse(f"the value of {shown(name)} stands outside a form")
        if self._form_of.get(name) != self._form:
            raise self.refuse(f"{shown(name)} is no field of the form {self._form}")
        if name in items:
            raise self.refuse(f"{name} stands twice in the form {self._form}")
        items[name] = value
        self._held += len(value) + ONE_MORE
        if name == GROUP:
            self._group = value.strip()
        elif name == self._record_id and value.strip() != self._record:
            raise self.refuse(f"the record {(self._record or '')[:40]} says that it is {shown(value)}")

    def _run(self, run: Run) -> None:
        """Take items together where nothing is to be said of any one of them; else as if they came one by one."""
        names, values = run.names, run.values
        found = dict(zip(names, values, strict=True))
        is_plain = len(found) == len(names) and self._plain.get(self._form, NO_FIELDS).issuperset(found)
        if is_plain and self._items is not None and self._items.keys().isdisjoint(found):
            self._items |= found
            self._held += sum(map(len, values)) + ONE_MORE * len(values)
            return
        for name, value, self._below in run.one_by_one():
            self._item({"ItemOID": name, "Value": value})
        self._below = 0

    @property
    def line(self) -> int:
        return super().line + self._below

    def check(self) -> None:
        """Refuse a record that is too large to be held; of an uploaded file nothing is."""
        self.runs.forget_before(self.byte)
        if self._in_file or self._record is None:
            self.texts.clear()
        else:
            self._refuse_text()
        if self._held > RECORD_AT_MOST:
            raise self.refuse(f"a record of more than {RECORD_AT_MOST:,} characters")

    def _end_record(self) -> None:
        self._refuse_text()
        for place, open_row in self._open.items():
            self._line = line = max(open_row.line, self._line + 1)  # a file may be one long line
            row = self._maker.row(place, open_row.forms, line=line, group=self._group)
            if row is not None:
                self.rows.append(row)
        self._open = {}
        self._record, self._group, self._held = None, "", 0


def _plain_fields(form_of: Mapping[str, str], *, besides: Collection[str]) -> dict[str, frozenset[str]]:
    """Return the fields of each form but for some."""
    found: dict[str, set[str]] = {}
    for name, form in form_of.items():
        if name not in besides:
            found.setdefault(form, set()).add(name)
    return {form: frozenset(names) for form, names in found.items()}
