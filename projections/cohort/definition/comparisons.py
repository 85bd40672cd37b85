"""Small comparisons in a cohort file: a measure or an index with a number, a word of a list, a state; nothing else.

`basdai >= 4`, `crp > 5 mg/l`, `smoking = never`, `asdas-crp-lda`, `not asdas-crp-inactive`. Numbers are exact, in the
measure's own unit, which may stand behind them, in upper or lower case as in a table that is imported. A value that is
a limit (`<5`) answers as far as the limit decides.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

import numpy as np

from registry.catalogue.catalogue import Catalogue
from registry.catalogue.criteria.criterion import NOTHING, Criterion
from registry.catalogue.instruments.instrument import Columns
from registry.catalogue.instruments.truths import Truths
from registry.catalogue.instruments.values import ABOVE, BELOW, Values
from registry.catalogue.units import same_unit
from registry.errors import FormatError
from registry.schema.numbers import decimal
from registry.spelling import nearest
from registry.toml_keys import Keys
from registry.wording import listed, shown

AT_MOST: Final = 20  # criteria of one's own, and comparisons of a baseline
WRITTEN: Final = re.compile(r"(?P<name>[a-z][a-z0-9_]*) *(?P<sign><=|>=|!=|<|>|=) *(?P<value>[^ ]+)(?: +(?P<unit>.+))?")
STATE: Final = re.compile(r"(?P<negated>not +)?(?P<name>[a-z0-9_-]+)")
EXAMPLES: Final = "write one comparison, as 'basdai >= 4', 'smoking = never' or the name of a state"
OF_WORDS: Final = ("=", "!=")


class Comparison(NamedTuple):
    """A comparison as it was written, and the criterion that answers it, at one visit.

    `measure` is what is compared; None of a state, which looks at several.
    """

    text: str
    criterion: Criterion
    measure: str | None = None

    def named(self, name: str) -> Criterion:
        """Return the comparison as a criterion of one's own."""
        own = self.criterion
        return Criterion(
            name=name,
            rule=f"{name}: {self.text}",
            title=self.text,
            source="the cohort's own",
            against=NOTHING,
            inputs=own.inputs,
            kernel=own.kernel,
        )


def compared(text: str, catalogue: Catalogue) -> Comparison:
    """Return the comparison that a text writes. Raises `FormatError` with what is wrong and how it is mended."""
    found = WRITTEN.fullmatch(text.strip())
    if found is None:
        return Comparison(text.strip(), _state(text.strip(), catalogue))
    name, sign, value, unit = found["name"], found["sign"], found["value"], found["unit"]
    if name in catalogue.coded:
        return _of_word(text.strip(), catalogue, name, (sign, value, unit))
    if name not in catalogue.valued:
        raise FormatError("", name, _mend("a measure or an index", name, catalogue.described))
    if unit is not None and not same_unit(unit, catalogue.unit_of(name)):
        raise FormatError("", unit, f"the unit of {name}, which is {catalogue.unit_of(name) or 'none'}")
    limit = decimal("", value)
    _check_range(catalogue, name, limit)
    return Comparison(text.strip(), _criterion(text.strip(), name, sign, limit), name)


def _check_range(catalogue: Catalogue, name: str, limit: Decimal) -> None:
    """Refuse a limit that no value of a measure or an index can have: it is of another scale, as 40 of 0 to 10."""
    of = catalogue.instruments.get(name) or catalogue.measures[name]
    if (of.low is not None and limit < of.low) or (of.high is not None and limit > of.high):
        ends = [f"{word} {end}" for word, end in (("from", of.low), ("to", of.high)) if end is not None]
        raise FormatError("", f"{limit}", f"a value of {name}, which goes {' '.join(ends)}")


def read_comparisons(keys: Keys, name: str) -> tuple[Comparison, ...]:
    """Return the comparisons of a key, each told where it is none; nothing where it is not there."""
    texts = keys.words(name)
    if len(texts) > AT_MOST:
        keys.wrong(name, f"has {len(texts):,} comparisons; {AT_MOST} at most")
    read = [read_comparison(keys, name, text) for text in texts[:AT_MOST]]
    return tuple(each for each in read if each is not None)


