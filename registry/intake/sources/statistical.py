"""Files of SPSS, Stata and SAS, by pyreadstat (the extra `spondyl[sources]`), a part of the rows at a time.

Values come as they are stored: value labels are codes, declared missing values are kept and told with their reasons
(`user_missing`), days are read by the format of their column. Nothing that the library would make of a value is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from registry.errors import UnreadableError
from registry.intake.found_tables import names_in_places
from registry.intake.sources.foreign_source import SourceField, SourceRow, name_of_all
from registry.intake.sources.headers import cleaned, refuse_other_columns
from registry.intake.sources.mapping import Kind, SourceRule
from registry.intake.sources.statistical_values import Values, reasons_of, values_of
from registry.wording import listed, visible

READERS: Final[dict[Kind, str]] = {"sav": "read_sav", "dta": "read_dta", "xpt": "read_xport"}
CELLS_AT_ONCE: Final = 1_000_000  # some 200 MB; of three times as many 420 MB, and an .xpt needs a third less time
ROWS_AT_MOST: Final = 1_000_000_000
NOT_INSTALLED: Final = "files of SPSS, Stata and SAS are read by pyreadstat; install it as spondyl[sources]"


class Statistical:
    """A source of one file of such a kind or of several; `line` is the row's number, from 1."""

    def __init__(self, rule: SourceRule, files: Sequence[Path]) -> None:
        self._kind, self._encoding = rule.kind, rule.encoding
        self.files, self._names = tuple(files), names_in_places(files)
        self.name = name_of_all(self._names)
        self.events: Mapping[str, str] = {}
        self.has_typed_days = True
        described = [_described(self._read(file, name, metadataonly=True)[1], rule.kind)
                     for file, name in zip(files, self._names)]  # fmt: skip
        self.fields: Mapping[str, SourceField] = described[0]
        for fields, name in zip(described, self._names):
            refuse_other_columns(fields, [*self.fields], line=1, file=name, first_file=self._names[0])
            self._refuse_other_meanings(fields, name)

    def rows(self) -> Iterator[SourceRow]:
        """Yield the rows of all files. Raises `UnreadableError`, with the file where there are several."""
        for file, name in zip(self.files, self._names):
            yield from self._rows(file, name)

    def _rows(self, file: Path, name: str) -> Iterator[SourceRow]:
        told, row = name if len(self.files) > 1 else "", 0
        at_once = max(1, CELLS_AT_ONCE // max(1, len(self.fields)))
        while True:
            columns, meta = self._read(file, name, row_offset=row, row_limit=at_once)
            readers = [values_of(field, meta, self._kind) for field in columns]
            texts = [self._texts(reader, values) for reader, values in zip(readers, columns.values())]
            n_rows = len(texts[0]) if texts else 0
            for cells in zip(*texts):
                row += 1
                yield SourceRow(row, {field: text for field, text in zip(columns, cells) if text}, file=told)
            if n_rows < at_once or row > ROWS_AT_MOST:
                return

    def _texts(self, reader: Values, values: Sequence[Any]) -> list[str]:
        return [cleaned(reader(value)) if value is not None else "" for value in values]

    def _read(self, file: Path, name: str, **options: Any) -> tuple[dict[str, Sequence[Any]], Any]:
        """Return columns and what the file says of them. Raises `UnreadableError`, `OSError`."""
        reader = _reader(self._kind)
        with file.open("rb"):  # so that what the system refuses is told as such
            pass
        if self._kind != "xpt":
            options["user_missing"] = True
        if self._encoding:
            options["encoding"] = self._encoding
        try:
            columns, meta = reader(str(file), disable_datetime_conversion=True, output_format="dict", **options)
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 whatever a library of another language makes of a damaged file
            why = (str(error).splitlines() or [type(error).__name__])[0]
            raise UnreadableError(
                1, f"not readable as .{self._kind} ({why})", file=name if len(self._names) > 1 else ""
            ) from None
        return columns, meta

    def _refuse_other_meanings(self, fields: Mapping[str, SourceField], name: str) -> None:
        """Refuse a file in which a field holds something else, or has other labels, than in the first."""
        other = [visible(field) for field, said in fields.items() if _meaning(said) != _meaning(self.fields[field])]
        if other:
            why = f"{listed(other, 'and')}: other kinds, labels or missing values than in {self._names[0]}"
            raise UnreadableError(1, f"{why}; map these files apart", file=name)


def open_statistical(rule: SourceRule, files: Sequence[Path]) -> Statistical:
    """Return what files of SPSS, Stata or SAS hold. Raises `UnreadableError`, `OSError`."""
    return Statistical(rule, files)


def _meaning(field: SourceField) -> SourceField:
    """Return a field without what changes nothing of its values."""
    return field._replace(label="", format=field.format if field.holds == "unknown" else "")


def _reader(kind: Kind) -> Callable[..., tuple[dict[str, Sequence[Any]], Any]]:
    try:
        module = import_module("pyreadstat")
    except ImportError:
        raise UnreadableError(1, NOT_INSTALLED) from None
    found: Callable[..., tuple[dict[str, Sequence[Any]], Any]] = getattr(module, READERS[kind])
    return found


def _described(meta: Any, kind: Kind) -> dict[str, SourceField]:
    """Return the fields by name, with what the file says of each."""
    fields = {}
    for name in meta.column_names:
        read = values_of(name, meta, kind)
        labels = {read(value): str(label) for value, label in meta.variable_value_labels.get(name, {}).items()}
        reasons, ranges = reasons_of(name, meta, read, labels, kind=kind)
        fields[name] = SourceField(
            name,
            label=cleaned(meta.column_names_to_labels.get(name) or ""),
            holds="codes" if read.holds == "number" and labels else read.holds,
            codes={value: label for value, label in labels.items() if value not in reasons},
            reasons=reasons,
            missing_ranges=ranges,
            format=read.format,
        )
    return fields
