"""Where the server listens, to whom it is open, what it writes about requests, and when it ends."""

from __future__ import annotations

import logging
import re
import subprocess
import sys
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from registry.errors import RefusalError
from tests.views.web.conftest import STARTED
from views.served.listening import Listening, address_of, hosts_of
from views.web.serving import serve

CERTIFICATE, KEY = Path("server.pem"), Path("server.key")


@pytest.mark.parametrize("bind", ["127.0.0.1", "127.0.0.9", "::1"])
def test_this_machine_needs_no_tls(bind: str) -> None:
    assert Listening(bind).checked().is_secure is False


@pytest.mark.parametrize("bind", ["0.0.0.0", "192.168.1.5", "::"])
def test_an_address_that_is_open_to_others_needs_tls_or_a_proxy(bind: str) -> None:
    with pytest.raises(RefusalError, match="is open to others: give --tls-certificate and --tls-key, or"):
        Listening(bind).checked()

    assert Listening(bind, certificate=CERTIFICATE, key=KEY).checked().is_secure
    assert Listening(bind, names=("registry.example",), proxy="10.0.0.7").checked().is_secure


@pytest.mark.parametrize(
    ("listening", "match"),
    [
        (Listening("localhost"), "--bind: 'localhost' is no IP address"),
        (Listening(proxy="proxy.example", names=("a",)), "--behind-proxy: 'proxy.example' is no IP address"),
        (Listening(names=("evil.example/x",)), "--name: 'evil.example/x' is no name of a machine"),
        (Listening(certificate=CERTIFICATE), "go together"),
        (Listening("0.0.0.0", proxy="10.0.0.7"), "needs --name"),
    ],
)
def test_what_cannot_be_is_refused(listening: Listening, match: str) -> None:
    with pytest.raises(RefusalError, match=re.escape(match)):
        listening.checked()


def test_the_server_goes_by_its_own_names_alone() -> None:
    assert hosts_of(Listening(), 8765) == {"127.0.0.1:8765", "localhost:8765", "[::1]:8765"}
    assert hosts_of(Listening("10.0.0.5", names=("Registry.example",), certificate=CERTIFICATE, key=KEY), 8443) == {
        "10.0.0.5:8443",
        "registry.example:8443",
    }
    behind = Listening("10.0.0.5", names=("registry.example",), proxy="10.0.0.7")
    assert "registry.example" in hosts_of(behind, 8765)


def test_the_address_that_is_told_is_the_one_that_browsers_reach() -> None:
    assert address_of(Listening(), 8765) == "http://127.0.0.1:8765"
    assert address_of(Listening("::1"), 8765) == "http://[::1]:8765"
    assert address_of(Listening("10.0.0.5", names=("r.example",), certificate=CERTIFICATE, key=KEY), 8443) == (
        "https://r.example:8443"
    )
    assert address_of(Listening("10.0.0.5", names=("r.example",), proxy="10.0.0.7"), 8765) == "https://r.example"


def test_a_port_that_is_taken_is_refused(baraliakos: str) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(RefusalError, match=f"cannot listen on 127.0.0.1, port {port}: "):
            serve(baraliakos, Listening(port=port), None, idle=0, tell=print)


def test_files_that_are_no_certificate_are_refused(baraliakos: str, tmp_path: Path) -> None:
    (tmp_path / "x.pem").write_text("nothing")

    for file in (tmp_path / "x.pem", tmp_path / "missing.pem"):
        with pytest.raises(RefusalError, match="--tls-certificate: "):
            serve(baraliakos, Listening(certificate=file, key=file), None, idle=0, tell=print)


def test_it_ends_when_nobody_has_asked_for_so_long_and_tells_its_address_once(baraliakos: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", STARTED, "--db", baraliakos, "serve", "--port", "0", "--until-idle", "0"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert ended.returncode == 0
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/open\?token=[\w-]{43}\n", ended.stdout)
    assert ended.stderr == "open this address in a browser; it opens the registry once. Ctrl-C ends the server\n"


def test_the_lines_about_requests_name_nobody(opened: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="spondyl.serve"):
        logging.getLogger("spondyl.serve").propagate = True
        for page in ("/patients/BAR1-01", "/patients?q=BAR1-01", "/facts/patient/BAR1-01", "/nowhere/BAR1-01", "/../x"):
            opened.get(page)

    lines = [record.getMessage() for record in caplog.records if record.name == "spondyl.serve"]
    assert len(lines) >= 5
    assert not [line for line in lines if "BAR1" in line or "?" in line]
    assert all(re.fullmatch(r"(GET|HEAD|other) ([a-z-]+|-) \d{3} \d+ ms", line) for line in lines)
