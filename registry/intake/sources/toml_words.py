"""Texts as TOML writes them: quoted where they have to be, and comments that stay on their line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Final

from registry.wording import is_seen, visible

BARE: Final = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
COMMENT_AT_MOST: Final = 160  # characters


def quoted(text: str) -> str:
    r"""Return a text as a TOML string on one line.

    >>> print(quoted('k.A. "?"'), quoted("a\tb\x7f"))
    "k.A. \"?\"" "a\tb\u007f"
    """
    return "".join(sign if is_seen(sign) else _escaped(sign) for sign in json.dumps(text, ensure_ascii=False))


def key(name: str) -> str:
    """Return a name as a key, quoted unless it is plain."""
    return name if BARE.fullmatch(name) else quoted(name)


def array(texts: Iterable[str]) -> str:
    """Return texts as a TOML array on one line."""
    return f"[{', '.join(map(quoted, texts))}]"


def table(pairs: Mapping[str, str]) -> str:
    """Return keys and values, these as TOML already, as an inline table."""
    return f"{{ {', '.join(f'{key(name)} = {value}' for name, value in pairs.items())} }}"


def words(pairs: Mapping[str, str]) -> str:
    """Return words by code as an inline table, the codes always quoted."""
    return f"{{ {', '.join(f'{quoted(name)} = {quoted(word)}' for name, word in pairs.items())} }}"


def comment(text: str) -> str:
    """Return a text as a comment, every sign of it seen, cut where it is long."""
    text = visible(text)
    return f"# {text if len(text) <= COMMENT_AT_MOST else f'{text[:COMMENT_AT_MOST]}…'}"


def _escaped(sign: str) -> str:
    number = ord(sign)
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"
