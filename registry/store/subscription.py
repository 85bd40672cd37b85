"""Following the log as it grows."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from threading import Event
from typing import Final

from eventsourcing.persistence import ApplicationRecorder, Notification, Subscription

EVENTS_AT_ONCE: Final = 500
SECONDS_BETWEEN_LOOKS: Final = 0.1


class PollingSubscription(Subscription[ApplicationRecorder]):
    """The events after a position, and then each new one; it asks the log ten times a second.

    SQLite has no way to tell another process of a change, so both stores are asked.
    """

    def __init__(self, recorder: ApplicationRecorder, gt: int | None = None, topics: Sequence[str] = ()) -> None:
        super().__init__(recorder=recorder, gt=gt, topics=topics)
        self._waiting: deque[Notification] = deque()
        self._stopped = Event()

    def stop(self) -> None:
        """End the subscription; a reader that waits is released."""
        super().stop()
        self._stopped.set()

    def __next__(self) -> Notification:
        while not self._stopped.is_set():
            if not self._waiting:
                self._look()
            if self._waiting:
                notification = self._waiting.popleft()
                self._last_notification_id = notification.id
                return notification
            self._stopped.wait(SECONDS_BETWEEN_LOOKS)
        raise StopIteration

    def _look(self) -> None:
        self._waiting.extend(
            self._recorder.select_notifications(
                start=self._last_notification_id,
                limit=EVENTS_AT_ONCE,
                topics=self._topics,
                inclusive_of_start=False,
            )
        )
