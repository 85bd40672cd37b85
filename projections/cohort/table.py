"""What a table of a cohort is: how its keys are read, its figures, whether it needs a treatment, and its layout.

Each module of `projections.cohort.tables` declares one as `TABLE`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from projections.cohort.figures.compared import Compared
from projections.cohort.figures.figures import Figure
from projections.cohort.figures.layout import ANYTHING, Layout
from projections.cohort.members.cohort import Cohort
from registry.toml_keys import Keys

if TYPE_CHECKING:
    from projections.cohort.definition.definition import Definition

R = TypeVar("R", bound=tuple[Any, ...])


def nothing_compared(cohort: Cohort, request: tuple[Any, ...]) -> Iterator[Compared]:
    """Yield nothing, for a table without values of members by which groups could be compared."""
    yield from ()


class CohortTable(NamedTuple, Generic[R]):
    """A table of a paper. Its name is that of its module.

    `read_request` takes the table's keys of a definition file and the names of the time points, and returns what is
    asked; `figures` yields what is asked of a cohort. `needs_treatment`: only where day 0 begins a treatment.
    `rests_on_time`: its figures divide by observed time, so that bounds of partial days are theirs. `compared` yields
    what groups of members are compared by, and `tested` says whether p stand between them unless that is asked for.
    `by_default`: it is given where a definition names no tables. `treatment_keys`: which keys of a request hold only
    where day 0 begins a treatment. `listed`: it is asked for as `[[tables.NAME]]`, several times, and `read_request`
    takes the keys of all tables, with this one alone. `of_all`: its figures are of all members, whatever groups there
    are. `clustered`: they allow for several rows of a patient by themselves. `misfits` yields what does not fit the
    rest of a definition, with its key.
    """

    read_request: Callable[[Keys, Sequence[str]], R]
    figures: Callable[[Cohort, R], Iterator[Figure]]
    layout: Layout = ANYTHING
    needs_treatment: bool = False
    rests_on_time: bool = False
    compared: Callable[[Cohort, R], Iterator[Compared]] = nothing_compared
    tested: bool = True
    by_default: bool = True
    treatment_keys: Callable[[R], Sequence[str]] = lambda _: ()
    listed: bool = False
    of_all: bool = False
    clustered: bool = False
    misfits: Callable[[Definition, R], Iterable[str]] = lambda *_: ()

    def request(self, keys: Keys, time_points: Sequence[str]) -> R:
        """Return what a definition file asks of the table; keys that the table does not know are told as problems."""
        request = self.read_request(keys, time_points)
        keys.end()
        return request

    def keys_of(self, keys: Keys, name: str) -> Keys:
        """Return the keys of which `request` reads the table of this name, of the keys of all tables."""
        return keys.alone(name) if self.listed else keys.inner(name)


class NoKeys(NamedTuple):
    """What is asked of a table that has no keys."""


def no_keys(keys: Keys, time_points: Sequence[str]) -> NoKeys:
    """Return what is asked of a table that has no keys; any key is told as a problem by `CohortTable.request`."""
    return NoKeys()
