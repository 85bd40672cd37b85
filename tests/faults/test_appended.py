"""Whatever a writer appends with another program: each command says at which position, or is not troubled by it.

The chain of such an event holds, and the database takes it for JSON. No reader may end with a traceback, and `verify`
names it.
"""

from __future__ import annotations

import json
from contextlib import closing
from typing import Final

import pytest
from eventsourcing.persistence import PersistenceError, StoredEvent

from registry import Registry
from registry.domain.events import stream_of
from registry.store.opening import open_database
from registry.store.recorder import SQLApplicationRecorder
from registry.store.schema import events
from tests.cli.conftest import Spondyl

PATIENT: Final = "P-1"
VISIT: Final = {
    "patient": PATIENT,
    "fact": "visit/P-1/2021-01-02",
    "clinical_on": "2021-01-02",
    "actor": "ines",
    "source": "cli",
    "reason": None,
    "statement": {
        "visited_on": "2021-01-02",
        "visit": None,
        "measures": [{"measure": "crp", "value": "4", "unit": "mg/l"}],
    },
    "origin": None,
}
STATEMENT: Final = VISIT["statement"]
assert isinstance(STATEMENT, dict)


def changed(**fields: object) -> str:
    return json.dumps(VISIT | fields, separators=(",", ":"))


def stating(**fields: object) -> str:
    return changed(statement=STATEMENT | fields)


APPENDED: Final = {
    "nothing said": ("VisitRecorded/2", "{}"),
    "no statement": ("VisitRecorded/2", changed(statement=None)),
    "a patient who is a number": ("VisitRecorded/2", changed(patient=7)),
    "no fact": ("VisitRecorded/2", changed(fact=None)),
    "a statement that is a list": ("VisitRecorded/2", changed(statement=[1])),
    "no day": ("VisitRecorded/2", stating(visited_on=None)),
    "a day that is none": ("VisitRecorded/2", stating(visited_on="2021-02-30")),
    "measures that are text": ("VisitRecorded/2", stating(measures="crp")),
    "a measure without its value": ("VisitRecorded/2", stating(measures=[{"measure": "crp"}])),
    "a line break": ("VisitRecorded/2", json.dumps(VISIT, indent=1)),
    "half a sign": ("VisitRecorded/2", changed(source="x").replace('"x"', '"\\ud800"')),
    "deep": ("VisitRecorded/2", stating(visit=0).replace('"visit":0', '"visit":' + "[" * 900 + "]" * 900)),
    "a treatment's words": ("TreatmentStarted/2", changed()),
    "grades that are a number": (
        "ReadingRecorded/2",
        changed(
            fact="reading/MR-1/R1/berlin/",
            statement={
                "study": "MR-1",
                "reader": "R2",
                "method": "berlin",
                "method_version": 1,
                "session": None,
                "read_on": None,
                "seconds": None,
                "grades": 7,
            },
        ),
    ),
    "a merge of nobody": ("PatientMerged", "{}"),
    "an unmerge without its patients": ("PatientUnmerged", '{"merged":7}'),
    "an event of tomorrow": ("VisitRecorded/9", changed()),
    "an event of no kind": ("Nonsense", '{"patient":"P-1"}'),
}
READERS: Final = (
    ("status",),
    ("show", PATIENT),
    ("table", "visits"),
    ("table", "events"),
    ("history", "visit/P-1/2020-01-02"),
    ("prove", "visit/P-1/2020-01-02"),
    ("record", "visit", f"patient={PATIENT}", "visited_on=2022-01-02", "crp=3"),
    ("record", "patient", "patient=P-2", "enrolled_on=2020-01-01"),
    ("merge", PATIENT, "--into", "P-2", "--reason", "the same person"),
    ("erase", PATIENT, "--reason", "a request", "--dry-run"),
    ("check",),
    ("export", "tables"),
)


