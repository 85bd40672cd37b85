"""What a simulated registry collects: all that is built in, and what its protocol adds; what has ended is left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final, NamedTuple

import numpy as np

from registry.catalogue.catalogue import BUILT_IN, Catalogue
from registry.catalogue.extended import extended
from registry.catalogue.protocol import Protocol, ScheduledVisit
from registry.domain.statements import Measurement
from registry.simulation.conditions import FREQUENT, Frequent
from registry.simulation.drawing import Yes
from registry.simulation.drugs import BUILT_IN_THERAPIES, REGIMENS, Regimen, Therapies
from registry.simulation.own_measures import OwnMeasure, own_measures
from registry.simulation.people import CENTRES

OWN_REGIMEN: Final = "100", "mg", "monthly", "sc"  # dose, unit, frequency and route of what the protocol names
OWN_PERCENT: Final = 8  # of the patients have a condition of the protocol
EVENT_LASTS: Final = 90  # days at most; other conditions stay


class Collected(NamedTuple):
    """What there is to be said in a registry: by the catalogue that holds, and in the words that are simulated."""

    catalogue: Catalogue = BUILT_IN
    centres: tuple[str | None, ...] = CENTRES
    therapies: Therapies = BUILT_IN_THERAPIES
    conditions: tuple[Frequent, ...] = FREQUENT
    measures: tuple[OwnMeasure, ...] = ()
    reasons: tuple[str, ...] = ()
    schedule: tuple[ScheduledVisit, ...] = ()

    @classmethod
    def under(cls, protocol: Protocol) -> Collected:
        """Return what a registry collects under a protocol in which nothing is wrong."""
        catalogue = extended(BUILT_IN, protocol, edition=1)
        reasons = tuple(protocol.missing)
        kept = tuple(each.code for each in protocol.centres if each.until is None)
        own = (each for each in protocol.conditions if each.until is None)
        lasting = {"event": EVENT_LASTS}
        return cls(
            catalogue=catalogue,
            centres=CENTRES if not protocol.centres else kept or (None,),
            therapies=_therapies(protocol, catalogue),
            conditions=(*FREQUENT, *(Frequent(each.name, OWN_PERCENT, lasting.get(each.group, 0)) for each in own)),
            measures=own_measures([catalogue.measures[each.name] for each in protocol.measures], reasons),
            reasons=reasons,
            schedule=protocol.schedule,
        )

    def asked(self, measure: str) -> Yes:
        """Return at which scheduled visits a measure is asked for: where it is required, or anywhere if nowhere."""
        required = np.array([measure in self._items(visit.requires) for visit in self.schedule], dtype=bool)
        return required if required.any() else np.ones_like(required)

    def _items(self, names: Iterable[str]) -> set[str]:
        """Return measures, and of scores those that they are computed from."""
        known = self.catalogue.instruments
        return {item for name in names for item in (name, *(known[name].inputs if name in known else ()))}

    def missing(self, measure: str, value: int) -> Measurement:
        """Return the reason that a number below that of an empty cell stands for."""
        return _missing(measure, self.catalogue.measures[measure].unit, self.reasons[-2 - value])


@cache
def _missing(measure: str, unit: str, reason: str) -> Measurement:
    return Measurement(measure=measure, value=None, unit=unit, missing=reason)


ALONE: Final = Collected()


def _therapies(protocol: Protocol, catalogue: Catalogue) -> Therapies:
    """Return the regimens with one of each agent that the protocol names, the products of each, and the arms."""
    named = tuple(dict.fromkeys(_named(protocol, catalogue)))
    usual = {regimen[0]: regimen for regimen in REGIMENS}
    regimens: tuple[Regimen, ...] = (
        *REGIMENS,
        *((agent, *OWN_REGIMEN) for agent in named if agent not in usual),
    )
    agents = [agent for agent, *_ in regimens]
    boxes = [each for each in protocol.products if each.until is None]
    return Therapies(
        regimens,
        tuple(tuple(each.name for each in boxes if each.agent == agent) for agent in agents),
        tuple(agents.index(agent) for agent in named),
        tuple(each.code for each in protocol.arms if each.until is None),
    )


def _named(protocol: Protocol, catalogue: Catalogue) -> Iterator[str]:
    """Yield the agents that the protocol declares, has products of, or counts visits from; of a class usual ones."""
    ended = {each.name for each in protocol.agents if each.until is not None}
    usual = [agent for agent, *_ in REGIMENS]
    yield from (each.name for each in protocol.agents if each.name not in ended)
    yield from (each.agent for each in protocol.products if each.until is None and each.agent not in ended)
    for word in (word for visit in protocol.schedule for word in visit.of):
        of_class = [name for name, agent in catalogue.agents.items() if agent.drug_class == word and name not in ended]
        agents = [word] if word in catalogue.agents else [name for name in of_class if name in usual] or of_class[:1]
        yield from (agent for agent in agents if agent not in ended)
