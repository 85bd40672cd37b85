"""The server: where it listens, by which names it goes, and when it ends.

It listens on this machine alone, unless it is told another address; and then only with a certificate and its key, or
behind a proxy that is named: from nobody else a request is taken.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import sys
import time
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from typing import Final, NamedTuple

import uvicorn

from registry.errors import RefusalError
from registry.wording import shown
from views.web.application import LOG, Logged, application
from views.web.live import Live
from views.web.memory import take_little
from views.web.slow_requests import UnhurriedProtocol
from views.web.tokens import Sessions

LOCAL: Final = "127.0.0.1"
CONNECTIONS_AT_MOST: Final = 64
HEAD_AT_MOST: Final = 16_384  # bytes of a head that is not yet whole
SECONDS_BETWEEN_LOOKS: Final = 0.2


class Listening(NamedTuple):
    """Where a server listens: the address `bind`, the `port`, 0 for any that is free; `names` it goes by.

    `certificate` and `key` are files of TLS, `proxy` the address of the one machine that may ask instead.
    """

    bind: str = LOCAL
    port: int = 0
    names: tuple[str, ...] = ()
    certificate: Path | None = None
    key: Path | None = None
    proxy: str | None = None

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach it by TLS; a proxy that is named is taken to speak it."""
        return self.certificate is not None or self.proxy is not None

    def checked(self) -> Listening:
        """Return it where it may be. Raises `RefusalError` for an address that is none or open without TLS."""
        for field, address in (("--bind", self.bind), ("--behind-proxy", self.proxy)):
            if address is not None and not _is_address(address):
                raise RefusalError(f"{field}: {shown(address)} is no IP address, as 127.0.0.1 or ::1", field=field)
        for name in self.names:
            if not name.isascii() or not name.replace("-", "").replace(".", "").isalnum():
                raise RefusalError(f"--name: {shown(name)} is no name of a machine", field="--name")
        if (self.certificate is None) != (self.key is None):
            raise RefusalError("--tls-certificate and --tls-key go together: give both")
        if not ip_address(self.bind).is_loopback and not self.is_secure:
            raise RefusalError(
                f"--bind {self.bind} is open to others: give --tls-certificate and --tls-key, or --behind-proxy"
            )
        if self.proxy is not None and not self.names:
            raise RefusalError("--behind-proxy needs --name: by which name browsers reach the proxy")
        return self


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def serve(place: str, listening: Listening, cohorts: Path | None, *, idle: float, tell: Callable[[str], None]) -> None:
    """Serve the registry at a path or a URL until it is interrupted, or nobody has asked for `idle` seconds.

    `cohorts` is the folder of the definitions of cohorts. The address that opens it is told, once. Raises
    `RefusalError` where it may not or cannot listen there, and what opening a registry raises.
    """
    listening.checked()
    take_little()
    live = Live(place, cohorts=cohorts)
    try:
        with _bound(listening) as bound:
            port = bound.getsockname()[1]
            sessions = Sessions()
            app = application(
                live, sessions, hosts_of(listening, port), is_secure=listening.is_secure, proxy=listening.proxy
            )
            _log_to_stderr()
            tell(f"{address_of(listening, port)}/open?token={sessions.token}")
            asyncio.run(_served(_server(app, listening), bound, app.quiet_for, idle))
    finally:
        live.close()


def hosts_of(listening: Listening, port: int) -> frozenset[str]:
    """Return the names, as browsers put them into a request, that the server goes by."""
    local = ("localhost", "127.0.0.1", "[::1]") if ip_address(listening.bind).is_loopback else ()
    bound = f"[{listening.bind}]" if ":" in listening.bind else listening.bind
    with_port = {f"{name.lower()}:{port}" for name in (*local, bound, *listening.names)}
    plain = {name.lower() for name in listening.names}
    return frozenset(with_port | plain if listening.proxy or port in (80, 443) else with_port)


def address_of(listening: Listening, port: int) -> str:
    """Return the address of the server, as it is typed into a browser."""
    if listening.proxy is not None:
        return f"https://{listening.names[0]}"
    bound = f"[{listening.bind}]" if ":" in listening.bind else listening.bind
    name = listening.names[0] if listening.names else bound
    return f"{'https' if listening.is_secure else 'http'}://{name}:{port}"


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


async def _served(server: uvicorn.Server, bound: socket.socket, quiet_for: Callable[[], float], idle: float) -> None:
    ending = asyncio.create_task(_end_when_idle(server, quiet_for, idle))
    try:
        await server.serve(sockets=[bound])
    finally:
        ending.cancel()


async def _end_when_idle(server: uvicorn.Server, quiet_for: Callable[[], float], idle: float) -> None:
    while not server.started or quiet_for() < idle:
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
    server.should_exit = True


def _log_to_stderr() -> None:
    """Write the lines of requests to the standard error, each with the instant, UTC."""
    handler = logging.StreamHandler(sys.stderr)
    formatter = logging.Formatter("%(asctime)sZ %(message)s", datefmt="%Y-%m-%d %H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    LOG.handlers[:], LOG.propagate = [handler], False
    LOG.setLevel(logging.INFO)
