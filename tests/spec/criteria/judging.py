"""One patient at two visits, judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from registry.catalogue.criteria import classifications, criteria
from registry.catalogue.criteria.criterion import Judgement
from registry.catalogue.instruments.truths import Truths
from registry.catalogue.instruments.values import Values
from tests.spec.instruments.columns import Cell, column

Change = tuple[Cell, Cell]  # before, now

DOMAINS = ("patient_global", "total_back_pain", "basfi", "basdai_inflammation")


def judged(name: str, changes: Mapping[str, Change]) -> Judgement:
    """Return what a criterion says of one patient, by each input's value before and now."""
    before = {given: column([change[0]]) for given, change in changes.items()}
    now = {given: column([change[1]]) for given, change in changes.items()}
    return criteria()[name].over(now, before=before)


def met(name: str, **changes: Change) -> bool | None:
    """Return whether a criterion is met by one patient."""
    (answer,) = judged(name, changes).met.answers()
    return answer


def on_domains(changes: Sequence[Change]) -> dict[str, Change]:
    """Return the four domains' changes, all given on 0-100, in the units in which they are recorded."""
    return {
        name: (on_scale(name, before), on_scale(name, now))
        for name, (before, now) in zip(DOMAINS, changes, strict=True)
    }


def on_scale(name: str, hundredths: Cell) -> Cell:
    """Return a value on 0-100 as it is recorded: BASFI and inflammation on 0-10."""
    if hundredths is None or name in DOMAINS[:2]:
        return hundredths
    return Fraction(hundredths) / 10


def classified(name: str, *present: str, **others: bool | None) -> bool | None:
    """Return a classification of one patient, whose features are absent where they are not given."""
    classification = classifications()[name]
    features = dict.fromkeys(classification.features, False) | dict.fromkeys(present, True) | others
    (answer,) = classification.over({feature: Truths.of([answer]) for feature, answer in features.items()}).answers()
    return answer


def one(value: Cell) -> Values:
    """Return a column of one."""
    return column([value])
