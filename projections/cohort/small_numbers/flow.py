"""Who is in a cohort, step by step, without a number of few patients, and without one from which it would follow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from projections.cohort.members.flow import FlowStep
from projections.cohort.small_numbers.hiding import is_small


class ShownStep(NamedTuple):
    """A step of the flow; None stands for what is hidden."""

    name: str
    n_left: int | None
    n_excluded: int | None


def shown_flow(flow: Sequence[FlowStep], minimum: int) -> list[ShownStep]:
    """Return the steps: how many are left after each that took no few patients from the last before it that is shown.

    How many are left in the end always stands, how many a step excluded where they are left on both its sides.

    >>> steps = [FlowStep("all", 100, 0), FlowStep("adults", 97, 3), FlowStep("treated", 90, 7)]
    >>> [tuple(step) for step in shown_flow(steps, 5)]
    [('all', 100, 0), ('adults', None, None), ('treated', 90, None)]
    """
    kept: list[int] = []
    for place, step in enumerate(flow):
        if not kept or not is_small(flow[kept[-1]].n_left - step.n_left, minimum):
            kept.append(place)
    last = len(flow) - 1
    while kept and kept[-1] != last and is_small(flow[kept[-1]].n_left - flow[last].n_left, minimum):
        kept.pop()
    are_left = {*kept, last}
    return [
        ShownStep(
            step.name,
            step.n_left if place in are_left else None,
            step.n_excluded if place in are_left and (place == 0 or place - 1 in are_left) else None,
        )
        for place, step in enumerate(flow)
    ]
