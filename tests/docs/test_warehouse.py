"""docs/warehouse.md is carried out with the dbt of an environment of its own, and its tests find what is wrong."""

from __future__ import annotations

import fcntl
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from benchmarks.environments import python_of
from projections.feed.dbt_sources import Source, dbt_sources
from projections.feed.read_dictionary import DescribedColumn, DescribedReference, DescribedTable
from tests.cli.conftest import Spondyl, spondyl  # noqa: F401
from tests.docs.pages import ROOT, Page

PAGE = Page.named("warehouse.md")
EXAMPLES = ROOT / "examples"
KEPT = ROOT / ".dbt"  # from run to run, as it takes a minute to make
PINS = Path(__file__).parent / "dbt.txt"
AT_MOST = 600  # seconds of a run of dbt
HOSTILE = (
    "it's",
    '"quoted"',
    "{{ this }}",
    "{% raw %}",
    "{# gone #}",
    "source('a', 'b')",
    "back\\slash",
    "Füße",
    "yes",
)


@pytest.fixture(scope="session")
def dbt() -> Path:
    """Return the program dbt of an environment of its own, made where there is none yet."""
    KEPT.mkdir(exist_ok=True)
    with (KEPT / ".lock").open("w") as lock, pytest.MonkeyPatch.context() as patch:
        fcntl.flock(lock, fcntl.LOCK_EX)
        patch.setenv("PIP_RETRIES", "1")
        try:
            return python_of(KEPT, PINS, "dbt-core", "dbt-duckdb").parent / "dbt"
        except subprocess.CalledProcessError as error:
            pytest.skip(f"dbt cannot be installed here: {error}")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The example, with the cohort that the page has, in the folder in which commands are called."""
    for name in ("warehouse", "anakinra2004"):
        shutil.copytree(EXAMPLES / name, tmp_path if name == "warehouse" else tmp_path / name, dirs_exist_ok=True)
    shutil.copy(EXAMPLES / "anakinra2004.protocol.toml", tmp_path)
    return tmp_path


def ran(dbt: Path, *words: str) -> tuple[int, str]:
    """Run dbt in the folder of work; return its exit code and what it said."""
    command = [dbt, "--no-version-check", "--no-use-colors", *words]
    environment = {**os.environ, "DBT_PROFILES_DIR": str(Path.cwd())}
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=AT_MOST, env=environment)
    return done.returncode, done.stdout + done.stderr


def commands() -> Iterator[tuple[list[str], str]]:
    """Yield the words of each command of the page, and what stands below it."""
    for block in PAGE.blocks("console"):
        for said in block.split("$ ")[1:]:
            command, _, expected = said.partition("\n")
            yield shlex.split(command), expected


def asked(question: str) -> list[tuple[object, ...]]:
    """Return what a question of the marts answers, with the warehouse beside them."""
    with duckdb.connect("marts.duckdb", read_only=True) as marts:
        marts.execute("ATTACH 'warehouse.duckdb' AS warehouse (READ_ONLY)")
        return marts.execute(question).fetchall()


CORRECTED = "SELECT crp FROM crp_as_known WHERE patient = 'ana1-01' AND visit = 'week 2'"


def test_the_page_is_carried_out_and_both_clocks_are_asked(
    dbt: Path,
    project: Path,
    spondyl: Spondyl,  # noqa: F811
) -> None:
    known = []

    for words, expected in commands():
        if words[0] == "dbt":
            code, said = ran(dbt, *words[1:])
            assert code == 0, said
            known += asked(CORRECTED)
        else:
            answer = spondyl(*words[1:])
            assert answer.code == 0, answer.err
            assert not expected or answer.out + answer.err == expected

    assert known == [(7,), (44,)]  # as amended, and as the cohort's file has it
    judged = asked("SELECT sum(judged) FROM responses_by_agent")
    assert judged == asked("SELECT count(*) FROM warehouse.responses")
    assert judged != [(0,)]


def test_what_the_dictionary_promises_and_the_tables_do_not_hold_fails_a_test_of_dbt(
    dbt: Path, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    for name in ("marts", "staging"):
        shutil.rmtree(project / "models" / name)
    columns = (
        DescribedColumn("number", "int16", False, "its number", None),
        DescribedColumn("code", "string", True, "what {{ this }} is", HOSTILE),
        DescribedColumn("parent", "int16", True, "number of another", None),
    )
    key = DescribedReference(("parent",), "held", ("number",))
    described = dict.fromkeys(("held", "missed"), DescribedTable("one row per number", ("number",), (key,), columns))
    text = dbt_sources(described, Source("odd", database="warehouse"), keyed=False)
    (project / "models" / "sources.yml").write_text(text, encoding="utf-8")
    with duckdb.connect("warehouse.duckdb") as warehouse:
        for name in described:
            warehouse.execute(f"CREATE TABLE {name} (number SMALLINT, code VARCHAR, parent SMALLINT)")
            warehouse.executemany(f"INSERT INTO {name} VALUES (?, ?, NULL)", [*enumerate(HOSTILE)])
        warehouse.execute("INSERT INTO held VALUES (90, NULL, 90)")
        warehouse.execute("INSERT INTO missed VALUES (1, 'it', 1), (NULL, 'yes', NULL), (91, NULL, 92)")

    code, said = ran(dbt, "test")

    assert code == 1, said
    assert sorted(re.findall(r" FAIL \d+ source_(\w+?)_odd_(held|missed)", said)) == [
        ("accepted_values", "missed"),
        ("not_null", "missed"),
        ("relationships", "missed"),
        ("unique", "missed"),
    ]
    assert " ERROR " not in said.replace("ERROR=0", "")
