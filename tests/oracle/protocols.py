"""Random protocols, and random later editions of them that the rules allow.

Names come from small pools, so that what is declared, required, ended and recorded meets.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from hypothesis import strategies as st
from msgspec.structs import replace

from registry.catalogue.protocol import (
    AgentRecord,
    CodeRecord,
    ConditionRecord,
    FollowUpRule,
    MeasureRecord,
    MissingItems,
    ProductRecord,
    Protocol,
    Range,
    ScheduledVisit,
    ScoreRecord,
    UnitRecord,
)

BEGIN: Final = date(2012, 1, 1)
N_DAYS: Final = 1460  # of the clinical clock on which things happen
WORDS: Final = ("never", "former", "current", "1:40", "ödem")
REASONS: Final = {"NASK": "not asked", "UNK": "not known"}
FACTORS: Final = tuple(map(Decimal, ("0.5", "2.54", "1000", "0.0113", "3")))
CLASSES: Final = ("TNFi", "IL-17i", "NSAID", "placebo")

days = st.integers(0, N_DAYS).map(lambda number: BEGIN + timedelta(number))
sometimes = st.sampled_from((False, False, False, True))
ends = st.none() | st.none() | st.none() | days


@st.composite
def units(draw: st.DrawFn) -> tuple[UnitRecord, ...]:
    """Two units of the registry's own, with conversions to each other and to those of the catalogue, or without."""
    of_a = draw(st.dictionaries(st.sampled_from(("mg/l", "mm", "kg")), st.sampled_from(FACTORS)))
    of_b = draw(st.dictionaries(st.sampled_from(("ua", "score")), st.sampled_from(FACTORS)))
    return UnitRecord(name="ua", to=of_a), UnitRecord(name="ub", to=of_b)


@st.composite
def ranges(draw: st.DrawFn) -> Range | None:
    low, high = sorted(draw(st.tuples(st.integers(0, 20), st.integers(21, 60))))
    both = (Decimal(low), Decimal(high))
    return draw(st.sampled_from((None, both, both, (None, both[1]), (both[0], None), (both[0] / 4, both[1] / 4))))


@st.composite
def numbers_of(draw: st.DrawFn, name: str) -> MeasureRecord:
    limits = draw(ranges())
    plausible = limits if limits is not None and None not in limits and draw(sometimes) else None
    return MeasureRecord(
        name=name,
        label=f"{name} in words",
        unit=draw(st.sampled_from(("mg/l", "mm", "kg", "score", "ua", "ub"))),
        range=limits,
        plausible=plausible,
        laboratory=draw(st.booleans()),
    )


@st.composite
def measures(draw: st.DrawFn, name: str) -> MeasureRecord:
    """A measure of any kind."""
    holds = draw(st.sampled_from(("number", "number", "count", "yes-no", "codes", "codes", "partial-day", "text")))
    if holds == "number":
        return draw(numbers_of(name))
    record = MeasureRecord(name=name, label=f"{name} in words", holds=holds)
    if holds == "count":
        return replace(record, range=draw(st.sampled_from((None, (Decimal(0), Decimal(28)), (Decimal(1), None)))))
    if holds == "codes":
        words = draw(st.lists(st.sampled_from(WORDS), min_size=1, unique=True))
        return replace(record, codes={word: f"label of {word}" for word in words}, ordinal=draw(st.booleans()))
    return record


@st.composite
def items(draw: st.DrawFn) -> tuple[MeasureRecord, ...]:
    """Measures in one unit, of which scores are made."""
    low, high = draw(st.sampled_from(((0, 3), (1, 5), (-2, 2))))
    limits = (Decimal(low), Decimal(high))
    laboratory = draw(st.lists(st.booleans(), min_size=draw(st.sampled_from((3, 3, 3, 0))), max_size=4))
    return tuple(
        MeasureRecord(name=f"item_{n}", label=f"item {n}", unit="score", range=limits, laboratory=marked)
        for n, marked in enumerate(laboratory, 1)
    )


