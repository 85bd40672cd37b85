"""The recorded clock: microseconds since 1970-01-01 00:00 UTC, without leap seconds."""

from __future__ import annotations

import time
from collections.abc import Callable

Clock = Callable[[], int]


def system_clock() -> int:
    """Return what the machine's clock says now, in µs UTC."""
    return time.time_ns() // 1000
