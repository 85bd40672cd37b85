"""Where a server listens, and by which names it goes.

It listens on this machine alone, unless it is told another address; and then only with a certificate and its key, or
behind a proxy that is named: from nobody else a request is taken.
"""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path
from typing import Final, NamedTuple

from registry.errors import RefusalError
from registry.wording import shown

LOCAL: Final = "127.0.0.1"


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