def read_comparison(keys: Keys, name: str, text: str) -> Comparison | None:
    """Return the comparison that a text of a key writes, None where it is none, which is told."""
    try:
        return compared(text, keys.catalogue)
    except FormatError as refusal:
        why = str(refusal).removeprefix(": ")
        keys.wrong(name, why if why.startswith(shown(text)) else f"{shown(text)}: {why}")
        return None


def read_own_criteria(keys: Keys) -> tuple[Criterion, ...]:
    """Return the criteria of one's own of a file: a name and one comparison each."""
    tables = list(keys.tables("criteria", at_most=AT_MOST))
    names = [table.line("name") for table in tables]
    taken = set(keys.catalogue.criteria)
    own: list[Criterion] = []
    for table, name in zip(tables, names, strict=True):
        text = table.line("met")
        if name in taken:
            table.wrong("name", f"{shown(name)} is the name of another criterion; choose another name")
        if text.strip().removeprefix("not ").strip() in names:
            table.wrong("met", f"{shown(text)} is a criterion of this file, and none is made of another; {EXAMPLES}")
        elif text and (comparison := read_comparison(table, "met", text)) is not None and name not in taken:
            own.append(comparison.named(name))
        taken.add(name)
        table.end()
    return tuple(own)


def over_values(sign: str, values: Values, limit: Decimal) -> Truths:
    """Return whether values are below, at or above a limit, three-valued where one is known as a limit only.

    >>> few = Values.of(["5", "5", "5", None], comparators=[None, "<", ">", None])
    >>> over_values(">=", few, Decimal(5)).answers(), over_values("<", few, Decimal(5)).answers()
    ([True, False, True, None], [False, True, False, None])
    """
    if sign == "!=":
        return ~over_values("=", values, limit)
    number, below, above = Fraction(limit), values.bound == BELOW, values.bound == ABOVE
    under, over, at_most, at_least = values < number, values > number, values <= number, values >= number
    if sign in ("<", ">="):
        certain = np.where(below, at_most.certain, under.certain & ~above)
        lower = Truths(certain, under.possible | below)
        return lower if sign == "<" else ~lower
    if sign in (">", "<="):
        certain = np.where(above, at_least.certain, over.certain & ~below)
        higher = Truths(certain, over.possible | above)
        return higher if sign == ">" else ~higher
    same = at_most & at_least
    possible = np.where(below, over.possible, np.where(above, under.possible, same.possible))
    return Truths(same.certain & ~below & ~above, possible)


def _criterion(text: str, name: str, sign: str, limit: Decimal) -> Criterion:
    def kernel(earlier: Columns, now: Columns) -> tuple[Truths, Sequence[Truths]]:
        met = over_values(sign, now[name], limit)
        return met, [met]

    return Criterion(
        name=text, rule=text, title=text, source="the cohort's own", against=NOTHING, inputs=(name,), kernel=kernel
    )


def _of_word(text: str, catalogue: Catalogue, name: str, written: tuple[str, str, str | None]) -> Comparison:
    sign, value, unit = written
    word = value if unit is None else f"{value} {unit}"
    words = list(catalogue.measures[name].codes)
    if sign not in OF_WORDS:
        raise FormatError("", sign, f"a sign for words: {name} is compared by {listed(OF_WORDS)}")
    if word not in words:
        raise FormatError("", word, _mend(f"a word of {name}", word, words))
    return Comparison(text, _criterion(text, name, sign, Decimal(words.index(word))), name)


def _state(text: str, catalogue: Catalogue) -> Criterion:
    found = STATE.fullmatch(text)
    states = [name for name, each in catalogue.response_criteria.items() if each.against == NOTHING]
    if found is None:
        raise FormatError("", text, f"a comparison; {EXAMPLES}")
    if found["name"] not in states:
        raise FormatError("", text, f"a comparison or a state, {listed(states)}; {EXAMPLES}")
    state = catalogue.criteria[found["name"]]

    def kernel(earlier: Columns, now: Columns) -> tuple[Truths, Sequence[Truths]]:
        met, parts = state.kernel(earlier, now)
        return (~met if found["negated"] else met), parts

    return Criterion(
        name=text,
        rule=f"not {state.rule}" if found["negated"] else state.rule,
        title=state.title,
        source=state.source,
        against=NOTHING,
        inputs=state.inputs,
        kernel=kernel,
    )


def _mend(what: str, word: str, known: Collection[str]) -> str:
    near = nearest(word, known)
    return f"{what}; did you mean {near!r}?" if near else f"{what}"
