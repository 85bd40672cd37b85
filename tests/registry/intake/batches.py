"""Small batches for the tests, and what a registry holds after them."""

from __future__ import annotations

from inspect import cleandoc
from pathlib import Path

import msgspec
import pytest

from registry import Registry
from registry.errors import BatchRefusedError
from registry.intake import ImportOptions, import_batch

PATIENTS = """
    patient,enrolled_on
    P-1,2020-01-01
    P-2,2020-01-01
"""
IMAGING = """
    study,patient,performed_on,modality,regions
    MR-1,P-1,2020-02-01,MRI,spine;sij
    MR-2,P-1,2021-02-01,MRI,spine;sij
"""
VISITS = """
    patient,visited_on,visit,crp,esr
    P-1,2020-01-15,baseline,5,12
    P-1,2020-04-15,week 12,<3,
    P-2,2020-01-20,baseline,,8
"""
TREATMENTS = """
    patient,agent,started_on
    P-1,adalimumab,2020-02
"""
READINGS = """
    study,reader,method,location,grade
    MR-1,R1,berlin,C2/3,1
    MR-1,R1,berlin,C3/4,0
    MR-1,R1,berlin,C4/5,
"""
COHORT = {
    "patients": PATIENTS,
    "imaging": IMAGING,
    "visits": VISITS,
    "treatments": TREATMENTS,
    "readings": READINGS,
}


def folder_of(parent: Path, name: str = "batch", **tables: str) -> Path:
    """Write tables as CSV files into a folder of their own, in place of what it held."""
    folder = parent / name
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for table, text in tables.items():
        (folder / f"{table}.csv").write_text(cleandoc(text) + "\n", encoding="utf-8")
    return folder


def only(parent: Path, **tables: str) -> Path:
    """Write tables into a folder, with patients P-1 and P-2 and P-1's studies MR-1 and MR-2 beside them."""
    return folder_of(parent, **{"patients": PATIENTS, "imaging": IMAGING, **tables})


def events(registry: Registry, *, after: int = 0) -> list[dict[str, object]]:
    """Return the payloads of the log in its order, each with its topic; without those that tell of a batch."""
    return [
        {"topic": topic, **msgspec.json.decode(payload)}
        for chunk in registry.log.columns(after)
        for topic, payload in zip(chunk.topic, chunk.payload)
        if topic != "BatchRecorded"
    ]


def topics(registry: Registry, *, after: int = 0) -> list[str]:
    """Return what happened, in the order of the log."""
    return [str(event["topic"]) for event in events(registry, after=after)]


def content(registry: Registry) -> list[bytes]:
    """Return all that was recorded, without whence and in an order of its own."""
    return sorted(msgspec.json.encode({**event, "source": ""}, order="sorted") for event in events(registry))


def statement(registry: Registry, fact: str) -> dict[str, object]:
    """Return what is stated of a fact now."""
    latest = registry.history(fact)[-1].statement
    assert latest is not None
    return latest


def problems(registry: Registry, *paths: Path, **options: object) -> list[str]:
    """Return everything for which a batch is refused; nothing of it may be recorded."""
    before = registry.head.position

    with pytest.raises(BatchRefusedError, match="nothing was stored") as refused:
        import_batch(registry, paths, options=ImportOptions(**options))

    assert registry.head.position == before
    return [str(problem) for problem in refused.value.problems]
