"""Which part of the log a history is told from: its positions, and the streams of which something is told there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple
from uuid import UUID

from registry.domain.other_streams import stream_told


def _everything(stream: UUID, position: int) -> bool:
    return True


class Part(NamedTuple):
    """The events after a position and up to another one, None for the end of the log.

    `is_told` says of a stream and a position whether the event there may be told.
    """

    after: int = 0
    until: int | None = None
    is_told: Callable[[UUID, int], bool] = _everything

    def tells(self, stream: UUID, position: int, *, under: str | None) -> bool:
        """Return whether an event of a stream is told, and the other patient whom it tells of, `under`, where any."""
        return self.is_told(stream, position) and (under is None or self.is_told(stream_told(under), position))


WHOLE: Final = Part()
