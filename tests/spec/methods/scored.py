"""Readings for the specifications of methods: recorded in a registry, and what the table of scores says of them."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from typing import Final, NamedTuple

from projections.derived.lesion_states import lesion_states
from projections.derived.scores import scores
from projections.point_in_time import facts_at
from registry import Registry
from registry.catalogue.imaging.method import Method
from registry.catalogue.imaging.places import address_of
from registry.catalogue.imaging.scores import Score
from registry.catalogue.methods import methods
from tests.spec import given

Graded = Mapping[str, int | None]  # by the text that names a place
NUMBERS: Final = count(1)


class Scored(NamedTuple):
    """What the table of scores says of one reading: of some locations, how many counted and how many were made up."""

    value: float | None
    n_assessed: int
    n_expected: int
    n_imputed: int = 0


def everywhere(method: str, grade: int) -> dict[str, int | None]:
    """A grade at each place of a method."""
    return {address_of(location.name, item.name): grade for location, item in methods()[method].addresses.values()}


def record(registry: Registry, method: str, grades: Graded, *, regions: str | None = None) -> str:
    """Record the reading of a new study, of the kind that the method reads; the study's code."""
    declared, study = methods()[method], f"S-{next(NUMBERS)}"
    registry.record_study(
        study,
        patient=given.PATIENT,
        performed_on="2002-06-03",
        modality=declared.modalities[0],
        regions=regions or declared.regions[0],
    )
    registry.record_reading(study, reader="R1", method=method, grades=dict(grades))
    return study


def scored(registry: Registry, method: str, grades: Graded) -> dict[str, Scored]:
    """The scores of a reading with some grades, by their names."""
    study = record(registry, method, grades)
    table = scores(facts_at(registry))
    rows = table[table["study"] == study].astype(object)
    return {
        row.score: Scored(
            None if row.value != row.value or row.value is None else float(row.value),
            int(row.n_assessed),
            int(row.n_expected),
            int(row.n_imputed),
        )
        for row in rows.itertuples()
    }


def state_of(registry: Registry, method: str, grades: Graded, location: str) -> str | None:
    """The state of a location of a reading with some grades, None where it cannot be said."""
    study = record(registry, method, grades)
    table = lesion_states(facts_at(registry))
    [state] = table[(table["study"] == study) & (table["location"] == location)]["state"].astype(object)
    return state if isinstance(state, str) else None


def score_called(method: Method, name: str) -> Score:
    """A score of a method, by its name."""
    [found] = [score for score in method.scores if score.name == name]
    return found
