"""The server of a registry that is looked at."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from views.served.listening import Listening
from views.served.running import run
from views.web.application import application
from views.web.live import Live
from views.web.memory import take_little
from views.web.tokens import Sessions

if TYPE_CHECKING:
    from views.served.doors import Doors
    from views.served.request_log import Logged


def serve(place: str, listening: Listening, cohorts: Path | None, *, idle: float, tell: Callable[[str], None]) -> None:
    """Serve the registry at a path or a URL until it is interrupted, or nobody has asked for `idle` seconds.

    `cohorts` is the folder of the definitions of cohorts. The address that opens it is told, once. Raises
    `RefusalError` where it may not or cannot listen there, and what opening a registry raises.
    """
    listening.checked()
    take_little()
    live = Live(place, cohorts=cohorts)
    try:
        sessions = Sessions()

        def made(doors: Doors) -> Logged:
            return application(live, sessions, doors.hosts, is_secure=doors.is_secure, proxy=doors.proxy)

        run(listening, made, idle=idle, tell=lambda address: tell(f"{address}/open?token={sessions.token}"))
    finally:
        live.close()
