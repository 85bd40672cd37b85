"""What a database answers to one SELECT: read-only, streamed, and never with a password in a message.

The URL is any that SQLAlchemy knows, and stands in an environment variable, so that no mapping holds it. The order of
the rows is that of the query: one with ORDER BY says the same numbers of rows each time.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from logging import NullHandler, getLogger
from os import environ
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit
from uuid import UUID

from sqlalchemy import Connection, CursorResult, Engine, create_engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from registry.errors import UnreadableError
from registry.intake.lines import CELL_AT_MOST
from registry.intake.sources.foreign_source import SourceField, SourceRow
from registry.intake.sources.headers import FIELDS_AT_MOST, cleaned
from registry.intake.sources.mapping import SourceRule
from registry.intake.sources.numbers_written import NOT_FINITE, NOT_FINITE_HERE, number_text
from registry.intake.sources.opening import QUERY
from registry.schema.rows import as_text
from registry.wording import shown

ROWS_AT_ONCE: Final = 5_000
NOT_READ: Final = re.compile(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"", re.DOTALL)
SELECT: Final = re.compile(r"\s*\(*\s*(SELECT|WITH|VALUES|TABLE)\b", re.IGNORECASE)
CHANGING: Final = re.compile(
    r"\b(INSERT|UPDATE|DELETE|MERGE|DROP|CREATE|ALTER|TRUNCATE|GRANT|CALL|EXEC|INTO)\b", re.IGNORECASE
)
READ_ONLY: Final = {  # what makes a transaction of a database one that cannot write
    "postgresql": "SET TRANSACTION READ ONLY",
    "oracle": "SET TRANSACTION READ ONLY",
    "mysql": "SET TRANSACTION READ ONLY",
    "mariadb": "SET TRANSACTION READ ONLY",
    "sqlite": "PRAGMA query_only = ON",
}
OF_TWO_PARTS: Final = re.compile(r"[^:/]+://[^:/]*:[^@]*@.*@", re.DOTALL)  # of a password with an @, and the rest
SECRET: Final = re.compile(r"pass|pwd|secret|token|key", re.IGNORECASE)

getLogger("sqlalchemy").addHandler(NullHandler())  # a connection that is lost is told by the refusal alone


class Query:
    """A query and the database that answers it; `line` is the row's number, from 1."""

    def __init__(self, rule: SourceRule) -> None:
        assert rule.url_env is not None, "a mapping of sql has it"
        assert rule.query is not None, "a mapping of sql has it"
        self._query = one_select(rule.query)
        self._variable, self._missing = rule.url_env, rule.missing
        self._url = _url(rule.url_env)
        self.name, self.files, self.events = QUERY, tuple[Path, ...](), dict[str, str]()
        self.has_typed_days = True
        with self._answer() as answer:
            names = [cleaned(name) for name in tuple(answer.keys())]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None or len(names) > FIELDS_AT_MOST:
            raise UnreadableError(1, f"two columns are called {shown(twice)}; name each by AS" if twice is not None
                                  else f"{len(names):,} columns; at most {FIELDS_AT_MOST:,}")  # fmt: skip
        self.fields: Mapping[str, SourceField] = {
            name: SourceField(name, decimal=rule.decimal or ".") for name in names
        }

    def rows(self) -> Iterator[SourceRow]:
        """Yield the rows that the database answers with. Raises `UnreadableError`."""
        names, number = [*self.fields], 0
        with self._answer() as answer:
            try:
                for row in answer:
                    number += 1
                    values = {}
                    for name, value in zip(names, row):
                        if value is not None and (said := _text(value, name, number)):
                            values[name] = said
                            if said in NOT_FINITE and not isinstance(value, str) and said not in self._missing:
                                raise UnreadableError(number, f"column {name}: {said} {NOT_FINITE_HERE.format(said)}")
                    yield SourceRow(number, values)
            except SQLAlchemyError as error:
                raise self._answered(error, number + 1) from None

    @contextmanager
    def _answer(self) -> Iterator[CursorResult[Any]]:
        """Give the answer, from a transaction that cannot write and is rolled back. Raises `UnreadableError`."""
        engine = self._engine()
        try:
            with engine.connect() as connection:
                _make_read_only(connection)
                streamed = connection.execution_options(stream_results=True, yield_per=ROWS_AT_ONCE, no_parameters=True)
                with streamed.exec_driver_sql(self._query) as answer:
                    yield answer
                connection.rollback()
        except SQLAlchemyError as error:
            raise self._answered(error, 1) from None
        finally:
            engine.dispose()

    def _engine(self) -> Engine:
        """Return what connects to the database. Raises `UnreadableError`, which has nothing of the URL's options."""
        try:
            engine = _engine(self._url)
        except NoSuchModuleError:
            raise self._refused(f"names a database that SQLAlchemy does not know, {self._url.drivername}") from None
        except ImportError as error:
            raise self._refused(f"needs the driver {error.name}, which is not installed") from None
        except (ArgumentError, ValueError, TypeError):
            raise self._refused("has an option that its driver cannot read") from None
        if engine.dialect.is_async:
            raise self._refused(f"names the driver {engine.driver}, which is asynchronous; name another")
        return engine

    def _answered(self, error: SQLAlchemyError, number: int) -> UnreadableError:
        """Return the refusal of what a database answers instead of a row, the first that did not come."""
        return UnreadableError(number, f"the database answers: {self._told(error)}")

    def _refused(self, why: str) -> UnreadableError:
        return UnreadableError(1, f"the URL in {self._variable} {why}")

    def _told(self, error: SQLAlchemyError) -> str:
        """Return what a database says, on one line, without anything of the URL that is secret."""
        said = " ".join(str(getattr(error, "orig", None) or error).split())
        query = [value for key, value in self._url.query.items() if SECRET.search(key) and isinstance(value, str)]
        for secret in filter(None, (self._url.password, self._url.render_as_string(hide_password=False), *query)):
            said = said.replace(str(secret), "***")
        return said


