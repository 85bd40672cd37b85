"""Environments of their own for packages that want others than spondyl does."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def python_of(folder: Path, pins: Path, *packages: str) -> Path:
    """Return the Python of an environment with some packages as pinned, made in a folder where there is none.

    Raises `CalledProcessError` where they cannot be installed.
    """
    environment = folder / pins.stem
    python = environment / "bin" / "python"
    done = environment / pins.name
    if not done.exists() or done.read_bytes() != pins.read_bytes():
        subprocess.run([sys.executable, "-m", "venv", "--clear", environment], check=True)
        pip = [python, "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
        subprocess.run([*pip, "--constraint", pins, *packages], check=True)
        done.write_bytes(pins.read_bytes())
    return python
