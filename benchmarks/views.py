"""What people look at: reports as whole processes, and every page of a server, with its memory after all of them."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.cookiejar import CookieJar
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple
from urllib.parse import urlsplit
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

from benchmarks.cohorts import registry_of
from benchmarks.commands import SPONDYL
from benchmarks.measuring import Contender, in_turn, process
from benchmarks.records import Benchmark, Compared, Found, Runs, Scale, Target
from benchmarks.running import main
from benchmarks.time_points import TIME_POINTS
from registry.simulation.event_builder import pseudonym

EVERYBODY: Final = f"""
cohort = "everybody"

{TIME_POINTS}"""
PATIENT: Final = pseudonym(0)
PAGES: Final = (
    "/",
    "/patients",
    f"/patients/{PATIENT}",
    f"/facts/patient/{PATIENT}",
    "/cohorts",
    "/cohorts/everybody",
    "/follow-up",
    "/warnings",
    "/freezes",
    "/log",
)
COMPUTED: Final = b"being computed"
OFTEN: Final = 5  # that a page is asked for once it is there
PEAK: Final = "VmHWM:"


class Visited(NamedTuple):
    """A page of a server: seconds of its first answer, and of each once all of it is there."""

    path: str
    first: float
    later: tuple[float, ...]


def measure(scale: Scale) -> Found:
    """Measure reports of each kind, and every page of a server."""
    place = registry_of(scale)
    with TemporaryDirectory() as folder:
        definition = Path(folder, "everybody.toml")
        definition.write_text(EVERYBODY, encoding="utf-8")
        reports, sizes = _reports(scale, place, Path(folder), definition)
        visits, peak = _visits(place, definition.parent)
    pages = [Runs(f"page {each.path}", each.later, 1, "", peak if each.path == "/" else None) for each in visits]
    firsts = Runs("first answer of a page, each once", tuple(each.first for each in visits), 1, "")
    slowest = max(*(each.first for each in visits), *(page.median for page in pages))
    by_name = {each.what: each.median for each in (*reports, *pages)}
    return Found(
        tuple(map(Compared, (*reports, firsts, *pages))),
        (
            Target("a page, the slowest, first or later", 0.5, slowest, "s"),
            Target("the page of a patient", 0.15, by_name[f"page /patients/{PATIENT}"], "s"),
            Target("memory of the server, all pages seen", 800, peak / 2**20, "MiB"),
            Target("report of a cohort of all", 10, by_name["report --cohort, of all patients"], "s"),
            Target("report of a patient", 1, by_name["report --patient"], "s"),
            Target("a report, the largest", 500, max(sizes) / 1000, "KB"),
        ),
    )


def _reports(scale: Scale, place: Path, folder: Path, definition: Path) -> tuple[list[Runs], list[int]]:
    """Return the runs of each kind of report, and the size of each in bytes."""
    asked = {
        "report --patient": (scale.runs, ("--patient", PATIENT)),
        "report --cohort, of all patients": (scale.few, ("--cohort", str(definition))),
        "report --centre": (scale.few, ("--centre", "C01")),
        "report --completeness": (scale.few, ("--completeness",)),
    }
    found, sizes = [], []
    for number, (what, (runs, options)) in enumerate(asked.items()):
        out = folder / f"{number}.html"
        run = partial(process, SPONDYL, "--db", place, "report", out, "--overwrite", *options)
        run()  # warms the disk's cache
        found += in_turn(runs, Contender(what, run))
        sizes.append(out.stat().st_size)
    return found, sizes


def _visits(place: Path, cohorts: Path) -> tuple[list[Visited], int]:
    """Return every page of a server that was just started, and the most memory in bytes that it had."""
    with _served(place, cohorts) as (process_id, address):
        browser = build_opener(HTTPCookieProcessor(CookieJar()))
        browser.open(address).read()
        parts = urlsplit(address)
        visits = [_visited(browser, f"{parts.scheme}://{parts.netloc}", path) for path in PAGES]
        status = Path(f"/proc/{process_id}/status").read_text("utf-8")
    peak = next(line for line in status.splitlines() if line.startswith(PEAK))
    return visits, int(peak.split()[1]) * 1024


@contextmanager
def _served(place: Path, cohorts: Path) -> Iterator[tuple[int, str]]:
    """Lend a server's process and the address that opens it."""
    command = [SPONDYL, "--db", place, "serve", "--port", "0", "--cohorts", cohorts]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.pid, server.stdout.readline().strip()
        finally:
            server.terminate()


def _visited(browser: OpenerDirector, server: str, path: str) -> Visited:
    first, answer = _asked(browser, server + path)
    while COMPUTED in answer:
        time.sleep(0.2)
        _, answer = _asked(browser, server + path)
    return Visited(path, first, tuple(_asked(browser, server + path)[0] for _ in range(OFTEN)))


def _asked(browser: OpenerDirector, address: str) -> tuple[float, bytes]:
    begun = time.perf_counter()
    with browser.open(address) as answer:
        content: bytes = answer.read()
    return time.perf_counter() - begun, content


BENCHMARK: Final = Benchmark(
    name="views",
    title="Reports and pages",
    method="Reports are written by commands that a shell starts, of the first patient, of a cohort of all patients "
    "with every table that needs nothing said, of a centre, of completeness. `spondyl serve` is a process of its own "
    "that is asked for one page after the other, over the loopback interface, each address by its redirection: a first "
    "answer may say that the page is being computed; later ones are those once it is there. The memory is the most "
    "that the server had, all pages seen.",
    packages=("pyarrow", "Jinja2", "starlette", "uvicorn"),
    measure=measure,
)

if __name__ == "__main__":
    main(BENCHMARK)
