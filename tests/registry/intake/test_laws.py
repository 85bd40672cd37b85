"""Laws of intake: the order of files and rows makes no difference, and a second import none at all."""

from __future__ import annotations

from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry import Registry
from registry.intake import import_batch
from tests.registry.intake.batches import content, folder_of

MANY = {
    "patients": ["patient,enrolled_on", *(f"P-{n},2020-01-0{n}" for n in range(1, 5))],
    "visits": ["patient,visited_on,crp", *(f"P-{n},2020-0{m}-15,{n}.{m}" for n in range(1, 5) for m in range(2, 5))],
    "imaging": [
        "study,patient,performed_on,modality,regions",
        *(f"MR-{n},P-{n},2020-03-01,MRI,spine" for n in range(1, 5)),
    ],
    "readings": [
        "study,reader,method,location,grade",
        *(
            f"MR-{n},{r},berlin,{at},{n % 4}"
            for n in range(1, 5)
            for r in ("R1", "R2")
            for at in ("C2/3", "L4/5", "L5/S1")
        ),
    ],
    "treatments": [
        "patient,agent,started_on,stopped_on",
        *(f"P-{n},naproxen,2020-0{n},2020-0{n}" for n in range(1, 5)),
    ],
}


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """What the batch records in its own order."""
    parent = tmp_path_factory.mktemp("laws")
    with Registry.create(str(parent / "registry.db"), actor="tester") as registry:
        import_batch(registry, folder_of(parent, **{name: "\n".join(rows) for name, rows in MANY.items()}))
        return content(registry)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6), split=st.integers(0, 12))
def test_the_order_of_files_and_rows_makes_no_difference(recorded: list[bytes], seed: int, split: int) -> None:
    random = Random(seed)
    with TemporaryDirectory() as parent:
        halves: list[dict[str, str]] = [{}, {}]
        for name, (header, *rows) in MANY.items():
            random.shuffle(rows)
            for half, part in zip(halves, (rows[:split], rows[split:])):
                half[name] = "\n".join((header, *part))
        folders = [folder_of(Path(parent), f"half-{n}", **half) for n, half in enumerate(halves)]
        random.shuffle(folders)

        with Registry.create(f"{parent}/registry.db", actor="tester") as registry:
            import_batch(registry, folders)
            assert content(registry) == recorded
            assert import_batch(registry, reversed(folders)).events == 0


@settings(max_examples=10, deadline=None)
@given(order=st.permutations(("patients", "imaging", "visits", "readings", "treatments")))
def test_tables_may_come_one_after_the_other_where_each_finds_what_it_rests_on(
    recorded: list[bytes], order: list[str]
) -> None:
    order.sort(key=lambda name: {"patients": 0, "imaging": 1}.get(name, 2))
    with TemporaryDirectory() as parent, Registry.create(f"{parent}/registry.db", actor="tester") as registry:
        for name in order:
            import_batch(registry, folder_of(Path(parent), **{name: "\n".join(MANY[name])}))
        assert content(registry) == recorded
