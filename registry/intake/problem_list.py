"""What is wrong with a batch, as long as it is a list that somebody may read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from registry.errors import BatchRefusedError
from registry.intake.lines import PROBLEMS_AT_MOST
from registry.places import Problem


class ProblemList(list[Problem]):
    """Problems, as many as are listed; one more refuses the batch at once, at its place.

    A file with a wrong column would fill the memory with as many problems as it has rows.
    """

    def append(self, problem: Problem) -> None:
        """Add a problem. Raises `BatchRefusedError` where there are too many."""
        if len(self) >= PROBLEMS_AT_MOST:
            why = f"more than {PROBLEMS_AT_MOST:,} problems; what follows was not looked at, mend the others first"
            raise BatchRefusedError([*self, Problem(problem.place, why)])
        super().append(problem)

    def extend(self, problems: Iterable[Problem]) -> None:
        """Add problems, as `append` does."""
        for problem in problems:
            self.append(problem)

    def __iadd__(self, problems: Iterable[Problem]) -> Self:  # type: ignore[misc, override]
        self.extend(problems)
        return self
