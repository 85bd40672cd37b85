"""How the sections of a cohort file are read that every cohort has: who, time points, imaging."""

from __future__ import annotations

from itertools import combinations
from typing import Final, get_args

from projections.cohort.definition.comparisons import read_comparisons
from projections.cohort.definition.definition import (
    Anchor,
    Imaging,
    Preference,
    ReaderRule,
    TimePoint,
    Who,
    Withdrawn,
)
from projections.cohort.definition.spans import read_span
from projections.cohort.definition.table_keys import named_treatments
from projections.lesions.paired_verdicts import CONSENSUS
from registry.catalogue import codes
from registry.toml_keys import FARTHEST, Keys
from registry.wording import shown

WIDTH: Final = 30  # days on either side of a time point whose window is not said
APART: Final = ("→", " / ")  # in pairs of time points and in addresses of figures
OLDEST: Final = 130  # years
CONDITIONS: Final = ("before-day-0", "ever")  # when a condition began that is asked for
WITHDRAWN: Final[tuple[Withdrawn, ...]] = get_args(Withdrawn)
TAKEN: Final = ("all time points", "all intervals")  # by figures of no single one
ANCHORS: Final[tuple[Anchor, ...]] = get_args(Anchor)
PREFERENCES: Final[tuple[Preference, ...]] = get_args(Preference)
READER_RULES: Final[tuple[ReaderRule, ...]] = get_args(ReaderRule)


def read_who(keys: Keys, time_points: list[str]) -> Who:
    """Return who is in the cohort."""
    conditions, old = keys.catalogue.conditions, ("with", "without")
    for name in old:
        if keys.there(name) and keys.there(f"{name}_conditions"):
            keys.wrong(name, f"says what {name}_conditions says too; leave it out")
    having, lacking = (keys.words(name, conditions) + keys.words(f"{name}_conditions", conditions) for name in old)
    who = Who(
        centres=keys.words("centres"),
        sex=keys.words("sex", codes.SEXES),
        criteria=keys.words("criteria", codes.CLASSIFICATION_CRITERIA),
        hla_b27=keys.words("hla_b27", codes.HLA_B27),
        consent=keys.yes_no("consent", False),
        withdrawn=keys.word("withdrawn", WITHDRAWN, WITHDRAWN[0]),
        exposed_to=named_treatments(keys, "exposed_to"),
        with_conditions=having,
        without_conditions=lacking,
        visits_at=keys.words("visits_at", time_points),
        readings_at=keys.words("readings_at", time_points),
        without_criteria=keys.words("without_criteria", codes.CLASSIFICATION_CRITERIA),
        naive_to=named_treatments(keys, "naive_to"),
        age=read_span(keys, "age", low=0, high=OLDEST) if keys.there("age") else None,
        baseline=read_comparisons(keys, "baseline"),
        conditions_ever=keys.word("conditions", CONDITIONS, CONDITIONS[0]) == CONDITIONS[1],
    )
    if who.criteria and set(who.criteria) <= set(who.without_criteria):
        keys.wrong("without_criteria", "excludes all that criteria asks for; nobody is left")
    if who.with_conditions and set(who.with_conditions) <= set(who.without_conditions):
        lacks, asks = (f"{name}_conditions" if keys.there(f"{name}_conditions") else name for name in reversed(old))
        keys.wrong(lacks, f"excludes all that {asks} asks for; nobody is left")
    keys.end()
    return who


def read_time_point(keys: Keys) -> TimePoint:
    """Return a time point with its window."""
    name = keys.line("name")
    if any(sign in name for sign in APART):
        keys.wrong(
            "name", f"{shown(name)} holds {' or '.join(map(repr, APART))}, which set time points apart in tables"
        )
    if name in TAKEN:
        keys.wrong("name", f"{shown(name)} is what tables call every time point together; choose another name")
    day = keys.number("day", low=-FARTHEST, high=FARTHEST)
    usual = (day - WIDTH, day + WIDTH)
    first, last = keys.days("window", usual, low=-FARTHEST, high=FARTHEST)
    if not first <= day <= last:
        keys.wrong("window", f"goes from day {first} to day {last} and leaves out day {day}")
    time_point = TimePoint(
        name,
        day,
        first,
        last,
        anchor=keys.word("after", ANCHORS, ANCHORS[0]),
        prefer=keys.word("prefer", PREFERENCES, PREFERENCES[0]),
        visit=keys.text("visit") if keys.there("visit") else None,
    )
    keys.end()
    return time_point


def read_imaging(keys: Keys) -> Imaging:
    """Return whose readings count."""
    rule = keys.word("rule", READER_RULES, READER_RULES[0])
    if rule == "final":
        campaign = keys.line("campaign")
        keys.end()
        return Imaging(rule, session=campaign)
    readers: tuple[str, ...] = (CONSENSUS,)
    if rule == "one":
        readers = (keys.text("reader"),) if keys.there("reader") else ()
        if not readers:
            keys.defaults.append(("imaging.reader", "the only one there is"))
    elif rule == "mean":
        readers = keys.words("readers")
        if len(readers) == 1:
            keys.wrong("readers", "names one reader; a mean takes two at least, or leave it out for all there are")
    session = keys.text("session") if keys.there("session") else None
    if session is None:
        keys.defaults.append(("imaging.session", "the only one there is"))
    keys.end()
    return Imaging(rule, readers, session)


def overlaps(time_points: tuple[TimePoint, ...]) -> list[str]:
    """Tell of names that stand twice and of windows that share a day: a value must not count at two time points."""
    problems = []
    for place, other in combinations(range(len(time_points)), 2):
        one, two = time_points[place], time_points[other]
        where = f"time_points[{other + 1}]"
        if one.name == two.name:
            problems.append(f"{where}.name: {two.name!r} stands twice")
        apart = one.visit is not None and two.visit is not None and one.visit != two.visit
        if one.anchor == two.anchor and not apart and one.first <= two.last and two.first <= one.last:
            problems.append(
                f"{where}.window: [{two.first}, {two.last}] of {two.name!r} overlaps "
                f"[{one.first}, {one.last}] of {one.name!r}; a day belongs to one time point"
            )
    return problems
