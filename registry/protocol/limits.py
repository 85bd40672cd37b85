"""How much a protocol may have: what a person can oversee, and what a table, a template and a screen can hold."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

import msgspec

from registry.catalogue.protocol import Protocol
from registry.domain.texts import TEXT_AT_MOST, has_unseen, is_one_line
from registry.errors import FormatError
from registry.protocol.problems import Problem
from registry.schema.numbers import decimal
from registry.wording import shown

AT_MOST: Final = {  # tables of a list
    "units": 100,
    "measures": 1_000,
    "scores": 200,
    "agents": 200,
    "products": 500,
    "arms": 50,
    "conditions": 500,
    "centres": 500,
    "schedule": 50,
}
CODES_AT_MOST: Final = 200  # words of a measure
REASONS_AT_MOST: Final = 50  # for a missing value
ITEMS_AT_MOST: Final = 200  # of a score
MAY_BE_EMPTY: Final = frozenset({"atc"})


def shape_problems(protocol: Protocol) -> Iterator[Problem]:
    """Yield what no file could have given: another type, a text that is not printed on one line, too much of a thing.

    A file is read within the same limits; this is for a protocol that a program made.
    """
    for name, at_most in AT_MOST.items():
        if len(each := getattr(protocol, name)) > at_most:
            yield Problem(name, f"has {len(each):,} tables; {at_most:,} at most")
    content = msgspec.to_builtins(protocol, builtin_types=(Decimal,))
    try:
        msgspec.convert(content, Protocol)
    except msgspec.ValidationError as failure:
        yield Problem("protocol", f"cannot be kept as it is: {failure}")
    yield from _of_values("", content)


def _of_values(key: str, value: object) -> Iterator[Problem]:
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _of_values(f"{key}.{name}" if key else str(name), each)
    elif isinstance(value, list | tuple):
        for number, each in enumerate(value, 1):
            yield from _of_values(f"{key}[{number}]", each)
    elif isinstance(value, str):
        is_empty = not value.strip() and key.rpartition(".")[2] not in MAY_BE_EMPTY
        if is_empty or len(value) > TEXT_AT_MOST or not is_one_line(value) or (value and has_unseen(value)):
            yield Problem(key, f"{shown(value)} is not printable text of 1 to {TEXT_AT_MOST:,} characters on one line")
    elif isinstance(value, Decimal):
        try:
            decimal(key, str(value))
        except FormatError as refusal:
            yield Problem(key, str(refusal).partition(": ")[2])
