"""Agents, products and conditions of a protocol: words that mean one thing, in classes that there are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from registry.catalogue.agent_words import drug_key
from registry.catalogue.agents import DRUG_CLASSES, PLACEBO
from registry.catalogue.catalogue import Catalogue
from registry.catalogue.conditions import words_for
from registry.catalogue.products import Product
from registry.catalogue.protocol import AgentRecord, ProductRecord, Protocol
from registry.protocol.checks.words import NO_WORD, is_word
from registry.protocol.problems import Problem, doubled, placed
from registry.spelling import unaccented, word_key
from registry.wording import shown, suggestion


def _key(word: str) -> str:
    return unaccented(drug_key(word))


ATC: Final = re.compile(r"[A-Z]\d\d[A-Z]{2}\d\d", re.ASCII)
ICD10: Final = re.compile(r"[A-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?", re.ASCII)
CONDITION: Final = re.compile(r"[a-z][a-z0-9 _'-]{0,63}", re.ASCII)

CLASSES: Final = frozenset(map(_key, DRUG_CLASSES))


class Known(NamedTuple):
    """What is built in, by what words of drugs are compared by here: the agent that each means, and the products."""

    meanings: Mapping[str, str]
    agents: frozenset[str]
    products: Mapping[str, Product]

    @classmethod
    def of(cls, built_in: Catalogue) -> Known:
        """Return what a catalogue has."""
        words = built_in.agent_words
        meanings = {_key(word): agent for word, agent in words.all}
        products = {_key(name): product for name, product in words.products.items()}
        return cls(meanings, frozenset(map(_key, built_in.agents)), products)


def therapy_problems(protocol: Protocol, built_in: Catalogue) -> Iterator[Problem]:
    """Yield what is wrong with `agents` and `products`.

    Words are compared without case, blanks, hyphens, accents and the signs of trade marks.
    """
    own = [(place, each.name) for place, each in placed("agents", protocol.agents)]
    own += [(place, each.name) for place, each in placed("products", protocol.products)]
    yield from doubled("name", ((place, _key(name)) for place, name in own))
    yield from doubled("atc", ((place, each.atc) for place, each in placed("agents", protocol.agents) if each.atc))
    known = Known.of(built_in)
    for place, agent in placed("agents", protocol.agents):
        yield from (Problem(f"{place}.{key}", what) for key, what in _of_agent(agent, built_in, known))
    agents = (*built_in.agents, *(agent.name for agent in protocol.agents))
    for place, product in placed("products", protocol.products):
        yield from (Problem(f"{place}.{key}", what) for key, what in _of_product(product, known, agents))


def condition_problems(protocol: Protocol, built_in: Catalogue) -> Iterator[Problem]:
    """Yield what is wrong with `conditions`; files may give the name or the label of one."""
    taken = {word_key(word): name for word, name in words_for(built_in.conditions.values()).items()}
    own = {word_key(each.name): each.name for each in protocol.conditions}
    for place, each in placed("conditions", protocol.conditions):
        if not CONDITION.fullmatch(each.name):
            yield Problem(f"{place}.name", f"{shown(each.name)} is not 1 to 64 of a-z 0-9 blank _ ' -, first a letter")
        elif word_key(each.name) in taken:
            yield Problem(f"{place}.name", f"{shown(each.name)} is built in as {taken[word_key(each.name)]!r}")
        if (meant := {**own, **taken}.get(word_key(each.label), each.name)) != each.name:
            yield Problem(f"{place}.label", f"{shown(each.label)} means {meant!r} already; write another label")
        for code in each.icd10:
            if not ICD10.fullmatch(code):
                yield Problem(f"{place}.icd10", f"{shown(code)} is no code of ICD-10; write one as M35.0 or L40")
    named = ((place, word_key(each.name)) for place, each in placed("conditions", protocol.conditions))
    yield from doubled("name", named)
    labelled = ((place, word_key(each.label)) for place, each in placed("conditions", protocol.conditions))
    yield from doubled("label", labelled)


def _of_agent(agent: AgentRecord, built_in: Catalogue, known: Known) -> Iterator[tuple[str, str]]:
    if (agent.name, agent.drug_class) != (PLACEBO, PLACEBO) and (why := _why_no_word(agent.name)):
        yield "name", why
    elif (meant := known.meanings.get(_key(agent.name))) is not None:
        yield "name", f"{shown(agent.name)} means {meant!r} already; write it as a product, or another name"
    if agent.drug_class not in DRUG_CLASSES:
        yield "class", f"{shown(agent.drug_class)} is no class of drugs{suggestion(agent.drug_class, DRUG_CLASSES)}"
    if agent.atc and not ATC.fullmatch(agent.atc):
        yield "atc", f"{shown(agent.atc)} is no ATC code of a substance; write it as L04AB01, or nothing"
    elif agent.atc and (coded := built_in.agent_words.agent_named(agent.atc)) is not None:
        yield "atc", f"{shown(agent.atc)} means {coded!r} already"


def _of_product(product: ProductRecord, known: Known, agents: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    key = _key(product.name)
    if why := _why_no_word(product.name):
        yield "name", why
    elif key in known.agents:
        yield "name", f"{shown(product.name)} is an agent; write what is written on the box"
    elif (meant := known.meanings.get(key)) not in (None, product.agent):
        yield "name", f"{shown(product.name)} means {meant!r} already, and not {product.agent!r}"
    elif (box := known.products.get(key)) is not None:
        if product.name != box.name:
            yield "name", f"{shown(product.name)} is built in as {box.name!r}; write it so, or leave it out"
        if box.kind not in (None, product.kind):
            yield "kind", f"{shown(product.kind)} is not {box.kind!r}, as which {box.name} is built in"
    if product.agent not in agents:
        yield "agent", f"{shown(product.agent)} is no agent{suggestion(product.agent, agents)}"


def _why_no_word(name: str) -> str | None:
    """Return why a name is no word by which a file could name a drug, None where it is one."""
    if not is_word(name) or not _key(name):
        return f"{shown(name)} {NO_WORD}"
    if ATC.fullmatch(name.strip().upper()):
        return f"{shown(name)} is written as an ATC code, which names a substance; write the name"
    if _key(name) in CLASSES:
        return f"{shown(name)} is a class of drugs; write the name of one"
    return None
