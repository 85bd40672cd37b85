"""Payloads whose JSON says what the registry's encoder would say, in other words: other order, spaces, fields.

Nothing of this release writes them. They are brought into the encoder's words, one object at a time, and then read as
all others.
"""

from __future__ import annotations

from typing import Any

import msgspec

from projections.log.grade_texts import known_method
from registry.domain.statements import Measurement
from registry.schema.field_mapping import ONLY_ITEM


def as_encoded(payloads: bytes) -> bytes:
    """Return payloads, UTF-8, one a line, with grades and measurements as the registry's encoder writes them."""
    return b"\n".join(msgspec.json.encode(_as_encoded(msgspec.json.decode(line))) for line in payloads.split(b"\n"))


def _as_encoded(payload: dict[str, Any]) -> dict[str, Any]:
    statement = payload.pop("statement", None)
    if statement is None:
        return payload
    if "measures" in statement:
        statement["measures"] = [msgspec.convert(each, Measurement) for each in statement.pop("measures")]
    if "grades" in statement:
        given = statement.pop("grades")
        items = [item.name or ONLY_ITEM for item in known_method(statement["method"]).items]
        statement["grades"] = {item: given[item] for item in items}
    return payload | {"statement": statement}
