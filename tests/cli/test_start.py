"""The command line answers at once: it loads what a command needs, when the command needs it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Spondyl

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


def test_a_patients_course_is_shown_without_pandas_and_frames_are_made_after_it_all_the_same(cohort: Spondyl) -> None:
    script = """
import sys
from cli.main import spondyl
sys.argv = ["spondyl", "show", "P-1", "--json"]
spondyl(standalone_mode=False)
print("loaded:", *sorted({"matplotlib", "pandas", "pyarrow", "scipy"} & set(sys.modules)))
import pyarrow as pa
print(pa.table({"crp": [12]}).to_pandas())
"""
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert ended.stdout.splitlines()[-3:] == ["loaded: pyarrow", "   crp", "0   12"]


def test_a_patients_report_loads_neither_frames_nor_joins_nor_parquet(cohort: Spondyl, tmp_path: Path) -> None:
    script = f"""
import sys
from cli.main import spondyl
sys.argv = ["spondyl", "report", {str(tmp_path / "p.html")!r}, "--patient", "P-1"]
spondyl(standalone_mode=False)
heavy = {{"matplotlib", "pandas", "pyarrow.acero", "pyarrow.dataset", "pyarrow.parquet", "scipy"}}
print("loaded:", *sorted(heavy & set(sys.modules)))
"""
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert ended.stdout.splitlines()[-1] == "loaded:"
