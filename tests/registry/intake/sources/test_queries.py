"""Queries of databases: read-only, streamed, and without a password in any message."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from registry import Registry
from registry.errors import UnreadableError
from registry.intake.sources.mapping import SourceRule
from registry.intake.sources.opening import open_source
from registry.intake.sources.queries import one_select
from tests.registry.intake.sources.opened import imported, problems, values

ROWS = "CREATE TABLE v (pat TEXT, day TEXT, crp REAL, raw BLOB); INSERT INTO v VALUES ('P1', '2020-01-02', 5.0, NULL)"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database with a visit, whose URL is in the environment."""
    file = tmp_path / "source.db"
    with sqlite3.connect(file) as database:
        database.executescript(ROWS)
    database.close()
    monkeypatch.setenv("SOURCE_URL", f"sqlite:///{file}")
    return file


def rule(query: str) -> SourceRule:
    return SourceRule(kind="sql", url_env="SOURCE_URL", query=query)


def refused(query: str = "SELECT 1 AS a") -> str:
    with pytest.raises(UnreadableError) as why:
        values(open_source(rule(query), Path()))
    return str(why.value)


def test_a_row_has_what_its_columns_say(file: Path) -> None:
    assert values(open_source(rule("SELECT * FROM v;"), Path())) == [{"pat": "P1", "day": "2020-01-02", "crp": "5"}]


def test_colons_and_per_cents_are_no_parameters(file: Path) -> None:
    query = "SELECT pat, ':x' AS a, '%s' AS b FROM v WHERE day LIKE '2020%' -- :y"

    assert values(open_source(rule(query), Path())) == [{"pat": "P1", "a": ":x", "b": "%s"}]


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("DELETE FROM v", "query: is no SELECT"),
        ("SELECT 1; DELETE FROM v", "query: more than one statement"),
        ("WITH x AS (DELETE FROM v RETURNING *) SELECT * FROM x", "query: has DELETE"),
        ("SELECT * INTO w FROM v", "query: has INTO"),
        ("/* SELECT */ DROP TABLE v", "query: is no SELECT"),
    ],
)
def test_what_is_not_one_select_is_refused(query: str, why: str) -> None:
    with pytest.raises(UnreadableError, match=why):
        one_select(query)


@pytest.mark.parametrize("query", ["SELECT 'a;b'", 'SELECT "delete" FROM v', "WITH x AS (SELECT 1) SELECT * FROM x ;"])
def test_words_in_quotes_are_no_statements(query: str) -> None:
    assert one_select(query) == query.removesuffix(";")


def test_a_backslash_before_a_colon_is_one_of_the_value(file: Path) -> None:
    query = r"SELECT '\:x' AS a, 'C\:D' AS b, '\\:y' AS c FROM v"

    assert values(open_source(rule(query), Path())) == [{"a": r"\:x", "b": r"C\:D", "c": r"\\:y"}]


def test_a_query_that_fails_on_its_way_is_refused_at_the_first_row_that_did_not_come(file: Path) -> None:
    rows = "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 30)"
    query = f"{rows} SELECT iif(n = 20, abs(-9223372036854775807 - 1), n) AS a FROM t"

    with pytest.raises(UnreadableError, match="the database answers: integer overflow") as why:
        values(open_source(rule(query), Path()))

    assert why.value.line in (19, 20)  # the driver may look one row ahead


def test_a_number_that_is_none_is_refused_until_the_mapping_says_what_it_stands_for(file: Path) -> None:
    query = "SELECT 1 AS a UNION ALL SELECT 9e999"
    said = SourceRule(kind="sql", url_env="SOURCE_URL", query=query, missing={"inf": ""})

    assert refused(query) == (
        "column a: inf is not a number that is finite; say what it stands for, as missing = { 'inf' = '' }"
    )
    assert values(open_source(said, Path())) == [{"a": "1"}, {"a": "inf"}]


def test_columns_of_one_name_and_values_that_are_no_text_are_refused(file: Path) -> None:
    assert refused("SELECT 1 AS a, 2 AS a") == "two columns are called 'a'; name each by AS"
    assert refused("SELECT x'00' AS raw") == "column raw holds bytes; select text, numbers, days or instants"