@st.composite
def scores(draw: st.DrawFn, name: str, edition: int, of: Sequence[MeasureRecord]) -> ScoreRecord:
    """A score of some of the items; a weighted one that lacks none may have items of any unit, also one built in."""
    rule = draw(st.sampled_from(("sum", "mean", "weighted", "max")))
    alike = [each.name for each in of if each.name.startswith("item_")]
    chosen = draw(st.lists(st.sampled_from(alike), min_size=draw(st.integers(1, len(alike))), unique=True))
    lacking = draw(st.integers(1, len(chosen) - 1)) if len(chosen) > 1 and draw(st.booleans()) else 0
    if rule == "weighted" and not lacking and draw(st.booleans()):
        numbers = [each.name for each in of if each.holds in ("number", "count") and each.name not in chosen]
        chosen += draw(st.lists(st.sampled_from((*numbers, "crp")), max_size=2, unique=True))
    weights = {each: draw(st.decimals(-3, 3, places=2)) for each in chosen} if rule == "weighted" else {}
    return ScoreRecord(
        name=name,
        edition=edition,
        label=f"{name} {edition}",
        source="by hand",
        items=tuple(chosen),
        rule=rule,
        reverse=tuple(draw(st.lists(st.sampled_from([each for each in chosen if each in alike]), unique=True))),
        weights=weights,
        constant=draw(st.none() | st.decimals(-9, 9, places=1)) if rule == "weighted" else None,
        missing=MissingItems(at_most=lacking) if lacking else None,
    )


@st.composite
def visits_of(draw: st.DrawFn, name: str, valued: Sequence[str], agents: Sequence[str]) -> ScheduledVisit:
    """A scheduled visit, whose window no other one of the same anchor overlaps."""
    since, until = sorted(draw(st.tuples(days, days)))
    wording: dict[str, Any] = {
        "name": name,
        "window": draw(st.tuples(st.integers(-40, -10), st.integers(10, 40)) | st.just((0, 0))),
        "requires": tuple(draw(st.lists(st.sampled_from(valued), unique=True, max_size=3))),
        "since": draw(st.sampled_from((BEGIN, BEGIN, since, None))),
        "until": until if draw(sometimes) else None,
    }
    if name == "baseline":
        return ScheduledVisit(anchor="enrolment", day=draw(st.sampled_from((0, -14))), **wording)
    if name == "year {n}":
        return ScheduledVisit(anchor="enrolment", every=draw(st.sampled_from(("6 months", "1 year"))), **wording)
    return ScheduledVisit(anchor="course", of=tuple(agents), day=draw(st.sampled_from((84, 90))), **wording)


def valued(protocol: Protocol) -> list[str]:
    """What a visit can require: a measure that is built in, and all of the registry's own."""
    return ["crp", *(each.name for each in protocol.measures), *{each.name: None for each in protocol.scores}]


def numbered(stem: str, upto: int) -> list[str]:
    return [f"{stem}{number}" for number in range(1, upto + 1)]


def upto(most: int) -> st.SearchStrategy[int]:
    return st.integers(0, most)


@st.composite
def protocols(draw: st.DrawFn) -> Protocol:
    """A first edition."""
    own = (*(draw(measures(name)) for name in numbered("m_", draw(upto(3)))), *draw(items()))
    has_items = any(each.name.startswith("item_") for each in own)
    agents = tuple(
        AgentRecord(name=name, drug_class=draw(st.sampled_from(CLASSES)), atc=draw(st.sampled_from(("", atc))))
        for name, atc in zip(numbered("drug-", draw(upto(2))), ("L04AC98", "L04AC99"))
    )
    protocol = Protocol(
        protocol="north",
        title="North",
        units=draw(units()),
        measures=own,
        scores=tuple(draw(scores(name, 1, own)) for name in numbered("index_", draw(upto(2)) if has_items else 0)),
        agents=agents,
        products=tuple(
            ProductRecord(name=name, agent=draw(st.sampled_from(("etanercept", *(each.name for each in agents)))),
                          kind=draw(st.sampled_from(("originator", "biosimilar", "generic"))))
            for name in numbered("Box", draw(upto(2)))
        ),
        arms=tuple(CodeRecord(code=code, title=f"arm {code}") for code in "AB"[: draw(upto(2))]),
        conditions=tuple(
            ConditionRecord(name=name, label=f"{name} in words", icd10=("M35.0",)[: draw(upto(1))],
                            group=draw(st.sampled_from(("manifestation", "comorbidity", "event"))))
            for name in numbered("illness-", draw(upto(2)))
        ),
        centres=tuple(CodeRecord(code=code, title=f"town {code}") for code in numbered("C", draw(upto(2)))),
        missing=dict(list(REASONS.items())[: draw(upto(2))]),
    )  # fmt: skip
    return replace(protocol, schedule=draw(schedules(protocol)), follow_up=draw(lost_rules))


