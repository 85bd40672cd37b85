"""A project of REDCap as a foreign source: its XML, or raw CSV beside its dictionary, events and arms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from registry.errors import UnreadableError
from registry.intake.sources.encodings_of_text import encoding_called, encoding_of
from registry.intake.sources.foreign_source import SourceField, SourceRow
from registry.intake.sources.mapping import FORM_STATUSES, SourceRule
from registry.intake.sources.redcap.dictionary import disagreement, read_dictionary
from registry.intake.sources.redcap.events import labelled, read_events
from registry.intake.sources.redcap.fields import STATUS, fields_of
from registry.intake.sources.redcap.flat_csv import FlatCsv, Header, csv_rows
from registry.intake.sources.redcap.project_definitions import Definitions, read_definitions
from registry.intake.sources.redcap.project_xml import xml_rows
from registry.intake.sources.redcap.source_rows import RowMaker
from registry.wording import shown

NOT_HERE: Final = ("decimal", "header_row", "comment", "sheet", "until", "url_env", "query")
EXPORTED: Final = re.compile(r"(.+?)_?DATA_\d{4}-\d{2}-\d{2}_\d{4}", re.ASCII)  # as REDCap names its downloads


class Project:
    """A project that is open; its rows are read anew each time that they are asked for."""

    has_typed_days: Final = True

    def __init__(self, files: Sequence[Path], fields: Mapping[str, SourceField], events: Mapping[str, str]) -> None:
        self.files, self.fields, self.events = tuple(files), fields, events

    @property
    def name(self) -> str:
        """The name of the file that has the data."""
        return self.files[0].name

    def rows(self) -> Iterator[SourceRow]:
        """Yield the rows of all records. Raises `UnreadableError`."""
        raise NotImplementedError


class XmlProject(Project):
    """A project as its XML."""

    def __init__(self, rule: SourceRule, path: Path, beside: Mapping[str, Path]) -> None:
        self._rule, self._path = rule, path
        self._definitions = read_definitions(path)
        _refuse_other_project(rule.project, self._definitions.names)
        _refuse_other_dictionary(rule, self._definitions, beside)
        missing = {**self._definitions.missing, **rule.missing}
        self._all = fields_of(self._definitions.entries, missing)
        there = self._all.among(self._definitions.items)
        super().__init__([path, *beside.values()], there, labelled(self._definitions.events.values()))

    def rows(self) -> Iterator[SourceRow]:
        fields = self._all._replace(all=self.fields)
        return xml_rows(self._path, self._definitions, fields, RowMaker(fields, counts=self._rule.forms))


class CsvProject(Project):
    """A project as raw CSV beside its dictionary."""

    def __init__(self, rule: SourceRule, path: Path, beside: Mapping[str, Path]) -> None:
        self._rule = rule
        self._all = fields_of(read_dictionary(beside["dictionary"], encoding=rule.encoding), rule.missing)
        encoding = encoding_of(path, rule.encoding)
        self._data = FlatCsv.of(path, self._all, separator=rule.delimiter, encoding=encoding)
        header = self._data.header(self._all)
        self._without_status = _without_status(header, rule)
        _refuse_other_project(rule.project, _name_of_export(path))
        if "events" in beside:
            events = labelled(read_events(beside["events"], beside.get("arms"), encoding=rule.encoding))
        else:
            events = self._data.events(header)
        super().__init__([path, *beside.values()], header.fields, events)

    def rows(self) -> Iterator[SourceRow]:
        maker = RowMaker(self._all, counts=self._rule.forms, without_status=self._without_status)
        return csv_rows(self._data, self._all, self.events, maker)


def open_project(rule: SourceRule, files: Sequence[Path]) -> Project:
    """Return the project that a rule and its files name. Raises `UnreadableError`, `OSError`."""
    for name in NOT_HERE:
        if getattr(rule, name) is not None:
            raise UnreadableError(1, f"[source] {name}: the dictionary of a project decides this; leave it out")
    if len(files) != 1:
        raise UnreadableError(1, f"{len(files)} files of data; a project of REDCap is one XML, or one CSV")
    if rule.encoding is not None and encoding_called(rule.encoding) is None:
        raise UnreadableError(1, f"[source] encoding: {shown(rule.encoding)} is no encoding that is known here")
    path, folder = files[0], _folder(rule, files[0])
    beside = {name: folder / said for name in ("dictionary", "events", "arms") if (said := getattr(rule, name))}
    for name, file in beside.items():
        if not file.is_file():
            raise UnreadableError(1, f"[source] {name}: no such file, {shown(file.name)}")
    if path.suffix.lower() == ".xml":
        return XmlProject(rule, path, beside)
    if "dictionary" not in beside:
        raise UnreadableError(
            1, f"{path.name}: what the columns hold is said by a dictionary; name its file, dictionary = …"
        )
    return CsvProject(rule, path, beside)


def _folder(rule: SourceRule, path: Path) -> Path:
    """Return the folder of the mapping, to which the files are relative as the data are."""
    steps = next((len(Path(said).parts) for said in rule.files if not Path(said).is_absolute()), 1)
    return path.parents[steps - 1]


def _without_status(header: Header, rule: SourceRule) -> frozenset[str]:
    """Return the forms whose status was not exported; without it all must count, as nobody knows which would not."""
    forms = dict.fromkeys(field.form for field in header.fields.values())
    without = frozenset(form for form in forms if form + STATUS not in header.fields)
    if without and {*rule.forms} != {*FORM_STATUSES}:
        form = next(form for form in forms if form in without)
        raise UnreadableError(
            1, f"no column {form}{STATUS}: whether the form {form} counts is not known; export it, or count forms of "
            'every status: forms = ["complete", "unverified", "incomplete"]'
        )  # fmt: skip
    return without


def _name_of_export(path: Path) -> tuple[str, ...]:
    matched = EXPORTED.match(path.stem)
    return (matched[1],) if matched else ()


def _refuse_other_project(wanted: str | None, names: Iterable[str]) -> None:
    """Refuse data of another project than the one that a mapping is for."""
    if wanted is None:
        return
    names = [*names]
    if not names:
        raise UnreadableError(1, f"[source] project: the file does not say whether it is {shown(wanted)}; leave it out")
    if _compact(wanted) not in map(_compact, names):
        raise UnreadableError(1, f"the mapping is for the project {shown(wanted)}, and this is {shown(names[-1])}")


def _compact(name: str) -> str:
    return re.sub(r"[\W_]", "", name.removeprefix("Project.").casefold())


def _refuse_other_dictionary(rule: SourceRule, definitions: Definitions, beside: Mapping[str, Path]) -> None:
    """Refuse a dictionary beside the XML that says something else than the XML."""
    if "dictionary" not in beside:
        return
    path = beside["dictionary"]
    differs = disagreement(definitions.entries, read_dictionary(path, encoding=rule.encoding))
    if differs is not None:
        raise UnreadableError(1, f"{path.name} is not the dictionary of the XML: {differs}")
