"""On what it was measured."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Final

CPUS: Final = Path("/proc/cpuinfo")


def machine() -> str:
    """Return the machine in a line: processor, how many, memory, system."""
    model = platform.processor() or platform.machine()
    if CPUS.exists():
        names = [
            line.partition(":")[2].strip() for line in CPUS.read_text("utf-8").splitlines() if "model name" in line
        ]
        model = names[0] if names else model
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return f"{os.cpu_count()} × {model}, {memory:.0f} GiB, {platform.system()} {platform.machine()}"


def versions(packages: Iterable[str]) -> dict[str, str]:
    """Return the version of Python, of spondyl, and of each package that takes part."""
    return {"Python": platform.python_version(), **{name: version(name) for name in ("spondyl", *packages)}}
