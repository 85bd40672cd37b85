"""What a form of one row says: its status, and the values that somebody recorded there.

Untouched is not the same as no: a form whose status is 0 or empty and which has no value but what REDCap itself puts
there (boxes that nobody ticked, calculated fields) was never touched, and says nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final, NamedTuple

from registry.errors import UnreadableError
from registry.intake.sources.foreign_source import SourceField
from registry.intake.sources.redcap.fields import GROUP, RESPONDENT, STATUS, TIMESTAMP, Fields
from registry.wording import shown

STATUS_OF: Final = {"2": "complete", "1": "unverified", "0": "", "": ""}
INCOMPLETE: Final = "incomplete"
TICKED, UNTICKED = "1", "0"
OF_LABELS: Final = (
    "an export of labels, which are not unique and depend on the language; export raw data "
    "(CSV, raw data; in the API rawOrLabel=raw)"
)


class FormValues(NamedTuple):
    """What a form says: its status, None where it was never touched, and its values by field."""

    status: str | None
    values: Mapping[str, str]


class FormReader:
    """How the values of forms are read; `has_status` are the forms whose status the source has."""

    def __init__(self, fields: Fields) -> None:
        self._boxes = {name: field for name, field in fields.all.items() if field.checkbox is not None}
        self._missing_boxes = fields.missing_boxes
        every = {**fields.missing_boxes, **self._boxes}.items()
        self._checkbox_of = {name: field.checkbox for name, field in every if field.checkbox is not None}
        self._missing = fields.missing
        self._untouching = {fields.record_id, GROUP, RESPONDENT, *_calculated(fields.all.values())}

    def read(self, form: str, said: Mapping[str, str], *, line: int, has_status: bool = True) -> FormValues:
        """Return what a form says by its items, those that are empty left out. Raises `UnreadableError`.

        Blanks and line breaks of a text are one blank each time: the XML of a project does not keep them apart.
        """
        values: dict[str, str] = {}
        boxes: dict[str, dict[str, str]] = {}
        touched, status_of_form = False, form + STATUS
        for name, raw in said.items():
            text = raw if raw.isalnum() else " ".join(raw.split())
            if not text or name == status_of_form:
                continue
            if name in self._checkbox_of:
                boxes.setdefault(self._checkbox_of[name], {})[name] = text
                continue
            values[name] = text
            touched = touched or name not in self._untouching
        for checkbox, group in boxes.items():
            ticked = self._of_boxes(checkbox, group, line)
            touched = touched or bool(ticked)
            values |= ticked
        status = self._status(form, said.get(status_of_form, "").strip(), line)
        if not status and touched:
            status = INCOMPLETE
        if status and has_status:
            values[status_of_form] = CODE_OF[status]
        return FormValues(status or None, values)

    def _of_boxes(self, checkbox: str, group: Mapping[str, str], line: int) -> dict[str, str]:
        """Return the boxes of a checkbox, none where nobody ticked one; a missing code is said by all of them."""
        said = {name: text for name, text in group.items() if text != UNTICKED}
        if not said:
            return {}
        for name, text in said.items():
            if text != TICKED and text not in self._missing:
                raise UnreadableError(line, f"{name}: {shown(text)} is neither 0 nor 1; is this {OF_LABELS}?")
            code = next(iter(self._missing_boxes[name].codes)) if name in self._missing_boxes else text
            if code in self._missing and code != TICKED:
                return {name: code for name, field in self._boxes.items() if field.checkbox == checkbox}
        return {name: text for name, text in group.items() if name in self._boxes}

    def _status(self, form: str, said: str, line: int) -> str:
        if said not in STATUS_OF:
            raise UnreadableError(line, f"{form}{STATUS}: {shown(said)} is none of 0, 1 and 2; this is {OF_LABELS}")
        return STATUS_OF[said]


CODE_OF: Final = {"complete": "2", "unverified": "1", INCOMPLETE: "0"}


def _calculated(fields: Collection[SourceField]) -> set[str]:
    """Return the fields that REDCap fills by itself."""
    return {field.name for field in fields if field.holds == "calculated" or field.name.endswith(TIMESTAMP)}
