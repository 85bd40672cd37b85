"""Laws of what is remembered: two sources and a hand in any order, against cells that are remembered one by one."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from registry import Registry
from registry.errors import BatchRefusedError, RefusalError
from registry.intake import ImportOptions, import_batch
from tests.registry.intake.batches import folder_of, statement
from tests.registry.intake.remembered import (
    DAYS,
    MEASURES,
    SOURCES,
    VALUES,
    Cells,
    RefusedError,
    Remembered,
    Row,
    filled,
    random_row,
)
from tests.registry.intake.test_laws import MANY

STEPS = 14


def as_file(row: Row) -> str:
    cells: Cells = {"id": row.row_id, "patient": "P-1", **row.cells}
    return "\n".join((",".join(cells), ",".join(cell or "" for cell in cells.values())))


def stands(registry: Registry) -> dict[str, Cells]:
    """Return the visits of the patient as they stand, by reference."""
    facts = registry.patient_batch.patients(["P-1"])["P-1"].facts
    return {
        reference: {
            "visited_on": str(visit.visited_on),
            **{taken.measure: taken.value for taken in visit.measures},
        }
        for reference, visit in facts.items()
        if reference.startswith("visit/")
    }


class Trial:
    """A registry and what should stand in it, and what happens to both."""

    def __init__(self, registry: Registry, folder: Path, random: Random) -> None:
        self.registry, self.expected = registry, Remembered("P-1")
        self._folder, self._random = folder, random

    def step(self) -> None:
        """Let something happen to both; the one refuses what the other does."""
        random, standing = self._random, list(self.expected.standing())
        what = random.choice(("deliver", "deliver", "deliver", "again", "miss", "record", "amend", "retract"))
        if what == "record":
            row = random_row(random)
            self._alike(lambda: self._record(row.cells), lambda: self.expected.record(row.cells))
        elif what in ("amend", "retract") and standing:
            getattr(self, f"_{what}")(random.choice(standing))
        else:
            self._deliver(random.choice(SOURCES), random_row(random), missing=what == "miss")

    def _deliver(self, source: str, row: Row, *, missing: bool) -> None:
        noted: list[bool] = []

        def deliver() -> None:
            noted.append(self.expected.deliver(source, row, missing=missing))

        visits = folder_of(self._folder, visits=as_file(row))
        options = ImportOptions(source=source, retract_missing=missing)
        before = self.registry.head.position
        self._alike(lambda: import_batch(self.registry, visits, options=options), deliver)
        if noted and not missing:
            assert (self.registry.head.position > before) == noted[0], (source, row)

    def _record(self, cells: Cells) -> None:
        self.registry.record("visits", {"patient": "P-1", **cells})

    def _amend(self, reference: str) -> None:
        column = self._random.choice(("visited_on", *MEASURES))
        cell = self._random.choice(DAYS if column == "visited_on" else VALUES)
        self._alike(
            lambda: self.registry.amend(reference, {column: cell}, reason="read again"),
            lambda: self.expected.amend(reference, column, cell),
        )

    def _retract(self, reference: str) -> None:
        self.registry.retract(reference, reason="entered in error")
        self.expected.retract(reference)

    def _alike(self, done: object, expected: object) -> None:
        assert callable(done)
        assert callable(expected)
        try:
            expected()
        except RefusedError:
            with pytest.raises((RefusalError, BatchRefusedError)):
                done()
        else:
            done()


@pytest.mark.parametrize("seed", range(160))
def test_two_sources_and_a_hand_come_to_what_remembering_each_cell_comes_to(
    registry: Registry, tmp_path: Path, seed: int
) -> None:
    registry.enrol_patient("P-1", enrolled_on="2020-01-01")
    trial = Trial(registry, tmp_path, Random(seed))

    for _ in range(STEPS):
        trial.step()

        assert stands(registry) == trial.expected.standing()


@pytest.mark.parametrize("seed", range(12))
def test_after_any_corrections_by_hand_no_unchanged_file_records_anything(
    registry: Registry, tmp_path: Path, seed: int
) -> None:
    random = Random(seed)
    files = {name: "\n".join(rows) for name, rows in MANY.items()}
    import_batch(registry, folder_of(tmp_path, **files))
    for patient in range(1, 5):
        readings = [f"reading/MR-{patient}/{reader}/berlin" for reader in ("R1", "R2")]
        corrections: dict[str, dict[str, object]] = {
            f"patient/P-{patient}": {"sex": random.choice(("female", "male")), "enrolled_on": "2019-12-31"},
            f"visit/P-{patient}/2020-02-15": {"crp": random.choice((None, 99)), "visited_on": "2020-02-16"},
            f"treatment/P-{patient}/naproxen/2020-0{patient}": {"stopped_on": None, "dose": 500, "dose_unit": "mg"},
            random.choice(readings): {"L4/5": random.choice((None, 3)), "seconds": 60},
            f"imaging/MR-{patient}": {"note": "repeated"},
        }
        for fact in random.sample(list(corrections), 4):
            registry.amend(fact, corrections[fact], reason="found in the chart")
        for fact in (f"visit/P-{patient}/2020-03-15", random.choice(readings)):
            registry.retract(fact, reason="another patient's")
    before = registry.head.position

    report = import_batch(registry, folder_of(tmp_path, **files))

    assert (report.events, registry.head.position) == (0, before)


@pytest.mark.parametrize("seed", range(12))
def test_rows_that_come_by_files_in_any_columns_and_batches_or_by_commands_give_the_same_facts(
    registry: Registry, tmp_path: Path, seed: int
) -> None:
    random = Random(seed)
    measures = ("crp", "esr", "basdai")
    visits = [
        {"patient": f"P-{n}", "visited_on": day, **{name: random.choice(("1", "2.5", None)) for name in measures}}
        for n in (1, 2)
        for day in DAYS
    ]
    registry.enrol_patient("P-1", enrolled_on="2020-01-01")
    registry.enrol_patient("P-2", enrolled_on="2020-01-01")
    pieces = [({**visit}, name) for visit in visits for name in measures]
    random.shuffle(pieces)

    for visit, name in pieces:  # each measure of each visit by itself
        cells = {"patient": visit["patient"], "visited_on": visit["visited_on"], name: visit[name]}
        reference = f"visit/{visit['patient']}/{visit['visited_on']}"
        is_known = reference in registry.patient_batch.patients([str(visit["patient"])])[str(visit["patient"])].facts
        if random.random() < 0.3:
            if is_known:
                registry.amend(reference, {name: visit[name]}, reason="the rest")
            else:
                registry.record("visits", cells)
        else:
            rows = "\n".join((",".join(cells), ",".join(str(cell or "") for cell in cells.values())))
            import_batch(registry, folder_of(tmp_path, visits=rows))

    for visit in visits:
        found = statement(registry, f"visit/{visit['patient']}/{visit['visited_on']}")
        assert isinstance(found["measures"], list)
        taken = {each["measure"]: each["value"] for each in found["measures"]}
        assert taken == filled({name: visit[name] for name in measures})
