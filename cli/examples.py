"""The example cohorts that come with spondyl, and the figures that were printed of them."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

from registry.errors import RegistryError


def example(name: str) -> Path:
    """Return the folder of an example cohort, in a checkout or an installed package."""
    for folder in (Path(__file__).parent / "examples", Path(__file__).parents[1] / "examples"):
        if (folder / name).is_dir():
            return folder / name
    raise RegistryError(f"the example cohort {name!r} is not installed")


def printed_figures(name: str) -> dict[str, str]:
    """Return what the study of an example cohort printed, by figure; where it stands twice, both."""
    figures = json.loads((example(name) / "published.json").read_text(encoding="utf-8"))["figures"]
    printed: defaultdict[str, list[str]] = defaultdict(list)
    for figure in figures:
        printed[figure["figure"]].append(figure["printed"])
    return {figure: " / ".join(dict.fromkeys(values)) for figure, values in printed.items()}
