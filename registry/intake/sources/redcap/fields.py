"""The fields of a project as a source has them, and the columns and items in which they come."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from registry.intake.sources.foreign_source import BOX, SourceField
from registry.intake.sources.redcap.dictionary import WITHOUT_VALUES, Entry

STATUS: Final = "_complete"
TIMESTAMP: Final = "_timestamp"
GROUP: Final = "redcap_data_access_group"
RESPONDENT: Final = "redcap_survey_identifier"
EVENT: Final = "redcap_event_name"
REPEAT_INSTRUMENT: Final = "redcap_repeat_instrument"
REPEAT_INSTANCE: Final = "redcap_repeat_instance"
STRUCTURE: Final = (EVENT, REPEAT_INSTRUMENT, REPEAT_INSTANCE)
STATUSES: Final = {"0": "Incomplete", "1": "Unverified", "2": "Complete"}
OWN_LABELS: Final = {GROUP: "Data Access Group", RESPONDENT: "Survey Identifier"}


class Fields(NamedTuple):
    """All that may come in a row: the fields of the dictionary by the name of their column, with REDCap's own.

    `record_id` is the first field of the dictionary, `missing` the reasons by declared missing code. Each of these is a
    box of every checkbox as well (`missing_boxes`); it is no field, as it says the same of all of them.
    """

    record_id: str
    all: Mapping[str, SourceField]
    missing: Mapping[str, str]
    missing_boxes: Mapping[str, SourceField]

    def among(self, names: Iterable[str]) -> dict[str, SourceField]:
        """The fields that come in some columns, in the order of the dictionary."""
        there = {*names}
        return {name: field for name, field in self.all.items() if name in there}


def fields_of(entries: list[Entry], missing: Mapping[str, str]) -> Fields:
    """Return the fields that a dictionary and the declared missing codes make."""
    found: dict[str, SourceField] = {}
    record_id = entries[0].name
    forms = dict.fromkeys(entry.form for entry in entries)
    for entry in entries:
        if entry.type != WITHOUT_VALUES:
            found |= {field.name: field for field in _of(entry, missing)}
        if entry.name == record_id:
            for name, label in OWN_LABELS.items():
                found[name] = SourceField(name, label, identifier=name == RESPONDENT, form=entry.form)
    for form in forms:
        found[form + TIMESTAMP] = SourceField(form + TIMESTAMP, "Survey Timestamp", form=form)
        found[form + STATUS] = SourceField(form + STATUS, "Complete?", "form-status", STATUSES, form=form)
    boxes = {name: field for name, field in found.items() if field.checkbox and {*field.codes} & {*missing}}
    return Fields(record_id, {name: found[name] for name in found if name not in boxes}, missing, boxes)


def _of(entry: Entry, missing: Mapping[str, str]) -> Iterator[SourceField]:
    if entry.holds != "checkbox":
        yield SourceField(
            entry.name,
            entry.label,
            entry.holds,
            entry.choices,
            entry.decimal,
            reasons=missing,
            identifier=entry.identifier,
            form=entry.form,
        )
        return
    reasons = {code: why for code, why in missing.items() if code not in ("0", "1")}
    for code, label in {**entry.choices, **missing}.items():
        yield SourceField(
            column_of_box(entry.name, code),
            entry.label,
            "checkbox",
            {code: label},
            checkbox=entry.name,
            reasons=reasons,
            identifier=entry.identifier,
            form=entry.form,
        )


def column_of_box(name: str, code: str) -> str:
    """Return the column of one box: capitals are small, and what no name may have is an underscore.

    >>> column_of_box("race", "-99"), column_of_box("check", "A.1")
    ('race____99', 'check___a_1')
    """
    return f"{name}{BOX}{re.sub('[^a-z0-9]', '_', code.lower())}"
