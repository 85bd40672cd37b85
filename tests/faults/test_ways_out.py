"""Whatever a log, a file or an argument says, every command prints as text, on screens and in every form.

Commands are found in the command line itself: one that is added, and has no arguments here, fails the test.
"""

from __future__ import annotations

import ast
import csv
import io
import json
import re
import shutil
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import chain
from pathlib import Path
from typing import Any, Final, NamedTuple

import click
import pytest

import cli.main
from tests.faults.hostile_texts import HOSTILE, OBEYED, PRINTED, done_to_a_terminal, hostile_registry
from tests.faults.lengths import IS_LONG, figure

CLI: Final = Path(cli.main.__file__).parent
COHORT: Final = """
cohort = 'rash [grade 2] | <b>'
title = 'pain [/b] =1+1 | `code` <script>alert(1)</script> www.evil.example'
[who]
centres = {centres}
[day0]
event = "enrolment"
[imaging]
reader = "rash [grade 2]"
[[time_points]]
name = "rash [grade 2] | <i>"
day = 0
[tables.characteristics]
[tables.safety]
[tables.agreement]
[tables.verdicts]
reader = "rash [grade 2]"
"""
PUBLISHED: Final = """
paper = "rash [grade 2]"
[[figures]]
where = "pain [/b] | <i>"
what = "rash [grade 2]"
printed = "=1+1"
reason = '''esc [link=x] :smile:
of two lines'''
note = "[b]bold[/b]"
"""
PROTOCOL: Final = """
format = 1
protocol = "north"
title = 'pain [/b] =1+1 | `code` <script>alert(1)</script> www.evil.example'
[[measures]]
name = "smoking"
label = "rash [grade 2] | <i>"
codes = { "=1+1" = "pain [/b]", "[b]bold[/b]" = "rash [grade 2]" }
[[arms]]
code = "rash [grade 2]"
title = "[b]bold[/b]"
"""
CAMPAIGN: Final = """
format = 1
campaign = "open"
method = "berlin"
studies = "studies.csv"
readers = ["R1", "R2"]
[adjudicate]
to = "R1"
status = "rash [grade 2] | <b>"
"""
JUDGED: Final = '[adjudicate]\nto = "R3"\nstatus = { differ = 5 }\n'
STUDIES: Final = f'study,unit\n"{HOSTILE[0]}P-01","pain [/b]"\n'  # of the first patient
MAPPING: Final = """
format = 1
[source]
kind = "redcap"
files = ["project.csv"]
dictionary = "dictionary.csv"
{unmapped}
[patient]
field = "record_id"
[[table]]
to = "patients"
enrolled_on = {{ field = "day" }}
sex = {{ field = "sex", codes = {{ "1" = "female" }} }}
"""
DICTIONARY: Final = """\
Variable / Field Name,Form Name,Section Header,Field Type,Field Label,"Choices, Calculations, OR Slider Labels",\
Field Note,Text Validation Type OR Show Slider Number,Text Validation Min,Text Validation Max,Identifier?,\
"Branching Logic (Show field only if...)",Required Field?,Custom Alignment,Question Number (surveys only),\
Matrix Group Name,Matrix Ranking?,Field Annotation
record_id,visit,,text,Record,,,,,,,,,,,,,
day,visit,,text,Date of enrolment,,,date_ymd,,,,,,,,,,
sex,visit,,radio,rash [grade 2],"1, pain [/b] | 2, =1+1",,,,,,,,,,,,
crp,visit,,text,[b]bold[/b] (rash [grade 2]),,,,,,,,,,,,,
other,visit,,radio,pain [/b],"1, rash [grade 2] | 2, [b]bold[/b]",,,,,,,,,,,,
"""
PROJECT: Final = """\
record_id,day,sex,crp,other,visit_complete
N-7,2020-01-01,1,rash [grade 2],1,2
N-8,2020-01-01,rash [grade 2],[b]bold[/b],pain [/b],2
"""
BATCH: Final = {
    "patients.csv": "patient,enrolled_on,centre\nN-1,2020-01-01,rash [grade 2]\nN-2,2020-13-01,pain [/b]\n",
    "visits.csv": 'patient,visited_on,visit,"col\x1b[31m"\nN-1,2020-01-02,"a\x1b[31m\nb",x\n',
    "left [b]\x1b[31m\n.txt": "",
    "visits\x1b[2J\u202e.tsv": "patient,visited_on\nN-1,2020-01-02\n",
}
ODD: Final = "x[/b]\x1b[31m\nFORGED \u202e\x9b|"  # an argument
NO_UTF8: Final = f"{ODD}\udc9b"  # its last sign is a byte that is no UTF-8: it is refused before a command is called
P: Final = tuple(f"P-{number}" for number in range(len(HOSTILE)))
ARGUMENTS: Final[dict[str, list[tuple[str, ...]]]] = {  # of each command, as many runs as it has views of texts
    "demo": [("--into", "full[b]\x1b")],
    "init": [(), ("--db", f"d{ODD}.db"), ("--db", f"d{NO_UTF8}.db")],
    "protocol adopt": [("protocol.toml", "--reason", "rash [grade 2]"), ("nasty.toml",), (ODD,)],
    "protocol check": [("protocol.toml",), ("nasty.toml",), (ODD,)],
    "protocol show": [(), ("--known-at", ODD)],
    "protocol history": [(), ("--known-at", ODD)],
    "protocol diff": [("0", "1"), ("0", ODD)],
    "protocol template": [()],
    "template": [
        ("t[b]\x1b[31m\n",),
        ("readings", "--method", "berlin"),
        ("readings", "--method", ODD),
        ("readings", "--method", "sparcc-spine-6", "--group", ODD),
    ],
    "simulate": [("s[b]\x1b[31m\n", "--patients", "1", "--years", "1")],
    "map draft": [
        ("project.csv", "--kind", "redcap", "--dictionary", "dictionary.csv"),
        (ODD,),
        ("x.xml", "--kind", ODD),
    ],
    "map check": [("map.toml",), ("undecided.toml",), ("nasty.toml",), (ODD,)],
    "map show": [("map.toml", "--to", "m[b]\x1b[31m\n"), (ODD, "--to", "m")],
    "import": [
        ("batch",),
        ("batch", "--dry-run", "--source", "x\x1b"),
        (ODD,),
        ("--map", "map.toml", "--dry-run"),
        ("--map", "undecided.toml"),
    ],
    "record patient": [(f"patient={ODD}", "enrolled_on=2020-01-01"), (ODD,)],
    "record follow-up": [("patient=P-0", f"resumed_on={ODD}")],
    "record visit": [(f"{ODD}=1", f"{ODD}=2"), ("patient=P-0", f"visited_on={ODD}")],
    "record treatment": [("patient=P-0", f"agent={ODD}", "started_on=2021-01-01")],
    "record flare": [("patient=P-0", "started_on=2021-01-01", f"note={ODD}")],
    "record adverse-event": [("patient=P-0", "started_on=2021-01-01", "term=rash [grade 2]")],
    "record condition": [("patient=P-0", f"condition={ODD}", f"side={ODD}", "note=pain [/b]")],
    "record study": [("patient=P-0", "performed_on=2021-01-01", "study=[b]", "modality=x\x1b", "regions=spine")],
    "record reading": [(f"study={ODD}", "reader=R", "method=berlin", "T7/8=1")],
    "record lesion": [("baseline_study=[b]", f"followup_study={ODD}", "reader=R", "lesion=1")],
    "amend": [(f"flare/{each}/2020-06-01", "note=pain [/b]", "--reason", "rash [grade 2]") for each in P[:2]],
    "retract": [(f"flare/{P[-1]}/2020-06-01", "--reason", "rash [grade 2]"), (ODD, "--reason", "x")],
    "merge": [(P[-1], "--into", P[-2], "--reason", "[/b]")],
    "unmerge": [(ODD, "--reason", "[/b]")],
    "roles": [("--writer", ODD)],
    "prove": [(f"flare/{each}/2020-06-01",) for each in P[-6:]] + [(ODD,)],
    "check-proof": [("proof.json",), ("batch/patients.csv",), (ODD,)],
    "erase": [(P[-4], "--reason", "[/b]", "--yes"), (P[-3], "--reason", "x\x1b", "--dry-run"), (P[0], "--reason", "r")],
    "status": [(), ("--known-at", ODD), ("--db", f"no{ODD}.db")],
    "show": [
        *((each,) for each in (P[-1], "Z[b]\x1b[31m\n=1", ODD)),
        (P[-1], "--svg", "s[b]\x1b[31m\n.svg"),
        (P[-1], "--svg", "m.svg", "--map", ODD),
    ],
    "history": [(P[-1],), (f"visit/{P[-1]}",), (f"flare/{P[-1]}/2020-06-01",), (ODD,)],
    "diff": [
        ("--known-at", "@0"),
        ("--known-at", "@1", "--patient", P[-1]),
        ("--known-at", ODD),
        ("--known-at", "@1", "--table", ODD),
    ],
    "courses": [(), ("--rows",), ("--method", ODD)],
    "scores": [()],
    "table": [("TABLE",), (ODD,)],
    "summary": [()],
    "responses": [(), ("--visit", ODD)],
    "treatments": [(), ("--courses",), ("--years",), ("--lines",), ("--on", "2020-03-01"), ("--which", ODD)],
    "follow-up": [(), ("--retention",), ("--centre", ODD)],
    "completeness": [(), ("--by", "centre,year"), ("--by", ODD)],
    "flares": [(), ("--rates",), ("--after-stop",), ("--computed",)],
    "cohort": [
        ("nasty.toml",),
        ("nasty.toml", "--every", "year"),
        ("nasty.toml", "--table", "safety", "--versus", "@225"),
        ("nasty.toml", "--figures", "f[b]\x1b[31m\n"),
        ("batch",),
    ],
    "report": [
        *((f"{each}.html", "--patient", each) for each in (P[-1], P[3])),
        ("r[b]\x1b[31m\n.html", "--cohort", "nasty.toml", "--minimum", "1"),
        ("all.html", "--completeness"),
        ("c.html", "--centre", ODD),
        ("p.html", "--patient", ODD),
        ("batch", "--patient", P[-1], "--overwrite"),
    ],
    "dataset": [("nasty.toml", "d[b]\x1b[31m\n"), ("nasty.toml", "d2", "--format", "csv", "--wide"), (ODD, "d3")],
    "dbt-sources": [("feed", "-"), ("export", "s[b]\x1b[31m\n.yml"), (ODD, ODD), ("feed", "-", "--source", ODD)],
    "feed apply": [(ODD, "--to", ODD), ("batch", "--to", "duckdb:w[b]\x1b[31m.duckdb")],
    "lesions": [(), ("--agreement",), ("--patients",)],
    "campaign start": [("campaign.toml",), ("open.toml",), ("nasty.toml",), (ODD,)],
    "campaign status": [(), (ODD,)],
    "campaign worklist": [("open", ODD, "w[b]\x1b[31m\n"), (ODD, "R1", "w")],
    "campaign import": [("open", "batch/patients.csv", ODD), (ODD, ODD)],
    "campaign adjudicate": [("judged",), ("open",), (ODD, "w[b]\x1b[31m\n")],
    "campaign token": [
        ("open", "R1"),
        ("open", "R1", "--revoke"),
        ("open", "R1", "--address", ODD),
        ("done", "R1"),
        (ODD, ODD),
    ],
    "campaign drafts": [("open",), ("open", "--discard", ODD), (ODD,)],
    "campaign agreement": [("judged",), ("judged", "--score", ODD), (ODD,)],
    "campaign cases": [("open",), ("open", "--key", ODD), (ODD,)],
    "campaign lock": [("open", "--why", "[/b]"), (ODD,)],
    "campaign final": [("open",), (ODD,)],
    "campaign unblind": [("done", "--why", "[/b]"), (ODD, "--why", "[/b]")],
    "check": [(), ("--rule", ODD)],
    "reconcile": [("nasty.toml", "published.toml"), ("nasty.toml", ODD)],
    "freeze": [(), ("n1", "--note", "rash [grade 2]"), (ODD,)],
    "export": [("e[b]\x1b[31m\n",), ("e2", "--tables", ODD), ("e3", "--profile", ODD)],
    "reproduce": [("batch/patients.csv",), ("export/manifest.json",)],
    "backup": [("b[b]\x1b[31m\n.db",), ("batch/patients.csv",)],
    "restore": [("copy.db", "--db", "r[b]\x1b[31m\n.db"), ("batch/patients.csv",)],
    "feed init": [("f[b]\x1b[31m\n",), (ODD, "--tables", ODD)],
    "feed run": [("feed",), (ODD,)],
    "feed status": [("feed",), (ODD,)],
    "feed verify": [("feed",), (ODD,)],
    "serve": [
        ("--port", "0", "--until-idle", "0"),
        ("--bind", ODD),
        ("--bind", "0.0.0.0"),
        ("--port", "0", "--until-idle", "0", "--name", ODD),
        ("--port", "0", "--until-idle", "0", "--tls-certificate", ODD, "--tls-key", ODD),
    ],
    "serve-readings": [
        ("open", "--port", "0", "--until-idle", "0"),
        ("open", "--bind", ODD),
        ("open", "--key", ODD),
        (ODD, "--port", "0", "--until-idle", "0"),
    ],
    "verify": [(), ("--from", ODD), ("--against", ODD)],
}
FORGED: Final = re.compile(r"^(spondyl: )?\s*(FORGED|two|six|eight)", re.MULTILINE)  # after line breaks
FORMS: Final = ("--json", "--csv", "--markdown", "--html")
SCREENS: Final = [(80, True), (120, False)] if not IS_LONG else [(w, c) for w in (80, 120) for c in (True, False)]


