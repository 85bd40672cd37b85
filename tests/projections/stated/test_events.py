"""The history as it goes out."""

from __future__ import annotations

import json

from projections import facts_at
from registry import Registry
from registry.domain.events import stream_of
from registry.store.event_rows import EncodedEvent
from tests.projections.shown import Clock, shown


def test_every_event_up_to_the_position_goes_out_whatever_the_clinical_day(registry: Registry, clock: Clock) -> None:
    clock.set("2014-07-01T12:00")
    visit = registry.record_visit("P-1", visited_on="2005-02-01")
    registry.retract(visit, reason="another patient's")
    registry.enrol_patient("P-2", enrolled_on="2002-01-14")

    columns = "position recorded_at actor source reason patient event event_version fact clinical_on"
    assert shown(facts_at(registry, as_of="1999-12-31", known_at="@3"), "events", columns) == [
        (1, "2014-06-30 09:00:00+00:00", "lindner", "python", None, "P-1", "PatientEnrolled", 2, "patient/P-1",
         "2002-01-14"),
        (2, "2014-07-01 12:00:00+00:00", "lindner", "python", None, "P-1", "VisitRecorded", 2,
         "visit/P-1/2005-02-01", "2005-02-01"),
        (3, "2014-07-01 12:00:00+00:00", "lindner", "python", "another patient's", "P-1", "VisitRetracted", 2,
         "visit/P-1/2005-02-01", "2005-02-01"),
    ]  # fmt: skip


def test_payload_and_digest_go_out_as_they_are_stored(registry: Registry) -> None:
    (stored,) = registry.log.columns()

    assert shown(facts_at(registry), "events", "payload digest") == [(stored.payload[0], stored.digest[0].hex())]


def test_a_reason_that_looks_like_json_goes_out_as_it_was_given(registry: Registry) -> None:
    reason = 'typed "statement":{"actor":"x"}, twice \\ "'
    visit = registry.record_visit("P-1", visited_on="2005-02-01")
    registry.amend(visit, {"crp": 12}, reason=reason)
    registry.retract(visit, reason=reason)

    rows = shown(facts_at(registry), "events", "reason fact clinical_on")

    assert rows[-2:] == [(reason, "visit/P-1/2005-02-01", "2005-02-01")] * 2


def test_a_payload_in_other_words_says_the_same(registry: Registry) -> None:
    said = {
        "statement": {"note": None},
        "actor": "ines",
        "clinical_on": "2005-02-01",
        "fact": "flare/1",
        "patient": "P-1",
    }
    payload = json.dumps({**said, "reason": None, "source": "letter"})
    registry._streams.recorder.insert_events([EncodedEvent(stream_of("P-1"), 2, "FlareStarted", payload.encode())])

    (row,) = shown(facts_at(registry), "events", "actor source reason patient fact clinical_on payload")[1:]

    assert row == ("ines", "letter", None, "P-1", "flare/1", "2005-02-01", payload)
