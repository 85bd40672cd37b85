"""The catalogue: what can be recorded and computed, and in which words; one object, handed to whoever asks.

The profession's part of it is `BUILT_IN`. Nothing outside of this folder reads the lists that it is made of: whoever
judges, reads, describes or computes is given the catalogue that holds for what it is about.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from registry.catalogue.agent_words import AGENT_WORDS, AgentWords
from registry.catalogue.agents import AGENTS, Agent
from registry.catalogue.conditions import CONDITIONS
from registry.catalogue.measures import MEASURES, Measure
from registry.catalogue.methods import methods
from registry.catalogue.therapy_lines import TARGETED_CLASSES

if TYPE_CHECKING:
    from datetime import date

    from registry.catalogue.criteria.criterion import Criterion
    from registry.catalogue.imaging.method import Method
    from registry.catalogue.imaging_criteria.criterion import ImagingCriterion
    from registry.catalogue.instruments.instrument import Instrument
    from registry.catalogue.products import Product
    from registry.catalogue.protocol import ConditionRecord, Protocol


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Measures, agents, conditions by name, imaging methods by code, and the words that mean an agent.

    Each catalogue is equal to itself alone. `protocol` is what a registry adopted beside what is built in, `edition`
    its number, None and 0 where it adopted none.
    """

    measures: Mapping[str, Measure]
    agents: Mapping[str, Agent]
    agent_words: AgentWords
    conditions: Mapping[str, ConditionRecord]
    methods: Mapping[str, Method]
    protocol: Protocol | None = None
    edition: int = 0

    def __reduce__(self) -> tuple[Callable[..., Catalogue], tuple[Protocol | None, int]]:
        """Go to another process as the protocol, from which it is made anew there."""
        return _made_anew, (self.protocol, self.edition)

    @property
    def products(self) -> Mapping[str, Product]:
        """What is written on the boxes of agents, by name."""
        return self.agent_words.products

    @property
    def arms(self) -> tuple[str, ...]:
        """The codes of the arms to which a trial allots, ended ones too; nothing where the protocol has no arms."""
        return () if self.protocol is None else tuple(each.code for each in self.protocol.arms)

    @property
    def centres(self) -> tuple[str, ...]:
        """The codes of the centres that recruit, ended ones too; nothing where any code may be one."""
        return () if self.protocol is None else tuple(each.code for each in self.protocol.centres)

    @cached_property
    def ended(self) -> Mapping[str, Mapping[str, date]]:
        """The agents, products, arms, centres and conditions named no more, by column, each with its `until`."""
        if self.protocol is None:
            return {}
        declared = (
            *(("agent", each.name, each.until) for each in self.protocol.agents),
            *(("product", each.name, each.until) for each in self.protocol.products),
            *(("arm", each.code, each.until) for each in self.protocol.arms),
            *(("centre", each.code, each.until) for each in self.protocol.centres),
            *(("condition", each.name, each.until) for each in self.protocol.conditions),
        )
        ended: dict[str, dict[str, date]] = {}
        for column, word, until in declared:
            if until is not None:
                ended.setdefault(column, {})[word] = until
        return ended

    @cached_property
    def instruments(self) -> Mapping[str, Instrument]:
        """The instruments, by the name of the measure that each yields, in the order of the names."""
        from registry.catalogue.instruments import instruments  # they run on NumPy, which recording does without

        if self.protocol is None or not self.protocol.scores:
            return instruments()
        from registry.catalogue.own_scores import own_instrument

        editions = sorted(self.protocol.scores, key=attrgetter("edition"))  # of one name the highest counts
        own = {score.name: own_instrument(score, self.measures) for score in editions}
        return dict(sorted({**instruments(), **own}.items()))

    @cached_property
    def computable(self) -> Mapping[str, Instrument]:
        """The instruments that follow from other measures that a visit can hold."""
        return {
            name: each
            for name, each in self.instruments.items()
            if name not in each.inputs and all(one in self.measures for one in each.inputs)
        }

    @cached_property
    def valued(self) -> tuple[str, ...]:
        """All that can be a number at a visit: the measures in their order, then the instruments."""
        numbers = (name for name, measure in self.measures.items() if measure.is_number)
        return tuple(dict.fromkeys((*numbers, *self.instruments)))

    @cached_property
    def coded(self) -> tuple[str, ...]:
        """The measures whose values are words of a closed list, in their order."""
        return tuple(name for name, measure in self.measures.items() if measure.is_coded)

    @cached_property
    def described(self) -> tuple[str, ...]:
        """All that can be described over patients: what is a number, then what is a word of a list."""
        return (*self.valued, *self.coded)

    @cached_property
    def ending(self) -> Mapping[str, Measure]:
        """The measures that are taken no more from some day on, or a code of which is not."""
        return {name: each for name, each in self.measures.items() if each.until is not None or each.ended_codes}

    @property
    def missing_reasons(self) -> Mapping[str, str]:
        """What a cell of a measure may hold where there is no value, each with what it means."""
        return {} if self.protocol is None else self.protocol.missing

    def unit_of(self, name: str) -> str:
        """Return the unit in which a measure or an instrument is told."""
        return self.measures[name].unit if name in self.measures else self.instruments[name].unit

    @cached_property
    def criteria(self) -> Mapping[str, Criterion]:
        """The criteria, by name."""
        from registry.catalogue.criteria import criteria

        return criteria()

    @cached_property
    def imaging_criteria(self) -> Mapping[str, ImagingCriterion]:
        """The criteria over readings of images, by name."""
        from registry.catalogue.imaging_criteria import imaging_criteria

        return imaging_criteria()

    @cached_property
    def flare_definitions(self) -> tuple[str, ...]:
        """The criteria that define a flare, by name."""
        return tuple(name for name in self.criteria if name.startswith("flare-"))

    @cached_property
    def response_criteria(self) -> Mapping[str, Criterion]:
        """The criteria that compare a visit with a baseline, or look at it alone, by name."""
        from registry.catalogue.criteria.criterion import BASELINE, NOTHING

        return {name: each for name, each in self.criteria.items() if each.against in (BASELINE, NOTHING)}

    @cached_property
    def drug_classes(self) -> tuple[str, ...]:
        """The classes of agents, in the order of the agents."""
        return tuple(dict.fromkeys(agent.drug_class for agent in self.agents.values()))

    @cached_property
    def targeted(self) -> tuple[str, ...]:
        """The agents that make a line of therapy: biological and targeted synthetic ones."""
        return tuple(name for name, agent in self.agents.items() if agent.drug_class in TARGETED_CLASSES)

    @cached_property
    def immunomodulating(self) -> tuple[str, ...]:
        """The agents that act on the immune system: all but NSAIDs, analgesics, aminosalicylates and placebo."""
        return tuple(name for name, agent in self.agents.items() if agent.immunomodulating)


BUILT_IN: Final = Catalogue(MEASURES, AGENTS, AGENT_WORDS, CONDITIONS, methods())


def _made_anew(protocol: Protocol | None, edition: int) -> Catalogue:
    if protocol is None:
        return BUILT_IN
    from registry.catalogue.extended import extended

    return extended(BUILT_IN, protocol, edition=edition)
