"""The write side of spondyl: what may be recorded, and the log of what was.

`Registry` is the public door; errors are in `registry.errors`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from registry.application import Registry

__all__ = ["Registry"]


def __getattr__(name: str) -> object:
    # The catalogue and the domain are used without a database: they must not pay for importing one.
    if name == "Registry":
        from registry.application import Registry

        return Registry
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
