"""The words by which an agent is named: international name, synonym, product, biosimilar's proper name, ATC code."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from registry.catalogue.agent_synonyms import SYNONYMS
from registry.catalogue.agents import AGENTS, agent_of_atc
from registry.catalogue.look_alikes import LOOK_ALIKES
from registry.catalogue.products import PRODUCTS, SUFFIXES
from registry.spelling import word_key

TRADE_MARKS: Final = str.maketrans("", "", "®™©")


def agent_named(word: str) -> str | None:
    """Return the international name of the agent that a word means, None where the catalogue has none.

    >>> [agent_named(word) for word in ("HUMIRA®", "adalimumab-adaz", "L04AA17", "certolizumab", "acetaminophen")]
    ['adalimumab', 'adalimumab', 'adalimumab', 'certolizumab pegol', 'paracetamol']
    """
    coded = agent_of_atc(word.strip())
    return coded.name if coded else AGENT_OF_KEY.get(word_key(word.translate(TRADE_MARKS)))


def _named() -> Iterator[tuple[str, str]]:
    """Yield every word with the agent that it means."""
    yield from ((name, name) for name in AGENTS)
    for names in (SYNONYMS, PRODUCTS):
        yield from ((name, agent) for agent, several in names.items() for name in several)
    yield from ((f"{agent}-{suffix}", agent) for agent, several in SUFFIXES.items() for suffix in several)


AGENT_WORDS: Final = tuple(_named())  # word, agent
AGENT_OF_KEY: Final = {word_key(word): agent for word, agent in AGENT_WORDS}

# What may be suggested, and beside it other drugs, which never are: they mean nothing here.
MEANINGS: Final = {**dict.fromkeys(LOOK_ALIKES, ""), **dict(AGENT_WORDS)}
