"""Agents, products and conditions of a protocol: words that mean one thing, in classes that there are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from registry.catalogue.catalogue import Catalogue
from registry.catalogue.protocol import AgentRecord, ProductRecord, Protocol
from registry.protocol.checks.words import NO_WORD, is_word
from registry.protocol.problems import Problem, doubled, placed
from registry.spelling import word_key
from registry.wording import shown, suggestion

PLACEBO: Final = "placebo"
ATC: Final = re.compile(r"[A-Z]\d\d[A-Z]{2}\d\d", re.ASCII)
ICD10: Final = re.compile(r"[A-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?", re.ASCII)
CONDITION: Final = re.compile(r"[a-z][a-z0-9 _'-]{0,63}", re.ASCII)


def therapy_problems(protocol: Protocol, built_in: Catalogue) -> Iterator[Problem]:
    """Yield what is wrong with `agents` and `products`; words are compared without case, blanks and hyphens."""
    own = [(place, each.name) for place, each in placed("agents", protocol.agents)]
    own += [(place, each.name) for place, each in placed("products", protocol.products)]
    yield from doubled("name", ((place, word_key(name)) for place, name in own))
    yield from doubled("atc", ((place, each.atc) for place, each in placed("agents", protocol.agents) if each.atc))
    classes = tuple(dict.fromkeys((*built_in.drug_classes, PLACEBO)))
    for place, agent in placed("agents", protocol.agents):
        yield from (Problem(f"{place}.{key}", what) for key, what in _of_agent(agent, built_in, classes))
    agents = (*built_in.agents, *(agent.name for agent in protocol.agents))
    for place, product in placed("products", protocol.products):
        yield from (Problem(f"{place}.{key}", what) for key, what in _of_product(product, built_in, agents))


def condition_problems(protocol: Protocol, built_in: Catalogue) -> Iterator[Problem]:
    """Yield what is wrong with `conditions`."""
    known: Mapping[str, Any] = getattr(built_in, "conditions", {})
    taken = {word_key(name): name for name in known}
    for place, each in placed("conditions", protocol.conditions):
        if not CONDITION.fullmatch(each.name):
            yield Problem(f"{place}.name", f"{shown(each.name)} is not 1 to 64 of a-z 0-9 blank _ ' -, first a letter")
        elif word_key(each.name) in taken:
            yield Problem(f"{place}.name", f"{shown(each.name)} is built in as {taken[word_key(each.name)]!r}")
        for code in each.icd10:
            if not ICD10.fullmatch(code):
                yield Problem(f"{place}.icd10", f"{shown(code)} is no code of ICD-10; write one as M35.0 or L40")
    named = ((place, word_key(each.name)) for place, each in placed("conditions", protocol.conditions))
    yield from doubled("name", named)


def _of_agent(agent: AgentRecord, built_in: Catalogue, classes: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    meant = built_in.agent_words.agent_named(agent.name)
    if not is_word(agent.name):
        yield "name", f"{shown(agent.name)} {NO_WORD}"
    elif meant is not None:
        yield "name", f"{shown(agent.name)} means {meant!r} already; write it as a product, or another name"
    if agent.drug_class not in classes:
        yield "class", f"{shown(agent.drug_class)} is no class of drugs{suggestion(agent.drug_class, classes)}"
    if agent.atc and not ATC.fullmatch(agent.atc):
        yield "atc", f"{shown(agent.atc)} is no ATC code of a substance; write it as L04AB01, or nothing"
    elif agent.atc and (coded := built_in.agent_words.agent_named(agent.atc)) is not None:
        yield "atc", f"{shown(agent.atc)} means {coded!r} already"


def _of_product(product: ProductRecord, built_in: Catalogue, agents: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    meant = built_in.agent_words.agent_named(product.name)
    if not is_word(product.name):
        yield "name", f"{shown(product.name)} {NO_WORD}"
    elif word_key(product.name) in map(word_key, built_in.agents):
        yield "name", f"{shown(product.name)} is an agent; write what is written on the box"
    elif meant not in (None, product.agent):
        yield "name", f"{shown(product.name)} means {meant!r} already, and not {product.agent!r}"
    if product.agent not in agents:
        yield "agent", f"{shown(product.agent)} is no agent{suggestion(product.agent, agents)}"
