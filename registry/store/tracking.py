"""How far followers of other applications' logs have come."""

from __future__ import annotations

from eventsourcing.persistence import IntegrityError, Tracking
from sqlalchemy import Connection, insert, select, update

from registry.store.schema import tracking


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