@pytest.mark.parametrize(
    "url", ["sqlite:///{}/none.db", "sqlite:///{}/none.db?timeout=5", "sqlite:///file:{}/none.db?uri=true"]
)
def test_a_database_that_is_not_there_is_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("SOURCE_URL", url.format(tmp_path))

    assert refused() == "no such file as the URL names: none.db"
    assert not (tmp_path / "none.db").exists()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://maria:s3cret@127.0.0.1:1/cohort",
        "postgresql://maria@127.0.0.1:1/cohort?password=s3cret",
        "s3cret",
        "nosuchthing://maria:s3cret@host/cohort",
        "mssql+pyodbc://maria:s3cret@host/cohort?driver=none",
        "postgresql://maria:s3cret@host:port/cohort",
        "postgresql://maria:p@s3cret@127.0.0.1:1/cohort",
        "postgresql://maria:p@127.0.0.1/s3cret@host:1/cohort",
        "sqlite:///source.db?timeout=s3cret",
        "postgresql+psycopg_async://maria:s3cret@127.0.0.1:1/cohort",
    ],
)
def test_no_message_has_the_password(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("SOURCE_URL", url)

    assert "s3cret" not in refused()


def test_a_variable_that_is_not_set_is_told_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_URL", raising=False)

    assert refused() == "the environment variable SOURCE_URL is not set; it holds the URL of the database"


MAPPING = """
[source]
kind = "sql"
url_env = "SOURCE_URL"
query = "SELECT pat, day, crp FROM v ORDER BY pat, day"
[patient]
field = "pat"
[[table]]
to = "patients"
enrolled_on = { constant = "2019-01-01" }
[[table]]
to = "visits"
key = ["pat", "day"]
visited_on = { field = "day" }
crp = { field = "crp" }
"""


def test_a_query_is_imported_once_and_its_database_is_left_as_it_was(
    registry: Registry, tmp_path: Path, file: Path
) -> None:
    before = file.read_bytes()

    assert imported(registry, tmp_path, MAPPING).events == 2
    assert imported(registry, tmp_path, MAPPING).events == 0
    assert file.read_bytes() == before


def test_a_problem_names_the_row_and_its_key(registry: Registry, tmp_path: Path, file: Path) -> None:
    with sqlite3.connect(file) as database:
        database.execute("INSERT INTO v VALUES ('P2', '2020-01-03', -1, NULL)")
    database.close()

    assert problems(registry, tmp_path, MAPPING) == [
        "query (visits):2:crp: -1 mg/l is outside 0 mg/l and above (P2/2020-01-03)"
    ]


@pytest.fixture
def postgres(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A database of PostgreSQL with a table of visits."""
    engine = create_engine(postgres_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE v (pat text, day date, crp numeric(6, 2), at timestamp, ok boolean)"))
        connection.execute(text("INSERT INTO v VALUES ('P1', '2020-01-02', 5.10, '2020-01-02 08:30', true)"))
    monkeypatch.setenv("SOURCE_URL", postgres_url)
    yield postgres_url
    engine.dispose()


@pytest.mark.usefixtures("postgres")
def test_postgresql_types_are_text_days_and_numbers_as_they_are() -> None:
    query = "SELECT pat, day, crp, at, ok, day::text AS said FROM v WHERE pat LIKE 'P%'"

    assert values(open_source(rule(query), Path())) == [
        {"pat": "P1", "day": "2020-01-02", "crp": "5.10", "at": "2020-01-02 08:30:00", "ok": "yes",
         "said": "2020-01-02"}
    ]  # fmt: skip


@pytest.mark.usefixtures("postgres")
def test_a_connection_that_is_lost_is_a_refusal_and_no_traceback() -> None:
    reading = "from registry.intake.sources import queries, mapping; from registry.errors import UnreadableError as No"
    lost = "select pg_terminate_backend(pg_backend_pid()) as a"
    asked = f"queries.open_query(mapping.SourceRule(kind='sql', url_env='SOURCE_URL', query='{lost}'), [])"

    done = subprocess.run(
        [sys.executable, "-c", f"{reading}\ntry: {asked}\nexcept No as why: print(why)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert done.stdout == "the database answers: the connection is lost\n"
    assert done.stderr == ""


@pytest.mark.usefixtures("postgres")
def test_postgresql_is_asked_in_a_transaction_that_cannot_write() -> None:
    assert "read-only transaction" in refused("SELECT lo_create(0)")
