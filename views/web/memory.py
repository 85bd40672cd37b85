"""Giving memory back to the system: what a computation took, Arrow and the C library keep for the next one."""

from __future__ import annotations

import ctypes
import gc
from contextlib import suppress

import pyarrow as pa

from projections.statistics.cluster_bootstrap import KEPT_DRAWS


def give_back() -> None:
    """Give back what nobody holds any more, as far as the system lets one."""
    KEPT_DRAWS.let_go()
    gc.collect()
    pa.default_memory_pool().release_unused()
    with suppress(OSError, AttributeError):  # glibc alone has it
        ctypes.CDLL(None).malloc_trim(0)
