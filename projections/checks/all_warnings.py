"""One row per warning: everything implausible at a point in time, from all rules, to be looked at by a person.

Nothing is changed or left out of any table because of a warning.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from projections.checks.checked_facts import CheckedFacts
from projections.checks.rules import RULES, Rule
from projections.columns.arrow import ArrowTable
from projections.columns.coded import coded, in_order
from projections.columns.tables import Table, declared, frame, text, word

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

RULE_NAMES: Final = tuple(rule.name for rule in RULES)
WARNINGS: Final[Table] = declared(
    "warnings",
    "warning",
    order="rule patient reference on says",
    columns=(
        word("rule", "why it is doubted", *RULE_NAMES),
        word("patient", "pseudonym"),
        text("reference", "reference of the fact, or of the study that was read"),
        word("on", "what of the fact is doubted: a field, a measure, a location"),
        text("says", "what was found, and what it is held against"),
        word("centre", "code of the patient's centre, null where none is known"),
    ),
)


def all_warnings(facts: Facts) -> pd.DataFrame:
    """Return every warning at a point in time as a frame, one row a warning; columns as declared in `WARNINGS`."""
    return frame(table(facts))


def table(
    facts: Facts, *, rules: Collection[str] = RULE_NAMES, between: Callable[[], None] = lambda: None
) -> ArrowTable:
    """Return the warnings of some rules as an Arrow table by rule, patient, reference, on, says.

    Rules that look at the same are asked one after the other, and what they share is let go; `between` is called then,
    as by a server that gives the memory back.
    """
    found = dict(_found(facts, [rule for rule in RULES if rule.name in rules], between))
    told = pa.concat_tables(found.values())
    names = pa.array([name for name, rows in found.items() for _ in range(rows.num_rows)], pa.string())
    centres = CheckedFacts(facts).centres(told["patient"])
    told = told.append_column("rule", names).append_column("centre", centres)
    return WARNINGS.of(told.take(pa.array(in_order(*(coded(told[name]) for name in WARNINGS.order)))))


def _found(facts: Facts, rules: Sequence[Rule], between: Callable[[], None]) -> Iterator[tuple[str, ArrowTable]]:
    """Yield what each rule has found, by what they look at."""
    for _, alike in groupby(rules, key=lambda rule: rule.looks_at):
        checked = CheckedFacts(facts.anew())
        yield from [(rule.name, rule.found(checked)) for rule in alike]
        del checked
        between()
