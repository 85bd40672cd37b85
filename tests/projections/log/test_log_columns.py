"""The log as columns: old payloads, erased ones, and which version follows which."""

from __future__ import annotations

from gc import collect
from weakref import ref

import msgspec
import numpy as np
import pytest

from projections import LogColumns, facts_at
from projections.errors import NewerLogError
from projections.log.decoding import KindEvents, by_kind, decoded
from projections.log.layouts import LAYOUTS
from projections.log.log_columns import CURRENT
from registry import Registry
from registry.domain.events import StatementEvent
from registry.domain.kinds import KINDS
from registry.domain.topics import TOPIC_OF, name_of
from registry.store.joined_lines import PayloadLines
from tests.projections.shown import shown


def test_every_version_knows_which_event_superseded_it(registry: Registry) -> None:
    visit = registry.record_visit("P-1", visited_on="2002-02-01")
    registry.amend(visit, {"crp": 25}, reason="forgotten")
    registry.retract(visit, reason="another patient's")
    registry.record_visit("P-1", visited_on="2002-02-01")

    versions = LogColumns.read(registry.log).facts["visits"].select(["position", "superseded_by"])

    assert list(map(tuple, (row.values() for row in versions.to_pylist()))) == [(2, 3), (3, 4), (5, CURRENT)]


def test_a_study_with_one_row_id_is_two_facts_in_two_patients(registry: Registry) -> None:
    registry.enrol_patient("P-2", enrolled_on="2002-01-14")
    for patient, study in (("P-1", "A"), ("P-2", "B")):
        cells = {"id": "17", "study": study, "patient": patient, "performed_on": "2002-06-03", "modality": "MRI"}
        registry.record("imaging", {**cells, "regions": "spine"})

    assert shown(facts_at(registry), "imaging", "patient study") == [("P-1", "A"), ("P-2", "B")]


def test_a_payload_that_lacks_a_field_or_has_a_strange_one_is_read() -> None:
    payload = '{"patient":"P-1","fact":"flare/P-1/2002-02-01","tomorrow":1,"statement":{"started_on":"2002-02-01"}}'

    (row,) = decoded(
        LAYOUTS["flares"], KindEvents(np.array([7]), np.array([False]), np.array([0]), payload.encode()), methods={}
    ).to_pylist()

    assert (row["position"], str(row["started_on"]), row["ended_on"], row["note"]) == (7, "2002-02-01", None, None)


def test_an_event_whose_payload_was_erased_is_left_out(registry: Registry) -> None:
    registry.record_visit("P-1", visited_on="2002-02-01")
    registry.record_visit("P-1", visited_on="2002-03-01")
    with registry.log.database.writing() as connection:
        connection.exec_driver_sql("UPDATE events SET payload = NULL, salt = NULL WHERE position = 2")

    assert LogColumns.read(registry.log).facts["visits"]["position"].to_pylist() == [3]


def test_an_event_of_a_later_spondyl_is_named() -> None:
    with pytest.raises(NewerLogError, match=r"the log holds the event VisitRecorded/3, .*; use a newer spondyl"):
        by_kind([PayloadLines("VisitRecorded", 3, b"1", b"0", b"{}")])


def test_of_some_kinds_all_versions_are_there_and_others_cannot_be_taken_for_none(registry: Registry) -> None:
    visit = registry.record_visit("P-1", visited_on="2002-02-01")
    registry.amend(visit, {"crp": 25}, reason="forgotten")
    registry.start_flare("P-1", started_on="2002-02-01")
    registry.retract(visit, reason="another patient's")

    columns = LogColumns.decoded(registry.log, kinds=["visits"])

    assert columns.facts["visits"]["position"].to_pylist() == [2, 3]
    assert columns.facts["visits"]["superseded_by"].to_pylist() == [3, 5]
    with pytest.raises(AssertionError, match="flares were not read"):
        columns.facts["flares"]


def test_an_event_of_a_later_spondyl_is_named_whatever_kinds_are_read(registry: Registry) -> None:
    with registry.log.database.writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO events SELECT 2, stream, 2, 'FlareStarted', 3, recorded_at, payload, salt, commitment, digest "
            "FROM events WHERE position = 1"
        )

    with pytest.raises(NewerLogError, match="FlareStarted/3"):
        LogColumns.decoded(registry.log, kinds=["visits"]).facts["visits"]


def test_texts_come_through_as_they_were_recorded(registry: Registry) -> None:
    note = 'stiff, "very"\n\tβ-blocker \U0001f9b4 \\ end'
    registry.start_flare("P-1", started_on="2002-02-01", note=note)

    assert shown(facts_at(registry), "flares", "note") == [(note,)]


def test_every_event_has_a_layout_and_every_layout_the_fields_of_its_statement() -> None:
    names = [name for layout in LAYOUTS.values() for name in layout.statement_names]
    fields = {name: tuple(layout.fields) for name, layout in LAYOUTS.items()}

    assert sorted(names) == sorted({name_of(event) for event in TOPIC_OF if issubclass(event, StatementEvent)})
    assert fields == {
        name: tuple(field.name for field in msgspec.structs.fields(KINDS[layout.kind].statement))
        for name, layout in LAYOUTS.items()
    }


def test_what_is_kept_of_columns_for_other_points_in_time_goes_with_them(registry: Registry) -> None:
    columns = LogColumns.read(registry.log)
    gone = ref(columns)
    assert facts_at(columns).count("readings") == 0

    del columns

    collect()
    assert gone() is None
