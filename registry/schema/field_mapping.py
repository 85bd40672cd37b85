"""Maps the fields of a row to the statement of a fact and its reference.

What a row has no column for stays as it was: a file without `dose` says nothing about doses. An empty cell, in
contrast, says "not recorded".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, Final, NamedTuple

import msgspec

from registry.catalogue.catalogue import Catalogue
from registry.catalogue.imaging.method import ONLY_ITEM, Method
from registry.catalogue.imaging.places import Item, address_of
from registry.domain.kinds import KINDS
from registry.domain.references import reference
from registry.domain.statement_cells import is_number
from registry.domain.statements import Measurement, Statement, Visit
from registry.errors import GradeError, RefusalError, UnknownCodeError
from registry.schema.fact_tables import FactTable
from registry.schema.numbers import integer
from registry.schema.rows import Fields, as_text
from registry.schema.tables import ID_COLUMN, Table
from registry.schema.typed_references import PATIENT_KEYED

EMPTY: Final[dict[str, object]] = {"criteria": (), "regions": (), "sequences": (), "session": ""}
Grading = Mapping[str | tuple[str, str], int | str | None]


class Slot(NamedTuple):
    """Where a grade stands in a reading: the item's name in the statement, the location's place from 0."""

    item: str
    place: int


def fact_reference(table: FactTable | Table, fields: Fields) -> str:
    """Return the reference of the fact that a row states: by its own id, else by its key columns."""
    row_id = fields.get(ID_COLUMN)
    if row_id is None or table.kind == "patient":
        return reference(table.kind, *[_key(fields.get(column)) for column in table.key])
    whose = (str(fields["patient"]),) if table.kind in PATIENT_KEYED else ()
    return reference(table.kind, *whose, row_id=str(row_id))


def statement_of(table: Table, fields: Fields, base: Statement | None = None) -> Statement:
    """Return the statement of a row; `base` is what is known of the fact, for the columns that the row lacks."""
    kind = KINDS[table.kind].statement
    if kind is Visit:
        measures = _measures(table, fields, base.measures if isinstance(base, Visit) else ())
        fields = {**fields, "measures": measures}
    stated: Fields = {}
    for name in kind.__struct_fields__:
        value = fields[name] if name in fields else getattr(base, name, None)
        stated[name] = EMPTY.get(name) if value is None else value
    return kind(**stated)


def slot(method: Method, location: str, item: str | None) -> Slot:
    """Return where the grade of an item at a location stands in a reading by a method.

    Raises `UnknownCodeError` for a location or an item that the method does not have.
    """
    number = method.location_numbers.get(location.lower())
    if number is None:
        raise UnknownCodeError(
            "location", location, (known.name for known in method.locations), what=f"location of {method.code}"
        )
    graded = _item(method, item)
    if not graded.grades_in(method.locations[number - 1].part):
        there = [each.name for each in method.items if each.grades_in(method.locations[number - 1].part)]
        raise RefusalError(
            f"item: {method.code} does not grade {graded.name} at {location}, but {', '.join(map(str, there))}",
            field="item",
            value=item,
        )
    return Slot(graded.name or ONLY_ITEM, number - 1)


def graded(
    method: Method, grading: Grading, known: Mapping[str, Sequence[int | None]]
) -> dict[str, tuple[int | None, ...]]:
    """Return a reading's grades with some of them given anew.

    A place is a location, a location and an item, or the two in one text: `C2/3`, `C2/3 anterior erosion`.
    """
    filled = {item: list(row) for item, row in known.items()}
    named: set[Slot] = set()
    for where, grade in grading.items():
        location, item = where if isinstance(where, tuple) else _location_and_item(method, where)
        place = slot(method, location, item)
        if place in named:
            raise RefusalError(f"grade: {method.locations[place.place].name} stands twice; remove one", field="grade")
        named.add(place)
        text = as_text(grade) or ""
        value = integer("grade", text.strip()) if text.strip() else None
        filled[place.item][place.place] = checked_grade(method, location, item, value)
    return {item: tuple(row) for item, row in filled.items()}


def checked_grade(method: Method, location: str, item: str | None, grade: int | None) -> int | None:
    """Return the grade where the method allows it, or None where the location could not be assessed."""
    allowed = _item(method, item).grades_in(method.locations[method.location_numbers[location.lower()] - 1].part)
    if grade is not None and grade not in allowed:
        raise GradeError(grade, method=method.code, where=address_of(location, item), allowed=allowed)
    return grade


def blank_grades(method: Method) -> dict[str, list[int | None]]:
    """Return a reading's grades before any is given: a location without a grade was not assessed."""
    return {item.name or ONLY_ITEM: [None] * len(method.locations) for item in method.items}


def method_of(catalogue: Catalogue, code: str) -> Method:
    """Return the method of a code, in whatever case it is written."""
    method = catalogue.methods.get(code.lower())
    if method is None:
        raise UnknownCodeError("method", code, catalogue.methods)
    return method


def _item(method: Method, name: str | None) -> Item:
    for item in method.items:
        if (item.name or "").lower() == (name or "").lower():
            return item
    known = [item.name for item in method.items if item.name]
    if not known:
        raise RefusalError(f"item: {method.code} grades one thing; leave the item empty", field="item")
    raise UnknownCodeError("item", name or "", known, what=f"item of {method.code}")


def _location_and_item(method: Method, text: str) -> tuple[str, str | None]:
    """Return what a text names: a place of the method, or what is most like one."""
    if (named := method.addresses.get(text.lower())) is not None:
        location, item = named
        return location.name, item.name
    for item in method.items:
        if item.name is not None and text.lower().endswith(f" {item.name.lower()}"):
            return text[: -len(item.name) - 1], item.name
    return text, None


def _measures(table: Table, given: Fields, known: tuple[Measurement, ...]) -> tuple[Measurement, ...]:
    taken = {**{measurement.measure: measurement for measurement in known}, **given} if known else given
    if "basmi" in taken or "basmi_version" in taken:
        taken = _with_version(taken, given, known)
    values: list[Any] = [taken[name] for name in _in_order(table, tuple(taken))]
    return tuple([value for value in values if value is not None])


def _with_version(taken: Fields, given: Fields, known: tuple[Measurement, ...]) -> Fields:
    """Return measures, a reported BASMI with its version."""
    version = next((measurement.version for measurement in known if measurement.measure == "basmi"), None)
    total = taken.get("basmi")
    if isinstance(total, Measurement) and is_number(total):
        stated = given.get("basmi_version", version)
        return {**taken, "basmi": msgspec.structs.replace(total, version=stated)}
    if given.get("basmi_version") is not None:
        raise RefusalError("basmi_version is given without a basmi; remove it or give the total", field="basmi_version")
    return taken


@lru_cache
def _in_order(table: Table, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the measures among some names, in the catalogue's order."""
    return tuple(name for name in table.catalogue.measures if name in names)


def _key(value: object) -> str:
    if isinstance(value, str):
        return value
    return value.isoformat() if isinstance(value, date) else str(value or "")
