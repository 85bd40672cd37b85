"""A server at work: from when its port is its own to when it is interrupted, or nobody has asked for long."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, Final

import uvicorn

from registry.errors import RefusalError
from views.served.doors import Doors
from views.served.listening import Listening, address_of, hosts_of
from views.served.request_log import Logged, log_to_stderr
from views.served.slow_requests import UnhurriedProtocol

CONNECTIONS_AT_MOST: Final = 64
HEAD_AT_MOST: Final = 16_384  # bytes of a head that is not yet whole
SECONDS_BETWEEN_LOOKS: Final = 0.2
SECONDS_BETWEEN_SWEEPS: Final = 5.0


def run(
    listening: Listening,
    made: Callable[[Doors], Logged],
    *,
    idle: float,
    tell: Callable[[str], None],
    meanwhile: Callable[[], None] | None = None,
) -> None:
    """Serve what is `made` for its doors until it is interrupted, or nobody has asked for `idle` seconds.

    The address is told, once; `meanwhile` is done every few seconds, whether anybody asks or not. Raises
    `RefusalError` where it may not or cannot listen there.
    """
    with _bound(listening.checked()) as bound:
        port = bound.getsockname()[1]
        doors = Doors(hosts_of(listening, port), listening.proxy, is_secure=listening.is_secure)
        app = made(doors)
        log_to_stderr()
        tell(address_of(listening, port))
        server = _server(app, listening)
        besides = [_end_when_idle(server, app.quiet_for, idle)]
        if meanwhile is not None:
            besides.append(_done_meanwhile(meanwhile))
        asyncio.run(_served(server, bound, besides))


def _bound(listening: Listening) -> socket.socket:
    family = socket.AF_INET6 if ":" in listening.bind else socket.AF_INET
    try:
        return socket.create_server((listening.bind, listening.port), family=family, backlog=CONNECTIONS_AT_MOST)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise RefusalError(f"cannot listen on {listening.bind}, port {listening.port}: {why}", field="--port") from None


def _server(app: Logged, listening: Listening) -> uvicorn.Server:
    config = uvicorn.Config(
        app,
        http=UnhurriedProtocol,
        ws="none",
        lifespan="off",
        loop="asyncio",
        log_config=None,
        log_level="critical",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        limit_concurrency=CONNECTIONS_AT_MOST,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=3,
        h11_max_incomplete_event_size=HEAD_AT_MOST,
        ssl_certfile=listening.certificate,
        ssl_keyfile=listening.key,
    )
    try:
        config.load()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "it is no certificate with its key"
        raise RefusalError(f"--tls-certificate: {why}", field="--tls-certificate") from None
    return uvicorn.Server(config)


async def _served(server: uvicorn.Server, bound: socket.socket, besides: Iterable[Coroutine[Any, Any, None]]) -> None:
    tasks = [asyncio.create_task(each) for each in besides]
    try:
        await server.serve(sockets=[bound])
    finally:
        for task in tasks:
            task.cancel()


async def _done_meanwhile(meanwhile: Callable[[], None]) -> None:
    while True:
        await asyncio.sleep(SECONDS_BETWEEN_SWEEPS)
        await asyncio.to_thread(meanwhile)


async def _end_when_idle(server: uvicorn.Server, quiet_for: Callable[[], float], idle: float) -> None:
    while not server.started or quiet_for() < idle:
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
    server.should_exit = True
