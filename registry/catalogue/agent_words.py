"""The words by which an agent is named: international name, synonym, product, biosimilar's proper name, ATC code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Final

from registry.catalogue.agent_synonyms import SYNONYMS
from registry.catalogue.agents import AGENTS, Agent, by_atc
from registry.catalogue.look_alikes import LOOK_ALIKES
from registry.catalogue.products import PRODUCTS, SUFFIXES
from registry.spelling import word_key

TRADE_MARKS: Final = str.maketrans("", "", "®™©")


class AgentWords:
    """The words that mean an agent, and the ATC codes that they have or had; `all` are pairs of both."""

    def __init__(self, agents: Mapping[str, Agent], others: Iterable[tuple[str, str]]) -> None:
        self.agents = agents
        self.all = (*((name, name) for name in agents), *others)
        self._of_key = {word_key(word): agent for word, agent in self.all}
        self._of_atc = by_atc(agents.values())

    def agent_named(self, word: str) -> str | None:
        """Return the international name of the agent that a word means, None where the catalogue has none.

        >>> words = ("HUMIRA®", "adalimumab-adaz", "L04AA17", "certolizumab", "acetaminophen")
        >>> [AGENT_WORDS.agent_named(word) for word in words]
        ['adalimumab', 'adalimumab', 'adalimumab', 'certolizumab pegol', 'paracetamol']
        """
        coded = self._of_atc.get(word.strip().upper())
        return coded.name if coded else self._of_key.get(word_key(word.translate(TRADE_MARKS)))

    @cached_property
    def meanings(self) -> Mapping[str, str]:
        """What may be suggested, and beside it other drugs, which never are: they mean nothing here."""
        return {**dict.fromkeys(LOOK_ALIKES, ""), **dict(self.all)}


def _other_words() -> Iterator[tuple[str, str]]:
    """Yield every word but the international names, with the agent that it means."""
    for names in (SYNONYMS, PRODUCTS):
        yield from ((name, agent) for agent, several in names.items() for name in several)
    yield from ((f"{agent}-{suffix}", agent) for agent, several in SUFFIXES.items() for suffix in several)


AGENT_WORDS: Final = AgentWords(AGENTS, _other_words())
