"""What a batch states, and what was decided of it, in a database of its own until it is stored or refused.

Nobody else can open it: it is SQLite's own temporary file, made for its owner alone and nameless from then on. Pages go
there only when more are in use than `CACHE` has room for. With the connection it is gone, however the process ends.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterator
from datetime import date
from typing import Any, Final, NamedTuple, Self

import msgspec

from registry.domain.statements import Measurement
from registry.errors import NoRoomError
from registry.intake.staged_fact import NO_OTHER_WORDS, Columns, StagedFact, StagedReading
from registry.schema.tables import Table
from registry.store.event_rows import EncodedEvent

CACHE: Final = 8_192  # KiB of pages that stay in memory
LINE_BITS: Final = 40
LINE_MASK: Final = (1 << LINE_BITS) - 1
SCHEMA: Final = f"""
    PRAGMA page_size = 16384;
    PRAGMA cache_size = -{CACHE};
    PRAGMA journal_mode = OFF;
    BEGIN;
    CREATE TABLE facts (
        row INTEGER PRIMARY KEY, identity TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, row_id TEXT,
        patient TEXT, study TEXT, followup_study TEXT, shape INTEGER NOT NULL, stated BLOB NOT NULL, own BLOB,
        grading BLOB, owner TEXT, named TEXT
    );
    CREATE TABLE survivors (merged TEXT PRIMARY KEY, survivor TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE claims (name TEXT PRIMARY KEY, row INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE studies (code TEXT PRIMARY KEY, stated TEXT, held TEXT, owner TEXT) WITHOUT ROWID;
    CREATE TABLE events (number INTEGER PRIMARY KEY, some BLOB NOT NULL);
"""
VALUES: Final = "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
KEEP: Final = f"INSERT OR REPLACE INTO facts {VALUES}"
KEEP_NEW: Final = f"INSERT INTO facts {VALUES} ON CONFLICT (identity) DO NOTHING"
FACTS: Final = "SELECT owner, row, identity, shape, stated, own, grading FROM facts"
TYPES: Final[dict[str, Any]] = {  # of what a column holds; all else is text
    "day": date,
    "year": int,
    "integer": int,
    "words": tuple[str, ...],
    "open words": tuple[str, ...],
    "measure": Measurement,
}
ENCODER: Final = msgspec.msgpack.Encoder()


class Shape(NamedTuple):
    """What rows of a table that have the same columns say, and how it is read back."""

    table: Table
    columns: Columns
    decoder: msgspec.msgpack.Decoder[tuple[object, ...]]


class Grading(msgspec.Struct):
    """The grades of a reading, and the rows where they stand, as 64-bit numbers."""

    grades: dict[str, list[int | None]]
    rows: dict[str, bytes]


GRADING: Final = msgspec.msgpack.Decoder(Grading)
OWN: Final = msgspec.msgpack.Decoder(dict[str, str])
EVENTS: Final = msgspec.msgpack.Decoder(list[EncodedEvent])


class Staging:
    """Facts by the rows that state them, claims of ids and keys, whose the studies are, and encoded events.

    The block in which it is used raises `NoRoomError` where the disk for temporary files is full.
    """

    def __init__(self) -> None:
        self._connection = sqlite3.connect("", isolation_level=None)
        self._connection.executescript(SCHEMA)
        self.execute = self._connection.execute
        self._files: dict[str, int] = {}
        self._names: list[str] = []
        self._shapes: list[Shape] = []
        self._n_events = 0
        self.is_claimed = False  # whether any row has an id, or a key that others may not have
        self._numbers: dict[tuple[str, Columns], int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self._connection.close()
        if isinstance(error, sqlite3.OperationalError):
            raise NoRoomError(str(error)) from None  # its cause could quote a row

    def row(self, file: str, line: int) -> int:
        """Return a line of a file as one number, never 0; rows are in the order of their files and lines."""
        number = self._files.get(file)
        if number is None:
            number = self._files[file] = len(self._names)
            self._names.append(file)
        return number << LINE_BITS | line

    def place(self, row: int) -> tuple[str, int]:
        """Return the file and the line of a row."""
        return self._names[row >> LINE_BITS], row & LINE_MASK

    def source(self, row: int) -> str:
        """Return where a row stands, as events name it: `visits.csv:17`."""
        file, line = self.place(row)
        return f"{file}:{line}"

    def claim(self, name: str, row: int) -> str | None:
        """Let the first row that asks for it have an id or a key; return where another stands that was first."""
        self.is_claimed = True
        if self.execute("INSERT OR IGNORE INTO claims VALUES (?, ?)", (name, row)).rowcount:
            return None
        return self.claimed(name)

    def claimed(self, name: str) -> str | None:
        """Return where the row stands that has an id or a key."""
        if not self.is_claimed:  # most sources have no ids
            return None
        row = self.execute("SELECT row FROM claims WHERE name = ?", (name,)).fetchone()
        return self.source(row[0]) if row else None

    def keep(self, staged: StagedFact) -> None:
        """Keep a fact, in place of what was kept of its row."""
        self._keep(KEEP, staged)

    def keep_new(self, staged: StagedFact) -> bool:
        """Keep a fact where no other row has its identity; return whether none has."""
        return self._keep(KEEP_NEW, staged) == 1

    def _keep(self, statement: str, staged: StagedFact) -> int:
        kind = staged.table.kind
        study = "baseline_study" if kind == "lesion" else "study"
        patient, grading = staged.value("patient"), None
        if isinstance(staged, StagedReading):
            grading = ENCODER.encode(Grading(staged.grades, {item: row.tobytes() for item, row in staged.rows.items()}))
        return self.execute(
            statement,
            (
                self.row(staged.file, staged.line),
                staged.identity,
                kind,
                staged.row_id,
                patient,
                staged.value(study),
                staged.value("followup_study"),
                self._shape(staged),
                ENCODER.encode(staged.values),
                ENCODER.encode(staged.own) if staged.own else None,
                grading,
                patient,
                patient,
            ),
        ).rowcount

    def find(self, identity: str) -> StagedFact | None:
        """Return the fact that something names within the batch."""
        return next((staged for _, staged in self.facts("WHERE identity = ?", identity)), None)

    def facts(self, condition: str, *parameters: object) -> Iterator[tuple[str, StagedFact]]:
        """Yield the owners and the facts that meet a condition, in its order."""
        for owner, row, identity, shape, stated, own, grading in self.execute(f"{FACTS} {condition}", parameters):
            table, columns, decoder = self._shapes[shape]
            made = StagedFact if grading is None else StagedReading
            fact = made.restored(table, columns, decoder.decode(stated), identity)
            fact.own = OWN.decode(own) if own else NO_OTHER_WORDS
            fact.file, fact.line = self.place(row)
            if isinstance(fact, StagedReading):
                given = GRADING.decode(grading)
                fact.grades, fact.rows = given.grades, {item: array("q", rows) for item, rows in given.rows.items()}
            yield owner, fact

    def pseudonyms(self) -> Iterator[str]:
        """Yield the patients of the facts, each once, by every name that the batch has for them."""
        return (name for (name,) in self.execute("SELECT owner FROM facts UNION SELECT named FROM facts") if name)

    def forget_events(self) -> None:
        """Forget what was decided."""
        self._n_events = 0
        self.execute("DELETE FROM events")

    def add_events(self, events: list[EncodedEvent]) -> None:
        """Keep what was decided."""
        self._n_events += len(events)
        self.execute("INSERT INTO events (some) VALUES (?)", (ENCODER.encode(events),))

    def __len__(self) -> int:
        return self._n_events

    def __iter__(self) -> Iterator[EncodedEvent]:
        """Yield what was decided, in the order in which it was."""
        for (some,) in self.execute("SELECT some FROM events ORDER BY number"):
            yield from EVENTS.decode(some)

    def _shape(self, staged: StagedFact) -> int:
        table, columns = staged.table, staged.columns
        number = self._numbers.setdefault((table.name, columns), len(self._shapes))
        if number == len(self._shapes):
            types = tuple(TYPES.get(table.columns[name].holds, str) | None for name in columns.places)
            self._shapes.append(Shape(table, columns, msgspec.msgpack.Decoder(tuple[types])))  # type: ignore[valid-type]
        return number
