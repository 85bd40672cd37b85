"""What a method may declare at its limits, the log gives back as it was stored."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

AT_THE_LIMITS: Final = """
from registry.catalogue.imaging.method import Method, State
from registry.catalogue.imaging.places import Item, numbered
from registry.catalogue.imaging.scores import count

METHOD = Method(
    code="sij-structure",
    version=1,
    title="Structural lesions of the sacroiliac joints",
    source="an example",
    modalities=("MRI",),
    regions=("sij",),
    locations=numbered((("right", "right"), ("left", "left"))),
    items=(Item("fat-lesion", (0, 9)), Item("grade", (0, 1)), Item("ankylosis", (9,))),
    state_of=lambda grades: State(None, None),
    scores=(count("lesions", lambda *grades: any(grades)),),
)
"""
STORED_AND_READ: Final = """
import sys

from registry.catalogue import methods

methods.__path__.append(sys.argv[1])

from projections.point_in_time import facts_at
from registry.application import Registry

with Registry.create(sys.argv[2]) as registry:
    registry.enrol_patient("BAR1-01", enrolled_on="2004-01-12")
    registry.record_study("MR-1", patient="BAR1-01", performed_on="2004-02-02", modality="MRI", regions="sij")
    grades = {"right fat-lesion": 9, "left grade": 1, ("left", "ankylosis"): 9}
    registry.record_reading("MR-1", reader="R1", method="sij-structure", grades=grades)
    for grading in facts_at(registry).readings.gradings:
        if grading.method.code == "sij-structure":
            print(grading.grades[:, 0].tolist())
"""


def test_a_reading_by_a_method_at_the_limits_of_what_may_be_declared_is_read_back(tmp_path: Path) -> None:
    folder = tmp_path / "methods"
    folder.mkdir()
    (folder / "sij_structure.py").write_text(AT_THE_LIMITS, encoding="utf-8")

    command = [sys.executable, "-c", STORED_AND_READ, str(folder), str(tmp_path / "cohort.db")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (done.stdout, done.stderr) == ("[[9, -1], [-1, 1], [-1, 9]]\n", "")
