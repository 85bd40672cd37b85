"""Columns of a log with many readings by one method, made from nothing: as a registry reads them from its log."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from projections import Facts, LogColumns, PointInTime
from projections.grading.grades import PACKED
from projections.log.decoding import no_events
from projections.log.event_sources import EventsInMemory
from projections.log.layouts import LAYOUTS
from registry.catalogue.catalogue import BUILT_IN
from registry.catalogue.imaging.method import Method
from registry.catalogue.imaging.rules import OnlyWith
from registry.catalogue.methods import methods
from registry.store.head import Head

STUDIES: Final = 4  # of a patient, a year apart, each with a reading
READERS: Final = ("R1", "R2")  # of which one read all of a patient's studies
LESION: Final = 0.15  # of all grades
MISSING: Final = 0.01
SEED: Final = 1
DAYS_A_YEAR: Final = 365
FIRST: Final = 16_000  # days since 1970
INSTANT: Final = pa.timestamp("us", tz="UTC")


def columns_of(code: str, n_readings: int) -> LogColumns:
    """Return the columns of a log in which patients were read by a method, four studies each."""
    method = methods()[code]
    place = np.arange(n_readings) // STUDIES
    study = np.arange(n_readings) % STUDIES
    patients = np.array([f"P-{number:06}" for number in range(n_readings // STUDIES + 1)])[place]
    studies = np.array([f"MR-{number:07}" for number in range(n_readings)])
    readers = np.array(READERS)[place % len(READERS)]
    position = np.arange(1, n_readings + 1)
    imaging = {
        **_events(2 * position - 1, patients, [f"imaging/{each}" for each in studies]),
        "study": pa.array(studies),
        "performed_on": pa.array((FIRST + DAYS_A_YEAR * study).astype(np.int32)).cast(pa.date32()),
        "modality": pa.array([method.modalities[0]] * n_readings),
    }
    readings = {
        **_events(2 * position, patients, [f"reading/{one}/{by}/{code}" for one, by in zip(studies, readers)]),
        "study": pa.array(studies),
        "reader": pa.array(readers),
        "method": pa.array([code] * n_readings),
        "method_version": pa.array(np.ones(n_readings, np.int16)),
        "session": pa.array([""] * n_readings),
        "grades": packed(drawn(method, n_readings)),
    }
    kinds = {"imaging": [_whole("imaging", imaging)], "readings": [_whole("readings", readings)]}
    head = Head(2 * n_readings, None, bytes(32))
    return LogColumns(None, head, EventsInMemory(lambda: kinds), catalogue=BUILT_IN, schedule=())


def facts_of(columns: LogColumns) -> Facts:
    """Return all facts of such columns, of which nothing was projected before."""
    return Facts(columns, PointInTime(None, columns.head.position, None, columns.head.digest))


def drawn(method: Method, n_readings: int) -> npt.NDArray[np.int8]:
    """Return grades that the method allows; shape readings × items × locations, -1 where one could not be assessed."""
    random = np.random.default_rng(SEED)
    shape = n_readings, len(method.locations)
    by_item = {}
    for item in method.items:
        lesions = random.choice(np.array(item.grades, dtype=np.int8), size=shape)
        by_item[item.name] = np.where(random.random(shape, np.float32) < LESION, lesions, np.int8(0))
    for rule in method.rules:
        if isinstance(rule, OnlyWith):
            beside = np.any([by_item[name] > 0 for name in rule.of], axis=0)
            for name in rule.items:
                by_item[name] = np.where(beside, by_item[name], np.int8(0))
    unseen = random.random(shape, np.float32) < MISSING
    return np.stack([np.where(unseen, np.int8(-1), grades) for grades in by_item.values()], axis=1)


def packed(grades: npt.NDArray[np.int8]) -> pa.Array:
    """Return grades as the log's columns have them: bytes, one text a reading."""
    n, width = len(grades), grades[0].size
    ends = np.arange(0, (n + 1) * width, width, dtype=np.int32)
    return pa.Array.from_buffers(PACKED, n, [None, pa.py_buffer(ends), pa.py_buffer(np.ascontiguousarray(grades))])


def _events(position: npt.NDArray[np.int64], patients: npt.NDArray[np.str_], facts: list[str]) -> dict[str, pa.Array]:
    n = len(position)
    return {
        "position": pa.array(position),
        "again": pa.array(np.zeros(n, np.bool_)),
        "recorded_at": pa.array(position).cast(INSTANT),
        "patient": pa.array(patients),
        "fact": pa.array(facts),
    }


def _whole(kind: str, columns: dict[str, pa.Array]) -> pa.Table:
    """Return the events of a kind with all columns of their layout; what was not made is null."""
    schema = no_events(LAYOUTS[kind]).schema
    n = len(columns["position"])
    return pa.table({field.name: columns.get(field.name, pa.nulls(n, field.type)) for field in schema}, schema=schema)
