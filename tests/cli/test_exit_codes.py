"""What a command ends with: the codes of `cli.exit_codes`, as a script sees them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from cli import exit_codes
from tests.cli.conftest import Spondyl

RUN: Final = (sys.executable, "-c", "from cli.main import main; main()")
STOPPED: Final = """
import os, signal
import cli.main
cli.main.spondyl.callback = lambda **_: os.kill(os.getpid(), signal.SIGINT)
cli.main.main()
"""


def test_every_code_is_documented_where_it_is_defined() -> None:
    defined = {code for code in vars(exit_codes).values() if type(code) is int}
    documented = re.findall(r"^\| (\d) \|", exit_codes.__doc__ or "", re.MULTILINE)

    assert sorted(defined) == [0, 1, 2, 3] == list(map(int, documented))


def test_what_was_done_ends_with_0(cohort: Spondyl) -> None:
    assert cohort("status").code == exit_codes.DONE
    assert cohort("record", "patient", "patient=P-1", "enrolled_on=2020-01-01", "sex=female").code == exit_codes.REFUSED
    assert cohort("check").code == exit_codes.DONE


@pytest.mark.parametrize("arguments", [("tabel",), ("status", "--no-such-option"), ("show",)])
def test_what_was_not_understood_ends_with_2(cohort: Spondyl, arguments: tuple[str, ...]) -> None:
    assert cohort(*arguments).code == exit_codes.MISUNDERSTOOD


def test_what_is_refused_ends_with_3(spondyl: Spondyl) -> None:
    answer = spondyl("status")

    assert (answer.code, answer.out) == (exit_codes.REFUSED, "")
    assert answer.err == "spondyl: no registry at spondyl.db; create one with `spondyl init`\n"


def test_a_reader_of_the_output_who_goes_away_is_no_mistake(cohort: Spondyl) -> None:
    script = f"{' '.join(map(repr, RUN[:2]))} {RUN[2]!r} table visits --csv | true; exit ${{PIPESTATUS[0]}}"

    assert subprocess.run(["bash", "-c", script], capture_output=True, check=False).returncode == exit_codes.DONE


def test_a_defect_ends_with_1_and_keeps_its_traceback(tmp_path: Path) -> None:
    script = "import cli.main\ncli.main.spondyl.callback = lambda **_: 1 / 0\ncli.main.main()"
    done = subprocess.run(
        [sys.executable, "-c", script, "status"], capture_output=True, text=True, check=False, cwd=tmp_path
    )

    assert done.returncode == exit_codes.DEFECT
    assert done.stderr.startswith("Traceback")
    assert done.stderr.endswith("ZeroDivisionError: division by zero\n")


def test_a_command_that_is_stopped_ends_with_1(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", STOPPED, "status"], capture_output=True, check=False, cwd=tmp_path)

    assert done.returncode == exit_codes.DEFECT
