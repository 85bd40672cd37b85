"""The dictionary of a project: what each field is, said once for the CSV of the dictionary and for the project's XML.

It alone decides how a value is read; what a value looks like never does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from registry.errors import UnreadableError
from registry.intake.sources.foreign_source import Holds
from registry.intake.sources.redcap.describing_files import Columns, described, naming
from registry.spelling import nearest
from registry.wording import shown

COLUMNS: Final = {  # of the file: what each is called in the designer's download, and by the API
    "variable / field name": "field_name",
    "form name": "form_name",
    "field type": "field_type",
    "field label": "field_label",
    "choices, calculations, or slider labels": "select_choices_or_calculations",
    "choices or calculations": "select_choices_or_calculations",
    "text validation type or show slider number": "text_validation_type_or_show_slider_number",
    "identifier?": "identifier",
    "variable": "field_name",
    "form": "form_name",
    "type": "field_type",
    "choices": "select_choices_or_calculations",
}


def _called(column: str) -> str:
    return COLUMNS.get(column.casefold(), column.casefold())


DICTIONARY: Final = Columns(
    needed=("field_name", "form_name", "field_type"),
    known=frozenset({"field_name", *(name for name, said in COLUMNS.items() if said == "field_name")}),
    mend="; a dictionary is downloaded from the designer, or from the API",
    called=_called,
)
TYPES: Final = {  # as the XML says it, and as the dictionary does
    "textarea": "notes",
    "select": "dropdown",
    "number": "text",
    "date": "text",
}
OF_TYPE: Final[dict[str, Holds]] = {
    "calc": "calculated",
    "checkbox": "checkbox",
    "dropdown": "codes",
    "file": "file",
    "radio": "codes",
    "slider": "number",
    "truefalse": "yes-no",
    "yesno": "yes-no",
}
KNOWN_TYPES: Final = frozenset({*OF_TYPE, "descriptive", "notes", "sql", "text"})
YES_NO: Final = {"yesno": {"1": "Yes", "0": "No"}, "truefalse": {"1": "True", "0": "False"}}
WITHOUT_VALUES: Final = "descriptive"
CHOSEN: Final = frozenset({"checkbox", "dropdown", "radio"})  # what has choices; of others the column has a formula
COMPARED: Final = {
    "form": "form",
    "holds": "kind",
    "decimal": "decimal sign",
    "choices": "choices",
    "identifier": "identifier flag",
}
FIELDS_AT_MOST: Final = 50_000
FIELD_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,199}", re.ASCII)


class Entry(NamedTuple):
    """A field as the dictionary has it; `type` and `validation` are REDCap's words, `choices` the labels by code."""

    name: str
    form: str
    type: str
    label: str = ""
    choices: Mapping[str, str] = {}
    validation: str = ""
    identifier: bool = False

    @property
    def holds(self) -> Holds:
        """What a value of it is."""
        if self.type in OF_TYPE:
            return OF_TYPE[self.type]
        return _of_validation(self.validation)

    @property
    def decimal(self) -> str:
        """The sign in its numbers: the comma where its validation says so, and never in what is calculated."""
        return "," if self.type == "text" and "comma_decimal" in self.validation else "."


def _of_validation(validation: str) -> Holds:
    if validation.startswith("datetime"):
        return "day-time"
    if validation.startswith("date"):
        return "day"
    if validation.startswith("time"):
        return "time"
    if validation.startswith(("number", "float", "int")):
        return "number"
    return "text"


def read_dictionary(path: Path, *, encoding: str | None) -> list[Entry]:
    """Return the fields of a dictionary in CSV, in its order. Raises `UnreadableError`, which names the file."""
    return naming(path, lambda: checked(_entries(path, encoding)))


def _entries(path: Path, encoding: str | None) -> Iterator[Entry]:
    return (_entry(said, line) for line, said in described(path, DICTIONARY, encoding=encoding))


def _entry(said: Mapping[str, str], line: int) -> Entry:
    kind = said["field_type"].casefold()
    validation = said.get("text_validation_type_or_show_slider_number", "")
    if kind in ("date", "number") and not validation:
        validation = kind
    choices = said.get("select_choices_or_calculations", "")
    entry = Entry(
        said["field_name"],
        said["form_name"],
        kind,
        said.get("field_label", ""),
        choices=choices_of(choices) if kind in CHOSEN else {},
        validation=validation,
        identifier=is_identifier(said.get("identifier", "")),
    )
    return in_our_words(entry, line=line)


def is_identifier(said: str) -> bool:
    """Return whether REDCap says of a field that it names a person."""
    return said.strip().lower() == "y"


def in_our_words(entry: Entry, *, line: int) -> Entry:
    """Return a field as all files say it: its name in small letters, one word for its type, the choices of yes or no.

    Raises `UnreadableError` for what is no name or no type of a field.
    """
    kind = TYPES.get(entry.type, entry.type)
    if not FIELD_NAME.fullmatch(entry.name):
        raise UnreadableError(line, f"{shown(entry.name)} is no name of a field; it has small letters, digits and _")
    if kind not in KNOWN_TYPES:
        near = nearest(kind, KNOWN_TYPES)
        mend = f"; did you mean {near!r}?" if near else ""
        raise UnreadableError(line, f"{entry.name}: {shown(kind)} is no type of a field{mend}")
    return entry._replace(name=entry.name.lower(), type=kind, choices=entry.choices or YES_NO.get(kind, {}))


def choices_of(text: str) -> dict[str, str]:
    r"""Return the labels by code.

    >>> choices_of("0, Never | 1, Former, stopped|-99, Unknown")
    {'0': 'Never', '1': 'Former, stopped', '-99': 'Unknown'}
    """
    pairs = (each.partition(",") for each in re.split(r"[|\n]", text) if each.strip())
    return {code.strip(): label.strip() for code, _, label in pairs}


def checked(entries: Iterable[Entry]) -> list[Entry]:
    """Return fields of which each has a name of its own, and of which there is one. Raises `UnreadableError`."""
    found: dict[str, Entry] = {}
    for entry in entries:
        if entry.name in found:
            raise UnreadableError(1, f"the field {entry.name} stands twice in the dictionary")
        if len(found) >= FIELDS_AT_MOST:
            raise UnreadableError(1, f"more than {FIELDS_AT_MOST:,} fields; at most so many are read")
        found[entry.name] = entry
    if not found:
        raise UnreadableError(1, "no field; the first of a project is its record id")
    return [*found.values()]


def disagreement(one: Iterable[Entry], other: Iterable[Entry]) -> str | None:
    """Return where two dictionaries of a project differ in how values are read, None where they are one."""
    ours, theirs = ({entry.name: entry for entry in each} for each in (one, other))
    if strange := sorted(ours.keys() ^ theirs.keys()):
        return f"the field {strange[0]} is in one and not in the other"
    for name, entry in ours.items():
        for what, word in COMPARED.items():
            said, beside = getattr(entry, what), getattr(theirs[name], what)
            if said != beside:
                return f"{name} differs in its {word}: {shown(_told(said))} and {shown(_told(beside))}"
    return None


def _told(said: object) -> str:
    return " | ".join(f"{code}, {label}" for code, label in said.items()) if isinstance(said, Mapping) else str(said)