lost_rules = st.none() | st.sampled_from(("9 months", "18 months")).map(lambda said: FollowUpRule(lost_after=said))


@st.composite
def schedules(draw: st.DrawFn, protocol: Protocol, held: Protocol | None = None) -> tuple[ScheduledVisit, ...]:
    """The schedule of an edition: what the one before had, said so or otherwise, and what is new."""
    before = {visit.name: visit for visit in held.schedule} if held else {}
    agents = ("adalimumab", *(each.name for each in (held or protocol).agents))
    found = []
    for name in ("baseline", "year {n}", "week 12"):
        visit = before.get(name)
        of = visit.of if visit else agents
        if visit is None and draw(sometimes):
            continue
        changed = draw(visits_of(name, valued(protocol), of))
        if visit is not None and visit.every is not None:
            changed = replace(changed, every=visit.every)
        found.append(changed if visit is None or draw(st.booleans()) else visit)
    return tuple(found)


@st.composite
def later(draw: st.DrawFn, held: Protocol) -> Protocol:
    """An edition that can follow one: it adds, relabels, widens and ends, and says the schedule otherwise."""
    own = tuple(draw(changed(each)) for each in held.measures)
    own += tuple(draw(measures(name)) for name in numbered("n_", draw(upto(2))) if name not in {m.name for m in own})
    editions = {each.name: each.edition for each in held.scores}
    anew = draw(st.lists(st.sampled_from(sorted(editions)), unique=True)) if editions else []
    stay = held.scores if not draw(sometimes) else tuple(each for each in held.scores if each.name not in anew)
    protocol = replace(
        held,
        title=draw(st.sampled_from(("North", "North and east"))),
        measures=own,
        scores=(
            *(replace(each, until=draw(ends)) for each in stay),
            *(draw(scores(name, editions[name] + 1, own)) for name in anew),
        ),
        agents=tuple(
            replace(each, until=draw(ends), atc=each.atc or draw(st.sampled_from(("", f"L04AC{90 + place}"))))
            for place, each in enumerate(held.agents)
        ),
        products=tuple(replace(each, until=draw(ends)) for each in held.products),
        arms=draw(more_codes(held.arms, ("A", "B", "C"))),
        conditions=tuple(
            replace(each, until=draw(ends), icd10=(*each.icd10, "M35.1")[: len(each.icd10) + draw(upto(1))],
                    label=draw(st.sampled_from((each.label, f"{each.name} relabelled"))))
            for each in held.conditions
        ),
        centres=draw(more_codes(held.centres, ("C1", "C2", "C3"))),
        missing=REASONS if draw(st.booleans()) else held.missing,
    )  # fmt: skip
    return replace(protocol, schedule=draw(schedules(protocol, held)), follow_up=draw(lost_rules))


@st.composite
def changed(draw: st.DrawFn, measure: MeasureRecord) -> MeasureRecord:
    """A measure as a later edition may say it."""
    measure = replace(measure, label=draw(st.sampled_from((measure.label, "another label"))), until=draw(ends))
    if measure.codes:
        return replace(
            measure,
            codes=draw(more_words(measure.codes)),
            ended_codes={word: end for word in measure.codes if (end := draw(ends)) is not None},
        )
    low, high = measure.range or (None, None)
    if measure.range is None or measure.name.startswith("item_") or not draw(st.booleans()):
        return measure  # a range by which a score is turned round stays
    further = draw(st.sampled_from((None, Decimal(5))))
    low = low if low is None or measure.holds == "count" else low - 1
    return replace(measure, range=(low, None if high is None or further is None else high + further))


@st.composite
def more_words(draw: st.DrawFn, codes: dict[str, str]) -> dict[str, str]:
    """The words in their order, with new ones somewhere between."""
    words = list(codes)
    for word in draw(
        st.lists(st.sampled_from([each for each in WORDS if each not in codes] or [words[0]]), unique=True)
    ):
        if word not in words:
            words.insert(draw(st.integers(0, len(words))), word)
    return {word: codes.get(word, f"label of {word}") for word in words}


@st.composite
def more_codes(draw: st.DrawFn, records: tuple[CodeRecord, ...], pool: Iterable[str]) -> tuple[CodeRecord, ...]:
    """Codes with ends, and by chance new ones after them."""
    known = {each.code for each in records}
    new = [code for code in pool if code not in known and draw(sometimes)]
    kept = [replace(each, until=draw(ends)) for each in records]
    return (*kept, *(CodeRecord(code=code, title=f"new {code}") for code in new))
