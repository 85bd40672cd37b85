"""The server of a campaign's readers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from views.readings.application import application
from views.readings.desk import Desk
from views.readings.sessions import ReaderSessions
from views.served.running import run

if TYPE_CHECKING:
    from views.served.doors import Doors
    from views.served.listening import Listening
    from views.served.request_log import Logged


def serve_readings(
    place: str,
    campaign: str,
    listening: Listening,
    *,
    key: Path | None = None,
    idle: float,
    tell: Callable[[str], None],
) -> None:
    """Serve the readers of a campaign until it is interrupted, or nobody has asked for `idle` seconds.

    `place` is the path or the URL of the registry, `key` the file of the campaign's key. The address is told, once; a
    reader's token opens it. Meanwhile drafts are looked through, so that those of whoever is erased go. Raises
    `RefusalError` where it may not or cannot listen there, and what `Desk` raises.
    """
    listening.checked()
    desk = Desk(place, campaign, key=key)
    try:
        sessions = ReaderSessions(desk.tokens, desk.blinding)

        def made(doors: Doors) -> Logged:
            return application(desk, sessions, doors)

        run(listening, made, idle=idle, tell=tell, meanwhile=desk.look_quietly)
    finally:
        desk.close()
