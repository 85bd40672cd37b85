"""Patients who know only what deciding takes decide as those who know everything."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry import Registry
from registry.batch import PatientBatch
from registry.catalogue.catalogue import BUILT_IN
from registry.domain.kinds import KINDS
from registry.domain.patient import Patient
from registry.schema.tables import tables_of
from tests.oracle.histories import History, histories, numbers
from tests.registry.intake.random_batches import batch_after, outcome

TABLES = tables_of(BUILT_IN)


class WholePatients(PatientBatch):
    """Patients who know everything, whatever they decide about."""

    def patients(self, pseudonyms: Iterable[str], deciding: Iterable[str] = KINDS) -> dict[str, Patient]:
        return super().patients(pseudonyms)


class OfWholePatients(Registry):
    """A registry whose patients know everything, whatever they decide about."""

    @property
    def patient_batch(self) -> WholePatients:
        return WholePatients(self._streams)


@settings(max_examples=40, deadline=None)
@given(
    history=histories,
    chance=numbers,
    tables=st.lists(st.sampled_from(list(TABLES)), min_size=1, max_size=3, unique=True),
    retract=st.booleans(),
)
def test_what_is_not_loaded_would_change_nothing(
    sqlite_template: Path, history: History, chance: int, tables: list[str], retract: bool
) -> None:
    with (
        batch_after(sqlite_template, history, chance, tables) as (registry, batch),
        OfWholePatients.open(registry.place, actor="oracle") as whole,
    ):
        assert outcome(registry, batch, retract=retract) == outcome(whole, batch, retract=retract)


def test_a_patient_who_decides_about_flares_knows_the_enrolment_the_flares_and_the_version(registry: Registry) -> None:
    registry.enrol_patient("P-1", enrolled_on="2020-01-01")
    registry.record_visit("P-1", visited_on="2020-02-01")
    registry.start_flare("P-1", started_on="2020-03-01")
    registry.record_visit("P-1", visited_on="2020-04-01")

    patient = registry.patient_batch.patients(["P-1"], ["flare"])["P-1"]

    assert (sorted(patient.facts), patient.version) == (["flare/P-1/2020-03-01", "patient/P-1"], 4)


@pytest.mark.parametrize("deciding", [["visit"], list(KINDS)])
def test_an_erased_patient_is_known_as_erased(registry: Registry, deciding: list[str]) -> None:
    registry.enrol_patient("P-1", enrolled_on="2020-01-01")
    registry.start_flare("P-1", started_on="2020-03-01")
    registry.erase_patient("P-1", reason="Art. 17 GDPR")

    patient = registry.patient_batch.patients(["P-1"], deciding)["P-1"]

    assert (patient.is_erased, patient.version) == (True, 3)
