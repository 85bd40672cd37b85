"""A cohort as a file of about twenty lines says it: who, day 0, time points, imaging, tables, statistics.

The format is TOML; docs/cohorts.md describes every key. What the file leaves open has a default, and `defaults` tells
which; nothing that a file says is passed over. All days count from day 0 on the clinical clock.
"""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import Final, NamedTuple

from projections.cohort.definition.keys import DefinitionError, Keys, content_of, top_of
from projections.cohort.definition.statistical_options import Choices, read_choices
from projections.cohort.definition.table_requests import TABLES, Wanted
from projections.lesions.paired_verdicts import CONSENSUS
from registry.catalogue import codes
from registry.catalogue.agents import AGENTS
from registry.wording import shown

FARTHEST: Final = 36_525  # days; a hundred years
WIDTH: Final = 30  # days on either side of a time point whose window is not said
CLASSES: Final = tuple(dict.fromkeys(agent.drug_class for agent in AGENTS.values()))
EXPOSURES: Final = (*AGENTS, *CLASSES)
DAYS_ZERO: Final = {
    "course": "the first day of a course of an agent or class",
    "line": "the first day of a line of targeted therapy",
    "enrolment": "the day of enrolment",
    "first-study": "the day of the first imaging study",
    "first-visit": "the day of the first visit",
}
STARTS: Final = ("course", "line")  # days 0 that begin what can be stopped
APART: Final = ("→", " / ")  # in pairs of time points and in addresses of figures
ANCHORS: Final = ("day-0", "stop")
PREFERENCES: Final = ("nearest", "first", "last")
READER_RULES: Final = ("one", "mean", "consensus")


class Who(NamedTuple):
    """Who is in the cohort; an empty tuple or None asks nothing. Each condition is a step of the flow."""

    centres: tuple[str, ...] = ()
    sex: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()
    hla_b27: tuple[str, ...] = ()
    consent: bool = False
    exposed_to: tuple[str, ...] = ()
    visits_at: tuple[str, ...] = ()
    readings_at: tuple[str, ...] = ()


class DayZero(NamedTuple):
    """Which day is day 0: `event` of `DAYS_ZERO`, `of` agents or classes, `line` its number, `which` of several."""

    event: str
    of: tuple[str, ...] = ()
    line: int = 1
    which: str = "first"


class TimePoint(NamedTuple):
    """A time point: a target day and a window, both in days after the anchor, the window inclusive.

    `anchor` is day 0 or the last day of the course that began then. `prefer` says which value counts of several in the
    window: the one nearest to the target (of two as near, the earlier), the first or the last. `visit` keeps to visits
    of a label. Studies and visits are chosen apart; a measure is taken from the visits that have it.
    """

    name: str
    day: int
    first: int
    last: int
    anchor: str = "day-0"
    prefer: str = "nearest"
    visit: str | None = None


class Imaging(NamedTuple):
    """Whose readings count: of one reader, the mean of `readers` (empty: all there are), or consensus; of a session."""

    rule: str = "one"
    readers: tuple[str, ...] = ()
    session: str | None = None


class Definition(NamedTuple):
    """A cohort as it was defined; `defaults` are the keys that were left open, each with what then holds."""

    name: str
    title: str
    who: Who
    day_zero: DayZero
    time_points: tuple[TimePoint, ...]
    imaging: Imaging
    tables: tuple[Wanted, ...]
    choices: Choices
    defaults: tuple[tuple[str, str], ...] = ()

    def place(self, time_point: str) -> int:
        """Return the place of a time point, from 0."""
        return [point.name for point in self.time_points].index(time_point)


def read_definition(file: Path | str) -> Definition:
    """Return the cohort that a TOML file defines. Raises `DefinitionError` with all that is wrong, by key."""
    return parsed(content_of(file), str(file))


