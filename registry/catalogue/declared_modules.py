"""The modules of a folder in which something is declared: whoever adds one there need name it nowhere."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any


def modules_in(package: str, path: Iterable[str]) -> list[ModuleType]:
    """Return the modules of a package by its name and its path, in the order of their names."""
    return [import_module(f"{package}.{each.name}") for each in iter_modules(path)]


def declared_in(package: str, path: Iterable[str], called: str) -> list[Any]:
    """Return all that such modules declare under a name, as `CRITERIA`; a module need have none."""
    return [one for module in modules_in(package, path) for one in getattr(module, called, ())]