def open_query(rule: SourceRule, files: Sequence[Path]) -> Query:
    """Return what a database answers to the query of a mapping. Raises `UnreadableError`."""
    return Query(rule)


def one_select(query: str) -> str:
    """Return a query that is one SELECT, without its end. Raises `UnreadableError` for anything else."""
    bare = NOT_READ.sub(" ", query).strip().rstrip(";").rstrip()
    if ";" in bare:
        raise UnreadableError(1, "query: more than one statement; write one SELECT")
    if not SELECT.match(bare):
        raise UnreadableError(1, "query: is no SELECT; a source is read, and nothing else")
    if changing := CHANGING.search(bare):
        raise UnreadableError(1, f"query: has {changing[0].upper()}; a source is read, and nothing else")
    return query.rstrip().rstrip(";") if query.rstrip().endswith(";") else query


def _url(variable: str) -> URL:
    said = environ.get(variable)
    if not said:
        raise UnreadableError(1, f"the environment variable {variable} is not set; it holds the URL of the database")
    if OF_TWO_PARTS.match(said):
        raise UnreadableError(1, f"{variable} has more than one @ after the user; write those of the password as %40")
    try:
        return make_url(said)
    except (ArgumentError, ValueError):
        raise UnreadableError(1, f"{variable} holds no URL, as postgresql://user@host/database") from None


def _engine(url: URL) -> Engine:
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True)
    if url.get_backend_name() != "sqlite" or not url.database or engine.dialect.is_async:
        return engine
    [said], options = engine.dialect.create_connect_args(url)
    file = Path(unquote(urlsplit(said).path) if options.get("uri") else said)
    if not file.is_file():
        raise UnreadableError(1, f"no such file as the URL names: {file.name}")
    read_only = said if options.get("uri") else f"{file.resolve().as_uri()}?mode=ro"
    connected = partial(sqlite3.connect, read_only, **{**options, "uri": True})
    return create_engine("sqlite://", creator=connected, poolclass=NullPool)


def _make_read_only(connection: Connection) -> None:
    """Let nothing be written; of a database that has no way to say so, the transaction is rolled back at its end."""
    statement = READ_ONLY.get(connection.dialect.name)
    if statement is not None:
        connection.exec_driver_sql(statement)


def _text(value: object, name: str, number: int) -> str:
    """Return a value of a database as text, empty where it says nothing. Raises `UnreadableError`."""
    if isinstance(value, str):
        said = cleaned(value)
    elif isinstance(value, bool | int):
        said = as_text(value) or ""
    elif isinstance(value, float):
        said = number_text(value)
    elif isinstance(value, Decimal):
        said = format(value, "f")
    elif isinstance(value, datetime):
        midnight = value.time() == datetime.min.time() and value.tzinfo is None
        said = value.date().isoformat() if midnight else value.isoformat(" ")
    elif isinstance(value, date | UUID):
        said = str(value)
    else:
        what = type(value).__name__
        raise UnreadableError(number, f"column {name} holds {what}; select text, numbers, days or instants")
    if len(said) > CELL_AT_MOST:
        raise UnreadableError(number, f"column {name}: {len(said):,} characters; a cell has at most {CELL_AT_MOST:,}")
    return said
