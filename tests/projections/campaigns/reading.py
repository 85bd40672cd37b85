"""What specifications of final scores and agreement start from: totals that readers of a campaign gave."""

from __future__ import annotations

from pathlib import Path

from projections import facts_at
from projections.campaigns.disagreements import disagreements
from registry import Registry
from registry.catalogue.methods import methods
from registry.domain.patient import Patient
from registry.domain.statements import Assignment
from registry.schema.typed_references import Reference
from tests.spec.campaigns import NAME, started

MOST = {"berlin": 3, "asspimri": 6}  # of a vertebral unit
ADJUDICATED = '[adjudicate]\nto = "R3"\nstatus = { differ = 5 }\nchange = { differ = 3 }'
PAIRS = (("MR-0001", "MR-0002"), ("MR-0011", "MR-0012"))


def totals(registry: Registry, reader: str, *given: int | None, session: str = NAME, method: str = "berlin") -> None:
    """The readings of a reader, by their totals in the order of the four studies; None for one not read."""
    names = [location.name for location in methods()[method].locations]
    most = MOST[method]
    for study, total in zip((study for pair in PAIRS for study in pair), given):
        if total is not None:
            grades = {name: min(max(total - most * place, 0), most) for place, name in enumerate(names)}
            registry.record_reading(study, reader=reader, method=method, grades=grades, session=session)


def adjudicating(registry: Registry, folder: Path, **keys: str) -> None:
    """A campaign of two pairs with two readers and an adjudicator."""
    started(registry, folder, ADJUDICATED, **keys)


def given_to_adjudicator(registry: Registry, *studies: str) -> None:
    """The unit of some studies, assigned to the adjudicator."""
    for study in studies:
        said = Assignment(
            campaign=NAME, reader="R3", study=study, unit="+".join(studies), repeat=False, role="adjudicator"
        )

        def assign(patient: Patient, said: Assignment = said) -> str:
            fact = f"assignment/{said.study}/{NAME}/R3"
            patient.record(fact, said, registry._note())
            return fact

        registry._decide(Reference("imaging", (study,)), assign)


def differing(registry: Registry) -> list[tuple[object, ...]]:
    """Where readers differ: study, since, score, source, difference."""
    found = disagreements(facts_at(registry), NAME)
    return [(each.study, each.since, each.score, each.source, each.difference) for each in found]