@pytest.fixture
def registry(spondyl: Spondyl, url: str, monkeypatch: pytest.MonkeyPatch) -> Spondyl:
    """The command line on a registry of two patients, a study and a visit, on each of the stores."""
    monkeypatch.setenv("SPONDYL_DB", url)
    with Registry.open(url, actor="ines") as opened:
        opened.enrol_patient(PATIENT, enrolled_on="2020-01-01")
        opened.enrol_patient("P-2", enrolled_on="2020-01-01")
        opened.record_visit(PATIENT, visited_on="2020-01-02", measures={"crp": "12"})
        opened.record_study("MR-1", patient=PATIENT, performed_on="2020-01-03", modality="MRI", regions=["spine"])
    return spondyl


def appended(url: str, topic: str, payload: bytes) -> int | None:
    """Append an event to the patient's stream as another program could; None where the database does not take it."""
    with closing(open_database(url)) as database:
        recorder = SQLApplicationRecorder(database)
        stream = stream_of(PATIENT)
        event = StoredEvent(stream, recorder.versions([stream])[stream] + 1, topic, payload)
        try:
            [position] = recorder.insert_events([event])
        except PersistenceError:
            return None
        return position


@pytest.mark.parametrize("kind", APPENDED)
def test_each_reader_names_the_position_or_does_its_work(registry: Spondyl, url: str, kind: str) -> None:
    topic, payload = APPENDED[kind]
    position = appended(url, topic, payload.encode())
    if position is None:
        assert kind in ("a line break", "half a sign", "deep"), (
            "the database refused what is one JSON object in one line"
        )
        return

    for reader in READERS:
        answer = registry(*reader)
        is_named = f"@{position}" in answer.err or "does not know" in answer.err
        assert answer.code == 0 or (answer.code == 3 and is_named), (reader, answer)
        assert answer.err.count("\n") <= 3, (reader, answer)
    verified = registry("verify")
    said = f"{'note: ' if topic in ('VisitRecorded/9', 'Nonsense') else ''}@{position}: "
    assert any(line.startswith(said) for line in verified.err.splitlines()), verified


def test_an_event_as_spondyl_writes_it_troubles_nobody(registry: Spondyl, url: str) -> None:
    appended(url, "VisitRecorded/2", changed().encode())

    for reader in READERS:
        assert registry(*reader).code == 0, reader
    assert registry("verify").code == 0


@pytest.mark.parametrize(
    ("topic", "table", "payload"),
    [
        ("VisitRecorded/2", "visits", "{}"),
        ("FlareStarted/2", "flares", '{"patient":"P-1","fact":"flare/P-1/2021-01-02","statement":{"severity":"mild"}}'),
        ("FlareStarted/2", "flares", '{"statement":{"started_on":"2021-01-02","severity":"mild"}}'),
    ],
)
def test_no_row_is_made_of_an_event_that_does_not_say_whose_it_is_or_when(
    registry: Spondyl, url: str, topic: str, table: str, payload: str
) -> None:
    position = appended(url, topic, payload.encode())

    answer = registry("table", table)

    assert (answer.code, answer.out) == (3, "")
    assert answer.err.startswith(f"spondyl: @{position} cannot be read: the payload is none of {topic}")
    assert answer.err.endswith("; `spondyl verify` names all such events\n")


def test_what_is_known_before_the_event_can_still_be_asked(registry: Spondyl, url: str) -> None:
    position = appended(url, "VisitRecorded/2", b"{}")
    assert position is not None

    answer = registry("table", "visits", "--known-at", f"@{position - 1}")

    assert answer.code == 0
    assert "2020-01-02" in answer.out


def test_an_event_that_cannot_be_read_is_mended_by_erasing_what_it_says(registry: Spondyl, url: str) -> None:
    position = appended(url, "VisitRecorded/2", b"{}")
    with closing(open_database(url)) as database, database.writing() as connection:
        connection.execute(events.update().where(events.c.position == position).values(payload=None, salt=None))

    assert registry("table", "visits").code == 0
    verified = registry("verify")
    assert (verified.code, verified.err.splitlines()[-1]) == (
        0,
        f"note: @{position}: the payload was erased, and no event says by whom and why",
    )
