"""Which agents and courses the words of a cohort file mean: agents, classes, and what is written on boxes."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import truth
from projections.columns.partial_days import Partial
from projections.therapy.drug_courses import DrugCourses, drug_courses
from registry.catalogue.catalogue import Catalogue

if TYPE_CHECKING:
    from projections.point_in_time import Facts


def agents_of(names: Collection[str], catalogue: Catalogue) -> tuple[str, ...]:
    """Return the agents that names of agents and classes mean, all of them for none; a product means its agent."""
    agents = catalogue.agents.items()
    boxed = {catalogue.products[name].agent for name in names if name in catalogue.products}
    return tuple(
        name for name, agent in agents if not names or name in names or agent.drug_class in names or name in boxed
    )


def courses_of(
    facts: Facts, names: tuple[str, ...], *, partial: Partial = "middle", among: Collection[str] | None = None
) -> DrugCourses:
    """Return the courses of what is named, of all for no names; of a product those that were recorded as of it.

    `among` are the agents that count at all.
    """
    catalogue = facts.catalogue
    given = [agent for agent in agents_of(names, catalogue) if among is None or agent in among]
    courses = drug_courses(facts, given, partial=partial)
    products = [name for name in names if name in catalogue.products]
    if not products:
        return courses
    whole = agents_of(others, catalogue) if (others := [name for name in names if name not in products]) else ()
    agent, product = courses.facts["agent"], courses.facts["product"]
    of_agent = truth(pc.is_in(agent, value_set=pa.array(whole, pa.string())))
    boxed = truth(pc.is_in(product, value_set=pa.array(products, pa.string())))
    return courses.take(np.flatnonzero(of_agent | boxed))


def ever_given(facts: Facts, names: tuple[str, ...]) -> set[str]:
    """Return the patients who were ever given one of the named, as far as the point in time goes."""
    return set(courses_of(facts, names).facts["patient"].to_pylist())
