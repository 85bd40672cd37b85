"""One function for each way out: whatever a text says, it is read as that text, and does nothing."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from unicodedata import category

import pytest
from click.shell_completion import ShellComplete
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from cli.main import spondyl as group
from cli.output import give_json
from cli.plain_text import for_html, for_json, for_markdown, for_terminal
from cli.waiting import Waiting
from registry.wording import visible
from tests.cli.conftest import Spondyl
from tests.faults.hostile_texts import HOSTILE, UNSEEN, done_to_a_terminal
from views.pages.csv_text import for_csv

PIECES = st.sampled_from(
    [
        *(
            "*",
            "_",
            "`",
            "|",
            "[",
            "]",
            "(",
            ")",
            "<b>",
            "&amp;",
            "!",
            "#",
            "-",
            "+",
            "=",
            "~",
            "$",
            "^",
            "@",
            "'",
            '"',
        ),
        *("\\", "\\n", "\\x1b", "1.", "http://", "www.", "a", "é", "x.org", "\n", "\t", " ", "\u202e", "\x1b", "\x9b"),
        *("{", "}", ":", ";", ",", "\u3164", "\u00a0", "=1+1", "==", "---", "</td>", "<!--", "-->", "\udc9b", "\u2028"),
    ]
)
TEXTS = st.lists(PIECES, max_size=8).map("".join) | st.text(max_size=20) | st.sampled_from(HOSTILE)
ENCODED = TEXTS.filter(lambda text: not any("\ud800" <= sign <= "\udfff" for sign in text))


def flowing(text: str) -> str:
    """Return a text whose line breaks are blanks, as a page breaks its lines anew."""
    return visible(re.sub(r"[ \t\r\n]+", " ", text).strip(" "))


@given(TEXTS)
def test_a_terminal_gets_one_line_of_signs_that_are_seen(text: str) -> None:
    line = for_terminal(text)

    assert done_to_a_terminal(line) == set()
    assert "\n" not in line
    assert for_terminal(line) == line


@given(st.text(st.characters(exclude_categories=(*UNSEEN, "Co", "Cn", "Mn", "Lo"))))
def test_a_text_that_does_nothing_is_shown_as_it_is(text: str) -> None:
    assert for_terminal(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("rash\x1b[31m", r"rash\x1b[31m"),
        ("one\ntwo\r", r"one\ntwo\r"),
        ("\u202eabc\u2066\u200f\u061c", r"\u202eabc\u2066\u200f\u061c"),
        ("\u2028\u2029\x85\x9b", r"\u2028\u2029\x85\x9b"),
        ("a\u200bb\U000e0041\u3164", r"a\u200bb\U000e0041\u3164"),
        ("\udcff.csv", r"\udcff.csv"),
        ("a\u00a0b \\n Müller 日本 עברית", "a\u00a0b \\n Müller 日本 עברית"),
    ],
)
def test_what_is_not_seen_stands_as_python_writes_it(text: str, shown: str) -> None:
    assert for_terminal(text) == shown


@given(TEXTS)
def test_markdown_reads_a_text_and_nothing_else_wherever_it_stands(text: str) -> None:
    for reader in (MarkdownIt("commonmark").enable("table"), MarkdownIt("gfm-like", {"linkify": False})):
        for before, after, block in (("# ", "", "h1"), ("- ", "", "li"), ("", "", "p"), ("| ", " |\n| --- |", "th")):
            tokens = reader.parse(f"{before}{for_markdown(text) or 'x'}{after}\n")
            inline = [token for token in tokens if token.type == "inline"]
            kinds = {child.type for token in inline for child in token.children or ()}
            assert kinds <= {"text", "text_special"}, tokens
            said = "".join(child.content for token in inline for child in token.children or ())
            assert said == (flowing(text) or "x").strip()  # the reader takes blanks of any width off the ends
            assert {token.tag for token in tokens if token.tag} <= {"ul", "p", "table", "thead", "tr", block}


class Read(HTMLParser):
    """The texts of a page, and whether there is anything else in it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text, self.elements = "", 0
        self.feed(page)
        self.close()

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements += 1

    def handle_comment(self, data: str) -> None:
        self.elements += 1


@given(TEXTS)
def test_a_page_reads_a_text_and_no_element(text: str) -> None:
    read = Read(for_html(text))

    assert (read.text, read.elements) == (flowing(text), 0)


