"""A de-identified release made row by row, by what the columns say that they betray: the oracle of the fast one."""

from __future__ import annotations

import hmac
import re
from calendar import monthrange
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from hashlib import sha256
from typing import Any, Final

from projections.columns.tables import Table

LEFT_OUT: Final = {"text", "clock", "cut"}
REASONS: Final = {"follow_up_ended_on": "follow_up_end_reason", "ended_on": "end_reason"}
ENDS: Final = {"stopped_on", "ended_on"}
Row = Mapping[str, Any]


class SlowRelease:
    """What becomes of rows with a key, 32 bytes in hexadecimal; words that fewer than five patients have are hidden."""

    def __init__(self, key: str, exported: Mapping[str, list[dict[str, Any]]], *, today: date) -> None:
        self._key = bytes.fromhex(key)
        self._exported = exported
        self._born_from = today.year - 90
        self._measures_of_days = {"last_dxa"}

    def table(self, declared: Table) -> list[dict[str, Any]]:
        """Return the rows of a released table in their order."""
        kept = [column for column in declared.columns if column.sensitivity not in LEFT_OUT]
        rows = [
            {column.name: self._value(declared, row, column.name, column.sensitivity) for column in kept}
            for row in self._exported[declared.name]
        ]
        names = [column.name for column in kept]
        by = [name for name in dict.fromkeys((*declared.order, *declared.key)) if name in names]
        return sorted(
            rows, key=lambda row: [(row[name] is not None, row[name] if row[name] is not None else 0) for name in by]
        )

    def name(self, purpose: str, *texts: str) -> str:
        """Return the new name of a text."""
        return self._digest(purpose, *texts)[:32]

    def shift(self, patient: str) -> timedelta:
        """Return by how much the days of a patient move."""
        return -timedelta(days=1 + int.from_bytes(bytes.fromhex(self._digest("shift", patient))[:8], "big") % 365)

    def _digest(self, *texts: str) -> str:
        told = b"".join(len(text.encode()).to_bytes(4, "little") + text.encode() for text in texts)
        return hmac.new(self._key, told, sha256).hexdigest()

    def _value(self, declared: Table, row: Row, name: str, betrays: str) -> Any:
        value = row[name]
        if betrays == "measured":
            value = value if row["measure"] in self._measures_of_days else None
        if value is None or betrays in ("quasi", "none"):
            return value
        if betrays == "open":
            return self._of_open(declared.name, name, value)
        if betrays == "birth":
            return max(value, self._born_from) // 5 * 5
        if betrays in ("day", "measured"):
            return self._moved(row, name, value)
        if isinstance(value, list):
            return [self._renamed(betrays, row, each) for each in value]
        return self._renamed(betrays, row, value)

    def _renamed(self, betrays: str, row: Row, text: str) -> str:
        if not text or (betrays == "person" and text == "consensus"):
            return text
        if betrays == "reference":
            return self.name("reference", row["patient"], text)
        if betrays == "name" and text.endswith("+repeat"):
            return self.name("name", text.removesuffix("+repeat")) + "+repeat"
        return self.name({"identifier": "patient"}.get(betrays, betrays), text)

    def _moved(self, row: Row, name: str, value: Any) -> Any:
        by = self.shift(row["patient"])
        if isinstance(value, str):
            return (date.fromisoformat(f"{value}-01-01"[:10]) + by).isoformat()[: len(value)]
        if (
            row.get({"follow_up_ended_on": "follow_up_end_reason", "ended_on": "end_reason"}.get(name, ""))
            == "study-end"
        ):
            return None
        precision = row.get(f"{name}_precision") or "day"
        if name in ENDS:
            value = _last_day(value, precision)
        moved = value + by
        return {"day": moved, "month": moved.replace(day=1), "year": moved.replace(month=1, day=1)}[precision]

    def _of_open(self, table: str, name: str, value: Any) -> Any:
        patients = defaultdict(set)
        for row in self._exported[table]:
            words = row[name] if isinstance(row[name], list) else [row[name]]
            for word in words:
                patients[word].add(row["patient"])
        if isinstance(value, list):
            return [word if len(patients[word]) >= 5 else "other" for word in value]
        is_place = re.fullmatch(r"C2/3|[CTLS]\d.*", value) is not None and table == "lesion_courses"
        return value if is_place or len(patients[value]) >= 5 else "other"


def _last_day(first: date, precision: str) -> date:
    if precision == "year":
        return first.replace(month=12, day=31)
    return first.replace(day=monthrange(first.year, first.month)[1]) if precision == "month" else first
