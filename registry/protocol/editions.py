"""What a new edition of a protocol may change, and what it does change.

It may add, relabel, widen, and end things by `until`; it may not take away, nor change what stored values mean. So what
was recorded by an earlier edition is read by every later one. A visit of the schedule may be said otherwise: for days
that were due before, what held then counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Any, Final, NamedTuple

import msgspec

from registry.catalogue.protocol import Protocol, Range, ScoreRecord
from registry.durations import length_of
from registry.protocol.checks.measures import told
from registry.protocol.problems import Problem, placed
from registry.wording import listed, shown

ANOTHER_VISIT: Final = "give it until, and write another name for the new one"
ENDED: Final = "what is collected no more stays, with until = YYYY-MM-DD"
NAMED_BY: Final = {  # tables of a list, and the key that names a record there
    "units": "name",
    "measures": "name",
    "scores": "name",
    "agents": "name",
    "products": "name",
    "arms": "code",
    "conditions": "name",
    "centres": "code",
    "schedule": "name",
}
CANNOT_END: Final = ("units", "missing")
FIXED: Final = {  # what stored values, or days that were due, mean
    "measures": ("holds", "unit"),
    "agents": ("class",),
    "products": ("agent",),
    "conditions": ("group",),
    "schedule": ("from",),
}
UNSAID: Final = {"holds": "number"}  # what a key means that is left out
OF_AN_EDITION: Final = ("items", "rule", "unit", "reverse", "weights", "constant", "missing")  # of a score
GROWING: Final = {
    "measures": ("codes",),
    "conditions": ("icd10",),
    "units": ("to",),
    "schedule": ("of",),
}  # words stay, in their order
WIDENING: Final = {"measures": ("range",), "scores": ("range",)}

Content = Mapping[str, Any]
Found = Iterator[tuple[str, str]]


class Difference(NamedTuple):
    """What a later protocol says otherwise: of a thing that is added or gone, `field` is None.

    `where` is the thing, as `measures bmi`; `before` and `after` are in the words of the file, None where not there.
    """

    where: str
    field: str | None
    before: Any
    after: Any


def edition_problems(held: Protocol | None, new: Protocol) -> Iterator[Problem]:
    """Yield why a protocol cannot follow the one that a registry has, by the keys of the new one."""
    if held is None:
        return
    if held.protocol != new.protocol:
        yield Problem("protocol", f"{shown(new.protocol)} is another protocol than this registry's {held.protocol!r}")
        return
    for table in NAMED_BY:
        yield from _of_table(table, held, new)
    for word in held.missing:
        if word not in new.missing:
            yield Problem("missing", f"{shown(word)} of the edition before is gone; write it again")


def says_the_same(one: Protocol, other: Protocol) -> bool:
    """Return whether two protocols have one content: the words of a list are in an order, all other tables in none."""
    return one == other and [[*each.codes] for each in one.measures] == [[*each.codes] for each in other.measures]


def differences(one: Protocol, other: Protocol) -> list[Difference]:
    """Return what another protocol says otherwise than one, of the head, then table by table."""
    before, after = _content(one), _content(other)
    found = _of_fields("protocol", _head(before), _head(after))
    for table in NAMED_BY:
        found += _of_named(table, _by_name(before, table), _by_name(after, table))
    return found


def _head(content: Content) -> dict[str, Any]:
    return {key: value for key, value in content.items() if key not in NAMED_BY}


def _by_name(content: Content, table: str) -> dict[str, Any]:
    return {_named(table, each): each for each in content.get(table, ())}


def _named(table: str, record: Content) -> str:
    """Return what a record is called in its table; of a score, with the edition, for several may stand there."""
    name = str(record[NAMED_BY[table]])
    return f"{name}/{record['edition']}" if table == "scores" else name


def _of_table(table: str, held: Protocol, new: Protocol) -> Iterator[Problem]:
    records = {_named(table, each): (place, each) for place, each in _placed(table, new)}
    anew = {score.name for score in new.scores} if table == "scores" else set()
    for _, before in _placed(table, held):
        name = _named(table, before)
        if name not in records and before[NAMED_BY[table]] in anew:
            continue
        if name not in records:
            mend = "write it again" if table in CANNOT_END else ENDED
            yield Problem(table, f"{shown(before[NAMED_BY[table]])} of the edition before is gone; {mend}")
            continue
        place, after = records[name]
        yield from (Problem(f"{place}.{key}", what) for key, what in _of_record(table, before, after))
    if table == "scores":
        yield from _of_scores(held, new)


def _of_record(table: str, before: Content, after: Content) -> Found:
    for key in FIXED.get(table, ()):
        was, now = (record.get(key, UNSAID.get(key)) for record in (before, after))
        if was != now:
            yield key, f"was {_words(was)} and stays; write another name for what is {_words(now)}"
    for key in GROWING.get(table, ()):
        if gone := [word for word in before.get(key) or () if word not in (after.get(key) or ())]:
            mend = f"write it again{', with its day in ended_codes' if key == 'codes' else ''}"
            yield key, f"{listed(map(shown, gone), 'and')} of the edition before is gone; {mend}"
    for key in WIDENING.get(table, ()):
        yield from ((key, why) for why in _why_narrower(before.get(key), after.get(key)))
    if table in OF_KIND:
        yield from OF_KIND[table](before, after)


def _of_measure(before: Content, after: Content) -> Found:
    words, now = before.get("codes", {}), after.get("codes", {})
    if [word for word in now if word in words] != [word for word in words if word in now]:
        yield "codes", f"was in the order {listed(words, 'and')}, which stays; new words may stand between"
    if before.get("laboratory") and not after.get("laboratory"):
        yield "laboratory", "was true and stays: values below and above a limit were taken"


def _of_unit(before: Content, after: Content) -> Found:
    for unit, factor in before.get("to", {}).items():
        if after.get("to", {}).get(unit, factor) != factor:
            yield f"to.{unit}", f"was {factor} and stays"


def _of_agent(before: Content, after: Content) -> Found:
    if before.get("atc") and before["atc"] != after.get("atc"):
        yield "atc", f"was {before['atc']!r} and stays"


def _of_visit(before: Content, after: Content) -> Found:
    """Yield that a visit recurs that did not, or as often no more: its repetitions would be counted otherwise."""
    was, now = ("every" if "every" in each else "day" for each in (before, after))
    if was != now:
        yield now, f"the visit had {was}, and stays with it; {ANOTHER_VISIT}"
    elif now == "every" and length_of(before[now]) != length_of(after[now]):
        yield now, f"was {shown(before[now])} and stays, for its repetitions are counted by it; {ANOTHER_VISIT}"


OF_KIND: Final[dict[str, Callable[[Content, Content], Found]]] = {
    "measures": _of_measure,
    "units": _of_unit,
    "agents": _of_agent,
    "schedule": _of_visit,
}


def _of_scores(held: Protocol, new: Protocol) -> Iterator[Problem]:
    """Yield the scores that say something else under the number of an edition that stands."""
    before = {(score.name, score.edition): score for score in held.scores}
    last = {score.name: score.edition for score in sorted(held.scores, key=attrgetter("edition"))}
    newest = {score.name: score.edition for score in sorted(new.scores, key=attrgetter("edition"))}
    for place, score in placed("scores", new.scores):
        if newest[score.name] < last.get(score.name, 1):
            yield Problem(f"{place}.edition", f"{score.edition} is before {last[score.name]}, which the registry has")
        earlier = before.get((score.name, score.edition))
        if earlier is None and score.edition < min(last.get(score.name, 1), newest[score.name]):
            why = f"{score.edition} was left out before {last[score.name]}, and its formula is not known any more"
            yield Problem(f"{place}.edition", f"{why}; leave it out")
        if earlier is not None and (changed := _changed(earlier, score)):
            mend = f"write edition = {last[score.name] + 1}"
            yield Problem(f"{place}.edition", f"{listed(changed, 'and')} changed, and the edition did not; {mend}")
        elif earlier is not None and newest[score.name] == score.edition and (turned := _turned(score, held, new)):
            mend = f"write edition = {last[score.name] + 1}"
            why = f"the range of {listed(turned, 'and')}, by which it is turned round, changed, and the edition did not"
            yield Problem(f"{place}.edition", f"{why}; {mend}")


def _turned(score: ScoreRecord, held: Protocol, new: Protocol) -> list[str]:
    """Return the items that a score counts as high + low - value, of which that sum is another than before."""
    before, after = ({each.name: each.range for each in protocol.measures} for protocol in (held, new))
    return [name for name in score.reverse if _sum_of_ends(before.get(name)) != _sum_of_ends(after.get(name))]


def _sum_of_ends(limits: Range | None) -> Decimal | None:
    low, high = limits or (None, None)
    return None if low is None or high is None else low + high


def _changed(one: ScoreRecord, other: ScoreRecord) -> list[str]:
    return [key for key in OF_AN_EDITION if getattr(one, key) != getattr(other, key)]


def _why_narrower(before: Range | None, after: Range | None) -> Iterator[str]:
    """Yield that a range leaves out what an earlier one held; None is no limit."""
    (low, high), (lowest, highest) = before or (None, None), after or (None, None)
    is_lower = lowest is None or (low is not None and lowest <= low)
    is_higher = highest is None or (high is not None and highest >= high)
    if not (is_lower and is_higher):
        yield f"{told(after)} is narrower than {told(before)} of the edition before; a range only widens"


def _of_named(table: str, before: Content, after: Content) -> list[Difference]:
    found = []
    for name in dict.fromkeys((*before, *after)):
        where = f"{table} {name}"
        if name not in before or name not in after:
            found.append(Difference(where, None, before.get(name), after.get(name)))
        else:
            found += _of_fields(where, before[name], after[name])
    return found


def _of_fields(where: str, before: Content, after: Content) -> list[Difference]:
    keys = dict.fromkeys((*before, *after))
    return [
        Difference(where, key, before.get(key), after.get(key)) for key in keys if before.get(key) != after.get(key)
    ]


def _placed(table: str, protocol: Protocol) -> list[tuple[str, Content]]:
    return list(placed(table, _content(protocol).get(table, ())))


def _content(protocol: Protocol) -> dict[str, Any]:
    """Return a protocol in the words of its file, numbers as decimals and days as days."""
    content: dict[str, Any] = msgspec.to_builtins(protocol, builtin_types=(Decimal, date))
    return content


def _words(value: object) -> str:
    if value is None:
        return "nothing"
    return shown(", ".join(map(str, value)) if isinstance(value, list | tuple) else value)
