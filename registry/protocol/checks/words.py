"""Words that cells may hold: of lists of codes, of reasons for a missing value, of centres and arms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from registry.catalogue.protocol import CodeRecord, Protocol
from registry.domain.texts import has_unseen, is_one_line
from registry.protocol.problems import Problem, doubled, placed
from registry.spelling import label_key
from registry.wording import shown

WORD_AT_MOST: Final = 64  # characters
NO_WORD: Final = f"is not 1 to {WORD_AT_MOST} printable signs on one line, without ; and blanks around it"
NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}", re.ASCII)
REASON: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,31}", re.ASCII)
READ_OTHERWISE: Final = frozenset({"y", "n", "yes", "no", "t", "f", "true", "false", "nan", "inf", "infinity"})


def is_word(word: str) -> bool:
    """Return whether a cell, or a list in a cell, can hold a word as it is."""
    is_printed = is_one_line(word) and not has_unseen(word)
    return 0 < len(word) <= WORD_AT_MOST and is_printed and word == word.strip() and ";" not in word


def name_problems(protocol: Protocol) -> Iterator[Problem]:
    """Yield what is wrong with the protocol's name, by which later editions are told from other protocols."""
    if not NAME.fullmatch(protocol.protocol):
        yield Problem(
            "protocol", f"{shown(protocol.protocol)} is not 1 to 64 of a-z 0-9 . _ -, a letter or digit first"
        )


def code_problems(protocol: Protocol) -> Iterator[Problem]:
    """Yield what is wrong with the codes of `centres` and `arms`."""
    yield from _of_codes("centres", protocol.centres)
    yield from _of_codes("arms", protocol.arms)


def missing_problems(protocol: Protocol) -> Iterator[Problem]:
    """Yield what is wrong with `missing`: a reason that a cell could not tell from a value."""
    of_measures = {word.casefold(): each.name for each in protocol.measures for word in each.codes}
    seen: dict[str, str] = {}
    for word in protocol.missing:
        key, lower = f"missing.{word}", word.casefold()
        if not REASON.fullmatch(word) or lower in READ_OTHERWISE:
            no_value = "none that is read as yes, no or a number: y, n, t, f, true, false, nan, inf"
            yield Problem(key, f"is not 1 to 32 of A-Z a-z 0-9 _ -, the first a letter, and {no_value}")
        if lower in of_measures:
            yield Problem(key, f"is a code of {of_measures[lower]}; a cell could not say which of both it means")
        if lower in seen:
            yield Problem(key, f"is {seen[lower]!r} but for its case; cells are read without regard to it")
        seen.setdefault(lower, word)


def _of_codes(table: str, records: Sequence[CodeRecord]) -> Iterator[Problem]:
    for place, each in placed(table, records):
        if not is_word(each.code):
            yield Problem(f"{place}.code", f"{shown(each.code)} {NO_WORD}")
    yield from doubled("code", ((place, label_key(each.code)) for place, each in placed(table, records)))
