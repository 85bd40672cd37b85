"""Hostile files: small ones that would fill the memory, never end, or make a reader say another thing than they do.

Each kind is a function that writes files into a folder, and says what becomes of them: the beginning of the first line
of the refusal, or `stored`. `python -m tests.faults.hostile` lists the kinds, `python -m tests.faults.hostile KIND
FOLDER` writes one.
"""

from __future__ import annotations

from importlib import import_module

from tests.faults.hostile.kinds import KINDS, Kind

for _module in ("texts", "workbooks", "workbook_parts", "parquets", "parquet_lies", "folders"):
    import_module(f"{__name__}.{_module}")

__all__ = ["KINDS", "Kind"]
