"""Whether a protocol can be adopted by any registry: all that is wrong with it in itself, at once."""

from __future__ import annotations

from collections.abc import Iterator

from registry.catalogue.catalogue import BUILT_IN, Catalogue
from registry.catalogue.protocol import Protocol
from registry.protocol.checks.measures import measure_problems, unit_problems, visit_name_problems
from registry.protocol.checks.schedule import schedule_problems
from registry.protocol.checks.scores import score_problems
from registry.protocol.checks.therapies import condition_problems, therapy_problems
from registry.protocol.checks.words import code_problems, missing_problems, name_problems
from registry.protocol.problems import Problem


def problems_of(
    protocol: Protocol, built_in: Catalogue = BUILT_IN, *, held: Protocol | None = None
) -> Iterator[Problem]:
    """Yield all that is wrong with a protocol beside what is built in, in the order in which a file is written.

    What the edition has that a registry holds is not judged anew: a later spondyl may have built in a word of it.
    """
    old = set() if held is None else {problem.what for problem in _all(held, built_in)}
    yield from (problem for problem in _all(protocol, built_in) if problem.what not in old)


def _all(protocol: Protocol, built_in: Catalogue) -> Iterator[Problem]:
    yield from name_problems(protocol)
    yield from unit_problems(protocol)
    yield from visit_name_problems(protocol, built_in)
    yield from measure_problems(protocol)
    yield from missing_problems(protocol)
    yield from score_problems(protocol, built_in)
    yield from therapy_problems(protocol, built_in)
    yield from condition_problems(protocol, built_in)
    yield from code_problems(protocol)
    yield from schedule_problems(protocol, built_in)
