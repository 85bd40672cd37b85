"""A TOML text as tables, within limits: a file of some kilobytes must not take minutes, nor all of the stack.

What the parser could not bear is looked for in the text first, where strings and comments are taken out; so a refusal
names the line. What it did bear is looked through, and a refusal names the key.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

BYTES_AT_MOST: Final = 1_000_000  # of a file
DEPTH_AT_MOST: Final = 16  # tables and lists within one another
DIGITS_AT_MOST: Final = 100  # of a number as it is written
ENTRIES_AT_MOST: Final = 1_000  # of a list, or keys of a table
LARGEST: Final = 2**63 - 1  # what TOML promises of whole numbers
STRINGS_AND_COMMENTS: Final = re.compile(  # one that nobody closes goes on to the end: no sign is looked at twice
    r'"""(?:[^\\]|\\.)*?(?:"{3,5}|\Z)'
    r"|'''.*?(?:'{3,5}|\Z)"
    r'|"(?:[^"\\\n]|\\.)*"?'
    r"|'[^'\n]*'?"
    r"|#[^\n]*",
    re.DOTALL,
)
DIGITS: Final = re.compile(rf"(?<![0-9a-fA-F_])[0-9a-fA-F_]{{{DIGITS_AT_MOST + 1},}}")
NESTED: Final = f"is nested more than {DEPTH_AT_MOST} deep"


def tables_of(text: bytes) -> dict[str, Any]:
    """Return the tables of a TOML text in UTF-8; numbers that are not whole are decimals, as they are written.

    Raises `ValueError`, which says where and why, for what is no TOML or beyond a limit.
    """
    if len(text) > BYTES_AT_MOST:
        raise ValueError(f"has {len(text):,} bytes; {BYTES_AT_MOST:,} at most")
    try:
        written = text.decode("utf-8-sig")
        _check_text(written)
        tables = tomllib.loads(written, parse_float=Decimal)
    except UnicodeDecodeError as failure:
        raise ValueError(f"is not TOML in UTF-8: {failure}; save it in UTF-8") from None
    except tomllib.TOMLDecodeError as failure:
        raise ValueError(f"is not TOML in UTF-8: {failure}{_mend(str(failure))}") from None
    for key, why in _beyond_limits("", tables, 0):
        raise ValueError(f"{key}: {why}")
    return tables


def _mend(failure: str) -> str:
    """Return what is to be done about what the parser complains of, where it does not say so itself."""
    if failure.startswith("Invalid value"):
        return "; a text stands in straight quotation marks"
    return "; the key stands twice, keep one" if failure.startswith("Cannot overwrite") else ""


def _check_text(text: str) -> None:
    """Refuse, with its line, what would end the parser or keep it busy."""
    bare = STRINGS_AND_COMMENTS.sub(lambda found: "s" + "\n" * found[0].count("\n"), text)
    deep = dots = 0
    for number, line in enumerate(bare.split("\n"), 1):
        if found := DIGITS.search(line):
            raise ValueError(f"line {number}: a number of {len(found[0]):,} digits; {DIGITS_AT_MOST} at most")
        for sign in f"{line}=":
            deep += (sign in "[{") - (sign in "]}")
            dots = 0 if sign in "=,[]{}" else dots + (sign == ".")
            if max(deep, dots) > DEPTH_AT_MOST:
                raise ValueError(f"line {number}: {NESTED}")


def _beyond_limits(key: str, value: object, deep: int) -> Iterator[tuple[str, str]]:
    """Yield each value that is nested too deep, has too many entries, or is too large a number, by its key."""
    if deep > DEPTH_AT_MOST:
        yield key, NESTED
    elif isinstance(value, dict | list) and len(value) > ENTRIES_AT_MOST:
        yield key or "the file", f"has {len(value):,} entries; {ENTRIES_AT_MOST:,} at most"
    elif isinstance(value, int) and abs(value) > LARGEST:
        yield key, f"a whole number beyond ±{LARGEST}"
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from _beyond_limits(f"{key}.{name}" if key else name, each, deep + 1)
    elif isinstance(value, list):
        for place, each in enumerate(value, 1):
            yield from _beyond_limits(f"{key}[{place}]", each, deep + 1)
