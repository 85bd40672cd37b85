"""The command line answers at once: it loads what a command needs, when the command needs it."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("matplotlib", "numpy", "pandas", "pyarrow", "scipy", "sqlalchemy")


@pytest.mark.parametrize("arguments", [("--help",), ("cohort", "--help"), ("status", "--no-such-option")])
def test_help_and_mistakes_load_no_heavy_library(arguments: tuple[str, ...]) -> None:
    script = f"""
import sys
from cli.main import main
sys.argv = ["spondyl", *{arguments!r}]
try:
    main()
except SystemExit:
    print("loaded:", *sorted(set({HEAVY!r}) & set(sys.modules)))
"""
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert ended.stdout.splitlines()[-1] == "loaded:"
