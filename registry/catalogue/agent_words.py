"""The words by which an agent is named: international name, synonym, product, biosimilar's proper name, ATC code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Final

from registry.catalogue.agent_synonyms import SYNONYMS
from registry.catalogue.agents import AGENTS, Agent, by_atc
from registry.catalogue.look_alikes import LOOK_ALIKES
from registry.catalogue.products import Product, built_in_products
from registry.spelling import word_key

TRADE_MARKS: Final = str.maketrans("", "", "®™©")


def drug_key(word: str) -> str:
    """Return what words of drugs are compared by: as words of a list are, and without the signs of trade marks.

    >>> drug_key("HUMIRA®") == drug_key("humira")
    True
    """
    return word_key(word.translate(TRADE_MARKS))


class AgentWords:
    """The words that mean an agent, and the ATC codes that they have or had.

    `synonyms` are pairs of a word and the agent that it means, `products` what is written on boxes, by name; `all` are
    the pairs of every word.
    """

    def __init__(
        self, agents: Mapping[str, Agent], synonyms: Iterable[tuple[str, str]], products: Iterable[Product]
    ) -> None:
        self.agents = agents
        self.synonyms = tuple(synonyms)
        self.products = {product.name: product for product in products}
        boxes = ((product.name, product.agent) for product in self.products.values())
        self.all = (*((name, name) for name in agents), *self.synonyms, *boxes)
        self._of_key = {drug_key(word): agent for word, agent in self.all}
        self._of_atc = by_atc(agents.values())

    def agent_named(self, word: str) -> str | None:
        """Return the international name of the agent that a word means, None where the catalogue has none.

        >>> words = ("HUMIRA®", "adalimumab-adaz", "L04AA17", "certolizumab", "acetaminophen")
        >>> [AGENT_WORDS.agent_named(word) for word in words]
        ['adalimumab', 'adalimumab', 'adalimumab', 'certolizumab pegol', 'paracetamol']
        """
        coded = self._of_atc.get(word.strip().upper())
        return coded.name if coded else self._of_key.get(drug_key(word))

    def product_named(self, word: str) -> Product | None:
        """Return the product that a word is the name of, None where it is that of a substance, a code, or of nothing.

        >>> [AGENT_WORDS.product_named(word) for word in ("BENEPALI®", "etanercept", "L04AB01")]
        [Product(name='Benepali', agent='etanercept', kind='biosimilar'), None, None]
        """
        return self._products_by_key.get(drug_key(word))

    @cached_property
    def _products_by_key(self) -> Mapping[str, Product]:
        return {drug_key(name): product for name, product in self.products.items()}

    @cached_property
    def meanings(self) -> Mapping[str, str]:
        """What may be suggested, and beside it other drugs, which never are: they mean nothing here."""
        return {**dict.fromkeys(LOOK_ALIKES, ""), **dict(self.all)}


def _synonyms() -> Iterator[tuple[str, str]]:
    """Yield the other names of substances, with the agent that each means."""
    yield from ((name, agent) for agent, several in SYNONYMS.items() for name in several)


AGENT_WORDS: Final = AgentWords(AGENTS, _synonyms(), built_in_products())
