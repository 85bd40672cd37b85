"""The eventsourcing library, imported as if the environment named nothing that it would load."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Final

TZINFO_TOPIC: Final = "TZINFO_TOPIC"  # read, and what it names imported, by the library's first import


def import_apart() -> None:
    """Import the library without what it would be told to load, where it is told so; the variable stays as it was."""
    told = os.environ.pop(TZINFO_TOPIC, None)
    if told is None:
        return
    try:
        import_module("eventsourcing.domain")
    finally:
        os.environ[TZINFO_TOPIC] = told
