"""How a source was read, in words: what its mapping says, and what holds where that says nothing."""

from __future__ import annotations

from typing import Final

from registry.intake.sources.mapping import Kind, SourceRule

TEXT: Final = {
    "delimiter": ",",
    "encoding": "utf-8, or by its byte-order mark",
    "decimal": ".",
    "header_row": "the first",
}
SHEET: Final = {"sheet": "the only one", "header_row": "the first", "decimal": "."}
OF_KIND: Final[dict[Kind, dict[str, str]]] = {"csv": TEXT, "xlsx": SHEET}
ALWAYS: Final = ("dates", "partial_dates", "missing", "unmapped")


def how_read(rule: SourceRule) -> dict[str, str]:
    """Return how a source is read by its rule: each key that has a say, with what it says or what holds without it."""
    read = {name: _told(getattr(rule, name)) or usual for name, usual in OF_KIND.get(rule.kind, {}).items()}
    read |= {name: said for name in ALWAYS if (said := _told(getattr(rule, name)))}
    return read | ({"forms": _told(rule.forms)} if rule.kind == "redcap" else {})


def _told(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{word} = {reason}" if reason else str(word) for word, reason in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return "" if value is None else repr(value)[1:-1] if isinstance(value, str) else str(value)
