"""What a request must be to be answered at all; whatever is wrong with one is told by its status and a few words.

Asked are only the head and the target of a request, before anything of the registry is looked at. GET and HEAD come
without a body; POST, where a server takes it, with one whose length is told, and from a page of the server's own. A
path is plain: printed letters, no empty parts, no `.` or `..`, no backslash, encoded or not.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import unquote_to_bytes

from registry.wording import is_seen

ASKING: Final = ("GET", "HEAD")
TARGET_AT_MOST: Final = 2_048  # bytes of path and query
HEADERS_AT_MOST: Final = 8_192  # bytes of all names and values
HEADERS_NUMBER: Final = 60
NO_CODE: Final = re.compile(rb"%(?![0-9A-Fa-f]{2})")
FORM: Final = "application/x-www-form-urlencoded"
FOREIGN: Final = ("cross-site", "same-site")  # what a browser calls a request that another page made


class Fault(NamedTuple):
    """Why a request is not answered: the status, and what is said of it."""

    status: int
    says: str


def fault_of(
    scope: Mapping[str, Any], hosts: Collection[str], *, body_at_most: int = 0, linked: Collection[str] = ()
) -> Fault | None:
    """Return what is wrong with a request of which the `hosts` are the names that this server goes by, or None.

    A server that takes POST takes bodies of `body_at_most` bytes; 0 is one that does not. To `linked` paths a link on a
    page from elsewhere, as a letter, may lead.
    """
    headers = list[tuple[bytes, bytes]](scope["headers"])
    return (
        _of_size(scope, headers)
        or _of_method(scope["method"], headers, body_at_most)
        or _of_host(headers, hosts)
        or _of_elsewhere(scope, headers, hosts, linked)
        or _of_path(bytes(scope.get("raw_path") or b""))
        or _of_query(bytes(scope["query_string"]))
    )


def only(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> list[str]:
    """Return the values of a header, as text."""
    return [value.decode("latin-1") for key, value in headers if key == name]


def _of_size(scope: Mapping[str, Any], headers: list[tuple[bytes, bytes]]) -> Fault | None:
    if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > TARGET_AT_MOST:
        return Fault(414, f"an address has at most {TARGET_AT_MOST:,} bytes")
    if len(headers) > HEADERS_NUMBER or sum(len(name) + len(value) for name, value in headers) > HEADERS_AT_MOST:
        return Fault(431, f"the head of a request has at most {HEADERS_AT_MOST:,} bytes")
    return None


def _of_method(method: str, headers: list[tuple[bytes, bytes]], body_at_most: int) -> Fault | None:
    if method == "POST" and body_at_most:
        return _of_body(headers, body_at_most)
    if method not in ASKING:
        only_these = "GET, HEAD and POST are" if body_at_most else "GET and HEAD are"
        told = f"only {only_these} answered" if body_at_most else f"nothing is written here: only {only_these} answered"
        return Fault(405, told)
    if only(headers, b"transfer-encoding") or any(length != "0" for length in only(headers, b"content-length")):
        return Fault(413, "a request that asks has no body")
    if only(headers, b"upgrade"):
        return Fault(400, "nothing but HTTP is spoken here")
    return None


def _of_body(headers: list[tuple[bytes, bytes]], at_most: int) -> Fault | None:
    lengths = only(headers, b"content-length")
    if only(headers, b"transfer-encoding") or len(lengths) != 1 or not lengths[0].isdecimal():
        return Fault(411, "a request that brings something says how long it is")
    if only(headers, b"upgrade"):
        return Fault(400, "nothing but HTTP is spoken here")
    if [kind.partition(";")[0].strip().lower() for kind in only(headers, b"content-type")] != [FORM]:
        return Fault(415, "only forms are read here")
    return Fault(413, f"a form has at most {at_most:,} bytes") if int(lengths[0]) > at_most else None


def _of_host(headers: list[tuple[bytes, bytes]], hosts: Collection[str]) -> Fault | None:
    """Return a fault where the name in the address is not one of this server: a foreign page may have led here."""
    named = only(headers, b"host")
    if len(named) != 1 or named[0].lower() not in hosts:
        return Fault(421, "this server does not go by that name")
    return None


def _of_elsewhere(
    scope: Mapping[str, Any], headers: list[tuple[bytes, bytes]], hosts: Collection[str], linked: Collection[str]
) -> Fault | None:
    if scope["method"] not in ASKING:
        return _of_sender(headers, hosts)
    return None if scope["path"] in linked and is_link_from_elsewhere(scope) else _of_origin(headers, hosts)


def is_link_from_elsewhere(scope: Mapping[str, Any]) -> bool:
    """Return whether somebody followed a link on a page of another server, in a window of its own."""
    said = {name: value.decode("latin-1") for name, value in scope["headers"] if name.startswith((b"sec-", b"origin"))}
    is_page = said.get(b"sec-fetch-mode") == "navigate" and said.get(b"sec-fetch-dest") == "document"
    return is_page and said.get(b"sec-fetch-site") in FOREIGN and b"origin" not in said


def _of_origin(headers: list[tuple[bytes, bytes]], hosts: Collection[str]) -> Fault | None:
    if any(value in FOREIGN for value in only(headers, b"sec-fetch-site")):
        return Fault(403, "a page from elsewhere may not ask here")
    for origin in only(headers, b"origin"):
        if origin.partition("://")[2].lower() not in hosts:
            return Fault(403, "a page from elsewhere may not ask here")
    return None


def _of_sender(headers: list[tuple[bytes, bytes]], hosts: Collection[str]) -> Fault | None:
    """Return a fault where it is not sure that a form comes from a page of this server.

    A browser says so by one header or the other. Pages that tell nobody where they were send the origin `null`.
    """
    sites, origins = only(headers, b"sec-fetch-site"), only(headers, b"origin")
    is_ours = sites == ["same-origin"]
    if (sites and not is_ours) or (not sites and not origins):
        return Fault(403, "a page from elsewhere may not send here")
    if all((origin == "null" and is_ours) or origin.partition("://")[2].lower() in hosts for origin in origins):
        return None
    return Fault(403, "a page from elsewhere may not send here")


def _of_path(raw: bytes) -> Fault | None:
    path = _text(raw)
    if path is None or not path.startswith("/") or "\\" in path:
        return _unusual()
    parts = path[1:].split("/")
    if any(part in (".", "..") for part in parts) or "" in parts[:-1] or (parts != [""] and parts[-1] == ""):
        return _unusual()
    return None if all(map(is_seen, path)) else _unusual()


def _of_query(raw: bytes) -> Fault | None:
    text = _text(raw.replace(b"+", b" "))
    return None if text is not None and all(map(is_seen, text)) else _unusual()


def _text(raw: bytes) -> str | None:
    """Return what percent codes stand for, None where one is no code, or they are no UTF-8."""
    if NO_CODE.search(raw):
        return None
    try:
        return unquote_to_bytes(raw).decode("utf-8")
    except UnicodeDecodeError:
        return None


def _unusual() -> Fault:
    return Fault(400, "that is no address of this server")
