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
        self._missing = fields.missing
        self._untouching = {fields.record_id, GROUP, RESPONDENT, *_calculated(fields.all.values())}

    def read(self, form: str, said: Mapping[str, str], *, line: int, has_status: bool = True) -> FormValues:
        """Return what a form says by its items, those that are empty left out. Raises `UnreadableError`.

        Blanks and line breaks of a text are one blank each time: the XML of a project does not keep them apart.
        """
        values: dict[str, str] = {}
        boxes: dict[str, dict[str, str]] = {}
        touched = False
        for name, raw in said.items():
            text = " ".join(raw.split())
            if not text or name == form + STATUS:
                continue
            box = self._boxes.get(name)
            if box is not None and box.checkbox is not None:
                boxes.setdefault(box.checkbox, {})[name] = text
                continue
            values[name] = text
            touched = touched or name not in self._untouching
        for group in boxes.values():
            ticked = self._of_boxes(group, line)
            touched = touched or bool(ticked)
            values |= ticked
        status = self._status(form, said.get(form + STATUS, "").strip(), line)
        if not status and touched:
            status = INCOMPLETE
        if status and has_status:
            values[form + STATUS] = CODE_OF[status]
        return FormValues(status or None, values)

    def _of_boxes(self, group: Mapping[str, str], line: int) -> dict[str, str]:
        """Return the boxes of a checkbox, none where nobody ticked one; beside a missing code no other box counts."""
        said = {name: text for name, text in group.items() if text != UNTICKED}
        if not said:
            return {}
        for name, text in said.items():
            if text != TICKED and text not in self._missing:
                raise UnreadableError(line, f"{name}: {shown(text)} is neither 0 nor 1; is this {OF_LABELS}?")
        missing = {name: text for name, text in said.items() if text in self._boxes[name].reasons}
        return missing or dict(group)

    def _status(self, form: str, said: str, line: int) -> str:
        if said not in STATUS_OF:
            raise UnreadableError(line, f"{form}{STATUS}: {shown(said)} is none of 0, 1 and 2; this is {OF_LABELS}")
        return STATUS_OF[said]


CODE_OF: Final = {"complete": "2", "unverified": "1", INCOMPLETE: "0"}


def _calculated(fields: Collection[SourceField]) -> set[str]:
    """Return the fields that REDCap fills by itself."""
    return {field.name for field in fields if field.holds == "calculated" or field.name.endswith(TIMESTAMP)}
