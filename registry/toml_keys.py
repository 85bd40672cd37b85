"""The keys of a file that defines something, read one by one: each with the values that it may have, and its default.

A file is read to its end before anything is refused, so that all its problems are told at once, each with its key.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar, cast

from registry.catalogue.catalogue import BUILT_IN, Catalogue
from registry.domain.days import EARLIEST
from registry.domain.days import day as day_of
from registry.domain.texts import TEXT_AT_MOST, has_unseen, is_lines, is_one_line
from registry.errors import FormatError, RegistryError
from registry.given_files import given_bytes
from registry.schema.numbers import DIGITS_AT_MOST, decimal
from registry.spelling import nearest
from registry.toml_text import BYTES_AT_MOST, tables_of
from registry.wording import key_told, shown, visible

FARTHEST: Final = 36_525  # days; a hundred years
NUMBERS_AT_MOST: Final = 100  # in a list; each is a column of figures
STRANGE_AT_MOST: Final = 20  # keys of a table that are told to be unknown, one by one
REQUIRED: Final = object()
ABSENT: Final = object()

T = TypeVar("T")
W = TypeVar("W", bound=str)


class DefinitionError(RegistryError):
    """A file of a cohort, printed figures or a protocol that cannot be used; `problems` are all of them, by key."""

    def __init__(self, file: str, problems: Iterable[str]) -> None:
        self.file, self.problems = file, tuple(problems)
        super().__init__("\n".join(self.lines))

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(f"{self.file}: {problem}" for problem in self.problems)


class OfFile(NamedTuple):
    """What all tables of a file share."""

    problems: list[str]
    defaults: list[tuple[str, str]]
    catalogue: Catalogue
    criteria: tuple[str, ...] = ()  # names of those that the file defines itself


class Keys:
    """One table of a file, at a `path` of keys as `who` or `time_points[2]`.

    What is wrong goes to `problems`, what was left out to `defaults` (key and value), both shared by the whole file, as
    is the `catalogue`, whose words it may have.
    """

    def __init__(self, table: object, path: str, of_file: OfFile) -> None:
        self.path, self.of_file = path, of_file
        self.problems, self.defaults, self.catalogue = of_file.problems, of_file.defaults, of_file.catalogue
        if not isinstance(table, Mapping):
            self.wrong("", f'{shown(table)} is not a table of keys, as {{ a = "b" }}')
            table = {}
        self._table = dict(table)
        self._asked: list[str] = []

    def text(self, name: str, default: Any = REQUIRED, *, is_printed: Callable[[str], bool] = is_lines) -> str:
        """Return a text that is not empty, on one line or more."""
        value = self._value(name, default, "a text")
        if isinstance(value, str) and value.strip():
            return value if value is default else self._printed(name, value, is_printed)
        wanted = "a text that is not empty" if isinstance(value, str) else "a text, in quotation marks"
        return self._default(name, value, default, wanted, "")

    def line(self, name: str, default: Any = REQUIRED) -> str:
        """Return a text that is not empty, on one line: a name or a title."""
        return self.text(name, default, is_printed=is_one_line)

    def perhaps(self, name: str) -> str:
        """Return a text on one line that may be empty, as it is where it is not there."""
        value = self._value(name, "", "a text")
        return "" if value == "" else self.line(name)

    def word(self, name: str, allowed: Collection[W], default: Any = REQUIRED) -> W:
        """Return one of the allowed words."""
        value = self._value(name, default, _or(allowed))
        for word in allowed:
            if word == value:
                return word
        near = f"; did you mean {nearest(str(value), allowed)!r}?" if nearest(str(value), allowed) else ""
        return self._default(name, value, default, f"{_or(allowed)}{near}", next(iter(allowed), cast("W", "")))

    def words(self, name: str, allowed: Collection[str] | None = None, default: Any = ()) -> tuple[str, ...]:
        """Return a list of words, of the allowed ones where there are any."""
        value = self._value(name, default, "a list of words")
        if not isinstance(value, list | tuple) or not all(isinstance(word, str) for word in value):
            return self._default(name, value, default, 'a list of words, as ["a", "b"]', ())
        for word in value:
            if allowed is not None and word not in allowed:
                near = f"; did you mean {nearest(str(word), allowed)!r}?" if nearest(str(word), allowed) else ""
                self.wrong(name, f"{shown(word)} is not one of {_or(allowed)}{near}")
            elif allowed is None:
                self._printed(name, word, is_lines)
        if len(set(value)) < len(value):
            self.wrong(name, "names something twice")
        return tuple(value)

    def texts(self, name: str) -> tuple[str, ...]:
        """Return one text or several; none may be empty."""
        expected = 'a text or a list of texts, as ["a", "b"]'
        value = self._value(name, REQUIRED, expected)
        several = [value] if isinstance(value, str) else value
        if isinstance(several, list) and several and all(isinstance(each, str) and each.strip() for each in several):
            return tuple(self._printed(name, each, is_one_line) for each in several)
        return self._default(name, value, REQUIRED, expected, ())

    def number(self, name: str, default: Any = REQUIRED, *, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`."""
        value = self._value(name, default, f"a whole number from {low} to {high}")
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        return self._default(name, value, default, f"a whole number from {low} to {high}", low)

    def share(self, name: str, default: Any = REQUIRED) -> float:
        """Return a number above 0 and below 1."""
        value = self._value(name, default, "a number above 0 and below 1")
        if isinstance(value, Decimal) and 0 < float(value) < 1:
            return float(value)
        if value is default and isinstance(default, float):
            return default
        return self._default(name, value, default, "a number above 0 and below 1", 0.5)

    def decimal(self, name: str) -> Decimal | None:
        """Return a number, exactly as it is written, be it within quotation marks; None where it is not there."""
        value = self._value(name, None, "a number")
        return None if value is None else self._exact(name, value)

    def decimals(self, name: str) -> dict[str, Decimal]:
        """Return a table of exact numbers by word, empty where it is not there."""
        numbers = self.table(name)
        read = [] if numbers is None else [(word, numbers.decimal(word)) for word in numbers.names()]
        return {word: number for word, number in read if number is not None}

    def limits(self, name: str) -> tuple[Decimal | None, Decimal | None] | None:
        """Return the lowest value and the highest one, both inclusive; `-inf` and `inf` are no limit (None)."""
        expected = "two numbers, the lowest and the highest value; inf is no limit"
        value = self._value(name, None, expected)
        if value is None:
            return None
        if not isinstance(value, list) or len(value) != 2:
            return self._default(name, value, None, f"{expected}, as [0, 10]", None)
        low, high = (
            None if end == Decimal(none) else self._exact(name, end) for end, none in zip(value, ("-inf", "inf"))
        )
        if low is not None and high is not None and low > high:
            self.wrong(name, f"{low} is above {high}; write the lowest value, then the highest")
            return None
        return low, high

    def labels(self, name: str, *, at_most: int) -> dict[str, str]:
        """Return a table of texts on one line, by word, with `at_most` so many; empty where it is not there."""
        texts = self.table(name)
        if texts is None:
            return {}
        if len(texts.names()) > at_most:
            self.wrong(name, f"has {len(texts.names()):,} words; {at_most:,} at most")
        return {word: texts.line(word) for word in texts.names()[:at_most]}

    def day(self, name: str) -> date | None:
        """Return a day of the clinical clock, be it within quotation marks; None where it is not there."""
        expected = f"a day of the calendar from {EARLIEST} on; write YYYY-MM-DD"
        value = self._value(name, None, expected)
        read = day_of(value) if isinstance(value, str) else value
        if isinstance(read, date) and not isinstance(read, datetime) and read >= EARLIEST:
            return read
        return self._default(name, value, None, expected, None)

    def days_by_word(self, name: str) -> dict[str, date]:
        """Return a table of days by word, empty where it is not there."""
        days = self.table(name)
        read = [] if days is None else [(word, days.day(word)) for word in days.names()]
        return {word: each for word, each in read if each is not None}

    def yes_no(self, name: str, default: Any = REQUIRED) -> bool:
        """Return true or false."""
        value = self._value(name, default, "true or false")
        return value if isinstance(value, bool) else self._default(name, value, default, "true or false", False)

    def days(self, name: str, default: Any = REQUIRED, *, low: int, high: int) -> tuple[int, int]:
        """Return a window: the first and the last day, inclusive, both from `low` to `high`."""
        expected = f"two whole numbers from {low} to {high}, the first day and the last"
        value = self._value(name, default, expected)
        if (
            isinstance(value, list | tuple)
            and len(value) == 2
            and all(isinstance(day, int) and not isinstance(day, bool) and low <= day <= high for day in value)
            and value[0] <= value[1]
        ):
            return value[0], value[1]
        return self._default(name, value, default, expected, (low, low))

    def numbers(self, name: str, default: tuple[int, ...], *, low: int, high: int) -> tuple[int, ...]:
        """Return different whole numbers from `low` to `high`, ascending."""
        expected = f"a list of up to {NUMBERS_AT_MOST} different whole numbers from {low} to {high}, ascending"
        value = self._value(name, default, expected)
        if (
            isinstance(value, list | tuple)
            and len(value) <= NUMBERS_AT_MOST
            and all(isinstance(each, int) and not isinstance(each, bool) and low <= each <= high for each in value)
            and list(value) == sorted(set(value))
        ):
            return tuple(value)
        return self._default(name, value, default, expected, ())

    def pairs(self, name: str, allowed: Sequence[str], *, at_most: int, otherwise: str) -> tuple[tuple[str, str], ...]:
        """Return `at_most` so many pairs of the allowed words, each of two different ones; none for the default.

        `otherwise` tells what the default is.
        """
        self._asked.append(name)
        value = self._table.get(name)
        if value is None:
            self.defaults.append((self._key(name), otherwise))
            return ()
        if isinstance(value, list) and len(value) > at_most:
            self.wrong(name, f"has {len(value):,} pairs; {at_most:,} at most")
            return ()
        if isinstance(value, list) and all(_is_pair(pair, allowed) for pair in value):
            return tuple((pair[0], pair[1]) for pair in value)
        self.wrong(name, f"{shown(value)} is not a list of pairs, each of two different ones of {_or(allowed)}")
        return ()

    def table(self, name: str) -> Keys | None:
        """Return the keys of a table within this one, None where it is not there."""
        self._asked.append(name)
        return Keys(self._table[name], self._key(name), self.of_file) if name in self._table else None

    def inner(self, name: str) -> Keys:
        """Return the keys of a table within this one, of an empty one where it is not there."""
        return self.table(name) or Keys({}, self._key(name), self.of_file)

    def alone(self, name: str) -> Keys:
        """Return the same table with one of its keys alone."""
        return Keys({name: self.value_of(name)} if self.there(name) else {}, self.path, self.of_file)

    def tables(self, name: str, *, at_most: int) -> list[Keys]:
        """Return the keys of each table in a list of `at_most` so many."""
        self._asked.append(name)
        value = self._table.get(name, [])
        if not isinstance(value, list):
            self.wrong(name, f"is not a list of tables; write [[{self._key(name)}]]")
            return []
        if len(value) > at_most:
            self.wrong(name, f"has {len(value):,} tables; {at_most:,} at most")
            value = value[:at_most]
        return [Keys(each, f"{self._key(name)}[{place}]", self.of_file) for place, each in enumerate(value, 1)]

    def value_of(self, name: str) -> object:
        """Return what a key holds, whatever that is; None where it is not there. Whoever asks judges it."""
        self._asked.append(name)
        return self._table.get(name)

    def there(self, name: str) -> bool:
        """Return whether the file has an optional key, for which nothing has to be told where it is not there."""
        self._asked.append(name)
        return name in self._table

    def names(self) -> list[str]:
        """Return the keys that the file has here, in its order."""
        return list(self._table)

    def end(self, known: Iterable[str] = ()) -> None:
        """Tell of keys that nobody asked for; `known` are allowed beside those that were."""
        known = list(dict.fromkeys((*self._asked, *known)))
        strange = [name for name in self._table if name not in known]
        for name in strange[:STRANGE_AT_MOST]:
            near = nearest(name, known)
            self.wrong(name, f"is not a key here; {f'did you mean {near!r}?' if near else f'write {_or(known)}'}")
        if len(strange) > STRANGE_AT_MOST:
            self.wrong("", f"has {len(strange) - STRANGE_AT_MOST:,} more keys that are none here")

    def wrong(self, name: str, what: str) -> None:
        """Tell what is wrong with a key."""
        key = key_told(self._key(name))
        self.problems.append(f"{key}: {what}" if key else what)

    def _exact(self, name: str, value: object) -> Decimal | None:
        """Return a number as it is written; tell of what is none, or has too many digits."""
        is_number = isinstance(value, int | Decimal | str) and not isinstance(value, bool)
        try:
            return decimal(name, str(value) if is_number else "")
        except FormatError:
            self.wrong(name, f"{shown(value)} is not a finite number of at most {DIGITS_AT_MOST} digits")
            return None

    def _printed(self, name: str, text: str, is_printed: Callable[[str], bool]) -> str:
        """Return a text; tell of one that is too long, or not printed as it should be."""
        if is_printed is is_one_line and is_printed(text) and has_unseen(text):
            mend = "remove fillers, and a mark without its letter"
            self.wrong(name, f"{visible(shown(text))} is not text of which every sign is seen; {mend}")
        elif len(text) > TEXT_AT_MOST or not is_printed(text):
            where = " on one line" if is_printed is is_one_line else ""
            self.wrong(name, f"{shown(text)} is not printable text of at most {TEXT_AT_MOST:,} characters{where}")
        return text

    def _key(self, name: str) -> str:
        return ".".join(part for part in (self.path, name) if part)

    def _value(self, name: str, default: Any, expected: str) -> Any:
        self._asked.append(name)
        if name in self._table:
            return self._table[name]
        if default is REQUIRED:
            self.wrong(name, f"is missing; write {expected}")
            return ABSENT
        self.defaults.append((self._key(name), _in_words(default)))
        return default

    def _default(self, name: str, value: object, default: Any, expected: str, otherwise: T) -> T:
        """Tell that a value is not what is expected, and return something to go on reading with."""
        if value is not default and value is not ABSENT:
            self.wrong(name, f"{shown(value)} is not {expected}")
        usual: T = otherwise if default is REQUIRED else default
        return usual


def top_of(text: bytes, file: str, catalogue: Catalogue = BUILT_IN) -> Keys:
    """Return the keys at the top of a TOML text; `file` is named in messages.

    Raises `DefinitionError` where it is no TOML in UTF-8, or beyond the limits of `toml_text`.
    """
    try:
        return Keys(tables_of(text), "", OfFile([], [], catalogue))
    except ValueError as failure:
        raise DefinitionError(file, [str(failure)]) from None


def content_of(file: Path | str) -> bytes:
    """Return what a file holds. Raises `DefinitionError` where it cannot be read."""
    try:
        return given_bytes(file, at_most=BYTES_AT_MOST)
    except OSError as failure:
        raise DefinitionError(str(file), [f"cannot be read: {failure.strerror or failure}"]) from None


def _is_pair(pair: object, allowed: Sequence[str]) -> bool:
    return isinstance(pair, list) and len(pair) == 2 and pair[0] != pair[1] and all(each in allowed for each in pair)


def _or(words: Iterable[str]) -> str:
    listed = [repr(word) for word in words]
    return listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} or {listed[-1]}" if listed else "nothing"


def _in_words(value: object) -> str:
    if value in (None, (), ""):
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
