"""`docs/benchmarks.md` is what the benchmarks wrote: every claim has its section, nobody wrote between the numbers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks.__main__ import NAMES, PAGE, write_page
from benchmarks.records import FORMAT, Compared, Record, Runs, Scale, write_record
from benchmarks.rendering import page
from tests.benchmarks.listed import benchmark

FIGURES = re.compile(r"\|.*\||- .*\.|Measured on .*\.|Nowhere\.|")


def blank(name: str) -> Record:
    """A record of a benchmark in which nothing was found."""
    claim = benchmark(name)
    return Record(
        format=FORMAT,
        name=name,
        title=claim.title,
        method=claim.method,
        measured_on="2024-05-01",
        events=1,
        machine="",
        versions={},
        compared=(Compared(Runs("", (1.0,), 1, "")),),
        targets=(),
    )


def told(text: str) -> list[str]:
    return [line for line in text.splitlines() if not FIGURES.fullmatch(line)]


def test_the_page_has_the_words_of_the_benchmarks_and_nothing_but_figures_beside_them() -> None:
    assert told(PAGE.read_text(encoding="utf-8")) == told(page([blank(name) for name in NAMES]))


def test_every_section_of_the_page_has_runs_and_says_on_what() -> None:
    _, _, *sections = re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)

    assert len(sections) == len(NAMES)
    for section in sections:
        assert re.search(r"^\| what .*\n\|[-|]+\|\n\| \S", section, re.MULTILINE)
        assert re.search(r"^Measured on \d{4}-\d\d-\d\d, at the scale of 1,000,000 events: .*Python 3", section, re.M)


def test_the_page_is_written_when_every_benchmark_has_a_record(
    scale: Scale, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept, written = scale._replace(folder=tmp_path), tmp_path / "page.md"
    for name in NAMES[1:]:
        write_record(tmp_path, blank(name))

    write_page(kept, written)

    assert not written.exists()
    assert f"no records of {NAMES[0]}\n" in capsys.readouterr().err

    write_record(tmp_path, blank(NAMES[0]))
    write_page(kept, written)

    assert written.read_text(encoding="utf-8") == page([blank(name) for name in NAMES])