def parsed(text: bytes, file: str = "definition") -> Definition:
    """Return the cohort that a TOML text defines; `file` is named in messages. Raises `DefinitionError`."""
    keys = top_of(text, file)
    problems, defaults = keys.problems, keys.defaults
    name = keys.text("cohort")
    title = keys.text("title", name)
    time_points = tuple(map(_time_point, keys.tables("time_points")))
    if not time_points:
        keys.wrong("time_points", "is missing; write one [[time_points]] at least")
    problems += _overlaps(time_points)
    names = [point.name for point in time_points]

    def section(name: str) -> Keys:
        return keys.table(name) or Keys({}, name, problems, defaults)

    who, day_zero = _who(section("who"), names), _day_zero(section("day0"))
    definition = Definition(
        name,
        title,
        who,
        day_zero,
        time_points,
        _imaging(section("imaging")),
        _tables(section("tables"), names, day_zero),
        read_choices(section("statistics"), defaults),
    )
    problems += _anchors(definition)
    keys.end()
    if problems:
        raise DefinitionError(file, problems)
    return definition._replace(defaults=tuple(defaults))


def _who(keys: Keys, names: list[str]) -> Who:
    found = Who(
        centres=keys.words("centres"),
        sex=keys.words("sex", codes.SEXES),
        criteria=keys.words("criteria", codes.CLASSIFICATION_CRITERIA),
        hla_b27=keys.words("hla_b27", codes.HLA_B27),
        consent=keys.yes_no("consent", False),
        exposed_to=keys.words("exposed_to", EXPOSURES),
        visits_at=keys.words("visits_at", names),
        readings_at=keys.words("readings_at", names),
    )
    keys.end()
    return found


def _day_zero(keys: Keys) -> DayZero:
    event = keys.word("event", DAYS_ZERO, "enrolment")
    found = DayZero(event)
    if event in STARTS:
        found = found._replace(of=keys.words("of", EXPOSURES))
        if event == "course":
            found = found._replace(which=keys.word("which", ("first", "last"), "first"))
        else:
            found = found._replace(line=keys.number("line", 1, low=1, high=100))
    keys.end()
    return found


def _time_point(keys: Keys) -> TimePoint:
    name = keys.text("name")
    if any(sign in name for sign in APART):
        keys.wrong(
            "name", f"{shown(name)} holds {' or '.join(map(repr, APART))}, which set time points apart in tables"
        )
    day = keys.number("day", low=-FARTHEST, high=FARTHEST)
    usual = (day - WIDTH, day + WIDTH)
    first, last = keys.days("window", usual, low=-FARTHEST, high=FARTHEST)
    if not first <= day <= last:
        keys.wrong("window", f"goes from day {first} to day {last} and leaves out day {day}")
    found = TimePoint(
        name,
        day,
        first,
        last,
        anchor=keys.word("after", ANCHORS, ANCHORS[0]),
        prefer=keys.word("prefer", PREFERENCES, PREFERENCES[0]),
        visit=keys.text("visit") if keys.there("visit") else None,
    )
    keys.end()
    return found


def _imaging(keys: Keys) -> Imaging:
    rule = keys.word("rule", READER_RULES, READER_RULES[0])
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


def _tables(keys: Keys, names: list[str], day_zero: DayZero) -> tuple[Wanted, ...]:
    """Return the tables that are wanted, in the file's order; by default all that day 0 allows."""
    usual = [name for name in TABLES if name != "survival" or day_zero.event in STARTS]
    if not keys.names():
        keys.defaults.append(("tables", ", ".join(usual)))
    found = tuple(
        TABLES[name](keys.table(name) or Keys({}, f"tables.{name}", keys.problems, keys.defaults), names)
        for name in keys.names() or usual
        if name in TABLES
    )
    keys.end(TABLES)
    return found


def _overlaps(time_points: tuple[TimePoint, ...]) -> list[str]:
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


def _anchors(definition: Definition) -> list[str]:
    """Tell of what needs a course that could be stopped where day 0 starts none."""
    if definition.day_zero.event in STARTS:
        return []
    wanted = [f"tables.{table.name}" for table in definition.tables if table.name == "survival"]
    return [f"{key}: needs day0.event = 'course' or 'line'" for key in wanted] + [
        f"time_points[{place}].after: 'stop' needs day0.event = 'course' or 'line'"
        for place, point in enumerate(definition.time_points, 1)
        if point.anchor == "stop"
    ]
