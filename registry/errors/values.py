"""A value that may not be recorded, by itself: it is missing, cannot be read, is on no list or beyond a limit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from registry.errors.root import RegistryError
from registry.wording import VALUE_AT_MOST, listed, shown, suggestion


class RefusalError(RegistryError):
    """What was asked may not be recorded.

    `field` is the column that has to change, where one does; `value` is what stands there, cut where it is long, None
    where it is empty or may be a name.
    """

    def __init__(self, message: str, *, field: str | None = None, value: object = None) -> None:
        super().__init__(message)
        self.field = field
        self.value = None if value is None else str(value)[:VALUE_AT_MOST]


class MissingValueError(RefusalError):
    """A required value is empty."""

    def __init__(self, field: str, expected: str) -> None:
        super().__init__(f"{field} is empty; give {expected}", field=field)


class FormatError(RefusalError):
    """A value that cannot be read as what its column holds."""

    def __init__(self, field: str, value: object, expected: str) -> None:
        super().__init__(f"{field}: {shown(value)} is not {expected}", field=field, value=value)


class UnknownCodeError(RefusalError):
    """A word that no list contains; `mend` says what would be right where that is not a slip of a known word."""

    def __init__(
        self, field: str, value: object, known: Iterable[str], *, what: str | None = None, mend: str | None = None
    ) -> None:
        self.known = tuple(known)
        if mend is None:
            mend = suggestion(str(value), self.known)
        super().__init__(f"{field}: {shown(value)} is not a known {what or field}{mend}", field=field, value=value)


class UnitError(RefusalError):
    """A unit that cannot be converted exactly into the measure's own."""

    def __init__(self, field: str, unit: str, allowed: Iterable[str]) -> None:
        super().__init__(
            f"{field}: unit {shown(unit)} cannot be used; write {' or '.join(allowed)}", field=field, value=unit
        )


class RangeError(RefusalError):
    """A number outside its limits."""

    def __init__(self, field: str, value: object, limit: str) -> None:
        super().__init__(f"{field}: {value} is outside {limit}", field=field, value=value)


class ConflictingOptionsError(RefusalError):
    """An option that cannot be had without, or together with, another."""

    def __init__(self, field: str, value: object, wanted: str) -> None:
        super().__init__(f"{field}: {shown(value)} wants {wanted}", field=field, value=value)


class GradeError(RefusalError):
    """A grade that the method does not allow."""

    def __init__(self, grade: object, *, method: str, where: str, allowed: Sequence[int]) -> None:
        super().__init__(
            f"grade: {shown(grade)} at {where} is not a grade of {method}; write {listed(map(str, allowed))}, "
            "or leave it empty where it could not be assessed",
            field="grade",
            value=grade,
        )


class ClinicalDayError(RefusalError):
    """A day on which it cannot have happened."""

    def __init__(self, field: str, day: object, why: str) -> None:
        super().__init__(f"{field}: {day} {why}", field=field, value=day)


class DeclarationError(RefusalError):
    """A method whose readings could not be read back or whose scores not told apart, by `item` where one is meant."""

    def __init__(self, method: str, item: str | None, why: str, *, grade: object = None) -> None:
        of_item = "" if item is None else f"item {item!r}: "
        super().__init__(f"method {method!r}: {of_item}{why}")
        self.method, self.item, self.grade = method, item, grade
