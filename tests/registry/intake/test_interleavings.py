"""Two sources and a hand, in any order: what stands is what a table of cells that were said last makes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry import Registry
from registry.domain.statements import Visit
from registry.intake import ImportOptions, import_batch
from tests.registry.intake.batches import folder_of

COLUMNS = ("crp", "esr")
SOURCES = ("", "laboratory")
VALUES = st.sampled_from(("5", "7", "9", ""))
Cells = Mapping[str, str]
NOTHING: Final[Cells] = MappingProxyType({})
PATIENTS = count(1)


class Step(NamedTuple):
    """Who does what: a source delivers cells, or a person amends some, withdraws the visit, or does neither."""

    who: str
    cells: Cells = NOTHING


class Said:
    """The obvious oracle: the cells that stand, None where the visit does not, and what each source said last."""

    def __init__(self) -> None:
        self.stands: dict[str, str] | None = None
        self.memories: dict[str, dict[str, str]] = {}

    def deliver(self, source: str, row: Cells) -> bool:
        """Take in a row; return whether it is news."""
        memory = self.memories.get(source)
        is_news = memory is None or any(memory.get(name) != cell for name, cell in row.items())
        if self.stands is not None:
            for name, cell in row.items():
                if cell != (memory if memory is not None and name in memory else self.stands)[name]:
                    self.stands[name] = cell
        elif memory is None or any(memory.get(name, "") != cell for name, cell in row.items()):
            self.stands = {**dict.fromkeys(COLUMNS, ""), **(memory or {}), **row}
        self.memories[source] = {**(memory or {}), **row}
        return is_news

    def amend(self, cells: Cells) -> None:
        """Let a person correct what stands."""
        if self.stands is not None:
            self.stands.update(cells)

    def withdraw(self) -> bool:
        """Let a person withdraw the visit, once both sources are known; return whether it was."""
        if self.stands is None or self.memories.keys() != set(SOURCES):
            return False
        self.stands = None
        return True


def rows() -> st.SearchStrategy[Cells]:
    """Rows of one column or both."""
    return st.dictionaries(st.sampled_from(COLUMNS), VALUES, min_size=1)


STEPS = st.lists(
    st.one_of(
        st.builds(Step, st.sampled_from(SOURCES), rows()),
        st.builds(Step, st.just("hand"), rows()),
        st.builds(Step, st.just("again")),
        st.builds(Step, st.just("withdraw")),
    ),
    min_size=3,
    max_size=12,
)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """One registry for all examples, each of which has a patient of its own."""
    with Registry.create(str(tmp_path_factory.mktemp("hands") / "registry.db"), actor="tester") as registry:
        yield registry


@settings(max_examples=160, deadline=None)
@given(steps=STEPS, first=st.sampled_from(("hand", "delivery")))
def test_what_stands_is_what_the_cells_make_of_it_and_no_unchanged_row_records_anything(
    shared: Registry, tmp_path_factory: pytest.TempPathFactory, steps: list[Step], first: str
) -> None:
    patient, folder, said = f"P-{next(PATIENTS)}", tmp_path_factory.getbasetemp(), Said()
    shared.enrol_patient(patient, enrolled_on="2020-01-01")
    if first == "hand":
        shared.record_visit(patient, visited_on="2020-01-15", visit="baseline", measures={"crp": "5"})
        said.stands = {"crp": "5", "esr": ""}
    for step in steps:
        taken(shared, patient, step, said=said, folder=folder)
        assert standing(shared, patient) == said.stands
    for source, memory in said.memories.items():
        assert delivered(shared, patient, source, memory, folder=folder) == 0
        assert standing(shared, patient) == said.stands


def taken(registry: Registry, patient: str, step: Step, *, said: Said, folder: Path) -> None:
    """Take a step in the registry and in the oracle; a delivery records something exactly where it is news."""
    visit = f"visit/{patient}/2020-01-15/baseline"
    if step.who == "hand" and said.stands is not None:
        said.amend(step.cells)
        registry.amend(visit, {name: cell or None for name, cell in step.cells.items()}, reason="looked up")
    elif step.who == "withdraw" and said.withdraw():
        registry.retract(visit, reason="entered in error")
    elif step.who == "again":
        for source, memory in said.memories.items():
            assert delivered(registry, patient, source, memory, folder=folder) == 0
    elif step.who in SOURCES:
        is_news = said.deliver(step.who, step.cells)
        assert bool(delivered(registry, patient, step.who, step.cells, folder=folder)) == is_news


def delivered(registry: Registry, patient: str, source: str, cells: Cells, *, folder: Path) -> int:
    """Import one row of a source; return how many events it made."""
    visits = f"patient,visited_on,visit,{','.join(cells)}\n{patient},2020-01-15,baseline,{','.join(cells.values())}"
    batch = folder_of(folder, "interleaved", visits=visits)
    return import_batch(registry, batch, options=ImportOptions(source=source)).events


def standing(registry: Registry, patient: str) -> dict[str, str] | None:
    """Return the cells of the patient's visit, None where none stands; there is never a second one."""
    facts = registry.patient_batch.patients([patient])[patient].facts
    visits = [statement for statement in facts.values() if isinstance(statement, Visit)]
    assert len(visits) <= 1
    measured = {each.measure: each.value for visit in visits for each in visit.measures}
    return {name: str(measured.get(name) or "") for name in COLUMNS} if visits else None
