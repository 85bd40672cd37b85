"""Courses of treatment by class or by agent, in whatever words of the catalogue: name, product, ATC code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowTable, ArrowType
from projections.columns.tables import frame, only
from projections.stated import treatments
from registry.catalogue.catalogue import Catalogue
from registry.errors import UnknownCodeError
from registry.spelling import word_key
from registry.wording import suggestion

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts


def agents_of(which: str, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the agents that a class, or a name, a product or an ATC code of an agent means, in the catalogue's order.

    A code that meant an agent once means it still: a filter on L04AF01 and one on L04AA29 find the same courses.
    Case does not matter. Raises `UnknownCodeError` for what is none of these.

    >>> from registry.catalogue.catalogue import BUILT_IN
    >>> [agents_of(which, BUILT_IN) for which in ("IL-1i", "L04AA12", "Remsima")]
    [('anakinra', 'canakinumab'), ('infliximab',), ('infliximab',)]
    """
    asked, words = word_key(which), catalogue.agent_words
    of_class = tuple(name for name, agent in catalogue.agents.items() if word_key(agent.drug_class) == asked)
    if of_class:
        return of_class
    agent = words.agent_named(which)
    if agent is not None:
        return (agent,)
    meanings = {**{name: name for name in catalogue.drug_classes}, **words.meanings}
    mend = suggestion(which, meanings, meaning=meanings.__getitem__)
    known = (*catalogue.drug_classes, *catalogue.agents)
    raise UnknownCodeError("agent", which, known, what="class, agent or ATC code", mend=mend)


def treatments_of(facts: Facts, which: str) -> pd.DataFrame:
    """Return the courses of a class, an agent or an ATC code as a frame; columns as declared in `TREATMENTS`.

    Raises `UnknownCodeError` for what is none of these.
    """
    return frame(table(facts, which))


def table(facts: Facts, which: str) -> ArrowTable:
    """Return the courses of a class, an agent or an ATC code as an Arrow table by patient, started_on, treatment_id."""
    every = treatments.table(facts)
    wanted = every.filter(
        pc.is_in(every["agent"].cast(pa.string()), value_set=pa.array(agents_of(which, facts.catalogue)))
    )
    return treatments.TREATMENTS.of({name: wanted[name].cast(_plain(wanted[name].type)) for name in every.column_names})


def patients_given(facts: Facts, agent: str) -> set[str]:
    """Return the patients who were ever given an agent, as far as the point in time goes."""
    return set(only(treatments.table(facts), agent=agent)["patient"].to_pylist())


def _plain(kept: ArrowType) -> ArrowType:
    """Return the type of the values of a column: a dictionary must lose the words that no row has any more."""
    return kept.value_type if pa.types.is_dictionary(kept) else kept
