"""The command line, called as a person calls it, in a folder of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from cli.main import main


class Answer(NamedTuple):
    """What a command gave: data, talk, and the exit code."""

    out: str
    err: str
    code: int

    @property
    def json(self) -> Any:
        """The data, read as JSON."""
        return json.loads(self.out)


Spondyl = Callable[..., Answer]


@pytest.fixture
def spondyl(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Spondyl:
    """Return the command `spondyl`, in a temporary folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SPONDYL_DB", raising=False)

    def called(*arguments: object) -> Answer:
        monkeypatch.setattr("sys.argv", ["spondyl", *map(str, arguments)])
        capsys.readouterr()
        try:
            main()
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        return Answer(*capsys.readouterr(), code)

    return called


@pytest.fixture
def cohort(spondyl: Spondyl) -> Spondyl:
    """Return the command on a registry of one patient, two studies and one visit."""
    spondyl("init")
    spondyl("record", "patient", "patient=P-1", "enrolled_on=2020-01-01", "sex=female", "birth_year=1980")
    spondyl("record", "visit", "patient=P-1", "visited_on=2020-01-02", "visit=baseline", "crp=12", "basdai_1=6")
    for study, performed_on, grade in (("MR-1", "2020-01-03", 3), ("MR-2", "2022-01-03", 1)):
        spondyl(
            "record",
            "study",
            f"study={study}",
            "patient=P-1",
            f"performed_on={performed_on}",
            "modality=MRI",
            "regions=spine",
        )
        spondyl("record", "reading", f"study={study}", "reader=R1", "method=berlin", f"T7/8={grade}")
    return spondyl
