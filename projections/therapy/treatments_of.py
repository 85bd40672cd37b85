"""Courses of treatment by class or by agent, in whatever words of the catalogue: name, product, ATC code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowTable, ArrowType
from projections.columns.tables import frame, only
from projections.stated import treatments
from registry.catalogue.agent_words import MEANINGS, agent_named
from registry.catalogue.agents import AGENTS
from registry.errors import UnknownCodeError
from registry.spelling import word_key
from registry.wording import suggestion

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

CLASSES: Final = tuple(dict.fromkeys(agent.drug_class for agent in AGENTS.values()))


def agents_of(which: str) -> tuple[str, ...]:
    """Return the agents that a class, or a name, a product or an ATC code of an agent means, in the catalogue's order.

    A code that meant an agent once means it still: a filter on L04AF01 and one on L04AA29 find the same courses.
    Case does not matter. Raises `UnknownCodeError` for what is none of these.

    >>> agents_of("IL-1i"), agents_of("L04AA12"), agents_of("Remsima")
    (('anakinra', 'canakinumab'), ('infliximab',), ('infliximab',))
    """
    asked = word_key(which)
    of_class = tuple(name for name, agent in AGENTS.items() if word_key(agent.drug_class) == asked)
    if of_class:
        return of_class
    agent = agent_named(which)
    if agent is not None:
        return (agent,)
    meanings = {name: name for name in CLASSES} | MEANINGS
    mend = suggestion(which, meanings, meaning=meanings.__getitem__)
    raise UnknownCodeError("agent", which, (*CLASSES, *AGENTS), what="class, agent or ATC code", mend=mend)


def treatments_of(facts: Facts, which: str) -> pd.DataFrame:
    """Return the courses of a class, an agent or an ATC code as a frame; columns as declared in `TREATMENTS`.

    Raises `UnknownCodeError` for what is none of these.
    """
    return frame(table(facts, which))


def table(facts: Facts, which: str) -> ArrowTable:
    """Return the courses of a class, an agent or an ATC code as an Arrow table by patient, started_on, treatment_id."""
    every = treatments.table(facts)
    wanted = every.filter(pc.is_in(every["agent"].cast(pa.string()), value_set=pa.array(agents_of(which))))
    return treatments.TREATMENTS.of({name: wanted[name].cast(_plain(wanted[name].type)) for name in every.column_names})


def patients_given(facts: Facts, agent: str) -> set[str]:
    """Return the patients who were ever given an agent, as far as the point in time goes."""
    return set(only(treatments.table(facts), agent=agent)["patient"].to_pylist())


def _plain(kept: ArrowType) -> ArrowType:
    """Return the type of the values of a column: a dictionary must lose the words that no row has any more."""
    return kept.value_type if pa.types.is_dictionary(kept) else kept
