"""Answers that Arrow gives, as masks over rows."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

import projections
from projections.columns.arrow import truth

ROOM = Path(projections.__file__).parent
ANSWERS = {"is_null", "is_valid", "is_in", "equal", "and_", "or_", "invert", "less_equal", "greater"}


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (pa.array([True, False]), [True, False]),
        (pa.array([True, None]), [True, False]),
        (pa.chunked_array([[None], [True, False]], pa.bool_()), [False, True, False]),
        (pa.array([], pa.bool_()), []),
    ],
)
def test_an_answer_that_is_not_known_is_no(answers: pa.Array, expected: list[bool]) -> None:
    mask = truth(answers)

    assert mask.dtype == bool
    assert mask.tolist() == expected


def turned_by_hand(path: Path) -> Iterator[str]:
    """Yield the places at which a module turns an answer of Arrow into a mask by itself."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "to_numpy":
            asked = {each.attr for each in ast.walk(node.func.value) if isinstance(each, ast.Attribute)}
            if asked & ANSWERS:
                yield f"{path.relative_to(ROOM).as_posix()}:{node.lineno}"


def test_answers_become_masks_in_one_place() -> None:
    assert [place for path in sorted(ROOM.rglob("*.py")) for place in turned_by_hand(path)] == []
