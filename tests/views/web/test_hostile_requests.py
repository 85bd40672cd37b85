"""Sixty requests that no page of ours sends, over the bare wire: each is refused with 4xx, and the door closed.

All but those about cookies bring that of an open session: it does not help them.
"""

from __future__ import annotations

import re
import socket
from typing import Final

import pytest

from tests.views.web.conftest import Served

SECONDS: Final = 30
SECRET: Final = b"BAR1-01"  # what a page would show of a patient
CLOSE: Final = "Connection: close\r\n"
SESSION: Final = "Cookie: {cookie}\r\n"
NO_SESSION: Final = "X-Cookie: none\r\n"


def request(target: str = "/", *, method: str = "GET", host: str = "{host}", more: str = "", body: str = "") -> str:
    """Return a request as it goes over the wire; `{host}` is the name of the server with its port."""
    session = "" if "Cookie" in more else SESSION
    return f"{method} {target} HTTP/1.1\r\nHost: {host}\r\n{CLOSE}{session}{more}\r\n{body}"


TRAVERSALS: Final = {
    f"a path of {name}": request(target)
    for name, target in {
        "dots": "/../../etc/passwd",
        "dots below a page": "/patients/../../etc/passwd",
        "dots in percent codes": "/%2e%2e/%2e%2e/etc/passwd",
        "dots coded twice": "/static/%252e%252e/%252e%252e/pyproject.toml",
        "dots below the files": "/static/../live.py",
        "coded dots below the files": "/static/%2e%2e%2flive.py",
        "one dot": "/./patients",
        "backslashes": "/static/..\\..\\live.py",
        "coded backslashes": "/static/%5c..%5clive.py",
        "two slashes": "//etc/passwd",
        "a slash too many": "/patients//BAR1-01",
        "a slash at the end": "/patients/",
        "overlong codes of dots": "/%c0%ae%c0%ae/etc/passwd",
        "overlong codes of a slash": "/..%c0%af..%c0%afetc/passwd",
        "a byte zero": "/patients/BAR1-01%00.csv",
        "half a percent code": "/patients/%",
        "a percent code that is none": "/patients/%zz",
        "a line break": "/patients/%0d%0aSet-Cookie:x=1",
        "a line feed": "/facts/visit%0aX-Forged:%20yes",
        "the database": "/cohort.db",
        "a file of the system": "/file:///etc/passwd",
    }.items()
}
UNICODE: Final = {
    f"a path with {name}": request(target)
    for name, target in {
        "wide dots": "/%ef%bc%8e%ef%bc%8e/etc/passwd",
        "a wide slash": "/patients%ef%bc%8fBAR1-01",
        "a turn of direction": "/patients/%e2%80%aeBAR1-01",
        "a sign without width": "/patients/BAR1%e2%80%8b-01",
        "a filler": "/patients/%e3%85%a4",
        "half of a sign": "/patients/%ed%a0%80",
        "bytes that are no UTF-8": "/patients/%ff%fe",
        "a line separator": "/patients/%e2%80%a8",
        "an escape": "/patients/%1b%5b2J",
    }.items()
} | {
    "a filter with a turn of direction": request("/patients?q=%e2%80%ae"),
    "a filter with a byte zero": request("/patients?q=%00"),
    "a filter that is no UTF-8": request("/patients?q=%ff"),
}
HOSTS: Final = {
    f"a host that is {name}": request(host=host)
    for name, host in {
        "another": "evil.example",
        "another that leads here": "rebound.example:{port}",
        "none": "",
        "this one with another port": "127.0.0.1:1",
        "this one with a word before": "x@127.0.0.1:{port}",
        "this one, and another": "{host}\r\nHost: evil.example",
        "in a number": "2130706433:{port}",
    }.items()
} | {
    "no host": f"GET / HTTP/1.1\r\n{CLOSE}{SESSION}\r\n",
    "no host of the first HTTP": f"GET / HTTP/1.0\r\n{SESSION}\r\n",
}
METHODS: Final = {
    f"the method {method}": request(method=method) for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW")
} | {
    "a tunnel": request("evil.example:443", method="CONNECT"),
    "a post from elsewhere": request(
        "/patients",
        method="POST",
        more="Origin: https://evil.example\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n",
        body="a=b",
    ),
}
ELSEWHERE: Final = {
    "an image on a page from elsewhere": request("/", more="Sec-Fetch-Site: cross-site\r\nSec-Fetch-Dest: image\r\n"),
    "a script on a page from elsewhere": request("/", more="Origin: https://evil.example\r\n"),
    "a frame from nowhere": request("/", more="Origin: null\r\n"),
    "another port of this machine": request("/", more="Sec-Fetch-Site: same-site\r\n"),
}
SIZES: Final = {
    "an address too long": request("/" + "a" * 3_000),
    "a filter too long": request("/patients?q=" + "a" * 3_000),
    "a head too long": request(more="X-Long: " + "a" * 12_000 + "\r\n"),
    "a head without end": f"GET / HTTP/1.1\r\nX-Long: {'a' * 40_000}",
    "too many lines": request(more="".join(f"X-{n}: 1\r\n" for n in range(80))),
    "a body": request(more="Content-Length: 5\r\n", body="hello"),
    "a body promised and huge": request(more="Content-Length: 99999999999\r\n"),
    "a body in pieces": request(more="Transfer-Encoding: chunked\r\n", body="0\r\n\r\n"),
    "two lengths": request(more="Content-Length: 0\r\nContent-Length: 5\r\n", body="hello"),
    "a length and pieces": request(more="Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", body="0\r\n\r\n"),
}
WIRES: Final = {
    "a line of no protocol": "hello\r\n\r\n",
    "a header that is split": request(more="X-A: 1\nX-B: 2\r\n bad\x00\r\n"),
    "a header without a name": request(more=": 1\r\n"),
    "a blank before the colon": request(more="Cookie : spondyl_session=x\r\n"),
    "another protocol": request(more="Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"),
    "the second HTTP": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "the first bytes of TLS": "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "another's address": request("http://evil.example/"),
}
COOKIES: Final = {
    "no cookie": request("/patients", more=NO_SESSION),
    "a cookie of nobody": request("/patients", more="Cookie: spondyl_session=" + "A" * 43 + "\r\n"),
    "an empty cookie": request("/patients", more="Cookie: spondyl_session=\r\n"),
    "a cookie that is none": request("/patients", more="Cookie: \x01;;;=,\r\n"),
    "a token of nobody": request("/open?token=" + "A" * 43, more=NO_SESSION),
    "no token": request("/open", more=NO_SESSION),
    "two tokens": request("/open?token=a&token=b", more=NO_SESSION),
    "a cookie under another name": request("/patients", more="Forwarded: for=127.0.0.1\r\nX-Cookie: {cookie}\r\n"),
}
HOSTILE: Final = TRAVERSALS | UNICODE | HOSTS | METHODS | ELSEWHERE | SIZES | WIRES | COOKIES


