"""In whatever order facts were learnt, they are the same facts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from registry import Registry
from registry.errors import RefusalError
from tests.oracle.asking import projected
from tests.oracle.commands import DAYS, Command
from tests.oracle.histories import BEGINNING, History, begin, carried_out, empty_registry, go_on, histories
from tests.oracle.laws import laws


def learn_in_any_order(registry: Registry, learnt: Iterable[Command], random: Random) -> None:
    """Record facts by chance one before the other; what rests on others waits until these are there."""
    waiting = list(learnt)
    random.shuffle(waiting)
    while waiting:
        refused = []
        for asked in waiting:
            try:
                carried_out(registry, asked)
            except RefusalError:
                refused.append(asked)
        assert len(refused) < len(waiting), refused
        waiting = refused


def about_who_returned(learnt: Iterable[Command]) -> tuple[list[Command], list[Command]]:
    """Return what was learnt of the spans of patients whose follow-up was resumed, and all the rest.

    What was true after a gap can be recorded only once the gap is known, or else the gap cannot be any more.
    """
    learnt = list(learnt)
    returned = {asked.cells["patient"] for asked in learnt if asked.about == "follow_ups"}
    spans, rest = [], []
    for asked in learnt:
        of_spans = asked.about in {"patients", "follow_ups", *(f"patient/{patient}" for patient in returned)}
        is_theirs = asked.cells.get("patient", asked.about.partition("/")[2]) in returned
        (spans if of_spans and is_theirs else rest).append(asked)
    return spans, rest


@laws(histories=25)
@given(histories, st.randoms(use_true_random=False), st.sampled_from((None, *DAYS)))
def test_the_order_in_which_facts_were_learnt_changes_no_table(
    sqlite_template: Path, history: History, random: Random, as_of: date | None
) -> None:
    with empty_registry(sqlite_template) as registry:
        learnt = go_on(registry, history, begin(registry), verbs=("record", "end"))
        in_one_order = projected(registry, as_of=as_of)

    with empty_registry(sqlite_template) as registry:
        for some in about_who_returned([*BEGINNING, *learnt]):
            learn_in_any_order(registry, some, random)
        in_another_order = projected(registry, as_of=as_of)

    assert in_another_order == in_one_order
