"""Figures as files: one as SVG where nothing stands, or many into a folder that appears whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from projections.export.folder import appearing
from registry.new_files import new_file
from registry.private_files import create_file, new_bytes

if TYPE_CHECKING:
    from views.drawing.figure import Figure


def write_svg(figure: Figure, out: Path) -> None:
    """Write a figure, in the colours that whoever looks at it prefers. Raises `UnwritableError`."""
    with new_file(out) as file:
        file.write(figure.document().encode())


def write_figures(figures: Iterable[Figure], out: Path, form: str) -> int:
    """Write figures for a paper, on light paper, each under its id, and return how many there are.

    Raises `ExistingOutputError` where something stands at `out`, `OutputError` for what cannot be written, as PDF and
    PNG without matplotlib.
    """
    n = 0
    with appearing(out, overwrite=False) as folder:
        for figure in figures:
            n += 1
            _write(figure, folder / f"{figure.id}.{form}", form)
    return n


def _write(figure: Figure, path: Path, form: str) -> None:
    if form == "svg":
        with new_bytes(path) as file:
            file.write(figure.document(on_light_paper=True).encode())
        return
    from views.drawing.with_matplotlib import write

    create_file(path)
    write(figure, path, "pdf" if form == "pdf" else "png")