def answered(port: int, sent: bytes) -> bytes:
    """Return all that comes back until the door is closed."""
    with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as wire:
        wire.sendall(sent)
        received = b""
        while piece := wire.recv(65_536):
            received += piece
    return received


@pytest.fixture(scope="module")
def cookie(served: Served) -> str:
    """The cookie of an open session, by which the overview is shown."""
    opening = request(served.address.partition(str(served.port))[2], more=NO_SESSION)
    received = answered(served.port, filled(opening, served, ""))
    (found,) = re.findall(rb"set-cookie: ([^;]+);", received)
    assert b" 303 " in answered(served.port, filled(request("/patients"), served, found.decode()))
    return found.decode()


def filled(sent: str, served: Served, cookie: str) -> bytes:
    """Return a request to a server, with a cookie."""
    named = sent.replace("{host}", f"127.0.0.1:{served.port}").replace("{port}", str(served.port))
    return named.replace("{cookie}", cookie).encode("latin-1")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_request_is_refused_and_the_door_closed(served: Served, cookie: str, name: str) -> None:
    received = answered(served.port, filled(HOSTILE[name], served, cookie))

    assert re.match(rb"HTTP/1\.1 4\d\d ", received), received[:200]
    assert SECRET not in received
    assert b"set-cookie" not in received.lower()


def test_there_are_sixty_of_them_at_least() -> None:
    assert len(HOSTILE) >= 60


def test_a_request_that_comes_too_slowly_is_given_up(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.port), timeout=SECONDS) as wire:
        wire.sendall(b"GET / HTTP/1.1\r\nHost: ")

        received = wire.recv(65_536)

    assert received.startswith(b"HTTP/1.1 408 ")


def test_a_wire_on_which_nothing_comes_is_closed(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.port), timeout=SECONDS) as wire:
        assert wire.recv(65_536).startswith(b"HTTP/1.1 408 ")
