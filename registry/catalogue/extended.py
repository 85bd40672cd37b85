"""The catalogue of a registry: what is built in, and what its protocol adds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from registry.catalogue.agent_words import AgentWords
from registry.catalogue.agents import Agent
from registry.catalogue.catalogue import Catalogue
from registry.catalogue.codes import YES_NO
from registry.catalogue.measures import Measure
from registry.catalogue.products import Product
from registry.catalogue.protocol import MeasureRecord, Protocol, Range, UnitRecord
from registry.catalogue.units import conversions_to


def extended(built_in: Catalogue, protocol: Protocol, *, edition: int) -> Catalogue:
    """Return a catalogue with all that a protocol declares; what stood there stands as it did."""
    own_measures = {each.name: _measure(each) for each in protocol.measures}
    own_agents = {each.name: Agent(each.name, each.atc, (), each.drug_class) for each in protocol.agents}
    agents = {**built_in.agents, **own_agents}
    return Catalogue(
        measures=dict(_in_more_units({**built_in.measures, **own_measures}.values(), protocol.units)),
        agents=agents,
        conditions={**built_in.conditions, **{each.name: each for each in protocol.conditions}},
        methods=built_in.methods,
        agent_words=AgentWords(agents, built_in.agent_words.synonyms, _products(built_in, protocol)),
        protocol=protocol,
        edition=edition,
    )


def _products(built_in: Catalogue, protocol: Protocol) -> Iterator[Product]:
    """Yield what is written on boxes: the products that are built in, then the protocol's own."""
    yield from built_in.products.values()
    yield from (Product(each.name, each.agent, each.kind) for each in protocol.products)


def _measure(declared: MeasureRecord) -> Measure:
    low, high = declared.range or (None, None)
    return Measure(
        declared.name,
        unit_told(declared),
        Decimal(0) if low is None and declared.holds == "count" else low,
        high,
        declared.label,
        holds=declared.holds,
        laboratory=declared.laboratory,
        codes=dict(zip(YES_NO, YES_NO)) if declared.holds == "yes-no" else declared.codes,
        ordinal=declared.ordinal,
        plausible=_both(declared.plausible),
        until=declared.until,
        ended_codes=declared.ended_codes,
    )


def unit_told(declared: MeasureRecord) -> str:
    """Return the unit of a measure as tables tell it; of what is no number, what it holds."""
    if declared.holds == "count":
        return "count"
    return declared.unit or declared.holds


def _both(limits: Range | None) -> tuple[Decimal, Decimal] | None:
    if limits is None:
        return None
    low, high = limits
    assert low is not None, "plausible limits have both ends"
    assert high is not None, "plausible limits have both ends"
    return low, high


def _in_more_units(measures: Iterable[Measure], units: tuple[UnitRecord, ...]) -> Iterator[tuple[str, Measure]]:
    """Yield each measure with all units from which its values are converted."""
    for measure in measures:
        declared = {unit.name: unit.to[measure.unit] for unit in units if measure.unit in unit.to}
        factors = {**conversions_to(measure.unit), **measure.factors, **declared}
        yield measure.name, measure if factors == measure.factors else replace(measure, factors=factors)
