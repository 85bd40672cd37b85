"""What could be recorded and computed at a point in time, in words: the part of a data dictionary that is no table.

Everything stands once, with what it means: measures with their units and codes, scores with their edition and source,
imaging methods, drugs, conditions, centres, the reasons for a missing value, and the schedule. What is built in has
`own` false. What is collected no more stays, with the day `until` which it was: the first one, on the clinical clock,
on which it is not. Numbers are decimals, written as text.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING, Any

from msgspec.structs import asdict

from projections.columns.sensitivity import sensitivity_of
from projections.export.collected_methods import described_method
from registry.catalogue.catalogue import BUILT_IN

if TYPE_CHECKING:
    from decimal import Decimal

    from projections.point_in_time import Facts
    from registry.catalogue.agents import Agent
    from registry.catalogue.catalogue import Catalogue
    from registry.catalogue.imaging_criteria.criterion import ImagingCriterion
    from registry.catalogue.instruments.instrument import Instrument
    from registry.catalogue.measures import Measure
    from registry.catalogue.products import Product
    from registry.catalogue.protocol import CodeRecord, ConditionRecord, FollowUpRule, Protocol, ScoreRecord
    from registry.protocol.schedule import AskedVisit

Described = dict[str, Any]


def collected(facts: Facts) -> Described:
    """Return what could be recorded and computed at a point in time, by kind, each in the catalogue's order."""
    catalogue = facts.catalogue
    protocol = catalogue.protocol
    ended = catalogue.ended

    def each(things: Collection[Any], kind: str, of: Callable[[Any], Described]) -> list[Described]:
        known = getattr(BUILT_IN, f"{kind}s")
        return [{**of(one), "own": one.name not in known, "until": ended.get(kind, {}).get(one.name)} for one in things]

    return {
        "protocol": _adopted(catalogue),
        "measures": [_measure(measure) for measure in catalogue.measures.values()],
        "scores": [*_scores(catalogue)],
        "methods": [described_method(method) for method in catalogue.methods.values()],
        "imaging_criteria": [_imaging_criterion(one) for one in catalogue.imaging_criteria.values()],
        "agents": each(catalogue.agents.values(), "agent", _agent),
        "products": each(catalogue.products.values(), "product", _product),
        "arms": [*_codes(protocol.arms)] if protocol else [],
        "centres": [*_centres(facts)],
        "conditions": each(catalogue.conditions.values(), "condition", _condition),
        "missing_reasons": [{"code": code, "meaning": told} for code, told in catalogue.missing_reasons.items()],
        "schedule": [_asked(asked) for asked in facts.schedule],
        "follow_up": _follow_up(protocol.follow_up if protocol else None),
    }


def undeclared_centres(facts: Facts, *, ever: bool = False) -> list[str]:
    """Return the centres of patients that no list of the protocol has, in their order, where it has a list.

    They were recorded before it had one; with `ever` also those that no longer stand.
    """
    declared = facts.catalogue.centres
    if not declared:
        return []
    enrolled = facts.versions("patients") if ever else facts.known("patients")
    known = {centre for centre in enrolled["centre"].unique().to_pylist() if centre is not None}
    return sorted(known - {*declared})


def _adopted(catalogue: Catalogue) -> Described | None:
    protocol = catalogue.protocol
    if protocol is None:
        return None
    return {"name": protocol.protocol, "title": protocol.title, "edition": catalogue.edition}


def _measure(measure: Measure) -> Described:
    return {
        "name": measure.name,
        "label": measure.label,
        "holds": measure.holds,
        "unit": measure.unit,
        "other_units": {unit: _number(factor) for unit, factor in measure.factors.items()},
        "range": _range(measure.low, measure.high) if measure.is_number else None,
        "plausible": _range(*measure.plausible) if measure.plausible else None,
        "laboratory": measure.laboratory,
        "codes": [
            {"code": code, "label": label, "until": measure.ended_codes.get(code)}
            for code, label in measure.codes.items()
        ]
        if measure.is_coded
        else None,
        "ordinal": measure.ordinal,
        "sensitivity": sensitivity_of(measure),
        "own": measure.name not in BUILT_IN.measures,
        "until": measure.until,
    }


def _scores(catalogue: Catalogue) -> Iterator[Described]:
    """Yield the scores that are computed, in the edition that counts; of an own one also how."""
    protocol: Protocol | None = catalogue.protocol
    own = {(score.name, score.edition): score for score in protocol.scores} if protocol else {}
    for instrument in catalogue.computable.values():
        score = own.get((instrument.name, instrument.edition))
        yield {
            **_instrument(instrument),
            "formula": None if score is None else _formula(score),
            "own": score is not None,
            "until": None if score is None else score.until,
        }


def _instrument(instrument: Instrument) -> Described:
    return {
        "name": instrument.name,
        "edition": instrument.edition,
        "rule": instrument.rule(),
        "label": instrument.title,
        "source": instrument.source,
        "unit": instrument.unit,
        "range": _range(instrument.low, instrument.high),
        "items": instrument.inputs,
    }


def _formula(score: ScoreRecord) -> Described:
    """Return how a score is computed, in the words of the protocol's file."""
    return {
        "rule": score.rule,
        "reverse": score.reverse,
        "weights": {name: _number(weight) for name, weight in score.weights.items()},
        "constant": None if score.constant is None else _number(score.constant),
        "missing": None if score.missing is None else asdict(score.missing),
    }


def _imaging_criterion(criterion: ImagingCriterion) -> Described:
    return {
        "name": criterion.name,
        "edition": criterion.version,
        "rule": criterion.rule,
        "label": criterion.title,
        "source": criterion.source,
        "methods": criterion.methods,
        "readings": 2 if criterion.of_two else 1,
        "definition": criterion.requires.told,
        "unverified": criterion.unverified,
    }


def _agent(agent: Agent) -> Described:
    return {"name": agent.name, "class": agent.drug_class, "atc": agent.atc or None}


def _product(product: Product) -> Described:
    return {"name": product.name, "agent": product.agent, "kind": product.kind}


def _condition(condition: ConditionRecord) -> Described:
    return {
        "name": condition.name,
        "label": condition.label,
        "icd10": condition.icd10,
        "group": condition.group,
    }


def _codes(records: Collection[CodeRecord]) -> Iterator[Described]:
    yield from ({"code": each.code, "title": each.title, "until": each.until} for each in records)


def _centres(facts: Facts) -> Iterator[Described]:
    """Yield the centres; where there is a list, those too that stand from before it, without a title."""
    protocol = facts.catalogue.protocol
    yield from _codes(protocol.centres if protocol else ())
    yield from ({"code": code, "title": None, "until": None} for code in undeclared_centres(facts))


def _asked(asked: AskedVisit) -> Described:
    """Return what a scheduled visit asks for, in the words of the protocol's file, from the first due day on."""
    said = asdict(asked.visit)
    return {
        "name": said.pop("name"),
        "from": said.pop("anchor"),
        **said,
        "since": asked.begins,
        "imaging": [asdict(each) for each in asked.visit.imaging],
    }


def _follow_up(rule: FollowUpRule | None) -> Described | None:
    return None if rule is None else asdict(rule)


def _range(low: Decimal | int | None, high: Decimal | int | None) -> list[str | None]:
    return [None if limit is None else _number(limit) for limit in (low, high)]


def _number(value: Decimal | int) -> str:
    return f"{value:f}" if not isinstance(value, int) else str(value)