@given(st.lists(TEXTS, min_size=2, max_size=4))
def test_a_cell_of_csv_is_no_formula_and_gives_the_text_back(texts: list[str]) -> None:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerow(map(for_csv, texts))

    (row,) = csv.reader(io.StringIO(written.getvalue()), strict=True)

    assert [read_back(cell) for cell in row] == texts
    assert written.getvalue().count("\n") == 1
    assert not [
        cell for cell in row if cell[:1] in "=+@-＝＋－＠" and cell and not re.fullmatch(r"[-+]?[\d.e+-]+", cell)
    ]
    assert done_to_a_terminal(written.getvalue()) == set()


def read_back(cell: str) -> str:
    """Return the text of a cell, by the two steps of docs/exports.md."""
    if re.match(r"'+[=+\-@＝＋－＠]", cell):
        cell = cell[1:]
    signs = {"\\": "\\", "n": "\n", "r": "\r", "t": "\t"}
    pattern = r"\\(\\|n|r|t|x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8})"
    return re.sub(pattern, lambda found: signs.get(found[1]) or chr(int(found[1][1:], 16)), cell)


@given(st.dictionaries(ENCODED, ENCODED | st.lists(ENCODED), max_size=3))
def test_json_says_the_same_in_signs_that_are_seen(value: dict[str, object]) -> None:
    document = for_json(json.dumps(value, ensure_ascii=False, indent=2))

    assert json.loads(document) == value
    assert done_to_a_terminal(document) == set()


def test_json_has_half_a_sign_of_a_name_of_a_file_as_an_escape(capsys: pytest.CaptureFixture[str]) -> None:
    give_json({"file": "a\udc9b.csv", "on": date(2020, 1, 2)})

    assert capsys.readouterr().out == '{\n  "file": "a\\udc9b.csv",\n  "on": "2020-01-02"\n}\n'


@pytest.mark.parametrize("text", HOSTILE)
def test_a_word_for_who_waits_is_one_line(
    text: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setattr("cli.waiting.PATIENCE", -1.0)

    with Waiting() as waiting:
        waiting.tell(text)

    assert done_to_a_terminal(capsys.readouterr().err) == {"\r"}


def test_a_defect_keeps_its_traceback_and_does_nothing_to_a_terminal(tmp_path: Path) -> None:
    script = """
import cli.main
def failed(**_):
    try:
        raise KeyError("inner\\x1b[31m\\nSECOND")
    except KeyError as inner:
        raise ValueError("a\\x1b]52;c;cm0=\\x07b\\nTHIRD\\u202e") from inner
cli.main.spondyl.callback = failed
cli.main.main()
"""
    done = subprocess.run([sys.executable, "-c", script, "status"], capture_output=True, check=False, cwd=tmp_path)
    told = done.stderr.decode()

    assert done.returncode == 1
    assert told.endswith("ValueError: a\\x1b]52;c;cm0=\\x07b\\nTHIRD\\u202e\n")
    assert "The above exception was the direct cause of the following exception:" in told
    assert done_to_a_terminal(told) == set()


def test_what_shadows_a_package_is_told_in_one_line(tmp_path: Path) -> None:
    folder = tmp_path / "esc\x1b[31m\nx"
    folder.mkdir()
    (folder / "registry.py").touch()
    script = "import sys; sys.argv = ['spondyl']; import spondyl; spondyl.main()"
    repository = Path(__file__).parents[2]
    environment = {"PYTHONPATH": f"{folder}:{repository}"}

    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=folder, env=environment
    )

    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert r"esc\x1b[31m\nx/registry.py shadows spondyl's registry" in done.stderr


def test_a_shell_is_offered_no_word_that_it_would_read_otherwise(cohort: Spondyl) -> None:
    from registry import Registry
    from registry.domain.patient import Patient
    from registry.streams import encoded
    from tests.faults.hostile_texts import enrolment

    with Registry.open("spondyl.db") as registry:
        for pseudonym in ("P-2;rm -rf ~", "P-3\nP-4", "P-$(x)", "P-5\x1b[31m", "P-6"):
            patient = Patient(pseudonym)
            patient.record(f"patient/{pseudonym}", enrolment(None), registry._note())
            registry.patient_batch.save([*map(encoded, patient.collect_events())])

    found = ShellComplete(group, {}, "spondyl", "_SPONDYL_COMPLETE").get_completions(["show"], "P-")

    assert [each.value for each in found] == ["P-1", "P-6"]


def test_categories_of_signs_that_are_not_seen_are_those_of_unicode() -> None:
    assert {category(sign) for sign in "\x1b\x9b\u202e\u200b\udc9b\u2028\u2029"} == UNSEEN
