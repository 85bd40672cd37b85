"""The example cohorts that come with spondyl: their files, definitions, and the figures that were printed of them."""

from __future__ import annotations

from pathlib import Path

from registry.errors import RegistryError


def example(name: str) -> Path:
    """Return the folder, or a file, of an example cohort, in a checkout or an installed package."""
    for folder in (Path(__file__).parent / "examples", Path(__file__).parents[1] / "examples"):
        if (folder / name).exists():
            return folder / name
    raise RegistryError(f"the example cohort {name!r} is not installed")
