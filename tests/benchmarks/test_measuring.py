"""What is measured is what was run: in turn, apart from each other, and only where answers agree."""

from __future__ import annotations

import pytest

from benchmarks.measuring import GOES_FOR, Contender, DifferentAnswersError, apart, here, in_turn, repeated
from benchmarks.records import Run

GRANTED = 300_000_000  # bytes


def test_contenders_run_in_turn() -> None:
    order: list[str] = []

    def contender(name: str) -> Contender:
        return Contender(name, lambda: Run(len(order) + 1, order.append(name)), 7, "rows")

    ours, theirs = in_turn(2, contender("ours"), contender("theirs"))

    assert order == ["ours", "theirs", "ours", "theirs"]
    assert (ours.seconds, theirs.seconds) == ((1, 3), (2, 4))
    assert (ours.items, ours.of) == (7, "rows")


def test_nothing_is_told_where_contenders_answer_differently() -> None:
    with pytest.raises(DifferentAnswersError, match=r"ours: 1\ntheirs: 2"):
        in_turn(1, Contender("ours", lambda: Run(1.0, 1)), Contender("theirs", lambda: Run(1.0, 2)))


def test_nothing_is_told_where_an_answer_changes_from_run_to_run() -> None:
    answers = iter((1, 2))

    with pytest.raises(DifferentAnswersError, match="ours"):
        in_turn(2, Contender("ours", lambda: Run(1.0, next(answers))))


def test_a_run_apart_has_the_answer_and_a_memory_of_its_own() -> None:
    small, large = apart(granted, 0), apart(granted, GRANTED)

    assert (small.answer, large.answer) == ([0], [GRANTED])
    assert small.peak is not None
    assert large.peak is not None
    assert large.peak - small.peak > GRANTED * 0.9
    assert here(granted, 5) == Run(0.5, [5])


def test_what_goes_wrong_apart_is_told() -> None:
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        apart(failing)


def test_a_short_piece_of_work_is_timed_by_the_go() -> None:
    goes: list[float] = []

    run = repeated(lambda: goes.append(1))

    assert len(goes) > 1
    assert run.seconds * len(goes) >= GOES_FOR * 0.999


def granted(size: int) -> tuple[float, list[int]]:
    return 0.5, [len(bytes(b"x" * size))]


def failing() -> tuple[float, None]:
    raise ZeroDivisionError
