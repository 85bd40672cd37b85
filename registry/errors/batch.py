"""Files of a batch that cannot be read, and everything that is wrong with one import."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from registry.errors.values import RefusalError
from registry.places import Problem
from registry.wording import printable

MESSAGE_AT_MOST: Final = 500  # characters


class UnreadableError(RefusalError):
    """A file that cannot be read on; nothing after `line` is known of it. An import tells it as one of its problems.

    `file` is its name in places where several are read as one, and empty elsewhere.
    """

    def __init__(self, line: int, message: str, *, file: str = "") -> None:
        super().__init__(printable(message[:MESSAGE_AT_MOST]))  # what a library says can quote any bytes of the file
        self.line, self.file = line, file


class ShiftedDatesError(RefusalError):
    """Dates that were shifted among dates that were not, or the other way round."""

    def __init__(self, *, position: int, were_shifted: bool) -> None:
        self.position, self.were_shifted = position, were_shifted
        before, now = ("shifted", "not") if were_shifted else ("not shifted", "now they are")
        super().__init__(
            f"shifted_dates: the dates of the import at @{position} were {before}, and {now}; "
            "it is the same for all imports of a registry"
        )


class BatchRefusedError(RefusalError):
    """Everything that is wrong with one import; nothing of it is stored."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.place, problem.message)))
        count = len(self.problems)
        super().__init__(f"nothing was stored: {count} {'problem' if count == 1 else 'problems'} in the batch")
