"""Payloads to columns, against a decoder that reads one JSON text after the other."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.errors import NewerLogError
from projections.grading.grades import NOT_ASSESSED
from projections.log.decoding import KindEvents, decoded
from projections.log.layouts import LAYOUTS
from registry.catalogue.catalogue import BUILT_IN
from registry.catalogue.measures import MEASURES
from registry.schema.field_mapping import ONLY_ITEM

DECEPTIVE = (
    '{"measure":"crp"',
    ',"origin":',
    '"statement":',
    '},{"measure":',
    '"grades":{"grade":[9]}}}',
    "]}}",
    "\\",
    '"',
    "\n",
    "é",
    "\U0001f9b4",
)
texts = st.lists(st.sampled_from([*DECEPTIVE, "a", " "]), max_size=5).map("".join)


@st.composite
def payloads(draw: st.DrawFn, statement: st.SearchStrategy[dict[str, Any]]) -> dict[str, Any]:
    payload = {"patient": draw(texts), "fact": draw(texts), "source": draw(texts), "reason": draw(st.none() | texts)}
    if draw(st.booleans()):
        payload |= {"statement": draw(statement)}
    return payload | draw(st.just({}) | origins())


@st.composite
def origins(draw: st.DrawFn) -> dict[str, Any]:
    own = {"crp": {"value": "5", "unit": "mg/l"}, "visit": draw(texts), "grades": {"grade": [1, None]}}
    said = {"row": draw(texts), "columns": ["visit", "crp"], "own": own}
    return {"origin": draw(st.sampled_from([None, said, {"columns": ["visit"]}]))}


@st.composite
def visit_statements(draw: st.DrawFn) -> dict[str, Any]:
    taken = [
        {"measure": name, "value": draw(st.sampled_from(["0", "1", "2.50"])), "unit": MEASURES[name].unit}
        | draw(
            st.sampled_from([{}, {"comparator": "<"}, {"version": "10-step"}, {"value": None, "missing": "not done"}])
        )
        for name in draw(st.lists(st.sampled_from(list(MEASURES)), unique=True, max_size=4))
    ]
    return {"visited_on": "2012-02-29", "visit": draw(st.none() | texts), "measures": taken}


@st.composite
def reading_statements(draw: st.DrawFn) -> dict[str, Any]:
    method = draw(st.sampled_from(list(BUILT_IN.methods.values())))
    grades = {
        item.name or ONLY_ITEM: [draw(st.sampled_from([None, *item.grades])) for _ in method.locations]
        for item in method.items
    }
    return {"study": draw(texts), "method": method.code, "method_version": 1, "session": draw(texts), "grades": grades}


def in_columns(name: str, lines: list[str]) -> Any:
    places = np.arange(len(lines))
    events = KindEvents(places, np.zeros(len(lines), dtype=np.bool_), 10 * places, "\n".join(lines).encode())
    return decoded(LAYOUTS[name], events, methods=BUILT_IN.methods)


def as_the_encoder(payload: dict[str, Any]) -> str:
    return json.dumps(payload, separators=(",", ":"), ensure_ascii=False)


def in_other_words(payload: dict[str, Any]) -> str:
    return json.dumps(payload, sort_keys=True)


@given(st.lists(payloads(visit_statements()), min_size=1, max_size=6))
def test_measurements_come_through_whatever_stands_beside_them(visits: list[dict[str, Any]]) -> None:
    found = in_columns("visits", [as_the_encoder(visit) for visit in visits])

    for row, visit in zip(found.to_pylist(), visits):
        statement = visit.get("statement")
        expected = None if statement is None else statement["measures"]
        assert (None if row["measures"] is None else [json.loads(text) for text in row["measures"]]) == expected
        assert (row["patient"], row["fact"]) == (visit["patient"], visit["fact"])
        assert row["visit"] == (statement or {}).get("visit")


@given(st.lists(payloads(reading_statements()), min_size=1, max_size=6))
def test_grades_come_through_whatever_stands_beside_them(readings: list[dict[str, Any]]) -> None:
    found = in_columns("readings", [as_the_encoder(reading) for reading in readings])

    for row, reading in zip(found.to_pylist(), readings):
        statement = reading.get("statement")
        grades = [grade for item in (statement or {"grades": {}})["grades"].values() for grade in item]
        packed = bytes((NOT_ASSESSED if grade is None else grade) % 256 for grade in grades)
        assert row["grades"] == (None if statement is None else packed)
        assert (row["patient"], row["fact"]) == (reading["patient"], reading["fact"])
        assert (row["study"], row["session"]) == tuple((statement or {}).get(name) for name in ("study", "session"))


@pytest.mark.parametrize(("name", "statements"), [("visits", visit_statements()), ("readings", reading_statements())])
def test_payloads_in_other_words_say_the_same(name: str, statements: Any) -> None:
    @given(st.lists(payloads(statements), min_size=1, max_size=4))
    def law(events: list[dict[str, Any]]) -> None:
        usual = in_columns(name, [as_the_encoder(event) for event in events])
        unusual = in_columns(name, [in_other_words(event) for event in events])

        assert unusual.to_pylist() == usual.to_pylist()

    law()


def test_a_reading_of_more_locations_than_its_method_has_is_of_a_newer_spondyl() -> None:
    statement = {"study": "MR-1", "method": "berlin", "method_version": 2, "grades": {"grade": [0] * 24}}

    with pytest.raises(NewerLogError, match=r"grades by the method 'berlin' in another form"):
        in_columns("readings", [as_the_encoder({"patient": "P-1", "fact": "reading/1", "statement": statement})])


def test_a_reading_by_an_unknown_method_is_of_a_newer_spondyl() -> None:
    statement = {"study": "MR-1", "method": "sparcc", "method_version": 1, "grades": {"grade": [0]}}

    with pytest.raises(NewerLogError, match=r"readings by the method 'sparcc'"):
        in_columns("readings", [as_the_encoder({"patient": "P-1", "fact": "reading/1", "statement": statement})])
