"""Groups that are compared, and how what is found of them stands among the figures: named, counted, with its reason."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np

from projections.cohort.definition.statistical_options import StatisticalOptions
from projections.cohort.figures.compared import Compared
from projections.cohort.figures.comparing import of_estimate, of_test
from projections.cohort.figures.figures import Figure
from projections.cohort.members.cohort import Cohort
from projections.cohort.members.groups import Grouped, grouped
from projections.columns.coded import Rows
from projections.statistics.results import ROWS_DEPENDENT, Estimate, Outcome

FISHER: Final = ", Fisher"
FIRST: Final = "first events per 100 patient-years"
AGAINST: Final = ("difference of ", "standardised difference of ", "rate ratio", FIRST)  # as these statistics begin


def p_between(statistic: str) -> str:
    """Return what the p between groups is called that stands beside a statistic.

    >>> p_between("mean")
    'p of mean between groups'
    """
    return f"p of {statistic} between groups"


def is_test(figure: Figure) -> bool:
    """Return whether a figure is a test between groups that was made."""
    named = figure.statistic.removesuffix(FISHER)
    return figure.p_value is not None and named.startswith("p of ") and named.endswith(" between groups")


def apart_from(statistic: str) -> str:
    """Return what the standardised difference is called that stands beside a statistic."""
    return f"standardised difference of {statistic}"


def is_between(figure: Figure) -> bool:
    """Return whether a figure stands between groups: a test, a difference, a ratio, or a rate made for one."""
    return figure.statistic.removesuffix(FISHER).endswith(" between groups") or figure.statistic.startswith(AGAINST)


def without_freedom(variant: str) -> str:
    """Return how a test was made without its degrees of freedom, which are each test's own.

    >>> without_freedom("Welch t: unequal variances, df 7.11; whole-years")
    'Welch t: unequal variances; whole-years'
    """
    return re.sub(r", df [\d.]+( and [\d.]+)?", "", variant)


class Comparison(NamedTuple):
    """The groups of a cohort, the members of each as `rows`, and whether `tests` are wanted.

    `patient` is the number of the patient of each member; `independent` says whether each row is another patient.
    """

    groups: Grouped
    options: StatisticalOptions
    tests: bool
    patient: Rows
    rows: list[Rows]
    independent: bool

    @classmethod
    def of(cls, cohort: Cohort, *, tests: bool) -> Comparison:
        """Return the comparison of a cohort's groups. Raises as `grouped`."""
        groups = grouped(cohort)
        patient = np.unique(cohort.members, return_inverse=True)[1]
        rows = [np.flatnonzero(groups.of == place) for place in range(len(groups.names))]
        return cls(groups, cohort.options, tests, patient, rows=rows, independent=not cohort.repeats)

    @property
    def reference(self) -> int:
        """The place of the reference, 0 where there are no groups."""
        names = self.groups.names
        return names.index(self.groups.reference) if self.groups.reference in names else 0

    @property
    def others(self) -> list[tuple[int, str]]:
        """The other groups, each with its place."""
        return [(place, name) for place, name in enumerate(self.groups.names) if place != self.reference]

    def counted(self, sizes: Sequence[int]) -> str:
        """Return how many of each group count."""
        return ", ".join(f"{name} {n}" for name, n in zip(self.groups.names, sizes, strict=True))

    def test(
        self, of: Compared, outcome: Outcome, *, note: str, statistic: str | None = None, group: str = ""
    ) -> Iterator[Figure]:
        """Yield a test beside a statistic, where tests are wanted; why it decides nothing where it may not."""
        if not self.tests:
            return
        withheld = of.withheld or (None if self.independent else ROWS_DEPENDENT)
        if withheld:
            outcome = outcome._replace(statistic=None, p=None, df=None, df_within=None, reason=withheld)
        figure = of_test((of.row, of.timepoint, p_between(statistic or of.statistic)), outcome, note=note)
        yield figure._replace(variant=f"{figure.variant}{_freedom(outcome)}{of.told}", group=group)

    def against(
        self, of: Compared, estimate: Estimate, *, statistic: str, group: str, note: str, unit: str = ""
    ) -> Figure:
        """Return an estimate of a group against the reference, with its limits where it has a value."""
        decimals = 1 if unit else 2
        figure = of_estimate((of.row, of.timepoint, statistic), estimate, unit=unit, decimals=decimals)
        if figure.value is None:
            figure = figure._replace(ci_low=None, ci_high=None, ci_method=None)
        method = figure.ci_method and f"{figure.ci_method}, {100 * self.options.level:g}%"
        told = f"{figure.variant}, against {self.groups.reference}{of.told}"
        return figure._replace(ci_method=method, variant=told, denominator_note=note, group=group)


def _freedom(outcome: Outcome) -> str:
    """Return the degrees of freedom of a test as they stand after its name, to two decimals where they are no whole."""
    given = [each for each in (outcome.df, outcome.df_within) if each is not None]
    return f", df {' and '.join(f'{each:.2f}'.rstrip('0').rstrip('.') for each in given)}" if given else ""
