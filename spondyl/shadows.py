"""Whether the packages that Python finds are spondyl's own, which lie beside this one.

Their names are words that anybody may use: somebody's own `registry.py`, or a folder `cli/`, in front of them on
Python's path would be imported in their place, and fail far from the cause.
"""

from __future__ import annotations

import os.path
import sys
from importlib.machinery import ModuleSpec, PathFinder
from typing import Final

PACKAGES: Final = ("registry", "projections", "views", "cli", "migrations")
HOME: Final = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class ShadowedError(ImportError):
    """Something of the same name stands before one of spondyl's packages on Python's path, at `path`."""

    def __init__(self, place: str, package: str) -> None:
        folder = os.path.dirname(place)
        super().__init__(
            f"{place} shadows spondyl's {package}: rename it, or take {folder} off Python's path",
            name=package,
            path=place,
        )

    @property
    def told(self) -> str:
        """What it says, for a terminal: what a name of a folder has that is not printed stands as Python writes it."""
        return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in str(self))


def shadow() -> ShadowedError | None:
    """Return what stands before a package of spondyl's, None where nothing does."""
    for package in PACKAGES:
        spec = PathFinder.find_spec(package)
        if spec is not None and not _is_ours(place := _place(spec), package):
            return ShadowedError(place, package)
    return None


def is_the_command() -> bool:
    """Return whether Python was started as the command `spondyl`, which says in its own way what is wrong."""
    started, _ = os.path.splitext(os.path.basename(sys.argv[0] if sys.argv else ""))
    return started == "spondyl"


def _place(spec: ModuleSpec) -> str:
    """Return the folder of a package, the file of a module."""
    return next(iter(spec.submodule_search_locations or (spec.origin or spec.name,)))


def _is_ours(place: str, package: str) -> bool:
    ours = os.path.join(HOME, package)
    return place == ours or (all(map(os.path.exists, (ours, place))) and os.path.samefile(place, ours))
