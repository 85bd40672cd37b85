"""Those who follow a log as it grows, and how far they have come."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from threading import Event
from typing import Final

from eventsourcing.persistence import ApplicationRecorder, IntegrityError, Notification, Subscription, Tracking
from sqlalchemy import Connection, insert, select, update

from registry.store.schema import tracking

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


def tracked(connection: Connection, application_name: str) -> int | None:
    """Return the last position of an application's log that was dealt with, None where none was."""
    position: int | None = connection.scalar(
        select(tracking.c.notification_id).where(tracking.c.application_name == application_name)
    )
    return position


def track(connection: Connection, reached: Tracking) -> None:
    """Note that a position was dealt with, inside the write lock. Raises `IntegrityError` where it was before."""
    last = tracked(connection, reached.application_name)
    if last is None:
        connection.execute(
            insert(tracking).values(application_name=reached.application_name, notification_id=reached.notification_id)
        )
    elif last < reached.notification_id:
        connection.execute(
            update(tracking)
            .where(tracking.c.application_name == reached.application_name)
            .values(notification_id=reached.notification_id)
        )
    else:
        raise IntegrityError(
            f"position {reached.notification_id} of {reached.application_name} was dealt with already, up to {last}"
        )