class Screen(io.TextIOWrapper):
    """What a program takes for a terminal, and what was printed on it."""

    def __init__(self, is_terminal: bool) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", newline="\n")
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal

    @property
    def printed(self) -> str:
        self.flush()
        buffer = self.buffer
        assert isinstance(buffer, io.BytesIO)
        return buffer.getvalue().decode()


class Answer(NamedTuple):
    """What a command printed, and its exit code."""

    out: str
    err: str
    code: int


def commands(group: click.Group, *before: str) -> Iterator[tuple[str, click.Command]]:
    """Yield every command that can be called, by its words."""
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, *before, name)
        else:
            yield " ".join((*before, name)), command


COMMANDS: Final = dict(commands(cli.main.spondyl))
NAMES: Final = sorted(COMMANDS)


def answer(monkeypatch: pytest.MonkeyPatch, *arguments: str, screen: int | None, colour: bool = False) -> Answer:
    """Call a command on a screen of so many columns, or for another program."""
    out, err = Screen(screen is not None), Screen(False)  # where a bar would move
    with monkeypatch.context() as patch:
        patch.setattr(sys, "argv", ["spondyl", *arguments])
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        patch.setattr(sys, "stdin", io.StringIO())
        patch.setattr(sys, "excepthook", sys.excepthook)
        patch.setenv("COLUMNS", str(screen or 80))
        patch.setenv("FORCE_COLOR" if colour else "NO_COLOR", "1")
        patch.setenv("SPONDYL_ACTOR", "tester")
        try:
            cli.main.main()
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
    return Answer(out.printed, err.printed, code)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a registry of hostile texts, its copy, an export, a proof, a batch and a cohort."""
    folder = tmp_path_factory.mktemp("hostile")
    hostile_registry(folder / "spondyl.db")
    shutil.copy(folder / "spondyl.db", folder / "copy.db")
    (folder / "batch").mkdir()
    for name, content in BATCH.items():
        (folder / "batch" / name).write_text(content, encoding="utf-8")
    (folder / "full[b]\x1b").mkdir()
    (folder / "full[b]\x1b" / "somebody's").touch()
    (folder / "nasty.toml").write_text(COHORT.format(centres=json.dumps(PRINTED)), encoding="utf-8")
    (folder / "map.toml").write_text(MAPPING.format(unmapped='unmapped = "ignore"'), encoding="utf-8")
    (folder / "undecided.toml").write_text(MAPPING.format(unmapped=""), encoding="utf-8")
    (folder / "dictionary.csv").write_text(DICTIONARY, encoding="utf-8")
    (folder / "project.csv").write_text(PROJECT, encoding="utf-8")
    (folder / "protocol.toml").write_text(PROTOCOL, encoding="utf-8")
    (folder / "campaign.toml").write_text(CAMPAIGN, encoding="utf-8")
    (folder / "studies.csv").write_text(STUDIES, encoding="utf-8")
    (folder / "published.toml").write_text(PUBLISHED, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert answer(patch, "protocol", "adopt", "protocol.toml", screen=None).code == 0
        for name, judged in (("open", ""), ("done", ""), ("judged", JUDGED)):
            content = CAMPAIGN.partition("[adj")[0].replace("open", name) + judged
            (folder / f"{name}.toml").write_text(content, encoding="utf-8")
            assert answer(patch, "campaign", "start", f"{name}.toml", screen=None).code == 0
        assert answer(patch, "campaign", "lock", "done", "--why", "pain [/b]", screen=None).code == 0
        shutil.copy(folder / "spondyl.db", folder / "copy.db")
        assert answer(patch, "export", "export", screen=None).code == 0
        assert answer(patch, "feed", "init", "feed", screen=None).code == 0
        assert answer(patch, "feed", "run", "feed", screen=None).code == 0
        assert answer(patch, "prove", "flare/P-13/2020-06-01", "--out", "proof.json", screen=None).code == 0
    return folder


@pytest.fixture(scope="module")
def tried() -> Iterator[list[str]]:
    """The commands that were called on a screen, one for each call; at the end they are a figure."""
    calls: list[str] = []
    yield calls
    commands = len(set(calls))
    figure(f"hostile texts through {commands} commands", "screens of 80 and 120 columns", len(calls), "none obeyed")


@pytest.fixture
def here(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that folder, to work in."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def runs(name: str) -> Iterator[tuple[str, ...]]:
    """Yield the arguments of a command, one run after the other; `table` is asked for each table."""
    from projections import TABLES

    for arguments in ARGUMENTS[name]:
        words = arguments if arguments != ("TABLE",) else None
        yield from ((words,) if words is not None else ((table,) for table in TABLES))


def forms(name: str) -> list[str]:
    """Return the forms for machines and manuscripts that a command has."""
    options = set(chain.from_iterable(param.opts for param in COMMANDS[name].params))
    return [form for form in FORMS if form in options]


def test_every_command_is_asked() -> None:
    assert sorted(ARGUMENTS) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_no_text_does_anything_to_a_terminal(
    name: str, here: Path, tried: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for width, colour in SCREENS:
        for arguments in runs(name):
            shutil.copy(here / "copy.db", here / "spondyl.db")
            told = answer(monkeypatch, *name.split(), *arguments, screen=width, colour=colour)

            assert told.code in (0, 2, 3), (arguments, told.err)
            assert done_to_a_terminal(told.out + told.err) == set(), (arguments, told)
            tried.append(name)


@pytest.mark.parametrize("name", NAMES)
def test_no_text_is_markup_of_ours(name: str, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for arguments in runs(name):
        shutil.copy(here / "copy.db", here / "spondyl.db")
        told = answer(monkeypatch, *name.split(), *arguments, screen=None)

        assert told.code in (0, 2, 3), (arguments, told.err)
        assert done_to_a_terminal(told.out + told.err) == set(), (arguments, told)
        assert lost(told.out + told.err) == [], (arguments, told)
        assert FORGED.search(told.out + told.err) is None, (arguments, told)


def lost(printed: str) -> list[str]:
    """Return the places where a text stands without its brackets."""
    printed = " ".join(printed.split())  # lines are broken anew between words
    # a measure of ours, as total_back_pain, is none of the texts
    rash, pain = r"rash(?! (\[grade 2\]|\\\[grade 2\\\]))", r"(?<!_)pain(?! (\[(/|%2F)b\]|\\\[/b\\\]))"
    whole = rf"{rash}|{pain}|(?<!\])bold(?!\[(/|%2F)b\])"
    return [printed[max(0, found.start() - 20) : found.end() + 20] for found in re.finditer(whole, printed)]


@pytest.mark.parametrize("name", [name for name in NAMES if forms(name)])
def test_no_text_breaks_a_form_for_machines_and_manuscripts(
    name: str, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for form in forms(name):
        n_read = 0
        for arguments in runs(name):
            shutil.copy(here / "copy.db", here / "spondyl.db")
            told = answer(monkeypatch, *name.split(), *arguments, form, screen=None)

            assert told.code in (0, 2, 3), (arguments, told.err)
            assert done_to_a_terminal(told.out + told.err) == set(), (arguments, form, told)
            if told.out:
                READERS[form](told.out)
                n_read += 1
        assert n_read, form


def read_csv(printed: str) -> list[dict[str, str]]:
    rows = [*csv.reader(io.StringIO(printed), strict=True)]
    assert {len(row) for row in rows} == {len(rows[0])}
    assert len(rows) == printed.count("\n")
    for cell in chain.from_iterable(rows):
        assert not re.match(r"[=+@\t\r＝＋－＠]|-(?!\d+(\.\d+)?(e[+-]?\d+)?$)", cell), cell
    return [dict(zip(rows[0], row)) for row in rows[1:]]


def read_markdown(printed: str) -> None:
    """Hold the pipes of each table to the same number, and find no other markup than ours."""
    tables = re.findall(r"(?:^\|.*\n)+", printed, re.MULTILINE)
    assert tables
    for table in tables:
        assert len({len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) for line in table.splitlines()}) == 1, table
    without_ours = re.sub(r"</?sup>|^[|#-].*?\s|^\*\*|\*\*$| \| | \|$|\| ?-+:?", " ", printed, flags=re.MULTILINE)
    assert re.findall(r"(?<!\\)(?:\\\\)*([<>\[\]`_])", without_ours) == []
    assert not re.search(r"https?://|www\.", printed)


class Page(HTMLParser):
    """The elements of a page that have no business there, and its texts."""

    OURS: Final = (
        *("html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "div", "ul", "li", "dl", "dt", "dd"),
        *("table", "caption", "thead", "tbody", "tr", "th", "td", "sup"),
    )
    SAID: Final = ("class", "scope", "lang", "charset", "name", "content")

    def __init__(self) -> None:
        super().__init__()
        self.strange: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.OURS or any(name not in self.SAID for name, _ in attrs):
            self.strange.append(tag)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open.pop() != tag:
            self.strange.append(f"/{tag}")

    def handle_comment(self, data: str) -> None:
        self.strange.append(data)


def read_html(printed: str) -> None:
    page = Page()
    page.feed(printed)
    page.close()
    assert (page.strange, page.open) == ([], [])
    assert "<script>" not in printed


READERS: Final[dict[str, Any]] = {
    "--json": json.loads,
    "--csv": read_csv,
    "--markdown": read_markdown,
    "--html": read_html,
}


def undone(cell: str) -> str:
    """Return the text of a cell, as docs/exports.md says it is read back."""
    text = cell[1:] if re.match(r"'+[=+\-@＝＋－＠]", cell) else cell
    return re.sub(
        r"\\(\\|[nrt]|x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8})",
        lambda found: {"\\": "\\", "n": "\n", "r": "\r", "t": "\t"}.get(found[1]) or chr(int(found[1][1:], 16)),
        text,
    )


def test_csv_gives_every_text_back(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = read_csv(answer(monkeypatch, "table", "adverse_events", "--csv", screen=None).out)
    raw = json.loads(answer(monkeypatch, "table", "adverse_events", "--json", screen=None).out)

    assert sorted(undone(row["term"]) for row in rows) == sorted(row["term"] for row in raw)
    assert {row["term"] for row in raw} == set(HOSTILE)


def test_every_text_is_seen_somewhere_on_a_screen(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flares = answer(monkeypatch, "table", "flares", screen=None).out

    assert [text for text in PRINTED if f" {text} " not in flares] == []
    assert all(sign.encode("unicode_escape").decode() in flares for text in OBEYED for sign in text if sign < " ")


def test_nothing_else_of_the_command_line_writes_to_a_screen() -> None:
    ways = {"echo", "secho", "echo_via_pager", "confirm", "prompt", "print", "write", "progressbar", "pause"}
    found = {
        path.relative_to(CLI).as_posix()
        for path in CLI.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and (node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")) in ways
    }

    files = {"commands/prove.py", "commands/dbt_sources.py"}  # into which these write what goes to no screen
    assert found == {"output.py", "waiting.py", *files}
