"""Scores of a registry's own agree with a slow oracle that computes each by hand, as fractions, one visit at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from projections import LogColumns, facts_at
from projections.derived.visit_summaries import summaries
from registry import Registry
from registry.catalogue.catalogue import BUILT_IN
from registry.catalogue.extended import extended
from registry.catalogue.instruments.values import Values
from registry.catalogue.protocol import MeasureRecord, MissingItems, Protocol, ScoreRecord, ScoreRule
from tests.projections.shown import shown

Row = tuple[Decimal | None, ...]  # of one visit, an item each


@dataclass(frozen=True)
class Asked:
    """A score, the ranges of its items, and what was answered at each visit."""

    score: ScoreRecord
    ranges: dict[str, tuple[Decimal, Decimal]]
    visits: list[Row]

    @property
    def protocol(self) -> Protocol:
        measures = tuple(
            MeasureRecord(name=name, label=name, unit="score", range=ends) for name, ends in self.ranges.items()
        )
        return Protocol(protocol="north", title="North", measures=measures, scores=(self.score,))


def by_hand(asked: Asked, answers: Row) -> Fraction | None:
    """Return what a score is at one visit, None where it is not."""
    score, told = asked.score, []
    for name, answer in zip(score.items, answers, strict=True):
        low, high = asked.ranges[name]
        value = None if answer is None else Fraction(answer)
        told.append(Fraction(low) + Fraction(high) - value if value is not None and name in score.reverse else value)
    there = [value for value in told if value is not None]
    allowed = score.missing.at_most if score.missing else 0
    if len(told) - len(there) > allowed or not there:
        return None
    average = sum(there, Fraction(0)) / len(there)
    full = [average if value is None else value for value in told]
    if score.rule == "mean":
        return average
    if score.rule == "max":
        return max(full)
    if score.rule == "sum":
        return sum(full, Fraction(0))
    weighted = [Fraction(score.weights.get(name, Decimal(1))) * value for name, value in zip(score.items, full)]
    return sum(weighted, Fraction(score.constant or 0))


decimals = st.decimals("-20", "20", places=2, allow_nan=False)


@st.composite
def asked(draw: st.DrawFn) -> Asked:
    names = [f"item_{number}" for number in range(1, draw(st.integers(1, 6)) + 1)]
    ends = {name: sorted(draw(st.lists(st.integers(-10, 10), min_size=2, max_size=2, unique=True))) for name in names}
    ranges = {name: (Decimal(low), Decimal(high)) for name, (low, high) in ends.items()}
    rule: ScoreRule = draw(st.sampled_from(("sum", "mean", "weighted", "max")))
    weighted = rule == "weighted"
    score = ScoreRecord(
        name="index",
        edition=draw(st.integers(1, 3)),
        label="index",
        source="by hand",
        items=tuple(names),
        rule=rule,
        reverse=tuple(draw(st.lists(st.sampled_from(names), unique=True))),
        weights=draw(st.dictionaries(st.sampled_from(names), decimals)) if weighted else {},
        constant=draw(st.none() | decimals) if weighted else None,
        missing=draw(st.none() | st.builds(MissingItems, at_most=st.integers(0, len(names)))),
    )
    within = [st.none() | st.decimals(low, high, places=2) for low, high in ranges.values()]
    return Asked(score, ranges, draw(st.lists(st.tuples(*within), min_size=1, max_size=5)))


@given(asked())
def test_a_score_over_columns_is_the_score_of_each_visit_by_hand(asked: Asked) -> None:
    catalogue = extended(BUILT_IN, asked.protocol, edition=1)
    columns = {name: Values.of([row[place] for row in asked.visits]) for place, name in enumerate(asked.score.items)}

    scores = catalogue.instruments["index"].over(columns)

    assert scores.values.fractions() == [by_hand(asked, row) for row in asked.visits]
    assert scores.rule == f"index/{asked.score.edition}"
    assert scores.n_present.tolist() == [sum(answer is not None for answer in row) for row in asked.visits]


@given(asked())
def test_a_score_of_a_visit_does_not_depend_on_the_other_visits(asked: Asked) -> None:
    instrument = extended(BUILT_IN, asked.protocol, edition=1).instruments["index"]

    def over(visits: list[Row]) -> list[Fraction | None]:
        columns = {name: Values.of([row[place] for row in visits]) for place, name in enumerate(asked.score.items)}
        return instrument.over(columns).values.fractions()

    assert over(asked.visits) == [value for row in asked.visits for value in over([row])]


ITEMS = ("q_1", "q_2", "q_3", "q_4")


def half_rule(edition: int = 1, rule: ScoreRule = "sum") -> ScoreRecord:
    return ScoreRecord(
        name="q",
        edition=edition,
        label="Q",
        source="by hand",
        items=ITEMS,
        rule=rule,
        missing=MissingItems(at_most=2),
    )


def adopted(registry: Registry, *scores: ScoreRecord) -> None:
    ends = (Decimal(0), Decimal(4))
    items = tuple(MeasureRecord(name=item, label=item, unit="score", range=ends) for item in ITEMS)
    registry.adopt_protocol(Protocol(protocol="north", title="North", measures=items, scores=scores))


def scored(registry: Registry) -> list[tuple[object, ...]]:
    rows = shown(facts_at(registry), "measures", "visit_id measure value rule n_present derived")
    return [row[:-1] for row in rows if row[-1]]


@pytest.mark.parametrize(
    ("answers", "value"),
    [(("1", "2", "3", "4"), 10.0), (("1", "2", "3", None), 8.0), (("1", "4", None, None), 10.0)],
)
def test_a_score_that_half_its_items_give_stands_in_the_table(
    registry: Registry, answers: tuple[str | None, ...], value: float
) -> None:
    adopted(registry, half_rule())
    registry.record_visit("P-1", visited_on="2002-02-01", measures=dict(zip(ITEMS, answers, strict=True)))

    n_present = 4 - answers.count(None)
    assert scored(registry) == [("visit/P-1/2002-02-01", "q", value, "q/1", n_present)]


@pytest.mark.parametrize(("rule", "items"), [("max", ("lab_1", "lab_2")), ("sum", ("lab_1",)), ("mean", ("lab_1",))])
def test_a_score_of_laboratory_values_rests_on_a_limit_and_is_none(
    registry: Registry, rule: ScoreRule, items: tuple[str, ...]
) -> None:
    measures = tuple(
        MeasureRecord(name=name, label=name, unit="mg/l", range=(Decimal(0), None), laboratory=True)
        for name in ("lab_1", "lab_2")
    )
    score = ScoreRecord(name="q", edition=1, label="Q", source="by hand", unit="mg/l", items=items, rule=rule)
    registry.adopt_protocol(Protocol(protocol="north", title="North", measures=measures, scores=(score,)))
    registry.record_visit("P-1", visited_on="2002-02-01", measures={"lab_1": "<5", "lab_2": ">3"})

    [summary] = summaries(facts_at(registry), measures=["q"])
    assert (summary.high, summary.high_comparator, summary.n_below) == (5.0, None, 1)


def test_a_score_of_one_item_in_four_does_not_stand(registry: Registry) -> None:
    adopted(registry, half_rule())
    registry.record_visit("P-1", visited_on="2002-02-01", measures={"q_1": "3"})

    assert scored(registry) == []


def test_rows_of_one_day_complete_each_other_also_where_items_are_still_missing(registry: Registry) -> None:
    adopted(registry, half_rule())
    registry.record_visit("P-1", visited_on="2002-02-01", visit="app", measures={"q_1": "1", "q_2": "2"})
    registry.record_visit("P-1", visited_on="2002-02-01", visit="nurse", measures={"q_3": "3"})

    assert scored(registry) == [("visit/P-1/2002-02-01/app", "q", 8.0, "q/1", 3)]  # 1 + 2 + 3 + their mean of 2


def test_of_two_editions_of_a_score_the_higher_counts_wherever_it_stands(registry: Registry) -> None:
    adopted(registry, half_rule(2, "mean"), half_rule(1))
    registry.record_visit("P-1", visited_on="2002-02-01", measures=dict(zip(ITEMS, "1234", strict=True)))

    assert scored(registry) == [("visit/P-1/2002-02-01", "q", 2.5, "q/2", 4)]


def test_at_an_earlier_position_the_edition_of_that_time_counts(registry: Registry) -> None:
    adopted(registry, half_rule(1))
    registry.record_visit("P-1", visited_on="2002-02-01", measures=dict(zip(ITEMS, "1234", strict=True)))
    before = registry.head.position
    adopted(registry, half_rule(1), half_rule(2, "mean"))

    then, now = (shown(facts_at(registry, known_at=at), "measures", "measure value rule")[0] for at in (before, None))
    assert (then, now) == (("q", 10.0, "q/1"), ("q", 2.5, "q/2"))


def test_a_score_is_computed_of_no_visit_from_the_day_on_which_it_ended(registry: Registry) -> None:
    adopted(registry, replace(half_rule(), until=date(2002, 2, 1)))
    for day in ("2002-01-31", "2002-02-01"):
        registry.record_visit("P-1", visited_on=day, measures=dict(zip(ITEMS, "1234", strict=True)))

    assert scored(registry) == [("visit/P-1/2002-01-31", "q", 10.0, "q/1", 4)]


def test_columns_that_reach_beyond_a_position_tell_what_was_taken_by_then(registry: Registry) -> None:
    registry.record_visit("P-1", visited_on="2002-01-31", measures={"crp": "4"})
    before = registry.head.position
    adopted(registry, half_rule())
    registry.record_visit("P-1", visited_on="2002-02-01", measures={"q_1": "3"})

    assert shown(facts_at(LogColumns.read(registry.log), known_at=before), "measures", "measure value") == [
        ("crp", 4.0)
    ]
