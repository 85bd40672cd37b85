"""The planted bugs can be planted, and every harness has some; `python -m tests.faults.planted` plants them."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.faults.planted.bugs import ROOT, PlantedBug, harnesses, named_tests, planted_bugs
from tests.faults.planted.page import PAGE, table


@pytest.mark.parametrize("bug", planted_bugs(), ids=lambda bug: bug.name)
def test_a_bug_can_be_planted_and_its_harness_is_there(bug: PlantedBug) -> None:
    source = (ROOT / bug.file).read_text(encoding="utf-8")

    assert source.count(bug.before) == 1
    assert bug.planted(source) != source
    compile(bug.planted(source), bug.file, "exec")
    assert bug.test in named_tests(ROOT / bug.module)
    assert not bug.says.endswith(".")


def test_every_harness_has_at_least_three_bugs_to_find() -> None:
    modules = {name.partition("::")[0] for name in harnesses()} - {"tests/faults/test_planted_bugs.py"}
    planted = Counter(bug.module for bug in planted_bugs())

    assert {module: planted[module] for module in sorted(modules) if planted[module] < 3} == {}


def test_every_kind_of_work_that_is_killed_has_at_least_three_bugs_to_find() -> None:
    kinds = {name for name in harnesses() if name.startswith("tests/faults/test_killed.py::")}
    planted = Counter(bug.test for bug in planted_bugs())

    assert {kind: planted[kind] for kind in sorted(kinds) if planted[kind] < 3} == {}


def test_the_planted_bugs_stand_in_the_documentation() -> None:
    assert table() in PAGE.read_text(encoding="utf-8"), "write it with python -m tests.faults.planted"
