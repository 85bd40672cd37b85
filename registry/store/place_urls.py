"""A registry's place as it was typed: which store it names, and the URL of a server. No message quotes it.

There may be a password in what was typed, above all where it was mistyped. So what is refused is told by its scheme;
and a connection string, or a URL with a slash too few, is no path: it would become the name of a file.
"""

from __future__ import annotations

import re
from collections.abc import Container
from typing import Final
from urllib.parse import unquote

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from registry.errors import NotARegistryError
from registry.wording import shown

SCHEMES: Final = ("sqlite", "postgresql", "postgres")
FORMS: Final = "write a path, sqlite:///path or postgresql://user@host/database"
PASSWORDS: Final = "write @ as %40, : as %3A and / as %2F in a password"
ALMOST_A_URL: Final = re.compile(r"(postgres(ql)?|sqlite)(\+\w+)?(:|//)|(//)?[^/\s]+:[^/@\s]+@", re.IGNORECASE)
CONNECTION_STRING: Final = re.compile(
    r"(^|\s)(host|hostaddr|port|dbname|user|\w*password|passfile|service|ssl\w+|options|target_session_attrs|"
    r"connect_timeout|(fallback_)?application_name|client_encoding|keepalives\w*|channel_binding|gss\w+|krbsrvname)\s*=",
    re.IGNORECASE,
)
# Of libpq's options these change what psycopg gives back, not how it is reached: the registry sets what it needs.
NOT_TAKEN: Final = frozenset({"client_encoding", "replication"})
SERVER: Final = re.compile(
    r"(?P<scheme>[\w+]+://)(?P<user>[^:/@]*(?::[^@]*)?@)?(?P<hosts>[^/?@]*)(?P<rest>.*)", re.DOTALL
)
HOST: Final = re.compile(r"(?P<host>\[[^\]]*\]|[^:\[\]]*)(?::(?P<port>\d*))?")


def check_path(text: str) -> None:
    """Refuse a text without `://` that was meant for a server."""
    if "\0" in text:
        raise NotARegistryError("what is named", "a zero byte is in its name")
    if ALMOST_A_URL.match(text.strip()):
        raise NotARegistryError("what is named", f"it is almost a URL; {FORMS}")
    if CONNECTION_STRING.search(text):
        raise NotARegistryError("what is named", f"it is a connection string; {FORMS}")


def url_of(text: str) -> URL:
    """Return a URL of a store that we have; of several hosts of a server, each with its port.

    Raises `NotARegistryError`.
    """
    scheme = text.partition("://")[0]
    if scheme.partition("+")[0] not in SCHEMES:
        known = scheme if re.fullmatch(r"[\w+.-]{1,20}", scheme) else "…"
        raise NotARegistryError(f"{known}://…", FORMS)
    unreadable = NotARegistryError(f"{scheme}://…", f"the URL cannot be read; {PASSWORDS}")
    if "\0" in text or "%00" in text:
        raise unreadable
    try:
        url = _read(text.replace("postgres://", "postgresql://", 1))
    except (ArgumentError, ValueError):
        raise unreadable from None
    _check_ports(url)
    if any("@" in part for part in (url.host or "", url.database or "", *_listed(url, "host"))):
        raise unreadable
    return url


def check_options(url: URL, known: Container[str]) -> None:
    """Refuse an option behind `?` that no server takes; `known` are libpq's. Raises `NotARegistryError`."""
    for name, value in url.query.items():
        if name not in known or name in NOT_TAKEN:
            raise NotARegistryError(shown_place(url), f"{shown(name)[:40]} is no option that its URL may have")
        if not isinstance(value, str) and name not in ("host", "port"):
            raise NotARegistryError(shown_place(url), f"its URL has {name} twice")


def shown_place(url: URL) -> str:
    """Return where a database is, without user, password and options."""
    port = f":{url.port}" if url.port else ""
    hosts = f"{url.host}{port}" if url.host else ",".join(_with_ports(url))
    return f"postgresql://{hosts}/{url.database or ''}"


def _read(text: str) -> URL:
    """Return a URL; hosts that stand in a row, as libpq takes them, become options as SQLAlchemy takes them."""
    parts = SERVER.fullmatch(text)
    if parts is None or "," not in parts["hosts"]:
        return make_url(text)
    found = [HOST.fullmatch(each) for each in parts["hosts"].split(",")]
    if not all(found):
        raise ValueError
    hosts = [unquote(each["host"].strip("[]")) for each in found if each]
    ports = [each["port"] or "" for each in found if each]
    url = make_url(f"{parts['scheme']}{parts['user'] or ''}{parts['rest']}")
    return url.update_query_dict({"host": ",".join(hosts)} | ({"port": ",".join(ports)} if any(ports) else {}))


def _check_ports(url: URL) -> None:
    ports = _listed(url, "port")
    if len(ports) > 1 and len(ports) != len(_listed(url, "host")):
        raise NotARegistryError("what is named", f"it has other numbers of hosts and of ports; {FORMS}")
    for port in ports:
        if port and not (re.fullmatch("[0-9]{1,5}", port) and 0 < int(port) < 2**16):
            raise NotARegistryError("what is named", f"a port of it is none; {FORMS}")


def _listed(url: URL, option: str) -> tuple[str, ...]:
    """Return the values of an option, which may be given several times, or once with commas between them."""
    given = url.query.get(option, ())
    return tuple(given.split(",")) if isinstance(given, str) else given


def _with_ports(url: URL) -> list[str]:
    hosts, ports = _listed(url, "host"), _listed(url, "port")
    if len(hosts) < 2 or not any(ports):
        return list(hosts)
    ports = ports if len(ports) == len(hosts) else ports[:1] * len(hosts)
    return [f"{host}:{port}" if port else host for host, port in zip(hosts, ports)]
