"""The whole registry: how many patients of which kind, in which centres, from one seed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from random import Random
from typing import Final

from . import biologics, biosimilar, inception, mri_trial, tapering
from .people import Enrolment, Person, person
from .tables import Tables

SEED: Final = 20261130
REGISTRY: Final = ("NORTH", "EAST", "SOUTH", "WEST")  # centres of the drug registry; the others are those of one study
INCEPTION: Final = ("INCEPTION-A", "INCEPTION-B")

EARLY: Final = "IC"  # kinds whose symptoms began three years ago at most
RADIOGRAPHIC: Final = "M"  # kinds of whom all have radiographic disease

Life = Callable[[Random, Tables, Person, int], None]

KINDS: Final[dict[str, tuple[int, tuple[str, ...], tuple[date, date], Life]]] = {
    "T": (400, REGISTRY, (date(2015, 1, 1), date(2022, 1, 1)), lambda d, t, p, n: biologics.first_tnfi(d, t, p)),
    "S": (360, REGISTRY, (date(2016, 6, 1), date(2022, 1, 1)), lambda d, t, p, n: biologics.secukinumab(d, t, p)),
    "B": (279, REGISTRY, (date(2014, 9, 1), date(2015, 2, 1)), lambda d, t, p, n: biosimilar.switched(d, t, p)),
    "I": (240, INCEPTION, (date(2014, 1, 1), date(2018, 1, 1)), lambda d, t, p, n: inception.followed(d, t, p)),
    "M": (
        82, ("TRIAL-MRI",), (date(2016, 1, 1), date(2017, 1, 1)),
        lambda d, t, p, n: mri_trial.tried(d, t, p, arm=("adalimumab", "placebo")[n % 2]),
    ),
    "C": (
        240, ("TRIAL-TAPER",), (date(2017, 1, 1), date(2018, 6, 1)),
        lambda d, t, p, n: tapering.tapered(d, t, p, dose=("full", "reduced", "withdrawn")[n % 3]),
    ),
}  # fmt: skip


def simulated(seed: int = SEED) -> Tables:
    """Return the intake tables of one seed, always the same."""
    tables = Tables()
    for kind, (number, centres, enrolled, life) in KINDS.items():
        draw = Random(f"{seed} {kind}")
        for n in range(number):
            code = f"{kind}-{n + 1:03}"
            who = Enrolment(code, centres[n % len(centres)], enrolled, kind in EARLY, kind in RADIOGRAPHIC)
            patient = person(draw, tables, who)
            life(draw, tables, patient, n)
    return tables
