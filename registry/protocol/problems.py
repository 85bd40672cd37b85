"""One thing that is wrong with a protocol, at the key where it is mended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from registry.wording import key_told, shown

T = TypeVar("T")


class Problem(NamedTuple):
    """A key of the file, as `measures[2].unit`, and what is wrong there, with what would be right."""

    key: str
    what: str

    def __str__(self) -> str:
        return f"{key_told(self.key)}: {self.what}"


def placed(table: str, records: Sequence[T]) -> Iterator[tuple[str, T]]:
    """Yield each record of a list of tables with its place in the file: `measures[1]` is the first."""
    yield from ((f"{table}[{number}]", record) for number, record in enumerate(records, 1))


def doubled(key: str, names: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    """Yield a problem for each name that stands a second time; `names` has places, and names as they are compared."""
    first: dict[str, str] = {}
    for place, name in names:
        if name in first:
            yield Problem(f"{place}.{key}", f"{shown(name)} stands in {first[name]} already; remove one")
        first.setdefault(name, place)
