"""Public names that a package imports when they are first asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module


def lazily(
    package: str, modules: Mapping[str, Iterable[str]]
) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Return the `__getattr__` and the `__dir__` of a package, from the public names that each module makes.

    Raises `AttributeError` for any other name, as a module does.
    """
    makers = {name: module for module, names in modules.items() for name in names}

    def made(name: str) -> object:
        if name not in makers:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(makers[name]), name)

    return made, lambda: sorted(makers)
