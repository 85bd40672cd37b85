"""How each kind of fact lies in columns: what its statement holds, the day it belongs to, and which days can be masked.

One layout reads every version of its events: a field that an old payload lacks is null.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from types import NoneType
from typing import Final, get_args

import msgspec
import pyarrow as pa

from projections.columns.arrow import ArrowArray, ArrowSchema, ArrowType
from projections.columns.clinical_days import first_days, precisions, whole_days
from projections.grading.grades import PACKED
from projections.log.grade_texts import packed, without_grades
from projections.log.json_lines import parsed
from projections.log.measurements import LEFT, MEASUREMENTS, measurement_lists, without_measurements
from registry.catalogue.imaging.method import Method
from registry.domain.kinds import KINDS
from registry.domain.topics import name_of

TEXT: Final = pa.string()
TEXTS: Final = pa.list_(pa.string())
DAY: Final = pa.date32()
PARTIAL_DAY: Final = pa.dictionary(pa.int8(), pa.string())  # a mark: it becomes a first day and a precision
CUT_OUT: Final = (PACKED, MEASUREMENTS)
WHOSE: Final = frozenset({"patient", "fact"})
PRECISION: Final = "_precision"
IN_JSON: Final = {  # what is read from a payload for a type; grades and measurements were cut out of it before
    DAY: TEXT,
    PARTIAL_DAY: TEXT,
    PACKED: pa.struct([]),
    MEASUREMENTS: LEFT,
}


class Layout:
    """One kind of fact in columns.

    `fields` are those of the statement, with their types; `day` is the field of the fact's own clinical day, None where
    it belongs to a study's. `masked` are the days that a point in time can hide, each with what it takes along.
    """

    def __init__(
        self,
        name: str,
        kind: str,
        *,
        day: str | None,
        fields: dict[str, ArrowType],
        masked: dict[str, tuple[str, ...]] | None = None,
    ) -> None:
        self.name = name
        self.kind = kind
        self.day = day
        self.fields = fields
        self.masked = masked or {}

    @cached_property
    def statement_names(self) -> dict[str, bool]:
        """The names of the events that state such a fact, and whether it is a fact that was stated before."""
        kind = KINDS[self.kind]
        ended = {} if kind.ended is None else {name_of(kind.ended): True}
        return {name_of(kind.recorded): False, name_of(kind.amended): True, **ended}

    @cached_property
    def json_schema(self) -> ArrowSchema:
        """What is read from the payload, days still as texts."""
        fields = [(name, IN_JSON.get(kind, kind)) for name, kind in self.fields.items()]
        return pa.schema([("patient", TEXT), ("fact", TEXT), ("statement", pa.struct(fields))])

    @cached_property
    def never_null(self) -> frozenset[str]:
        """The columns without which an event says nothing: whose it is, of which fact, and what the statement needs."""
        if self.kind not in KINDS:
            return WHOSE
        fields = msgspec.structs.fields(KINDS[self.kind].statement)
        wanted = {field.name for field in fields if field.required and NoneType not in get_args(field.type)}
        return WHOSE | {name for name, kind in self.fields.items() if name in wanted and kind not in CUT_OUT}

    def read(self, payloads: bytes, *, methods: Mapping[str, Method]) -> dict[str, ArrowArray]:
        """Return the columns of payloads, UTF-8, one a line: patient, fact and the fields of the statement.

        Days are days, partial days have their precision beside them, grades are packed, those of `methods`. Raises
        `NewerLogError` for what is not known, `UnusualPayloadError` for payloads that are none of the registry's
        encoder.
        """
        taken = None
        if PACKED in self.fields.values():
            payloads, taken = without_grades(payloads)
        elif MEASUREMENTS in self.fields.values():
            payloads, taken = without_measurements(payloads)
        read = parsed(payloads, self.json_schema)
        columns = {name: read[name].combine_chunks() for name in ("patient", "fact")}
        for (name, kind), column in zip(self.fields.items(), read["statement"].combine_chunks().flatten()):
            if kind == PACKED:
                columns[name] = packed(columns["method"], taken, methods=methods)
            elif kind == MEASUREMENTS:
                columns[name] = measurement_lists(taken, left=column)
            elif kind == PARTIAL_DAY:
                columns[name], columns[name + PRECISION] = first_days(column), precisions(column)
            else:
                columns[name] = whole_days(column) if kind == DAY else column
        return columns


LAYOUTS: Final = {
    layout.name: layout
    for layout in (
        Layout(
            "patients",
            "patient",
            day="enrolled_on",
            fields={
                "enrolled_on": DAY,
                "centre": TEXT,
                "sex": TEXT,
                "birth_year": pa.int16(),
                "symptom_onset": PARTIAL_DAY,
                "diagnosed_on": PARTIAL_DAY,
                "criteria": TEXTS,
                "hla_b27": TEXT,
                "consented_on": DAY,
                "follow_up_ended_on": DAY,
                "follow_up_end_reason": TEXT,
            },
            masked={
                "symptom_onset": ("symptom_onset_precision",),
                "diagnosed_on": ("diagnosed_on_precision",),
                "consented_on": (),
                "follow_up_ended_on": ("follow_up_end_reason",),
            },
        ),
        Layout(
            "follow_ups",
            "follow-up",
            day="resumed_on",
            fields={"resumed_on": DAY, "ended_on": DAY, "end_reason": TEXT},
            masked={"ended_on": ("end_reason",)},
        ),
        Layout(
            "visits",
            "visit",
            day="visited_on",
            fields={"visited_on": DAY, "visit": TEXT, "measures": MEASUREMENTS},
        ),
        Layout(
            "treatments",
            "treatment",
            day="started_on",
            fields={
                "agent": TEXT,
                "started_on": PARTIAL_DAY,
                "stopped_on": PARTIAL_DAY,
                "stop_reason": TEXT,
                "dose": TEXT,
                "dose_unit": TEXT,
                "frequency": TEXT,
                "route": TEXT,
                "product": TEXT,
                "arm": TEXT,
            },
            masked={"stopped_on": ("stopped_on_precision", "stop_reason")},
        ),
        Layout(
            "flares",
            "flare",
            day="started_on",
            fields={
                "started_on": DAY,
                "ended_on": DAY,
                "basis": TEXT,
                "severity": TEXT,
                "trigger": TEXT,
                "note": TEXT,
            },
            masked={"ended_on": ()},
        ),
        Layout(
            "adverse_events",
            "adverse-event",
            day="started_on",
            fields={
                "term": TEXT,
                "started_on": DAY,
                "ended_on": DAY,
                "severity": TEXT,
                "serious": TEXT,
                "agent": TEXT,
                "outcome": TEXT,
            },
            masked={"ended_on": ("outcome",)},
        ),
        Layout(
            "conditions",
            "condition",
            day="started_on",
            fields={
                "condition": TEXT,
                "started_on": PARTIAL_DAY,
                "ended_on": PARTIAL_DAY,
                "basis": TEXT,
                "side": TEXT,
                "note": TEXT,
            },
            masked={"ended_on": ("ended_on_precision",)},
        ),
        Layout(
            "imaging",
            "imaging",
            day="performed_on",
            fields={
                "study": TEXT,
                "performed_on": DAY,
                "modality": TEXT,
                "regions": TEXTS,
                "sequences": TEXTS,
                "note": TEXT,
            },
        ),
        Layout(
            "assignments",
            "assignment",
            day=None,
            fields={
                "campaign": TEXT,
                "reader": TEXT,
                "study": TEXT,
                "unit": TEXT,
                "repeat": pa.bool_(),
                "role": TEXT,
            },
        ),
        Layout(
            "readings",
            "reading",
            day=None,
            fields={
                "study": TEXT,
                "reader": TEXT,
                "method": TEXT,
                "method_version": pa.int16(),
                "session": TEXT,
                "read_on": DAY,
                "seconds": pa.int32(),
                "grades": PACKED,
            },
        ),
        Layout(
            "lesions",
            "lesion",
            day=None,
            fields={
                "baseline_study": TEXT,
                "followup_study": TEXT,
                "reader": TEXT,
                "session": TEXT,
                "lesion": TEXT,
                "region": TEXT,
                "kind": TEXT,
                "location": TEXT,
                "verdict": TEXT,
                "read_on": DAY,
            },
        ),
    )
}
RETRACTIONS: Final = "retractions"  # of facts of any kind, which state nothing
EVENT_LAYOUTS: Final = LAYOUTS | {RETRACTIONS: Layout(RETRACTIONS, "", day=None, fields={})}
